#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/render/function_config.h"
#include "common/value/json_reader.h"

namespace openchoreo::kustomize_fn {
namespace {

using render::FieldSpecs;
using render::MayBeText;

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
TEST(SchemaTest, TheSchemasAreInStep) {
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
