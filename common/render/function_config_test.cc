#include "common/render/function_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::render {
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
               "  organizations: [acme]\n  bindings: [component, project]\n  onPending: warn\n"
               "  allowEmptySelection: true\n"
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
  EXPECT_EQ(options.organizations, std::vector<std::string>{"acme"});
  EXPECT_EQ(options.bindings, (std::vector<std::string>{"component", "project"}));
  EXPECT_EQ(options.on_pending, OnPending::kWarn);
  EXPECT_TRUE(options.allow_empty_selection);
  EXPECT_EQ(options.default_namespace, "acme");
  EXPECT_EQ(options.include, Include::kAll);
  EXPECT_EQ(options.plane, Plane::kObservability);
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
       "unknown field \"enviroments\"; known are organizations, environments"},
      {head + "sepc: {}\n", "/sepc", "unknown field \"sepc\"; known are spec"},
      {head + "spec: [x]\n", "/spec", "spec must be an object"},
      {head + "spec: {include: some}\n", "/spec/include",
       "include must be one or more of rendered, bindings, openchoreo, all"},
      {head + "spec: {strict: 'true'}\n", "/spec/strict", "strict must be true or false"},
      {head + "spec: {projects: shop}\n", "/spec/projects", "projects must be a list of texts"},
      {head + "spec: {projects: [a, 1]}\n", "/spec/projects/1", "projects must be a list of texts"},
      {head + "spec: {root: 1}\n", "/spec/root", "root must be a list of texts"},
      {"apiVersion: v1\nkind: ConfigMap\ndata: {strict: maybe}\n", "/data/strict",
       "strict must be true or false"},
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

TEST(FunctionConfigTest, IncludeIsAListOrAText) {
  for (const char* include : {"[rendered, bindings]", "'rendered, bindings'"}) {
    base::Arena arena;
    const FunctionConfigResult result =
        Read(std::string(kRenderHead) + "spec: {include: " + include + "}\n", arena);
    ASSERT_TRUE(result.errors.empty()) << result.errors[0].message;
    EXPECT_EQ(result.config.options.include, (Include{true, true, false})) << include;
    EXPECT_TRUE(result.config.given.contains("include"));
  }
}

}  // namespace
}  // namespace openchoreo::render
