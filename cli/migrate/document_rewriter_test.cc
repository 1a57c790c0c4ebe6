#include "cli/migrate/document_rewriter.h"

#include <gtest/gtest.h>

#include "cli/migrate/expressions.h"

namespace openchoreo::migrate {
namespace {

std::string ComponentTypeOf(std::string_view, std::string_view component) {
  return component == "cart" ? "deployment/web" : "";
}

std::string Document(const char* kind, std::string_view spec) {
  return std::string("apiVersion: openchoreo.dev/v1alpha1\nkind: ") + kind +
         "\nmetadata:\n  name: x  # the name\nspec:\n" + std::string(spec);
}

struct Case {
  const char* name;
  const char* kind;
  const char* in;
  const char* want;
};

// Long: one document of every old shape, and what becomes of it.
TEST(DocumentRewriterTest, RewritesAndKeepsTheRest) {
  const Case kCases[] = {
      {"workload", "Workload",
       "  owner: {project: p, component: c}\n"
       "  # what runs\n"
       "  containers:  # one\n"
       "    main:  # the main one\n"
       "      image: \"x:1\"   # pinned\n"
       "      env:\n"
       "        - key: A\n"
       "          valueFrom:\n"
       "            secretRef: {name: s, key: k}\n"
       "      args: [\n"
       "        a,\n"
       "        b]\n"
       "  endpoints:\n"
       "    http: {type: REST, port: 80}\n"
       "  connections: {}\n"
       "  # end\n",
       "  owner: {projectName: p, componentName: c}\n"
       "  # what runs\n"
       "  container:  # one\n"
       "    # the main one\n"
       "    image: \"x:1\"   # pinned\n"
       "    env:\n"
       "      - key: A\n"
       "        valueFrom:\n"
       "          secretKeyRef: {name: s, key: k}\n"
       "    args: [\n"
       "      a,\n"
       "      b]\n"
       "  endpoints:\n"
       "    http: {type: HTTP, port: 80}\n"
       "  # end\n"},
      {"flow workload", "Workload", "  containers: {main: {image: x}}\n",
       "  container: {image: x}\n"},
      {"literal blocks move with their container", "Workload",
       "  containers:\n    main:\n      files:\n        - key: f\n          value: |\n            "
       "a\n              b\n",
       "  container:\n    files:\n      - key: f\n        value: |\n          a\n            b\n"},
      {"component", "Component", "  componentType: deployment/web # type\n",
       "  componentType: {kind: ComponentType, name: deployment/web} # type\n"},
      {"binding", "ReleaseBinding",
       "  componentTypeEnvOverrides: {replicas: 2}\n  traitOverrides: {data: {size: 1Gi}}\n"
       "  workloadOverrides:\n    containers:\n      main:\n        env:\n          - {key: L, "
       "value: warn}\n",
       "  componentTypeEnvironmentConfigs: {replicas: 2}\n  traitEnvironmentConfigs: {data: {size: "
       "1Gi}}\n"
       "  workloadOverrides:\n    container:\n      env:\n        - {key: L, value: warn}\n"},
      {"environment", "Environment", "  dataPlaneRef: prod\n  gateway:\n    dnsPrefix: x\n",
       "  dataPlaneRef: {kind: DataPlane, name: prod}\n"},
      {"pipeline", "DeploymentPipeline",
       "  promotionPaths:\n    - sourceEnvironmentRef: dev\n      targetEnvironmentRefs:\n"
       "        - name: prod\n          requiresApproval: true\n        - {requiresApproval: "
       "false, name: qa}\n",
       "  promotionPaths:\n    - sourceEnvironmentRef: {kind: Environment, name: dev}\n      "
       "targetEnvironmentRefs:\n"
       "        - name: prod\n        - {name: qa}\n"},
      {"data plane", "DataPlane",
       "  gateway:\n    publicVirtualHost: h.example\n    publicHTTPPort: 80\n",
       "  gateway:\n    ingress:\n      external:\n        name: gateway-default\n        "
       "namespace: openchoreo-data-plane\n"
       "        http: {host: h.example, port: 80}\n        https: {host: h.example, port: "
       "19443}\n"},
      {"release", "ComponentRelease",
       "  owner: {projectName: p, componentName: cart}\n"
       "  componentType:\n    workloadType: deployment  # kept\n"
       "  traits:\n    storage:\n      creates: []\n"
       "  componentProfile:\n    traits:\n      - name: storage\n        instanceName: a\n      - "
       "{name: storage, instanceName: b}\n",
       "  owner: {projectName: p, componentName: cart}\n"
       "  componentType:\n    kind: ComponentType\n    name: deployment/web\n    spec:\n"
       "      workloadType: deployment  # kept\n"
       "  traits:\n    - kind: Trait\n      name: storage\n      spec:\n        creates: []\n"
       "  componentProfile:\n    traits:\n      - kind: Trait\n        name: storage\n        "
       "instanceName: a\n"
       "      - {kind: Trait, name: storage, instanceName: b}\n"},
      {"definition", "ComponentType",
       "  schema:\n"
       "    types:\n      Limits: {cpu: string}\n"
       "    parameters:\n"
       "      # how many\n"
       "      replicas: \"integer | default=1\"  # small\n"
       "      limits: Limits\n"
       "    envOverrides:\n"
       "      nested:\n        $default: {}\n        level: string | default=info\n"
       "  allowedWorkflows: [docker]\n"
       "  resources:\n"
       "    - id: deployment\n      template: {image: '${workload.containers[\"main\"].image}', n: "
       "'${envOverrides.nested.level}'}\n",
       "  parameters:\n"
       "    openAPIV3Schema:\n"
       "      type: object\n"
       "      required: [limits]\n"
       "      properties:\n"
       "        # how many\n"
       "        replicas: {type: integer, default: 1}  # small\n"
       "        limits: {type: object, properties: {cpu: {type: string}}, required: [cpu]}\n"
       "  environmentConfigs:\n"
       "    openAPIV3Schema:\n"
       "      type: object\n"
       "      properties:\n"
       "        nested:\n"
       "          type: object\n"
       "          default: {}\n"
       "          properties:\n"
       "            level: {type: string, default: info}\n"
       "  allowedWorkflows: [{kind: Workflow, name: docker}]\n"
       "  resources:\n"
       "    - id: deployment\n      template: {image: '${workload.container.image}', n: "
       "'${environmentConfigs.nested.level}'}\n"},
  };
  for (const Case& c : kCases) {
    const Rewrite got = RewriteDocument(Document(c.kind, c.in), ComponentTypeOf);
    EXPECT_EQ(got.prevented, "") << c.name;
    EXPECT_EQ(got.text, Document(c.kind, c.want)) << c.name;
  }
}

TEST(DocumentRewriterTest, LeavesNewShapesAndOtherDocumentsAlone) {
  for (const char* text :
       {"kind: ConfigMap\napiVersion: v1\nspec: {containers: {a: {}}}\n",
        "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nspec:\n  container: {image: x}\n", "",
        "[", "x"}) {
    const Rewrite got = RewriteDocument(text, ComponentTypeOf);
    EXPECT_FALSE(got.changed);
    EXPECT_EQ(got.text, text);
  }
}

TEST(DocumentRewriterTest, SaysWhatPreventsIt) {
  const Case kCases[] = {
      {"two containers", "Workload", "  containers: {a: {image: x}, b: {image: y}}\n",
       "spec.containers: v1.x workloads have exactly one container"},
      {"group", "Workload",
       "  containers: {a: {env: [{key: K, valueFrom: {configurationGroupRef: {name: g}}}]}}\n",
       "spec.container.env[0].valueFrom.configurationGroupRef: has no v1.x form"},
      {"expression", "Trait",
       "  creates:\n    - template: {a: '${dataplane.organizationVirtualHost}'}\n",
       "expression ${dataplane.organizationVirtualHost}: has no v1.x form"},
      {"release", "ComponentRelease",
       "  owner: {componentName: other}\n  componentType: {workloadType: deployment}\n",
       "spec.componentType: its name is not recorded and the Component is not here"},
  };
  for (const Case& c : kCases) {
    const std::string text = Document(c.kind, c.in);
    const Rewrite got = RewriteDocument(text, ComponentTypeOf);
    EXPECT_EQ(got.prevented, c.want) << c.name;
    EXPECT_EQ(got.text, text) << c.name;
  }
}

TEST(ExpressionsTest, SpeaksV1) {
  const struct {
    const char* in;
    const char* want;
  } kCases[] = {
      {"no expression: envOverrides", "no expression: envOverrides"},
      {"${envOverrides.a} ${x.envOverrides}", "${environmentConfigs.a} ${x.envOverrides}"},
      {"${workload.containers[parameters.containerName].image}", "${workload.container.image}"},
      {"${workload.containers.main.image}", "${workload.container.image}"},
      {"${has(workload.containers[\"a\"].args) ? workload.containers[\"a\"].args : oc_omit()}",
       "${has(workload.container.args) ? workload.container.args : oc_omit()}"},
      {"${configurations.toContainerEnvFrom(parameters.containerName)}",
       "${configurations.toContainerEnvFrom()}"},
      {"${configurations.toVolumes()}", "${configurations.toVolumes()}"},
      {"${configurations[\"app\"].configs.envs}", "${configurations.configs.envs}"},
      {"${configurations.app.configs.envs}", "${configurations.configs.envs}"},
      {"${\"envOverrides\" + 'workload.containers'}",
       "${\"envOverrides\" + 'workload.containers'}"},
      {"https://${metadata.name}.${dataplane.publicVirtualHost}/",
       "https://${metadata.name}.${gateway.ingress.external.http.host}/"},
      {R"(${envOverrides.a != \"\" || envOverrides.b == \"it's envOverrides\" ? {\"k\": envOverrides.c} : {}})",
       R"(${environmentConfigs.a != \"\" || environmentConfigs.b == \"it's envOverrides\" ? {\"k\": environmentConfigs.c} : {}})"},
      {"${unclosed", "${unclosed"},
  };

  for (const auto& c : kCases) EXPECT_EQ(RewriteExpressions(c.in).text, c.want);
}

}  // namespace
}  // namespace openchoreo::migrate
