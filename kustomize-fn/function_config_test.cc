#include "kustomize-fn/function_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {
namespace {

FunctionConfigResult Read(const std::string& text, base::Arena& arena) {
  const yaml::ReadResult read = yaml::Read(text, arena);
  return ReadFunctionConfig(read.documents.front().root);
}

constexpr char kRenderHead[] =
    "apiVersion: gitops.openchoreo.dev/v1alpha1\nkind: OpenChoreoRender\nmetadata: {name: r, "
    "annotations: {x: y}}\n";

TEST(FunctionConfigTest, AbsentMeansDefaults) {
  const FunctionConfigResult result = ReadFunctionConfig(value::Value());
  EXPECT_TRUE(result.errors.empty());
  EXPECT_FALSE(result.config.role.has_value());
  EXPECT_EQ(result.config.options.default_namespace, "default");
  EXPECT_TRUE(result.config.options.tracking && result.config.options.namespaces &&
              result.config.options.record);
  EXPECT_TRUE(result.config.roots.empty());
}

TEST(FunctionConfigTest, ReadsEveryField) {
  base::Arena arena;
  const FunctionConfigResult result =
      Read(std::string(kRenderHead) +
               "spec:\n  environments: [dev, prod]\n  projects: [shop]\n  components: [cart]\n  "
               "dataplanes: [d]\n"
               "  namespace: acme\n  include: all\n  plane: observability\n  tracking: none\n  "
               "namespaces: false\n"
               "  record: false\n  strict: true\n  onError: skip\n  duplicates: last\n  "
               "allowEmpty: true\n"
               "  root: ..\n  allowParent: true\n",
           arena);
  ASSERT_TRUE(result.errors.empty()) << result.errors[0].message;
  const render::Options& options = result.config.options;
  EXPECT_EQ(options.environments, (std::vector<std::string>{"dev", "prod"}));
  EXPECT_EQ(options.projects, std::vector<std::string>{"shop"});
  EXPECT_EQ(options.components, std::vector<std::string>{"cart"});
  EXPECT_EQ(options.dataplanes, std::vector<std::string>{"d"});
  EXPECT_EQ(options.default_namespace, "acme");
  EXPECT_EQ(options.include, render::Include::kAll);
  EXPECT_EQ(options.plane, render::Plane::kObservability);
  EXPECT_FALSE(options.tracking || options.namespaces || options.record);
  EXPECT_TRUE(options.strict && options.skip_broken && options.last_duplicate_wins &&
              options.allow_empty);
  EXPECT_EQ(result.config.roots, std::vector<std::string>{".."});
  EXPECT_TRUE(result.config.allow_parent);
}

TEST(FunctionConfigTest, AConfigMapHoldsFlatTexts) {
  base::Arena arena;
  const FunctionConfigResult result = Read(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
      "data: {environments: 'dev, prod', strict: 'true', record: 'false', namespace: acme}\n",
      arena);
  ASSERT_TRUE(result.errors.empty()) << result.errors[0].message;
  EXPECT_EQ(result.config.options.environments, (std::vector<std::string>{"dev", "prod"}));
  EXPECT_TRUE(result.config.options.strict);
  EXPECT_FALSE(result.config.options.record);
}

TEST(FunctionConfigTest, ReportsEveryFault) {
  struct Case {
    std::string text;
    const char* field;
    const char* message;
  };

  const std::string head = kRenderHead;
  const Case cases[] = {
      {head + "spec: {enviroments: [dev]}\n", "/spec/enviroments",
       "unknown field \"enviroments\"; known are environments"},
      {head + "sepc: {}\n", "/sepc", "unknown field \"sepc\"; known are spec"},
      {head + "spec: [x]\n", "/spec", "spec must be an object"},
      {head + "spec: {include: some}\n", "/spec/include",
       "include must be one of rendered, openchoreo, all"},
      {head + "spec: {strict: 'true'}\n", "/spec/strict", "strict must be true or false"},
      {head + "spec: {projects: shop}\n", "/spec/projects", "projects must be a list of texts"},
      {head + "spec: {projects: [a, 1]}\n", "/spec/projects/1", "projects must be a list of texts"},
      {head + "spec: {root: 1}\n", "/spec/root", "root must be a list of texts"},
      {"apiVersion: v1\nkind: ConfigMap\ndata: {strict: maybe}\n", "/data/strict",
       "strict must be \"true\" or \"false\""},
      {"apiVersion: gitops.openchoreo.dev/v1\nkind: OpenChoreoRender\n", "/apiVersion",
       "must be of apiVersion"},
      {"apiVersion: gitops.openchoreo.dev/v1alpha1\nkind: Render\n", "/kind", "must be of kind"},
      {"- a\n", "", "must be an object"},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    const FunctionConfigResult result = Read(c.text, arena);
    ASSERT_EQ(result.errors.size(), 1u) << c.text;
    EXPECT_EQ(result.errors[0].place.field, c.field) << c.text;
    EXPECT_NE(result.errors[0].message.find(c.message), std::string::npos)
        << result.errors[0].message;
  }
  base::Arena arena;
  EXPECT_EQ(Read(head + "spec: {a: 1, b: 2, plane: x}\n", arena).errors.size(), 3u);
}

// schema/*.json list the fields that are read, and no others.
TEST(FunctionConfigTest, TheSchemasAreInStep) {
  base::Arena arena;
  for (const auto& [name, kind] : {std::pair("openchoreo-render.json", "OpenChoreoRender"),
                                   std::pair("openchoreo-validate.json", "OpenChoreoValidate")}) {
    const FunctionConfigResult unknown =
        Read("apiVersion: gitops.openchoreo.dev/v1alpha1\nkind: " + std::string(kind) +
                 "\nmetadata: {name: a}\nspec: {x: 1}\n",
             arena);
    ASSERT_EQ(unknown.errors.size(), 1u);
    std::ifstream in(std::string(OPENCHOREO_FUNCTION_SCHEMAS) + "/" + name);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto schema = value::ReadJson(text, arena);
    ASSERT_TRUE(schema) << name;
    const value::Value properties = schema->Get("properties", "spec", "properties");
    ASSERT_GT(properties.size(), 0u) << name;
    std::vector<std::string> in_schema, read;
    for (const value::MapEntry& entry : properties.as_map())
      in_schema.emplace_back(entry.key.as_string());
    const std::string known =
        unknown.errors[0].message.substr(unknown.errors[0].message.find("known are ") + 10);
    std::istringstream words(known);
    for (std::string word; std::getline(words, word, ',');)
      read.push_back(word.substr(word.find_first_not_of(' ')));
    EXPECT_THAT(read, ::testing::UnorderedElementsAreArray(in_schema)) << name;
  }
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
