#include "common/pipeline/typed_pipeline.h"

#include <gtest/gtest.h>

#include "common/pipeline/json_for_tests.h"
#include "common/pipeline/template_cache.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::pipeline {
namespace {

using value::Value;

class TypedPipelineTest : public testing::Test {
 protected:
  TypedPipelineTest() {
    input_.type_place = {1, 0, "/spec"};
    input_.metadata.name = "r-db-dev-1";
    input_.metadata.ns = "dp-x";
    input_.metadata.component_namespace = "acme";
    input_.metadata.project_name = "shop";
    input_.metadata.labels = Yaml("{l: v}");
    input_.resource_name = "db";
  }

  Value Yaml(std::string_view text) { return yaml::Read(text, arena_).documents.front().root; }

  static std::string ErrorText(const base::Error& error) {
    return "error: " + error.message + " @" + std::to_string(error.place.source) +
           error.place.field;
  }

  std::string Project(const std::string& type) {
    input_.type = Yaml(type);
    const auto rendered = RenderProject(input_, cache_, arena_, limits_);
    if (!rendered) return ErrorText(rendered.error());
    return Print(*rendered);
  }

  static std::string Print(const RenderedResources& resources) {
    std::string text;
    for (const RenderedResource& resource : resources) {
      text += std::string(resource.id) + ": " + value::ToJson(resource.object) + "\n";
    }
    return text;
  }

  base::Arena arena_;
  base::RenderLimits limits_;
  TemplateCache cache_;
  TypedInput input_;
};

TEST_F(TypedPipelineTest, ProjectKeepsOrderAndUnknownValues) {
  input_.parameters = Yaml("{given: 1}");
  input_.binding_annotations = Yaml("{a: b}");
  EXPECT_EQ(
      Project(R"({resources: [
      {id: z, template: {apiVersion: v1, kind: Namespace, metadata: {name: '${metadata.namespace}', labels: '${metadata.labels}', annotations: '${metadata.annotations}'}}},
      {id: l, forEach: '${["p","q"]}', var: v, template: {apiVersion: v1, kind: A, metadata: {name: '${v}'}, p: '${parameters}', ns: '${metadata.projectNamespace}'}}]})"),
      R"(z: {"apiVersion":"v1","kind":"Namespace","metadata":{"annotations":{"a":"b"},"labels":{"l":"v"},"name":"dp-x"}}
l-0: {"apiVersion":"v1","kind":"A","metadata":{"name":"p"},"ns":"acme","p":{"given":1}}
l-1: {"apiVersion":"v1","kind":"A","metadata":{"name":"q"},"ns":"acme","p":{"given":1}}
)");
}

TEST_F(TypedPipelineTest, ProjectErrors) {
  const struct {
    const char* type;
    const char* want;
  } cases[] = {
      {"{validations: [{rule: '${false}', message: never}]}",
       "error: project type validation failed: rule[0] \"${false}\" evaluated to false: never "
       "@1/spec/validations/0/rule"},
      {"{resources: [{id: a, includeWhen: '${1}', template: {}}]}",
       "error: evaluate includeWhen for resource \"a\": includeWhen must evaluate to boolean, got "
       "int64 "
       "@1/spec/resources/0/includeWhen"},
      {"{resources: [{id: a, template: {x: '${parameters.z}'}}]}",
       "error: render template for resource \"a\": CEL evaluation error in expression "
       "'parameters.z': no such key: z "
       "@1/spec/resources/0/template/x"},
      {"{resources: [{id: a, template: {apiVersion: v1, kind: X, metadata: {name: ''}}}]}",
       "error: resource \"a\" missing metadata.name @1/spec/resources/0/template"},
  };

  for (const auto& c : cases) EXPECT_EQ(Project(c.type), c.want);
}

TEST_F(TypedPipelineTest, ResourceOutputs) {
  input_.type = Yaml(R"({
      parameters: {openAPIV3Schema: {type: object, properties: {num: {type: integer, default: 2}}}},
      resources: [{id: claim, template: {kind: Anything, num: '${parameters.num}', g: '${gateway}'}}],
      outputs: [{name: host, value: '${metadata.name}.svc'}, {name: bad, value: '${1}'},
                {name: port, value: '${applied.claim.status.port}'},
                {name: key, secretKeyRef: {name: '${metadata.name}', key: k}},
                {name: file, configMapKeyRef: {name: c, key: '${metadata.resourceName}'}}]})");
  const auto rendered = RenderResource(input_, cache_, arena_, limits_);
  ASSERT_TRUE(rendered) << rendered.error().message;
  EXPECT_EQ(Print(rendered->resources), "claim: {\"g\":{},\"kind\":\"Anything\",\"num\":2}\n");
  EXPECT_EQ(
      value::ToJson(rendered->outputs),
      R"([{"name":"host","value":"r-db-dev-1.svc"},{"name":"key","secretKeyRef":{"key":"k","name":"r-db-dev-1"}},)"
      R"({"configMapKeyRef":{"key":"db","name":"c"},"name":"file"}])");
  ASSERT_EQ(rendered->output_errors.size(), 2u);
  EXPECT_EQ(rendered->output_errors[0], "output \"bad\": expected string, got int64");
  EXPECT_EQ(rendered->output_errors[1],
            "output \"port\": CEL evaluation error in expression 'applied.claim.status.port': no "
            "such key: port");
}

TEST_F(TypedPipelineTest, ResourceErrors) {
  input_.type = Yaml("{resources: [{id: a, includeWhen: '${1}', template: {}}]}");
  EXPECT_EQ(ErrorText(RenderResource(input_, cache_, arena_, limits_).error()),
            "error: evaluate includeWhen for resource \"a\": includeWhen must evaluate to bool, "
            "got int64 "
            "@1/spec/resources/0/includeWhen");
  input_.type = Yaml("{resources: [{id: a, template: {x: '${nope}'}}]}");
  EXPECT_NE(RenderResource(input_, cache_, arena_, limits_)
                .error()
                .message.find("render resource \"a\": CEL compilation error"),
            std::string::npos);
}

}  // namespace
}  // namespace openchoreo::pipeline
