#include "kustomize-fn/function_config.h"

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
  EXPECT_EQ(options.on_pending, render::OnPending::kWarn);
  EXPECT_TRUE(options.allow_empty_selection);
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
    EXPECT_EQ(result.config.options.include, (render::Include{true, true, false})) << include;
    EXPECT_TRUE(result.config.given.contains("include"));
  }
}

// The schema of one field, as text with the indentation it has in the file.
std::string SchemaOf(const render::OptionSpec& option) {
  const std::string in = "          ";
  const auto texts = [](const std::string& at) {
    return at + "\"type\": \"array\",\n" + at + "\"items\": {\n" + at + "  \"type\": \"string\"\n" +
           at + "}";
  };
  const auto choices = [&](const std::string& at) {
    std::string text = at + "\"type\": \"string\",\n" + at + "\"enum\": [";
    for (const std::string_view choice : option.choices)
      text += (text.back() == '[' ? "\n" : ",\n") + at + "  \"" + std::string(choice) + "\"";
    return text + "\n" + at + "]";
  };
  std::string type;
  switch (option.type) {
    case render::OptionType::kText:
      type = in + "\"type\": \"string\"";
      break;
    case render::OptionType::kBool:
      type = in + "\"type\": \"boolean\"";
      break;
    case render::OptionType::kChoice:
      type = choices(in);
      break;
    case render::OptionType::kChoices:
      type = in + "\"oneOf\": [\n" + in + "  {\n" + in + "    \"type\": \"string\"\n" + in +
             "  },\n" + in + "  {\n" + in + "    \"type\": \"array\",\n" + in +
             "    \"items\": {\n" + choices(in + "      ") + "\n" + in + "    }\n" + in + "  }\n" +
             in + "]";
      break;
    case render::OptionType::kList:
      type = !MayBeText(option) ? texts(in)
                                : in + "\"oneOf\": [\n" + in + "  {\n" + in +
                                      "    \"type\": \"string\"\n" + in + "  },\n" + in + "  {\n" +
                                      texts(in + "    ") + "\n" + in + "  }\n" + in + "]";
      break;
  }
  std::string text = "        \"" + std::string(option.name) + "\": {\n" + in +
                     "\"description\": \"" + std::string(option.help) + "\",\n" + type;
  if (!option.fallback.empty()) {
    const bool plain = option.type == render::OptionType::kBool;
    text += ",\n" + in + "\"default\": " + (plain ? "" : "\"") + std::string(option.fallback) +
            (plain ? "" : "\"");
  }
  return text + "\n        }";
}

std::string SchemaOf(const std::string& kind, const std::string& description, bool validates) {
  std::string text =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"" +
      kind + "\",\n  \"description\": \"" + description +
      "\",\n  \"type\": \"object\",\n  \"required\": [\n    \"apiVersion\",\n    \"kind\"\n  "
      "],\n  \"additionalProperties\": false,\n  \"properties\": {\n    \"apiVersion\": {\n      "
      "\"const\": \"gitops.openchoreo.dev/v1alpha1\"\n    },\n    \"kind\": {\n      \"const\": "
      "\"" +
      kind +
      "\"\n    },\n    \"metadata\": {\n      \"type\": \"object\"\n    },\n    \"spec\": {\n      "
      "\"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {";
  bool first = true;
  for (const render::OptionSpec& field : FieldSpecs(validates)) {
    text += (first ? "\n" : ",\n") + SchemaOf(field);
    first = false;
  }
  return text + "\n      }\n    }\n  }\n}\n";
}

// schema/*.json are made from the fields that are read; OC_UPDATE_GOLDEN=1 writes them again.
TEST(FunctionConfigTest, TheSchemasAreInStep) {
  struct Case {
    const char *file, *kind, *description;
    bool validates;
  };

  const Case cases[] = {
      {"openchoreo-render.json", "OpenChoreoRender",
       "Renders OpenChoreo resources to Kubernetes manifests.", false},
      {"openchoreo-validate.json", "OpenChoreoValidate",
       "Renders OpenChoreo resources, reports what is wrong, and passes the items on as they are.",
       true},
  };
  for (const Case& test : cases) {
    const std::string path = std::string(OPENCHOREO_FUNCTION_SCHEMAS) + "/" + test.file;
    const std::string want = SchemaOf(test.kind, test.description, test.validates);
    base::Arena arena;
    ASSERT_TRUE(value::ReadJson(want, arena)) << test.file;
    if (std::getenv("OC_UPDATE_GOLDEN")) std::ofstream(path) << want;
    std::ifstream in(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), want) << test.file;
  }
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
