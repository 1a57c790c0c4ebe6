#include "common/pipeline/component_pipeline.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/json_for_tests.h"
#include "common/pipeline/template_cache.h"
#include "common/pipeline/working_set.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::pipeline {
namespace {

using value::Value;

// A component of the smallest kind that renders; each test lays its own YAML over it.
class ComponentPipelineTest : public testing::Test {
 protected:
  ComponentPipelineTest() {
    input_.component_type_name = "deployment/web";
    input_.component_type_place = {1, 0, "/spec"};
    input_.profile_place = {2, 0, "/spec/componentProfile"};
    input_.binding_place = {3, 0, "/spec"};
    Metadata& m = input_.metadata;
    m.name = "cart-dev-1234";
    m.ns = "dp-x";
    m.component_namespace = "acme";
    m.component_name = "cart";
    m.environment_name = "dev";
    m.project_name = "shop";
    m.labels = Yaml("{l: platform}");
    m.pod_selectors = Yaml("{s: pods}");
    Type("{}");
    input_.workload = Yaml("{container: {image: img}, endpoints: {http: {type: HTTP, port: 80}}}");
  }

  Value Yaml(std::string_view text) {
    auto read = yaml::Read(text, arena_);
    EXPECT_TRUE(read.errors.empty()) << text;
    return read.documents.empty() ? Value() : read.documents.front().root;
  }

  // A ConfigMap "c" with `data`.
  static std::string ConfigMap(const std::string& data) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: " + data + "}";
  }

  void Type(const std::string& fields) {
    Value type = Yaml(fields);
    if (!type.Find("resources")) type = value::WithKey(arena_, type, "resources", Yaml("[]"));
    if (!type.Find("workloadType"))
      type = value::WithKey(arena_, type, "workloadType", Value::String("proxy"));
    input_.component_type = type;
  }

  // One resource template with `data` as its ConfigMap's data.
  void TypeWithData(const std::string& data) {
    Type("{resources: [{id: c, template: " + ConfigMap(data) + "}]}");
  }

  void Trait(const std::string& spec) {
    const std::string name = "t" + std::to_string(traits_.size());
    traits_.push_back({"Trait",
                       arena_.CopyString(name),
                       Yaml(spec),
                       {10 + static_cast<std::uint32_t>(traits_.size()), 0, "/spec"}});
    input_.traits = traits_;
  }

  // "kind/name {rest}" per object, or "error: …" with its place.
  std::string Render() {
    const auto rendered = RenderComponent(input_, cache_, arena_, limits_);
    if (!rendered) {
      const base::Error& error = rendered.error();
      return "error: " + error.message + " @" + std::to_string(error.place.source) +
             error.place.field;
    }
    std::string text;
    for (const RenderedResource& resource : *rendered) {
      if (!text.empty()) text += "\n";
      text += value::ToJson(resource.object);
      if (resource.plane == TargetPlane::kObservability) text += " (observability)";
    }
    return text;
  }

  // The data of the one ConfigMap rendered.
  std::string RenderData(const std::string& data) {
    TypeWithData(data);
    const auto rendered = RenderComponent(input_, cache_, arena_, limits_);
    if (!rendered) return "error: " + rendered.error().message;
    return value::ToJson(rendered->front().object.Get("data"));
  }

  base::Arena arena_;
  base::RenderLimits limits_;
  TemplateCache cache_;
  ComponentInput input_;
  std::vector<TraitDefinition> traits_;
};

TEST_F(ComponentPipelineTest, ContextOfAComponent) {
  input_.data_plane =
      Yaml("{secretStoreRef: {name: vault}, gateway: {ingress: {external: {name: gw}}}}");
  input_.data_plane_annotations = Yaml("{region: eu}");
  input_.default_notification_channel = "mail";

  const struct {
    const char* expression;
    const char* want;
  } cases[] = {
      {"metadata.labels", R"({"l":"platform"})"},
      {"metadata.annotations", "{}"},
      {"metadata.componentNamespace", R"("acme")"},
      {"dataplane",
       R"({"annotations":{"region":"eu"},"gateway":{"ingress":{"external":{"name":"gw"}}},"secretStore":"vault"})"},
      {"environment",
       R"({"defaultNotificationChannel":"mail","gateway":{"ingress":{"external":{"name":"gw"}}}})"},
      {"gateway.ingress.external.name", R"("gw")"},
      {"parameters", "{}"},
      {"workload",
       R"({"container":{"image":"img"},"endpoints":{"http":{"port":80,"targetPort":80,"type":"HTTP","visibility":["project"]}}})"},
      {"workload.endpoints.http.port + 1.0", "81"},
      {"configurations", R"({"configs":{"envs":[],"files":[]},"secrets":{"envs":[],"files":[]}})"},
      {"dependencies",
       R"({"envVars":[],"items":[],"resources":[],"volumeMounts":[],"volumes":[]})"},
      {"workload.toServicePorts()",
       R"([{"name":"http","port":80,"protocol":"TCP","targetPort":80}])"},
      {"configurations.toVolumes()", "[]"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(RenderData("{v: '${" + std::string(c.expression) + "}'}"),
              "{\"v\":" + std::string(c.want) + "}")
        << c.expression;
  }
}

TEST_F(ComponentPipelineTest, WithoutGatewayTheVariableIsUndeclared) {
  EXPECT_NE(RenderData("{v: '${gateway}'}").find("undeclared reference to 'gateway'"),
            std::string::npos);
  EXPECT_NE(RenderData("{v: '${trait.name}'}").find("undeclared reference to 'trait'"),
            std::string::npos);
}

TEST_F(ComponentPipelineTest, ParametersAreDefaultedAndChecked) {
  const char* type =
      "{parameters: {openAPIV3Schema: {type: object, required: [a], properties: {a: {type: "
      "integer}, b: {type: "
      "string, default: x}}}}, resources: [{id: c, template: {apiVersion: v1, kind: ConfigMap, "
      "metadata: {name: c}, "
      "data: {p: '${parameters}', e: '${environmentConfigs}'}}}]}";
  Type(type);
  input_.profile = Yaml("{parameters: {a: 3, extra: 1}}");
  input_.binding = Yaml("{componentTypeEnvironmentConfigs: {ignored: 1}}");
  EXPECT_EQ(
      Render(),
      R"({"apiVersion":"v1","data":{"e":{},"p":{"a":3,"b":"x","extra":1}},"kind":"ConfigMap","metadata":{"labels":{"l":"platform"},"name":"c"}})");
  input_.profile = Yaml("{parameters: {a: text}}");
  EXPECT_EQ(Render(),
            "error: failed to build component context: parameters validation failed: a must be of "
            "type integer: "
            "\"string\" @2/spec/componentProfile/parameters/a");
}

TEST_F(ComponentPipelineTest, WhatIsNoMapIsNoParameters) {
  const std::string unmarshal =
      "failed to unmarshal parameters: json: cannot unmarshal string into Go value of type "
      "map[string]interface {} @";
  TypeWithData("{}");
  Trait("{creates: []}");
  input_.profile = Yaml("{parameters: x}");
  EXPECT_EQ(Render(),
            "error: failed to build component context: failed to extract component parameters: " +
                unmarshal + "2/spec/componentProfile/parameters");
  input_.profile = Yaml("{traits: [{name: t0, instanceName: i, parameters: x}]}");
  EXPECT_EQ(Render(),
            "error: failed to extract trait bindings for t0/i: failed to extract trait instance "
            "parameters: " +
                unmarshal + "2/spec/componentProfile/traits/0/parameters");
  input_.profile = Value();
  Type(R"({resources: [], traits: [{name: t0, instanceName: i, parameters: '${metadata}'}]})");
  EXPECT_EQ(Render(),
            "error: failed to resolve embedded trait bindings for t0/i: failed to resolve embedded "
            "trait t0/i parameters: failed to unmarshal bindings: json: cannot unmarshal string "
            "into Go value of type map[string]interface {} @1/spec/traits/0/parameters");
}

TEST_F(ComponentPipelineTest, UnclosedExpressionsAreFound) {
  const CompiledDefinition definition(
      DefinitionKind::kComponentType,
      Yaml("{resources: [{id: a, template: {x: '${a', y: '${a} ${b', z: ['$', '}${ x']}}]}"));
  EXPECT_EQ(definition.unclosed(),
            (std::vector<std::string>{"/resources/0/template/x", "/resources/0/template/z/1"}));
}

TEST_F(ComponentPipelineTest, IncludeWhenAndForEach) {
  Type(R"({resources: [
    {id: no, includeWhen: '${false}', template: {kind: No}},
    {id: l, forEach: '${["b","a"]}', var: x, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${x}'}}},
    {id: m, forEach: '${{"k": 1}}', template: {apiVersion: v1, kind: Secret, metadata: {name: '${item.key}'}, num: '${item.value}'}}]})");
  EXPECT_EQ(
      Render(),
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":{"l":"platform"},"name":"a"}}
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":{"l":"platform"},"name":"b"}}
{"apiVersion":"v1","kind":"Secret","metadata":{"labels":{"l":"platform"},"name":"k"},"num":1})");
}

TEST_F(ComponentPipelineTest, TraitsAreOneList) {
  Type(
      R"({resources: [{id: d, template: {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {list: []}}}],
    traits: [{name: t0, instanceName: e, parameters: {p: '${workload.container.image}'}}]})");
  Trait(R"({parameters: {openAPIV3Schema: {type: object, properties: {p: {type: string}}}},
    patches: [{target: {kind: Deployment, group: apps}, operations: [{op: add, path: /spec/list/-, value: '${trait.instanceName}=${parameters.p}'}]}]})");
  Trait(
      R"({environmentConfigs: {openAPIV3Schema: {type: object, properties: {v: {type: string, default: d}}}},
    creates: [{targetPlane: observabilityplane, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${trait.instanceName}'}, data: {v: '${environmentConfigs.v}'}}}],
    patches: [{forEach: '${["x","y"]}', var: it, target: {kind: Deployment, where: '${resource.spec.list.size() > 0}'}, operations: [{op: add, path: /spec/list/-, value: '${it}'}]}],
    removes: [{target: {kind: ConfigMap, where: '${resource.metadata.name == "gone"}'}}]})");
  input_.profile = Yaml(
      "{traits: [{name: t1, instanceName: one}, {kind: Trait, name: t1, instanceName: gone}]}");
  input_.binding = Yaml("{traitEnvironmentConfigs: {one: {v: own}, unknown: {v: z}}}");
  EXPECT_EQ(
      Render(),
      R"({"apiVersion":"v1","data":{"v":"own"},"kind":"ConfigMap","metadata":{"labels":{"l":"platform"},"name":"one"}} (observability)
{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"l":"platform"},"name":"d"},"spec":{"list":["e=img","x","y","x","y"]}})");
}

TEST_F(ComponentPipelineTest, OriginsWhereAskedFor) {
  TypeWithData("{a: x}");
  Trait(
      "{creates: [{template: {apiVersion: v1, kind: Secret, metadata: {name: s}}}],"
      " patches: [{target: {kind: Service}, operations: [{op: add, path: /data/b, value: y}]},"
      " {target: {kind: ConfigMap}, forEach: '${[1, 2]}', var: i,"
      " operations: [{op: add, path: /data/b, value: y}]}]}");
  input_.profile = Yaml("{traits: [{name: t0, instanceName: one}, {name: t0, instanceName: two}]}");
  const auto origins = [&] {
    const auto rendered = RenderComponent(input_, cache_, arena_, limits_);
    std::string text;
    for (const RenderedResource& resource : *rendered) {
      text.append(text.empty() ? "" : "\n").append(KindOf(resource.object));
      for (const base::Place& place : resource.origin)
        text += " " + std::to_string(place.source) + place.field;
    }
    return text;
  };
  EXPECT_EQ(origins(), "ConfigMap\nSecret\nSecret");
  input_.origins = true;
  EXPECT_EQ(origins(),
            "ConfigMap 1/spec/resources/0/template 10/spec/patches/1\n"
            "Secret 10/spec/creates/0/template\nSecret 10/spec/creates/0/template");
}

// Long: one table.
TEST_F(ComponentPipelineTest, ErrorsHaveUpstreamsTextAndAPlace) {
  const std::string base = ConfigMap("{}");

  const struct {
    const char* name;
    std::string type;
    std::string trait;
    std::string want;
  } cases[] = {
      {"includeWhen", "{resources: [{id: c, includeWhen: '${1}', template: " + base + "}]}", "",
       "error: failed to render base resources: failed to evaluate includeWhen for resource c: "
       "includeWhen must "
       "evaluate to boolean, got int64 @1/spec/resources/0/includeWhen"},
      {"forEach", "{resources: [{id: c, forEach: '${\"x\"}', var: v, template: " + base + "}]}", "",
       "error: failed to render base resources: failed to evaluate forEach for resource c: forEach "
       "must evaluate to "
       "array or map, got string @1/spec/resources/0/forEach"},
      {"no such key",
       "{resources: [{id: c, template: " + ConfigMap("{x: ['${parameters.nope}']}") + "}]}", "",
       "error: failed to render base resources: failed to render template for resource c: CEL "
       "evaluation error in "
       "expression 'parameters.nope': no such key: nope @1/spec/resources/0/template/data/x/0"},
      {"shape", "{resources: [{id: c, template: {apiVersion: v1, kind: X, metadata: {}}}]}", "",
       "error: failed to render base resources: resource c missing required field 'metadata.name' "
       "@1/spec/resources/0/template"},
      {"pre-render rule",
       "{preRenderValidations: [{rule: '${true}', message: ok}, {rule: '${false}', message: "
       "never}]}",
       "",
       "error: component type validation failed: rule[1] \"${false}\" evaluated to false: never "
       "@1/spec/preRenderValidations/1/rule"},
      {"post-render rule",
       "{resources: [{id: c, template: " + base +
           "}], postRenderValidations: [{target: {kind: ConfigMap, version: v1}, rule: "
           "'${has(resource.x)}', message: "
           "m}, {target: {kind: Other, version: v1}, rule: '${true}'}]}",
       "",
       "error: post-render validation failed: \"ComponentType deployment/web\" post-render "
       "validation on ConfigMap/c "
       "failed: m; \"ComponentType deployment/web\" post-render validation: no resource matched "
       "target /v1/Other "
       "@1/spec/postRenderValidations/0/rule"},
      {"unknown embedded trait", "{traits: [{name: nope, instanceName: n}]}", "",
       "error: embedded trait nope referenced but not found in traits list @1/spec/traits/0"},
      {"patch", "{resources: [{id: c, template: " + base + "}]}",
       "{patches: [{target: {kind: ConfigMap}, operations: [{op: replace, path: /data/x, value: "
       "1}]}]}",
       "error: failed to process trait t0/i: failed to apply trait patch #0 for trait t0: failed "
       "to apply patches to "
       "ConfigMap/c for trait t0 patch #0: operation #0 failed: replace operation failed: key "
       "\"x\" does not exist "
       "@10/spec/patches/0/operations/0/path"},
      {"where", "{resources: [{id: c, template: " + base + "}]}",
       "{removes: [{target: {kind: ConfigMap, where: '${1}'}}]}",
       "error: failed to process trait t0/i: failed to apply trait remove #0 for trait t0: where "
       "clause '${1}' must "
       "evaluate to boolean for trait t0 remove #0, got int64 @10/spec/removes/0/target/where"},
      {"trait schema", "{}",
       "{parameters: {openAPIV3Schema: {type: object, required: [a], properties: {a: {type: "
       "string}}}}}",
       "error: failed to build trait context for t0/i: parameters validation failed: .a is "
       "required "
       "@2/spec/componentProfile/traits/0/parameters"},
      {"created without a name", "{}",
       "{creates: [{template: {apiVersion: v1, kind: X, metadata: {}}}]}",
       "error: validation failed: resource #0 (X) missing metadata.name "
       "@10/spec/creates/0/template"},
      {"created without metadata", "{}", "{creates: [{template: {apiVersion: v1, kind: X}}]}",
       "error: failed to post-process resources: failed to add labels: resource missing metadata "
       "@10/spec/creates/0/template"},
  };

  for (const auto& c : cases) {
    traits_.clear();
    input_.traits = {};
    input_.profile = Value();
    Type(c.type);
    if (!c.trait.empty()) {
      Trait(c.trait);
      input_.profile = Yaml("{traits: [{name: t0, instanceName: i}]}");
    }
    EXPECT_EQ(Render(), c.want) << c.name;
  }
}

TEST_F(ComponentPipelineTest, LimitsEndInErrors) {
  limits_.max_for_each_items = 3;
  Type("{resources: [{id: c, forEach: '${[1,2,3,4]}', var: x, template: " + ConfigMap("{}") +
       "}]}");
  EXPECT_NE(Render().find("error: "), std::string::npos);
  limits_ = {};
  limits_.max_resources_per_binding = 2;
  Type("{resources: [{id: c, forEach: '${[1,2,3]}', var: x, template: " + ConfigMap("{}") + "}]}");
  EXPECT_NE(Render().find("more objects than the limit of 2"), std::string::npos);
}

TEST_F(ComponentPipelineTest, OddShapesAreNoCrash) {
  input_.dependency_items = Yaml("[5, null, {envVars: 3}]");
  input_.resource_dependency_items = Yaml("[x, []]");
  input_.workload = Yaml("{container: 1, endpoints: {a: null, b: {visibility: 3, port: x}}}");
  input_.binding = Yaml("{workloadOverrides: {container: {env: [1, {}], files: 4}}}");
  input_.profile = Yaml("{parameters: {}, traits: [1]}");
  input_.data_plane = Yaml("{gateway: {ingress: [], egress: {external: 1}}}");
  EXPECT_EQ(
      Render(),
      "error: trait  referenced but not found in traits list @2/spec/componentProfile/traits/0");
  for (const char* type :
       {"{resources: 5}", "{resources: [1, {}]}", "{parameters: 1, traits: {}, resources: []}"}) {
    Type(type);
    EXPECT_FALSE(Render().empty());
  }
}

TEST_F(ComponentPipelineTest, EqualDefinitionsAreCompiledOnce) {
  TypeWithData("{a: '${metadata.name}'}");
  const auto first = CompileRelease(input_.component_type, {}, cache_);
  TypeWithData("{a: '${metadata.name}'}");
  EXPECT_EQ(CompileRelease(input_.component_type, {}, cache_).component_type, first.component_type);
  TypeWithData("{a: '${metadata.namespace}'}");
  EXPECT_NE(CompileRelease(input_.component_type, {}, cache_).component_type, first.component_type);
  EXPECT_EQ(cache_.size(), 2u);
  cache_.Trim(1);
  EXPECT_EQ(cache_.size(), 1u);
  EXPECT_NE(CompileRelease(first.component_type->spec(), {}, cache_).component_type,
            first.component_type);
  cache_.Trim(0);
  EXPECT_EQ(cache_.size(), 0u);
}

TEST_F(ComponentPipelineTest, OldDialect) {
  input_.dialect = names::Dialect::kV012;
  input_.metadata.labels = Yaml("{full: set}");
  input_.workload = Yaml(
      R"({containers: {main: {image: m, env: [{key: A, value: '1'}, {key: E}], files: [{key: f.txt, mountPath: /d, value: v}]}, side: {image: s}},
      endpoints: {http: {type: REST, port: 80, schema: {type: REST, content: c}}}})");
  input_.binding = Yaml(
      "{workloadOverrides: {containers: {main: {env: [{key: A, value: '2'}]}}}, "
      "componentTypeEnvironmentConfigs: {r: 2, pruned: 1}}");
  input_.data_plane = Yaml(
      "{gateway: {publicVirtualHost: apps.example}, observabilityPlaneRef: {kind: "
      "ObservabilityPlane, name: obs}}");
  input_.profile = Yaml("{parameters: {size: 3, pruned: true}}");

  const struct {
    const char* expression;
    const char* want;
  } cases[] = {
      {"workload.containers[\"main\"].image", R"("m")"},
      {"workload.endpoints.http",
       R"({"port":80,"schema":{"content":"c","type":"REST"},"type":"REST"})"},
      {"parameters", R"({"name":"x","size":3})"},
      {"envOverrides", R"({"r":2})"},
      {"dataplane", R"({"observabilityPlaneRef":"obs","publicVirtualHost":"apps.example"})"},
      {"configurations.main.configs.envs", R"([{"name":"A","value":"2"}])"},
      {"configurations.toContainerEnvFrom(\"main\").size()", "1"},
      {"configurations.toContainerVolumeMounts(\"main\")[0].mountPath", R"("/d/f.txt")"},
      {"configurations.toVolumes()[0].name.startsWith(\"main-file-mount-\")", "true"},
      {"configurations.toConfigEnvsByContainer()[0].container", R"("main")"},
      {"has(metadata.componentNamespace)", "false"},
  };

  for (const auto& c : cases) {
    Type(
        R"({schema: {parameters: {size: integer, name: 'string | default=x'}, envOverrides: {r: 'integer | default=1'}},
        resources: [{id: c, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {v: ')" +
        ("${" + std::string(c.expression) + "}") + "'}}}]}");
    EXPECT_EQ(Render(),
              "{\"apiVersion\":\"v1\",\"data\":{\"v\":" + std::string(c.want) +
                  "},\"kind\":\"ConfigMap\",\"metadata\":{\"labels\":{\"openchoreo.dev/component\":"
                  "\"cart\",\"openchoreo.dev/environment\":\"dev\",\"openchoreo.dev/project\":"
                  "\"shop\"},\"name\":\"c\"}}")
        << c.expression;
  }
}

// v0.16 and v0.17: one container and today's macros, older names.
TEST_F(ComponentPipelineTest, TransitionalNames) {
  input_.dialect = names::Dialect::kV012;
  input_.data_plane =
      Yaml("{gateway: {publicVirtualHost: apps.example, organizationVirtualHost: org.example}}");
  input_.binding = Yaml("{componentTypeEnvironmentConfigs: {r: 2}}");

  const struct {
    const char* expression;
    const char* want;
  } cases[] = {
      {"workload.container.image", R"("img")"},
      {"envOverrides", R"({"r":2})"},
      {"dataplane.publicVirtualHost", R"("apps.example")"},
      {"environment.organizationVirtualHost", R"("org.example")"},
      {"connections.envVars", "[]"},
      {"configurations.toContainerEnvFrom()", "[]"},
      {"workload.toServicePorts()[0].port", "80"},
  };

  for (const auto& c : cases) {
    Type("{schema: {envOverrides: {r: 'integer | default=1'}}, resources: [{id: c, template: " +
         ConfigMap("{v: '${" + std::string(c.expression) + "}'}") + "}]}");
    EXPECT_EQ(Render(),
              "{\"apiVersion\":\"v1\",\"data\":{\"v\":" + std::string(c.want) +
                  "},\"kind\":\"ConfigMap\",\"metadata\":{\"labels\":{\"l\":\"platform\"},"
                  "\"name\":\"c\"}}")
        << c.expression;
  }
}

TEST_F(ComponentPipelineTest, OldDialectPatches) {
  input_.dialect = names::Dialect::kV012;
  input_.workload = Yaml("{containers: {main: {image: m}}}");
  input_.profile = Yaml("{traits: [{name: t0, instanceName: i}]}");
  const std::string prefix =
      "error: failed to process trait t0/i: failed to apply trait patch #0 for trait t0: failed to "
      "apply "
      "patches to ConfigMap/c for trait t0 patch #0: operation #0 failed: ";

  const struct {
    const char* path;
    std::string want;
  } cases[] = {
      {"/data/list[*]/x", "unsupported array index \"*\""},
      {"/data/map[?(@.a=='b')]/x",
       "path \"/data/map[?(@.a=='b')]/x\" contains a filter but matched 0 elements (filter "
       "criteria not met or target does not exist)"},
      {"/data/list[?(@.a=='b')]/x",
       "path \"/data/list[?(@.a=='b')]/x\" contains a filter but matched 0 elements (filter "
       "criteria not met or target does not exist)"},
  };

  for (const auto& c : cases) {
    traits_.clear();
    TypeWithData("{list: [{}], map: {}}");
    Trait("{patches: [{target: {kind: ConfigMap}, operations: [{op: add, path: \"" +
          std::string(c.path) + "\", value: 1}]}]}");
    EXPECT_EQ(Render(), prefix + c.want + " @10/spec/patches/0/operations/0/path");
  }
}

}  // namespace
}  // namespace openchoreo::pipeline
