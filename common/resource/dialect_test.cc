// Recognition of the dialects, and the table of dialect.h.
#include "common/resource/dialect.h"

#include <gtest/gtest.h>

#include <string>

#include "common/admission/admission.h"
#include "common/resource/dialect_recognition.h"
#include "common/resource/dialect_v0_12.h"
#include "common/resource/parsed_file.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

struct RecognitionCase {
  names::Kind kind;
  const char* spec;
  const char* want;  // "new", "old", with the evidence; or the two fields of a conflict
};

const RecognitionCase kRecognitionCases[] = {
    {names::Kind::kWorkload, "{containers: {main: {image: i}}}", "old /spec/containers"},
    {names::Kind::kWorkload, "{container: {image: i}}", "new "},
    {names::Kind::kWorkload, "{container: {env: [{key: A, valueFrom: {secretKeyRef: {}}}]}}",
     "new /spec/container/env/0/valueFrom/secretKeyRef"},
    {names::Kind::kWorkload, "{container: {files: [{key: A, valueFrom: {secretRef: {}}}]}}",
     "old /spec/container/files/0/valueFrom/secretRef"},
    {names::Kind::kWorkload, "{connections: {a: {type: api}}}", "old /spec/connections"},
    {names::Kind::kWorkload, "{endpoints: {a: {type: REST, port: 80}}}", "old /spec/endpoints"},
    {names::Kind::kWorkload, "{dependencies: {}, container: {}}", "new /spec/dependencies"},
    {names::Kind::kWorkload, "{containers: {}, container: {}}",
     "/spec/containers against /spec/container"},
    {names::Kind::kWorkload, "{containers: {}, dependencies: {}}",
     "/spec/containers against /spec/dependencies"},
    {names::Kind::kWorkload, "{containers: {m: {env: [{valueFrom: {secretKeyRef: {}}}]}}}",
     "/spec/containers against /spec/containers/m/env/0/valueFrom/secretKeyRef"},
    {names::Kind::kWorkload,
     "{containers: {m: {env: [{valueFrom: {secretKeyRef: {}}}, {valueFrom: {secretRef: {}}}]}}}",
     "/spec/containers/m/env/1/valueFrom/secretRef against "
     "/spec/containers/m/env/0/valueFrom/secretKeyRef"},
    {names::Kind::kReleaseBinding,
     "{workloadOverrides: {container: {env: [{valueFrom: {secretRef: {}}}]}}, "
     "traitEnvironmentConfigs: {}}",
     "/spec/workloadOverrides/container/env/0/valueFrom/secretRef against "
     "/spec/traitEnvironmentConfigs"},
    {names::Kind::kComponent, "{componentType: deployment/web}", "old /spec/componentType"},
    {names::Kind::kComponent, "{componentType: {name: deployment/web}}", "new "},
    {names::Kind::kComponent, "{type: Service}", "old /spec/type"},
    {names::Kind::kComponent, "{type: Service, componentType: {name: x}}",
     "/spec/type against /spec/componentType"},
    {names::Kind::kComponentType, "{schema: {parameters: {}}}", "old /spec/schema"},
    {names::Kind::kComponentType, "{parameters: {}}", "new /spec/parameters"},
    {names::Kind::kComponentType, "{resources: [{template: {a: ['${envOverrides.x}']}}]}",
     "old /spec/resources"},
    {names::Kind::kComponentType, "{resources: [{template: {'${workload.containers.a}': 1}}]}",
     "old /spec/resources"},
    {names::Kind::kComponentType, "{resources: [{template: {a: 'envOverrides.x'}}]}", "new "},
    {names::Kind::kComponentType,
     "{resources: [{template: {a: '${configurations.toContainerEnvFrom()}'}}]}", "new "},
    {names::Kind::kComponentType,
     "{resources: [{template: {a: '${configurations.toContainerEnvFrom(\"m\")}'}}]}",
     "old /spec/resources"},
    {names::Kind::kTrait, "{schema: {}, environmentConfigs: {}}",
     "/spec/schema against /spec/environmentConfigs"},
    {names::Kind::kTrait, "{creates: [{template: '${dataplane.publicVirtualHost}'}]}",
     "old /spec/creates"},
    {names::Kind::kReleaseBinding, "{componentTypeEnvOverrides: {}}",
     "old /spec/componentTypeEnvOverrides"},
    {names::Kind::kReleaseBinding, "{traitEnvironmentConfigs: {}}",
     "new /spec/traitEnvironmentConfigs"},
    {names::Kind::kReleaseBinding, "{workloadOverrides: {containers: {}}}",
     "old /spec/workloadOverrides/containers"},
    {names::Kind::kReleaseBinding, "{releaseName: a}", "new "},
    {names::Kind::kReleaseBinding, "{traitOverrides: {}, componentTypeEnvironmentConfigs: {}}",
     "/spec/traitOverrides against /spec/componentTypeEnvironmentConfigs"},
    {names::Kind::kComponentRelease, "{componentType: {workloadType: job}}",
     "old /spec/componentType/workloadType"},
    {names::Kind::kComponentRelease, "{componentType: {kind: ComponentType, spec: {}}}",
     "new /spec/componentType/spec"},
    {names::Kind::kComponentRelease, "{componentType: {spec: {}}, workload: {containers: {}}}",
     "/spec/workload/containers against /spec/componentType/spec"},
    {names::Kind::kEnvironment, "{dataPlaneRef: default}", "old /spec/dataPlaneRef"},
    {names::Kind::kEnvironment, "{dataPlaneRef: {kind: DataPlane, name: default}}", "new "},
    {names::Kind::kDataPlane, "{gateway: {publicVirtualHost: h}}",
     "old /spec/gateway/publicVirtualHost"},
    {names::Kind::kDataPlane, "{secretStoreRef: {name: s}}", "new "},
    {names::Kind::kDataPlane, "{gateway: {publicVirtualHost: h, ingress: {}}}",
     "/spec/gateway/publicVirtualHost against /spec/gateway/ingress"},
    {names::Kind::kEnvironment, "{dataPlaneRef: {name: d}, gateway: {publicVirtualHost: h}}",
     "old /spec/gateway/publicVirtualHost"},
    {names::Kind::kProject, "{deploymentPipelineRef: p}", "old /spec/deploymentPipelineRef"},
    {names::Kind::kProject, "{deploymentPipelineRef: {name: p}}", "new "},
    {names::Kind::kDeploymentPipeline, "{promotionPaths: [{sourceEnvironmentRef: e}]}",
     "old /spec/promotionPaths"},
    {names::Kind::kOrganization, "{}", "old /kind"},
};

TEST(Recognise, Table) {
  for (const RecognitionCase& test : kRecognitionCases) {
    base::Arena arena;
    const std::string text = "spec: " + std::string(test.spec);
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_EQ(read.documents.size(), 1u) << test.spec;
    const Recognition got = Recognise(test.kind, read.documents[0].root);
    std::string printed =
        (got.dialect == names::Dialect::kV012 ? "old " : "new ") + std::string(got.evidence);
    if (got.conflict()) {
      printed = std::string(got.old_field) + " against " + std::string(got.new_field);
    }
    EXPECT_EQ(printed, test.want) << test.spec;
  }
}

struct ShapeCase {
  names::Kind kind;
  const char* spec;
  const char* want;  // spec in the v1.x model
};

const ShapeCase kShapeCases[] = {
    {names::Kind::kEnvironment, "{dataPlaneRef: x}",
     R"({"dataPlaneRef":{"kind":"DataPlane","name":"x"}})"},
    {names::Kind::kEnvironment,
     "{dataPlaneRef: {kind: DataPlane, name: d}, gateway: {publicVirtualHost: h, "
     "publicGatewayName: g, "
     "publicHTTPPort: 80}}",
     R"({"dataPlaneRef":{"kind":"DataPlane","name":"d"},"gateway":{"ingress":{"external":{"http":{"host":"h",)"
     R"("port":80},"https":{"host":"h","port":19443},"name":"g","namespace":"openchoreo-data-plane"}},)"
     R"("publicGatewayName":"g","publicHTTPPort":80,"publicVirtualHost":"h"}})"},
    {names::Kind::kProject, "{deploymentPipelineRef: p}",
     R"({"deploymentPipelineRef":{"kind":"DeploymentPipeline","name":"p"}})"},
    {names::Kind::kDeploymentPipeline,
     "{promotionPaths: [{sourceEnvironmentRef: a, targetEnvironmentRefs: [{name: b, "
     "requiresApproval: "
     "true}]}]}",
     R"({"promotionPaths":[{"sourceEnvironmentRef":{"kind":"Environment","name":"a"},)"
     R"("targetEnvironmentRefs":[{"kind":"Environment","name":"b"}]}]})"},
    {names::Kind::kDataPlane,
     "{clusterAgent: {clientCA: {}}, observabilityPlaneRef: o, gateway: {publicVirtualHost: h, "
     "organizationVirtualHost: ''}}",
     R"({"clusterAgent":{"clientCA":{}},"gateway":{"ingress":{"external":{"http":{"host":"h","port":19080},)"
     R"("https":{"host":"h","port":19443},"name":"gateway-default","namespace":"openchoreo-data-plane"}},)"
     R"("organizationHTTPPort":19081,"organizationHTTPSPort":19444,"organizationVirtualHost":"",)"
     R"("publicHTTPPort":19080,"publicHTTPSPort":19443,"publicVirtualHost":"h"},)"
     R"("observabilityPlaneRef":{"kind":"ObservabilityPlane","name":"o"}})"},
    {names::Kind::kComponent,
     "{owner: {projectName: p}, componentType: deployment/x, traits: [{name: t, instanceName: i}]}",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/x"},"owner":{"projectName":"p"},)"
     R"("traits":[{"instanceName":"i","kind":"Trait","name":"t"}]})"},
    {names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, containers: {m: {image: i, env: [{key: A, "
     "valueFrom: "
     "{secretRef: {name: s, key: k}}}], files: [{key: F, mountPath: /f, valueFrom: "
     "{configurationGroupRef: {name: s, key: k}}}]}}, endpoints: {e: {type: REST, port: 80}}}",
     R"({"containers":{"m":{"env":[{"key":"A","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}],)"
     R"("files":[{"key":"F","mountPath":"/f","valueFrom":{"configurationGroupRef":{"key":"k","name":"s"}}}],)"
     R"("image":"i"}},"endpoints":{"e":{"port":80,"type":"REST"}},)"
     R"("owner":{"componentName":"c","projectName":"p"}})"},
    {names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i, env: [{key: A, valueFrom: "
     "{secretRef: {name: s, key: k}}}]}}",
     R"({"container":{"env":[{"key":"A","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}],"image":"i"},)"
     R"("owner":{"componentName":"c","projectName":"p"}})"},
    {names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: e, componentTypeEnvOverrides: {a: "
     "1}, "
     "traitOverrides: {t: {b: 2}}, workloadOverrides: {containers: {m: {env: [{key: A, valueFrom: "
     "{secretRef: {name: s, key: k}}}]}}}}",
     R"({"componentTypeEnvironmentConfigs":{"a":1},"environment":"e","owner":{"componentName":"c",)"
     R"("projectName":"p"},"state":"Active","traitEnvironmentConfigs":{"t":{"b":2}},"workloadOverrides":)"
     R"({"containers":{"m":{"env":[{"key":"A","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}]}}}})"},
    {names::Kind::kComponentRelease,
     "{owner: {projectName: p, componentName: c}, componentProfile: {traits: [{name: b, "
     "instanceName: "
     "i}]}, componentType: {workloadType: job, resources: [{id: job, template: {}}]}, traits: {b: "
     "{}, "
     "a: {creates: []}}, workload: {}}",
     R"({"componentProfile":{"traits":[{"instanceName":"i","kind":"Trait","name":"b"}]},)"
     R"("componentType":{"kind":"ComponentType","name":"","spec":{"resources":[{"id":"job","targetPlane":)"
     R"("dataplane","template":{}}],"workloadType":"job"}},"owner":{"componentName":"c","projectName":"p"},)"
     R"("traits":[{"kind":"Trait","name":"a","spec":{"creates":[]}},{"kind":"Trait","name":"b","spec":{}}],)"
     R"("workload":{}})"},
    {names::Kind::kComponentType,
     "{allowedTraits: [t, {name: u}], workloadType: job, schema: {parameters: {a: string}}, "
     "resources: "
     "[{id: job, template: {}}], "
     "traits: [{name: t, instanceName: i, envOverrides: {x: 1}}]}",
     R"({"allowedTraits":[{"kind":"Trait","name":"t"},{"kind":"Trait","name":"u"}],)"
     R"("resources":[{"id":"job","targetPlane":"dataplane","template":{}}],"schema":{"parameters":)"
     R"({"a":"string"}},"traits":[{"environmentConfigs":{"x":1},"instanceName":"i","kind":"Trait",)"
     R"("name":"t"}],"workloadType":"job"})"},
};

TEST(ToV1Model, Table) {
  for (const ShapeCase& test : kShapeCases) {
    base::Arena arena;
    const std::string text = "metadata: {name: a}\nspec: " + std::string(test.spec);
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_EQ(read.documents.size(), 1u) << test.spec;
    const admission::Admission admission =
        admission::Admit(read.documents[0].root, test.kind,
                         admission::RulesOf(test.kind, names::Dialect::kV012), arena);
    EXPECT_EQ(admission.invalid, "") << test.spec;
    EXPECT_TRUE(admission.pruned.empty()) << test.spec;
    EXPECT_EQ(value::ToJson(ToV1Model(test.kind, admission.root, arena).Get("spec")), test.want);
  }
}

TEST(ParseFile, ContradictionsNameBothFields) {
  const auto file = ParseFile(
      "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w}\n"
      "spec: {containers: {}, container: {image: i}}\n",
      {});
  ASSERT_EQ(file->objects.size(), 1u);
  EXPECT_EQ(file->objects[0].invalid,
            "spec.containers and spec.container are of different OpenChoreo versions");
  ASSERT_EQ(file->findings.size(), 1u);
  EXPECT_EQ(file->findings[0].diagnostic.code, base::ErrorCode::kDialectConflict);
  EXPECT_EQ(file->findings[0].diagnostic.place.field, "/spec/containers");
}

TEST(ParseFile, ConnectionListsAreDroppedWithAWarning) {
  const auto file = ParseFile(
      "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w}\n"
      "spec: {owner: {projectName: p, componentName: c}, container: {image: i}, connections: "
      "[{component: d}]}\n",
      {});
  ASSERT_EQ(file->objects.size(), 1u);
  EXPECT_EQ(file->objects[0].invalid, "");
  EXPECT_EQ(file->objects[0].root.Get("spec").Find("connections"), nullptr);
  ASSERT_EQ(file->findings.size(), 1u);
  EXPECT_EQ(file->findings[0].diagnostic.severity, base::Severity::kWarning);
}

TEST(ParseFile, WorkflowsOfOldComponentsNeverRefuse) {
  const auto file = ParseFile(
      "apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\n"
      "spec: {owner: {projectName: p}, componentType: deployment/web, workflow: {systemParameters: "
      "{repository: {url: 'git@host:x', revision: 7}}}}\n",
      {});
  ASSERT_EQ(file->objects.size(), 1u);
  EXPECT_EQ(file->objects[0].invalid, "");
  EXPECT_EQ(file->findings.size(), 4u);  // url, revision, appPath, name
  for (const auto& finding : file->findings) {
    EXPECT_EQ(finding.diagnostic.severity, base::Severity::kWarning);
  }
}

TEST(ParseFile, WorkloadDescriptorsAreLeftAlone) {
  const auto file = ParseFile(
      "apiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: w}\nendpoints: []\n---\n"
      "apiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: w}\nspec: {}\n",
      {});
  EXPECT_TRUE(file->objects.empty());
  ASSERT_EQ(file->unused.size(), 1u);
  ASSERT_EQ(file->findings.size(), 1u);
  EXPECT_EQ(file->findings[0].diagnostic.message, "Object 'Kind' is missing");
}

TEST(ParseFile, UnusedFieldsAreNoted) {
  const auto file = ParseFile(
      "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w}\n"
      "spec: {owner: {projectName: p, componentName: c}, containers: {}, connections: {}}\n---\n"
      "apiVersion: openchoreo.dev/v1alpha1\nkind: Organization\nmetadata: {name: o}\n",
      {});
  ASSERT_EQ(file->unused.size(), 2u);
  EXPECT_EQ(file->unused[0].what, "spec.connections of Workload");
  EXPECT_EQ(file->unused[0].field, "/spec/connections");
  EXPECT_EQ(file->unused[1].what, "Organization");
}

TEST(PointerAsWritten, FindsTheOlderField) {
  base::Arena arena;
  const yaml::ReadResult read =
      yaml::Read("spec: {traits: [{kind: Trait, name: a/b, spec: {}}]}", arena);
  const value::Value root = read.documents[0].root;

  const struct {
    names::Kind kind;
    const char* pointer;
    const char* want;
  } kCases[] = {
      {names::Kind::kComponentRelease, "/spec/componentType/spec/resources/0",
       "/spec/componentType/resources/0"},
      {names::Kind::kComponentRelease, "/spec/traits/0/spec/creates/1",
       "/spec/traits/a~1b/creates/1"},
      {names::Kind::kComponentRelease, "/spec/traits/0", "/spec/traits/a~1b"},
      {names::Kind::kComponentRelease, "/spec/traits/7/spec", "/spec/traits/7/spec"},
      {names::Kind::kComponentRelease, "/spec/componentProfile", "/spec/componentProfile"},
      {names::Kind::kReleaseBinding, "/spec/componentTypeEnvironmentConfigs/a",
       "/spec/componentTypeEnvOverrides/a"},
      {names::Kind::kReleaseBinding, "/spec/traitEnvironmentConfigs", "/spec/traitOverrides"},
      {names::Kind::kWorkload, "/spec/containers/m/env/0/valueFrom/secretKeyRef/name",
       "/spec/containers/m/env/0/valueFrom/secretRef/name"},
      {names::Kind::kEnvironment, "/spec/dataPlaneRef/name", "/spec/dataPlaneRef"},
      {names::Kind::kProject, "/spec/deploymentPipelineRef", "/spec/deploymentPipelineRef"},
  };

  for (const auto& test : kCases) {
    EXPECT_EQ(PointerAsWritten(test.kind, root, test.pointer), test.want) << test.pointer;
  }
}

TEST(VirtualHosts, OfEitherDialect) {
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(
      "- {gateway: {publicVirtualHost: p, organizationVirtualHost: o}}\n"
      "- {gateway: {ingress: {external: {http: {host: e}, https: {host: s}}, internal: {https: "
      "{host: "
      "i}}}}}\n"
      "- {}\n",
      arena);
  const auto specs = read.documents[0].root.as_list();
  EXPECT_EQ(PublicVirtualHost(specs[0]), "p");
  EXPECT_EQ(OrganizationVirtualHost(specs[0]), "o");
  EXPECT_EQ(PublicVirtualHost(specs[1]), "e");
  EXPECT_EQ(OrganizationVirtualHost(specs[1]), "i");
  EXPECT_EQ(PublicVirtualHost(specs[2]), "");
}

}  // namespace
}  // namespace openchoreo::resource
