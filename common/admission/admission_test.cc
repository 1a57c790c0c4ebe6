#include "common/admission/admission.h"

#include <gtest/gtest.h>

#include <string>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::admission {
namespace {

constexpr char kBlocked[] =
    "; <nil>: Invalid value: null: some validation rules were not checked because the object was "
    "invalid; correct the existing errors to complete validation";

struct Case {
  const char* name;
  names::Kind kind;
  const char* spec;     // YAML in flow style
  const char* want;     // stored spec as JSON, or "" to leave it unchecked
  const char* invalid;  // '…' at the end stands for kBlocked
  const char* pruned = "";
};

std::string Expanded(std::string_view text) {
  constexpr std::string_view kMark = " …";
  if (!text.ends_with(kMark)) return std::string(text);
  return std::string(text.substr(0, text.size() - kMark.size())) + kBlocked;
}

// Every expectation is what k8s.io/apiextensions-apiserver v0.36.3 does with OpenChoreo's CRDs.
const Case kCases[] = {
    {"default of a field that is absent", names::Kind::kComponent,
     "{owner: {projectName: p}, componentType: {name: deployment/web}}",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/web"},"owner":{"projectName":"p"}})",
     ""},
    {"default in place of null", names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: dev, state: null}",
     R"({"environment":"dev","owner":{"componentName":"c","projectName":"p"},"state":"Active"})",
     ""},
    {"null without default is dropped, also of required fields", names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: null, releaseName: null}",
     R"({"owner":{"componentName":"c","projectName":"p"},"state":"Active"})",
     "spec.environment: Required value …"},
    {"null in free-form content stays", names::Kind::kComponent,
     "{owner: {projectName: p}, componentType: {name: deployment/web}, parameters: {a: null}}",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/web"},"owner":{"projectName":"p"},)"
     R"("parameters":{"a":null}})",
     ""},
    {"null as list item", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i, args: [null]}}", "",
     "spec.container.args[0]: Invalid value: \"null\": spec.container.args[0] in body must be of "
     "type string: \"null\" …"},
    {"default of an object", names::Kind::kClusterWorkflow, "{runTemplate: {a: 1}}",
     R"({"runTemplate":{"a":1},"workflowPlaneRef":{"kind":"ClusterWorkflowPlane","name":"default"}})",
     ""},
    {"unknown fields are pruned at any depth", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, zzz: 1, container: {image: i, x: {y: 1}, env: "
     "[{key: A, value: b, q: 1}]}, endpoints: {web: {type: HTTP, port: 80, r: 1}}}",
     R"({"container":{"env":[{"key":"A","value":"b"}],"image":"i"},"endpoints":{"web":{"port":80,)"
     R"("type":"HTTP"}},"owner":{"componentName":"c","projectName":"p"}})",
     "", "spec.container.env[0].q spec.container.x spec.endpoints.web.r spec.zzz"},
    {"unknown fields of an open object stay, known ones keep their rules",
     names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: e, workloadOverrides: {more: 1, "
     "container: {env: [{key: A, zz: 1}]}}}",
     R"({"environment":"e","owner":{"componentName":"c","projectName":"p"},"state":"Active",)"
     R"("workloadOverrides":{"container":{"env":[{"key":"A"}]},"more":1}})",
     "", "spec.workloadOverrides.container.env[0].zz"},
    {"enum", names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: e, state: Paused}", "",
     "spec.state: Unsupported value: \"Paused\": supported values: \"Active\", \"Undeploy\" …"},
    {"enum of a wrong type", names::Kind::kReleaseBinding,
     "{owner: {projectName: p, componentName: c}, environment: e, state: 5}", "",
     "spec.state: Invalid value: \"integer\": spec.state in body must be of type string: "
     "\"integer\"; spec.state: Unsupported value: 5: supported values: \"Active\", \"Undeploy\" …"},
    {"several errors: fields by name, then what is missing", names::Kind::kReleaseBinding,
     "{owner: {projectName: ''}, releaseName: 7}", "",
     "spec.owner.projectName: Invalid value: \"\": spec.owner.projectName in body should be at "
     "least 1 "
     "chars long; spec.owner.componentName: Required value; spec.releaseName: Invalid value: "
     "\"integer\": spec.releaseName in body must be of type string: \"integer\"; spec.environment: "
     "Required value …"},
    {"pattern", names::Kind::kComponent, "{owner: {projectName: p}, componentType: {name: web}}",
     "",
     "spec.componentType.name: Invalid value: \"web\": spec.componentType.name in body should "
     "match "
     "'^(deployment|statefulset|cronjob|job|proxy)/[a-z0-9]([-a-z0-9]*[a-z0-9])?$'"},
    {"too long", names::Kind::kDeploymentPipeline,
     "{promotionPaths: [{sourceEnvironmentRef: {name: "
     "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg}, targetEnvironmentRefs: "
     "[]}]}",
     "",
     "spec.promotionPaths[0].sourceEnvironmentRef.name: Too long: may not be more than 63 bytes …"},
    {"number out of range", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i}, endpoints: {a: {type: "
     "HTTP, port: 0}, b: {type: HTTP, port: 70000}, c: {type: HTTP, port: '80'}}}",
     "",
     "spec.endpoints.a.port: Invalid value: 0: spec.endpoints.a.port in body should be greater "
     "than "
     "or equal to 1; spec.endpoints.b.port: Invalid value: 70000: spec.endpoints.b.port in body "
     "should be less than or equal to 65535; spec.endpoints.c.port: Invalid value: \"string\": "
     "spec.endpoints.c.port in body must be of type integer: \"string\" …"},
    {"number beyond its format", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i}, endpoints: {a: {type: "
     "HTTP, port: 3000000000}, b: {type: HTTP, port: 80.5}, c: {type: HTTP, port: true}}}",
     "",
     "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in "
     "spec.endpoints.a.port; spec.endpoints.a.port: Invalid value: 3000000000: "
     "spec.endpoints.a.port "
     "in body should be less than or equal to 65535; spec.endpoints.b.port: Invalid value: "
     "\"float64\": spec.endpoints.b.port in body must be of type int32: \"float64\"; <nil>: "
     "Invalid "
     "value: \"\": Checked value must be of type integer with format int32 in "
     "spec.endpoints.b.port; "
     "spec.endpoints.c.port: Invalid value: \"\": spec.endpoints.c.port in body must be of type "
     "int32: "
     "\"\" …"},
    {"too few items", names::Kind::kSecretReference, "{data: [], template: {}}", "",
     "spec.data: Invalid value: 0: spec.data in body should have at least 1 items"},
    {"list type set", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i}, endpoints: {web: {type: "
     "HTTP, port: 80, visibility: [internal, project, internal]}}}",
     "", "spec.endpoints[web].visibility[2]: Duplicate value: \"internal\""},
    {"list type map", names::Kind::kProjectType,
     "{resources: [{id: a, template: {}}, {id: a, template: {}}, {id: a, template: {}}]}", "",
     "spec.resources[1]: Duplicate value: {\"id\":\"a\"}"},
    {"rule: primary resource", names::Kind::kComponentType,
     "{workloadType: deployment, resources: [{id: probe, template: {}}]}", "",
     "spec: Invalid value: resources must contain a primary resource with id matching workloadType "
     "(unless workloadType is 'proxy')"},
    {"rule: proxy needs none", names::Kind::kComponentType,
     "{workloadType: proxy, resources: [{id: probe, template: {}}]}",
     R"({"resources":[{"id":"probe","targetPlane":"dataplane","template":{}}],"workloadType":"proxy"})",
     ""},
    {"rule: one kind of validations", names::Kind::kTrait,
     "{validations: [{rule: '${true}', message: m}], preRenderValidations: [{rule: '${true}', "
     "message: m}]}",
     "",
     "spec: Invalid value: set only one of spec.validations or spec.preRenderValidations; "
     "validations "
     "is deprecated, use preRenderValidations"},
    {"rule: var with forEach", names::Kind::kTrait,
     "{creates: [{forEach: '${[1]}', template: {}}], patches: [{target: {group: '', kind: K, "
     "version: v1}, operations: [{op: add, path: /a}], forEach: '${[1]}', var: x}]}",
     "", "spec.creates[0]: Invalid value: var is required when forEach is specified"},
    {"rule: value or valueFrom", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i, env: [{key: A, value: x, "
     "valueFrom: {secretKeyRef: {name: a, key: b}}}]}}",
     "", "spec.container.env[0]: Invalid value: value and valueFrom are mutually exclusive"},
    {"rule: empty bindings", names::Kind::kWorkload,
     "{owner: {projectName: p, componentName: c}, container: {image: i}, dependencies: {resources: "
     "[{ref: r, envBindings: {host: ''}, fileBindings: {ca: /x}}]}}",
     "",
     "spec.dependencies.resources[0].envBindings: Invalid value: envBindings keys (output names) "
     "and "
     "values (env var names) cannot be empty"},
    {"rule: one source of an output", names::Kind::kResourceType,
     "{resources: [{id: a, template: {}}], outputs: [{name: o}, {name: p, value: x, secretKeyRef: "
     "{name: s, key: k}}]}",
     "",
     "spec.outputs[0]: Invalid value: exactly one of value, secretKeyRef, or configMapKeyRef must "
     "be "
     "set; spec.outputs[1]: Invalid value: exactly one of value, secretKeyRef, or configMapKeyRef "
     "must "
     "be set"},
    {"rule: config of a channel", names::Kind::kObservabilityAlertsNotificationChannel,
     "{environment: dev, type: webhook}", "",
     "spec: Invalid value: webhookConfig is required when type is webhook"},
    {"an enum: a plane for workflows of the cluster", names::Kind::kClusterWorkflowPlane,
     "{planeID: ci, clusterAgent: {clientCA: {value: x}}, observabilityPlaneRef: {kind: "
     "ObservabilityPlane, name: default}}",
     "",
     "spec.observabilityPlaneRef.kind: Unsupported value: \"ObservabilityPlane\": supported "
     "values: "
     "\"ClusterObservabilityPlane\" …"},
    {"a plane for workflows of one namespace may", names::Kind::kWorkflowPlane,
     "{observabilityPlaneRef: {kind: ObservabilityPlane, name: default}, clusterAgent: {clientCA: "
     "{value: x}}}",
     R"({"clusterAgent":{"clientCA":{"value":"x"}},"observabilityPlaneRef":{"kind":)"
     R"("ObservabilityPlane","name":"default"}})",
     ""},
    {"a format", names::Kind::kObservabilityAlertsNotificationChannel,
     "{environment: dev, type: webhook, webhookConfig: {url: nowhere}}", "",
     "spec.webhookConfig.url: Invalid value: \"nowhere\": spec.webhookConfig.url in body must be "
     "of "
     "type uri: \"nowhere\" …"},
    {"required fields nothing reads do not refuse", names::Kind::kDataPlane,
     "{secretStoreRef: {name: v}}", R"({"secretStoreRef":{"name":"v"}})", ""},
    {"unless something else is wrong", names::Kind::kDataPlane, "{secretStoreRef: {}}", "",
     "spec.secretStoreRef.name: Required value; spec.clusterAgent: Required value …"},
    {"spec of a wrong type", names::Kind::kProject, "[1]", "",
     "spec: Invalid value: \"array\": spec in body must be of type object: \"array\" …"},
};

TEST(Admit, AsTheApiServer) {
  for (const Case& test : kCases) {
    base::Arena arena;
    const std::string text =
        "apiVersion: openchoreo.dev/v1alpha1\nkind: " + std::string(names::NameOf(test.kind)) +
        "\nmetadata: {name: a}\nspec: " + test.spec + "\nstatus: {x: 1}\n";
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_EQ(read.documents.size(), 1u) << test.name;
    const Admission got =
        Admit(read.documents[0].root, test.kind, RulesOf(test.kind, names::Dialect::kV1), arena);
    EXPECT_EQ(got.invalid, Expanded(test.invalid)) << test.name;
    if (*test.want) {
      EXPECT_EQ(value::ToJson(got.root.Get("spec")), test.want) << test.name;
    }
    std::string pruned;
    for (const PrunedField& field : got.pruned) {
      if (!pruned.empty()) pruned += ' ';
      pruned += field.path;
    }
    EXPECT_EQ(pruned, test.pruned) << test.name;
    EXPECT_EQ(got.root.Find("status"), nullptr) << test.name;
  }
}

TEST(Admit, SharesWhatDoesNotChange) {
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(
      "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: a}\n"
      "spec: {owner: {projectName: p, componentName: c}, environment: e, state: Active}\n",
      arena);
  const value::Value root = read.documents[0].root;
  const std::size_t before = arena.bytes();
  const Admission got = Admit(root, names::Kind::kReleaseBinding,
                              RulesOf(names::Kind::kReleaseBinding, names::Dialect::kV1), arena);
  EXPECT_EQ(got.root.as_map().data(), root.as_map().data());
  EXPECT_EQ(arena.bytes(), before);
}

struct MetadataCase {
  const char* metadata;
  const char* invalid;
};

const MetadataCase kMetadataCases[] = {
    {"{name: a.b-c}", ""},
    {"{}", "metadata.name: Required value: name or generateName is required …"},
    {"{name: Bad_Name}",
     "metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of "
     "lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
     "character (e.g. 'example.com', regex used for validation is "
     "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
    {"{name: a, namespace: b.c}",
     "metadata.namespace: Invalid value: \"b.c\": must not contain dots"},
    {"{name: a, namespace: B}",
     "metadata.namespace: Invalid value: \"B\": a lowercase RFC 1123 label must consist of lower "
     "case "
     "alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. "
     "'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
    {"{name: a, labels: {x/y/z: b}}",
     "metadata.labels: Invalid value: \"x/y/z\": a valid label key must consist of alphanumeric "
     "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
     "'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
     "(e.g. "
     "'example.com/MyName')"},
    {"{name: a, labels: {-a: b}}",
     "metadata.labels: Invalid value: \"-a\": name part must consist of alphanumeric characters, "
     "'-', "
     "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
     "'my.name',  or '123-abc', regex used for validation is "
     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
    {"{name: a, labels: {a: 'b c'}}",
     "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
     "character "
     "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
     "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    {"{name: a, annotations: {Example.com/A: 'b c', /x: z}}",
     "metadata.annotations: Invalid value: \"/x\": prefix part must be non-empty"},
    {"{name: a, creationTimestamp: null, labels: {a: ''}}", ""},
};

TEST(Admit, Metadata) {
  for (const MetadataCase& test : kMetadataCases) {
    base::Arena arena;
    const std::string text = "apiVersion: openchoreo.dev/v1alpha1\nkind: Environment\nmetadata: " +
                             std::string(test.metadata) + "\nspec: {}\n";
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_EQ(read.documents.size(), 1u) << test.metadata;
    const Admission got = Admit(read.documents[0].root, names::Kind::kEnvironment,
                                RulesOf(names::Kind::kEnvironment, names::Dialect::kV1), arena);
    EXPECT_EQ(got.invalid, Expanded(test.invalid)) << test.metadata;
  }
}

TEST(Shapes, EveryKindHasRules) {
  for (int i = 0; i < names::kKindCount; ++i) {
    for (const names::Dialect dialect : {names::Dialect::kV1, names::Dialect::kV012}) {
      EXPECT_NE(RulesOf(static_cast<names::Kind>(i), dialect).spec, nullptr);
    }
  }
}

}  // namespace
}  // namespace openchoreo::admission
