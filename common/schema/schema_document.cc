#include "common/schema/schema_document.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/go_format.h"
#include "common/schema/schema_node.h"
#include "common/value/go_json_error.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::schema {

using value::MapEntry;
using value::Value;

namespace {

enum class FieldType : std::uint8_t {
  kText,
  kTextPointer,  // "" is printed
  kNumber,
  kInteger,
  kBool,
  kBoolPointer,  // false is printed
  kAny,
  kAnyList,
  kTextList,
  kSchema,
  kSchemaList,
  kSchemaMap,
  kSchemaOrBool,
  kSchemaOrList,
  kSchemaOrTexts,
  kDependencies,
  kDocs,
  kRules,
  kRule,
};

struct FieldInfo {
  std::string_view name;
  FieldType type;
  std::string_view go_type;
};

// In the order of the Go struct.
constexpr FieldInfo kFields[] = {
    {"id", FieldType::kText, "string"},
    {"$schema", FieldType::kText, "v1.JSONSchemaURL"},
    {"$ref", FieldType::kTextPointer, "string"},
    {"description", FieldType::kText, "string"},
    {"type", FieldType::kText, "string"},
    {"format", FieldType::kText, "string"},
    {"title", FieldType::kText, "string"},
    {"default", FieldType::kAny, ""},
    {"maximum", FieldType::kNumber, "float64"},
    {"exclusiveMaximum", FieldType::kBool, "bool"},
    {"minimum", FieldType::kNumber, "float64"},
    {"exclusiveMinimum", FieldType::kBool, "bool"},
    {"maxLength", FieldType::kInteger, "int64"},
    {"minLength", FieldType::kInteger, "int64"},
    {"pattern", FieldType::kText, "string"},
    {"maxItems", FieldType::kInteger, "int64"},
    {"minItems", FieldType::kInteger, "int64"},
    {"uniqueItems", FieldType::kBool, "bool"},
    {"multipleOf", FieldType::kNumber, "float64"},
    {"enum", FieldType::kAnyList, "[]v1.JSON"},
    {"maxProperties", FieldType::kInteger, "int64"},
    {"minProperties", FieldType::kInteger, "int64"},
    {"required", FieldType::kTextList, "[]string"},
    {"items", FieldType::kSchemaOrList, ""},
    {"allOf", FieldType::kSchemaList, "[]v1.JSONSchemaProps"},
    {"oneOf", FieldType::kSchemaList, "[]v1.JSONSchemaProps"},
    {"anyOf", FieldType::kSchemaList, "[]v1.JSONSchemaProps"},
    {"not", FieldType::kSchema, "v1.JSONSchemaProps"},
    {"properties", FieldType::kSchemaMap, "map[string]v1.JSONSchemaProps"},
    {"additionalProperties", FieldType::kSchemaOrBool, ""},
    {"patternProperties", FieldType::kSchemaMap, "map[string]v1.JSONSchemaProps"},
    {"dependencies", FieldType::kDependencies, "v1.JSONSchemaDependencies"},
    {"additionalItems", FieldType::kSchemaOrBool, ""},
    {"definitions", FieldType::kSchemaMap, "v1.JSONSchemaDefinitions"},
    {"externalDocs", FieldType::kDocs, "v1.ExternalDocumentation"},
    {"example", FieldType::kAny, ""},
    {"nullable", FieldType::kBool, "bool"},
    {"x-kubernetes-preserve-unknown-fields", FieldType::kBoolPointer, "bool"},
    {"x-kubernetes-embedded-resource", FieldType::kBool, "bool"},
    {"x-kubernetes-int-or-string", FieldType::kBool, "bool"},
    {"x-kubernetes-list-map-keys", FieldType::kTextList, "[]string"},
    {"x-kubernetes-list-type", FieldType::kTextPointer, "string"},
    {"x-kubernetes-map-type", FieldType::kTextPointer, "string"},
    {"x-kubernetes-validations", FieldType::kRules, "v1.ValidationRules"},
};

constexpr FieldInfo kDocsFields[] = {
    {"description", FieldType::kText, "string"},
    {"url", FieldType::kText, "string"},
};

constexpr FieldInfo kRuleFields[] = {
    {"rule", FieldType::kText, "string"},
    {"message", FieldType::kText, "string"},
    {"messageExpression", FieldType::kText, "string"},
    {"reason", FieldType::kTextPointer, "v1.FieldValueErrorReason"},
    {"fieldPath", FieldType::kText, "string"},
    {"optionalOldSelf", FieldType::kBoolPointer, "bool"},
};

bool IsInteger(const Value& number) {
  if (!number.is_double()) return true;
  return std::trunc(number.as_double()) == number.as_double() &&
         std::fabs(number.as_double()) < 9.2e18;
}

// Walks a document along its fields, remembering the names on the way as encoding/json does.
class Checker {
 public:
  Checker(VendorProperties vendor, base::Budget& budget) : vendor_(vendor), budget_(budget) {}

  base::Result<bool> Document(const Value& document) {
    return AtOnce([&] { return Schema(document, ""); });
  }

 private:
  base::Result<bool> Object(const Value& object, std::span<const FieldInfo> fields,
                            const std::string& pointer) {
    for (const MapEntry& entry : object.as_map()) {
      const auto* info = std::find_if(fields.begin(), fields.end(),
                                      [&](const FieldInfo& field) {
                                        return field.name == entry.key.as_string();
                                      }) -
                         fields.begin() + fields.data();
      if (info == fields.data() + fields.size() || entry.value.is_null()) continue;
      path_.push_back(info->name);
      OC_TRY([[maybe_unused]] const bool fits,
             Field(entry.value, info->type, info->go_type, base::JoinPointer(pointer, info->name)));
      path_.pop_back();
    }
    return true;
  }

  base::Result<bool> Schema(const Value& document, const std::string& pointer) {
    if (document.is_null()) return true;
    if (!document.is_map()) return Mismatch(document, "v1.JSONSchemaProps", pointer);
    const base::Level level(budget_);
    if (!level || !budget_.Spend(8 + document.size() + pointer.size() / 16))
      return base::Fail(base::ErrorOf(budget_));
    return Object(document, kFields, pointer);
  }

  base::Result<bool> Field(const Value& value, FieldType type, std::string_view go_type,
                           const std::string& pointer) {
    switch (type) {
      case FieldType::kText:
      case FieldType::kTextPointer:
        return value.is_string() ? base::Result<bool>(true) : Mismatch(value, go_type, pointer);
      case FieldType::kBool:
      case FieldType::kBoolPointer:
        return value.is_bool() ? base::Result<bool>(true) : Mismatch(value, go_type, pointer);
      case FieldType::kNumber:
        return value.is_number() ? base::Result<bool>(true) : Mismatch(value, go_type, pointer);
      case FieldType::kInteger:
        return value.is_number() && IsInteger(value) ? base::Result<bool>(true)
                                                     : Mismatch(value, go_type, pointer);
      case FieldType::kAny:
        return true;
      case FieldType::kAnyList:
        return value.is_list() ? base::Result<bool>(true) : Mismatch(value, go_type, pointer);
      case FieldType::kTextList:
        return List(value, FieldType::kText, go_type, "string", pointer);
      case FieldType::kSchemaList:
        return List(value, FieldType::kSchema, go_type, "v1.JSONSchemaProps", pointer);
      case FieldType::kRules:
        return List(value, FieldType::kRule, go_type, "v1.ValidationRule", pointer);
      case FieldType::kSchema:
        return Schema(value, pointer);
      case FieldType::kSchemaMap:
        return Map(value, FieldType::kSchema, go_type, pointer);
      case FieldType::kDependencies:
        return Map(value, FieldType::kSchemaOrTexts, go_type, pointer);
      case FieldType::kSchemaOrBool:
        if (value.is_map()) return AtOnce([&] { return Schema(value, pointer); });
        if (value.is_bool()) return true;
        return base::Fail(ErrorAt("boolean or JSON schema expected", pointer));
      case FieldType::kSchemaOrList:  // anything else counts as absent
        if (value.is_map()) return AtOnce([&] { return Schema(value, pointer); });
        if (!value.is_list()) return true;
        return AtOnce(
            [&] { return List(value, FieldType::kSchema, "", "v1.JSONSchemaProps", pointer); });
      case FieldType::kSchemaOrTexts:
        if (value.is_map()) return AtOnce([&] { return Schema(value, pointer); });
        if (!value.is_list()) return true;
        return AtOnce([&] { return List(value, FieldType::kText, "", "string", pointer); });
      case FieldType::kDocs:
        return value.is_map() ? Object(value, kDocsFields, pointer)
                              : Mismatch(value, go_type, pointer);
      case FieldType::kRule:
        return value.is_map() ? Object(value, kRuleFields, pointer)
                              : Mismatch(value, go_type, pointer);
    }
    return true;
  }

  base::Result<bool> List(const Value& list, FieldType item, std::string_view go_type,
                          std::string_view item_go_type, const std::string& pointer) {
    if (!list.is_list()) return Mismatch(list, go_type, pointer);
    if (!budget_.Spend(1 + list.size())) return base::Fail(base::ErrorOf(budget_));
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list.as_list()[i].is_null()) continue;
      OC_TRY([[maybe_unused]] const bool fits,
             Field(list.as_list()[i], item, item_go_type, base::JoinPointer(pointer, i)));
    }
    return true;
  }

  base::Result<bool> Map(const Value& map, FieldType item, std::string_view go_type,
                         const std::string& pointer) {
    if (!map.is_map()) return Mismatch(map, go_type, pointer);
    for (const MapEntry& entry : map.as_map()) {
      if (vendor_ == VendorProperties::kSkip && IsVendorExtension(entry.key.as_string())) continue;
      OC_TRY([[maybe_unused]] const bool fits,
             Field(entry.value, item, "", base::JoinPointer(pointer, entry.key.as_string())));
    }
    return true;
  }

  // encoding/json remembers the first mismatch and goes on.
  base::Result<bool> Mismatch(const Value& value, std::string_view go_type,
                              const std::string& pointer) {
    std::string message = "json: cannot unmarshal ";
    message += value::GoJsonKind(value);
    if (value.is_number() && go_type == "int64") {
      message += ' ';
      value::AppendJson(message, value);
    }
    message += " into Go ";
    message += path_.empty() ? "value" : "struct field JSONSchemaProps.";
    for (std::size_t i = 0; i < path_.size(); ++i) {
      if (i > 0) message += '.';
      message += path_[i];
    }
    message += " of type ";
    message += go_type;
    if (!first_) first_ = ErrorAt(std::move(message), pointer);
    return true;
  }

  static base::Error ErrorAt(std::string message, const std::string& pointer) {
    base::Error error;
    error.code = base::ErrorCode::kSchema;
    error.message = std::move(message);
    error.place.field = pointer;
    return error;
  }

  // What decodes itself (a schema or something else) fails at once, and with it everything around
  // it.
  template <typename Decode>
  base::Result<bool> AtOnce(const Decode& decode) {
    std::optional<base::Error> before = std::exchange(first_, std::nullopt);
    OC_TRY([[maybe_unused]] const bool decoded, decode());
    if (first_) return base::Fail(*std::move(first_));
    first_ = std::move(before);
    return true;
  }

  VendorProperties vendor_;
  base::Budget& budget_;
  std::optional<base::Error> first_;
  std::vector<std::string_view> path_;
};

class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  // `sort_required`: whether upstream sorts here.
  void Object(const Value& object, std::span<const FieldInfo> fields, bool sort_required) {
    out_ += '{';
    bool first = true;
    for (const FieldInfo& field : fields) {
      const Value value = object.Get(field.name);
      const bool always = field.name == "rule" && fields.data() == kRuleFields;
      if (!always && IsLeftOut(value, field.type)) continue;
      if (!first) out_ += ',';
      first = false;
      value::AppendJsonString(out_, field.name);
      out_ += ':';
      if (field.name == "required" && sort_required) {
        Sorted(value);
      } else {
        Field(value, field, sort_required);
      }
    }
    out_ += '}';
  }

  void Schema(const Value& document, bool sort_required) {
    Object(document, kFields, sort_required);
  }

 private:
  static bool IsLeftOut(const Value& value, FieldType type) {
    if (value.is_null()) return true;
    switch (type) {
      case FieldType::kText:
        return value.size() == 0;
      case FieldType::kBool:
        return !value.as_bool();
      case FieldType::kAnyList:
      case FieldType::kTextList:
      case FieldType::kSchemaList:
      case FieldType::kSchemaMap:
      case FieldType::kDependencies:
      case FieldType::kRules:
        return value.size() == 0;
      default:
        return false;
    }
  }

  void Field(const Value& value, const FieldInfo& field, bool sort_required) {
    switch (field.type) {
      case FieldType::kSchema:
        Schema(value, false);
        return;
      case FieldType::kSchemaList:
        Schemas(value);
        return;
      case FieldType::kSchemaMap: {
        const bool sorted = sort_required && field.name == "properties";
        out_ += '{';
        for (std::size_t i = 0; i < value.size(); ++i) {
          if (i > 0) out_ += ',';
          value::AppendJsonString(out_, value.as_map()[i].key.as_string());
          out_ += ':';
          Schema(value.as_map()[i].value, sorted);
        }
        out_ += '}';
        return;
      }
      case FieldType::kSchemaOrBool:
        if (value.is_map()) {
          Schema(value, sort_required && field.name == "additionalProperties");
        } else {
          value::AppendJson(out_, value);
        }
        return;
      case FieldType::kSchemaOrList:
        if (value.is_map()) {
          Schema(value, sort_required);
        } else if (value.is_list() && value.size() > 0) {
          Schemas(value);
        } else {
          out_ += "null";
        }
        return;
      case FieldType::kDocs:
        Object(value, kDocsFields, false);
        return;
      case FieldType::kRules:
        out_ += '[';
        for (std::size_t i = 0; i < value.size(); ++i) {
          if (i > 0) out_ += ',';
          Object(value.as_list()[i], kRuleFields, false);
        }
        out_ += ']';
        return;
      default:
        value::AppendJson(out_, value, value::HtmlEscape::kOn);
    }
  }

  void Schemas(const Value& list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ',';
      Schema(list.as_list()[i], false);
    }
    out_ += ']';
  }

  void Sorted(const Value& list) {
    std::vector<std::string_view> names;
    for (const Value& item : list.as_list()) names.push_back(item.string_or_empty());
    std::sort(names.begin(), names.end());
    out_ += '[';
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) out_ += ',';
      value::AppendJsonString(out_, names[i], value::HtmlEscape::kOn);
    }
    out_ += ']';
  }

  std::string& out_;
};

}  // namespace

base::Result<bool> CheckDocument(const Value& document, VendorProperties vendor,
                                 base::Budget& budget) {
  return Checker(vendor, budget).Document(document);
}

base::Result<bool> CheckDocument(const Value& document) {
  base::Budget budget = base::Budget::ForDefinition();
  return CheckDocument(document, VendorProperties::kCheck, budget);
}

void AppendDocument(std::string& out, const Value& document) {
  Printer(out).Schema(document, true);
}

}  // namespace openchoreo::schema
