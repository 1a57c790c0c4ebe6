#include "common/schema/structural.h"

#include <string>

#include "common/schema/schema_node.h"

namespace openchoreo::schema {

using value::Value;

namespace {

using Outcome = base::Result<bool>;

Outcome FailAt(std::string message, const std::string& pointer) {
  base::Error error;
  error.code = base::ErrorCode::kSchema;
  error.message = std::move(message);
  error.place.field = pointer;
  return base::Fail(std::move(error));
}

Outcome CheckUnsupportedFields(const Value& document, const std::string& pointer) {
  const auto unsupported = [&](const char* field) {
    return FailAt("OpenAPIV3Schema '" + std::string(field) + "' is not supported", pointer);
  };
  if (document.Get("id").size() > 0) return unsupported("id");
  if (document.Get("$schema").size() > 0) return unsupported("schema");
  if (document.Get("$ref").size() > 0) return unsupported("$ref");
  if (document.Get("patternProperties").size() > 0) return unsupported("patternProperties");
  if (document.Get("dependencies").size() > 0) return unsupported("dependencies");
  if (!document.Get("additionalItems").is_null()) return unsupported("additionalItems");
  if (document.Get("definitions").size() > 0) return unsupported("definitions");
  return true;
}

Outcome Check(const Value& document, const std::string& pointer, base::Budget& budget);

Outcome CheckList(const Value& documents, const std::string& pointer, base::Budget& budget) {
  if (!documents.is_list()) return true;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    OC_TRY([[maybe_unused]] const bool fits,
           Check(documents.as_list()[i], base::JoinPointer(pointer, i), budget));
  }
  return true;
}

// Nested value validations (not, allOf, …) are held to the same rules as structural schemas.
Outcome Check(const Value& document, const std::string& pointer, base::Budget& budget) {
  if (!document.is_map()) return true;
  // Every schema's place is written out on the way.
  const base::Level level(budget);
  if (!level || !budget.Spend(8 + document.size() + pointer.size() / 16))
    return base::Fail(base::ErrorOf(budget));
  OC_TRY([[maybe_unused]] const bool supported, CheckUnsupportedFields(document, pointer));
  OC_TRY([[maybe_unused]] const bool negated,
         Check(document.Get("not"), base::JoinPointer(pointer, "not"), budget));
  for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
    OC_TRY([[maybe_unused]] const bool fits,
           CheckList(document.Get(keyword), base::JoinPointer(pointer, keyword), budget));
  }
  const Value preserve = document.Get("x-kubernetes-preserve-unknown-fields");
  if (preserve.is_bool() && !preserve.as_bool()) {
    return FailAt(
        "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined",
        pointer);
  }
  const Value items = document.Get("items");
  if (items.is_list() && items.size() > 0) {
    return FailAt("OpenAPIV3Schema 'items' must be a schema, but is an array", pointer);
  }
  OC_TRY([[maybe_unused]] const bool items_fit,
         Check(items, base::JoinPointer(pointer, "items"), budget));
  const Value properties = document.Get("properties");
  if (properties.is_map()) {
    const std::string below = base::JoinPointer(pointer, "properties");
    for (const value::MapEntry& entry : properties.as_map()) {
      if (IsVendorExtension(entry.key.as_string())) continue;
      OC_TRY([[maybe_unused]] const bool fits,
             Check(entry.value, base::JoinPointer(below, entry.key.as_string()), budget));
    }
  }
  return Check(document.Get("additionalProperties"),
               base::JoinPointer(pointer, "additionalProperties"), budget);
}

}  // namespace

Outcome CheckStructural(const Value& document, base::Budget& budget) {
  return Check(document, "", budget);
}

}  // namespace openchoreo::schema
