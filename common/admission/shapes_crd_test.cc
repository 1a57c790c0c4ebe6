// Holds the tables of both dialects against OpenChoreo's own CRDs, which are supplied beside the
// repository (shared/crds) and never committed: OPENCHOREO_SHARED names the folder, else it is
// looked for upwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "common/admission/shape.h"
#include "common/admission/shape_tables.h"
#include "common/admission/text_pattern.h"
#include "common/admission/validation_rule.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::admission {
namespace {

using value::Value;

std::filesystem::path FindCrds() {
  if (const char* shared = std::getenv("OPENCHOREO_SHARED")) {
    return std::filesystem::path(shared) / "crds";
  }
  for (std::filesystem::path at = std::filesystem::current_path();; at = at.parent_path()) {
    if (std::filesystem::is_directory(at / "shared" / "crds")) return at / "shared" / "crds";
    if (at == at.parent_path()) return {};
  }
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Compares one node of a CRD with its shape; differences are sentences that start with the path.
class Comparison {
 public:
  void Node(const Value& schema, const Shape& shape, const std::string& path) {
    Check(path, "type", schema.Get("type").string_or_empty(), TypeOf(shape));
    Check(path, "preserve-unknown", schema.Get("x-kubernetes-preserve-unknown-fields").is_bool(),
          shape.preserve_unknown);
    Number(schema, path, "minLength", shape.min_length);
    Number(schema, path, "maxLength", shape.max_length);
    Number(schema, path, "minItems", shape.min_items);
    Number(schema, path, "maxItems", shape.max_items);
    Number(schema, path, "maxProperties", shape.max_properties);
    Number(schema, path, "minimum", shape.minimum);
    Number(schema, path, "maximum", shape.maximum);
    Check(path, "pattern", schema.Get("pattern").string_or_empty(), PatternText(shape.pattern));
    Check(path, "format", schema.Get("format").string_or_empty(),
          shape.int32                                ? "int32"
          : shape.pattern == TextPattern::kUriFormat ? "uri"
                                                     : "");
    Check(path, "list type", schema.Get("x-kubernetes-list-type").string_or_empty(),
          ListTypeOf(shape));
    Check(path, "list keys", value::ToJson(schema.Get("x-kubernetes-list-map-keys")),
          shape.list_key.empty() ? "null" : "[\"" + std::string(shape.list_key) + "\"]");
    Check(path, "enum", value::ToJson(schema.Get("enum")), EnumOf(shape));
    Rules(schema, shape, path);
    for (const value::MapEntry& keyword : schema.as_map()) {
      if (!Known(keyword.key.as_string())) {
        differences_.push_back(path + ": keyword " + std::string(keyword.key.as_string()));
      }
    }
    Fields(schema, shape, path);
    if (shape.items) {
      const bool list = shape.type == ShapeType::kArray;
      Node(schema.Get(list ? "items" : "additionalProperties"), *shape.items,
           path + (list ? "[]" : "{}"));
    }
  }

  const std::vector<std::string>& differences() const { return differences_; }

 private:
  static std::string_view TypeOf(const Shape& shape) {
    switch (shape.type) {
      case ShapeType::kAny:
        return "";
      case ShapeType::kObject:
      case ShapeType::kMap:
        return "object";
      case ShapeType::kArray:
        return "array";
      case ShapeType::kString:
      case ShapeType::kTextOrReference:
        return "string";
      case ShapeType::kInteger:
        return "integer";
      case ShapeType::kBoolean:
        return "boolean";
    }
    return "?";
  }

  static std::string_view ListTypeOf(const Shape& shape) {
    return shape.list_type == ListType::kSet   ? "set"
           : shape.list_type == ListType::kMap ? "map"
                                               : "";
  }

  static std::string EnumOf(const Shape& shape) {
    if (shape.supported.empty()) return "null";
    std::string text = "[";
    for (const std::string_view& value : shape.supported) {
      if (text.size() > 1) text += ',';
      value::AppendJsonString(text, value);
    }
    return text + "]";
  }

  static bool Known(std::string_view keyword) {
    static const std::set<std::string_view> kKnown = {"type",
                                                      "description",
                                                      "properties",
                                                      "required",
                                                      "items",
                                                      "additionalProperties",
                                                      "default",
                                                      "enum",
                                                      "pattern",
                                                      "format",
                                                      "minLength",
                                                      "maxLength",
                                                      "minItems",
                                                      "maxItems",
                                                      "maxProperties",
                                                      "minimum",
                                                      "maximum",
                                                      "x-kubernetes-preserve-unknown-fields",
                                                      "x-kubernetes-validations",
                                                      "x-kubernetes-list-type",
                                                      "x-kubernetes-list-map-keys",
                                                      "x-kubernetes-map-type"};
    return kKnown.contains(keyword);
  }

  template <typename A, typename B>
  void Check(const std::string& path, const char* what, const A& want, const B& got) {
    if (want == got) return;
    std::string text = path + ": " + what;
    if constexpr (std::is_convertible_v<A, std::string_view>) {
      text += " is " + std::string(want) + ", table has " + std::string(got);
    }
    differences_.push_back(text);
  }

  void Number(const Value& schema, const std::string& path, const char* keyword, std::int64_t got) {
    const Value want = schema.Get(keyword);
    Check(path, keyword, want.is_int() ? want.as_int() : 0, got);
  }

  void Rules(const Value& schema, const Shape& shape, const std::string& path) {
    std::vector<std::string> want, got;
    if (const Value rules = schema.Get("x-kubernetes-validations"); rules.is_list()) {
      for (const Value& rule : rules.as_list()) {
        const std::string_view expression = rule.Get("rule").string_or_empty();
        if (expression.find("oldSelf") != std::string_view::npos) continue;  // only on update
        want.push_back(std::string(expression) + " / " +
                       std::string(rule.Get("message").string_or_empty()));
      }
    }
    for (const ValidationRule rule : shape.rules) {
      got.push_back(std::string(ExpressionOf(rule)) + " / " + std::string(MessageOf(rule)));
    }
    if (want != got) differences_.push_back(path + ": rules differ");
  }

  void Fields(const Value& schema, const Shape& shape, const std::string& path) {
    std::set<std::string_view> required;
    if (const Value names = schema.Get("required"); names.is_list()) {
      for (const Value& name : names.as_list()) required.insert(name.as_string());
    }
    std::set<std::string_view> seen;
    std::string_view last;
    for (const Field& field : shape.fields) {
      const std::string field_path = path + "." + std::string(field.name);
      if (!last.empty() && !(last < field.name))
        differences_.push_back(field_path + ": not sorted");
      last = field.name;
      seen.insert(field.name);
      const Value* property = schema.Get("properties").Find(field.name);
      if ((field.flags & Field::kSinceV013) != 0) {
        if (property) differences_.push_back(field_path + ": is in the CRD after all");
        continue;
      }
      if (!property) {
        differences_.push_back(field_path + ": not in the CRD");
        continue;
      }
      Check(field_path, "required", required.contains(field.name), field.required());
      Check(field_path, "default", value::ToJson(property->Get("default")),
            value::ToJson(field.fallback));
      Node(*property, *field.shape, field_path);
    }
    if (const Value properties = schema.Get("properties"); properties.is_map()) {
      for (const value::MapEntry& property : properties.as_map()) {
        if (!seen.contains(property.key.as_string())) {
          differences_.push_back(path + "." + std::string(property.key.as_string()) +
                                 ": not in the table");
        }
      }
    }
  }

  std::vector<std::string> differences_;
};

void CompareFolder(const std::filesystem::path& folder, bool old, std::size_t want_kinds) {
  std::size_t kinds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    base::Arena arena;
    const std::string text = ReadFile(entry.path());
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_EQ(read.documents.size(), 1u) << entry.path();
    const Value crd = read.documents[0].root;
    const std::string_view name = crd.Get("spec", "names", "kind").string_or_empty();
    const std::optional<names::Kind> kind = names::KindNamed(name);
    if (!kind) continue;
    const KindRules* rules = old ? RulesOfV012(*kind) : RulesOfV1(*kind);
    // Workflows of v0.12 are only looked at for their existence; kinds of the same shape share v1's
    // table.
    if (!rules || (old && *kind == names::Kind::kWorkflow)) continue;
    ++kinds;
    EXPECT_EQ(crd.Get("spec", "scope").string_or_empty(),
              names::IsClusterScoped(*kind) ? "Cluster" : "Namespaced")
        << name;
    const Value root = crd.Get("spec", "versions").as_list()[0].Get("schema", "openAPIV3Schema");
    bool spec_required = false;
    if (const Value required = root.Get("required"); required.is_list()) {
      for (const Value& field : required.as_list()) spec_required |= field.as_string() == "spec";
    }
    EXPECT_EQ(spec_required, rules->spec_required) << name;
    EXPECT_TRUE(root.Get("x-kubernetes-validations").is_null()) << name;
    Comparison comparison;
    comparison.Node(root.Get("properties", "spec"), *rules->spec, std::string(name));
    for (const std::string& difference : comparison.differences()) ADD_FAILURE() << difference;
  }
  EXPECT_EQ(kinds, want_kinds);
}

TEST(Shapes, EqualTheCrds) {
  const std::filesystem::path crds = FindCrds();
  if (crds.empty()) {
    std::fprintf(stderr, "SKIPPED: shared/crds is not here; the tables are not held against it\n");
    GTEST_SKIP();
  }
  CompareFolder(crds / "v1", false, 28);
  CompareFolder(crds / "v0.12", true, 11);
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
