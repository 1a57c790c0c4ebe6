#include "cli/eval_schema.h"

#include <optional>
#include <string>

#include "cli/eval_lines.h"
#include "common/schema/ref_resolver.h"
#include "common/schema/schema.h"
#include "common/schema/schema_document.h"
#include "common/value/go_json_error.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo::cli {

namespace {

using value::Value;

// The schema section: none where there is no schema, or where its text is null.
base::Result<std::optional<Value>> SectionOf(const Value& request, base::Arena& arena) {
  Value root = request.Get("schema");
  const Value text = request.Get("schema_text");
  if (text.is_string()) {
    auto parsed = value::ReadJson(text.as_string(), arena, EvalLimits());
    if (!parsed) {
      const std::string syntax = value::GoJsonSyntaxError(text.as_string());
      return base::Fail(
          base::ErrorCode::kSchema,
          "failed to parse schema: " + (syntax.empty() ? parsed.error().message : syntax));
    }
    root = *parsed;
  }
  if (root.is_null()) return std::optional<Value>();
  return std::optional<Value>(value::NumbersAsDoubles(arena, root));
}

void Apply(const std::optional<Value>& section, const Value& values, base::Arena& arena,
           Answer& answer) {
  if (!section) {
    answer.AddValue("defaulted", values);
    return;
  }
  const auto schema = schema::FromOpenApi(*section);
  if (!schema) {
    answer.AddText("schema_error", schema.error().message);
    return;
  }
  const Value defaulted = (*schema)->ApplyDefaults(values, arena);
  answer.AddValue("defaulted", defaulted);
  std::string violations;
  for (const std::string& violation : (*schema)->Validate(defaulted, arena.budget())) {
    if (!violations.empty()) violations += "; ";
    violations += violation;
  }
  if (violations.empty()) {
    answer.AddTrue("valid");
  } else {
    answer.AddText("error", violations);
  }
}

// The section with its $refs inlined; without one upstream shows an empty object schema.
base::Result<Value> Resolved(const std::optional<Value>& section, base::Arena& arena) {
  if (!section) return value::ReadJson(R"({"type":"object","properties":{}})", arena);
  if (!section->is_map())
    return schema::FromOpenApi(*section).map([](const auto&) { return Value(); });
  auto resolved = schema::ResolveRefs(*section, arena);
  if (!resolved) return base::Wrap("failed to resolve $ref: ", std::move(resolved).error());
  return resolved;
}

void PrintJsonSchema(const Value& resolved, Answer& answer) {
  const auto fits = schema::CheckDocument(resolved);
  if (!fits) {
    answer.AddText("error",
                   "failed to unmarshal schema to JSONSchemaProps: " + fits.error().message);
    return;
  }
  std::string text;
  schema::AppendDocument(text, resolved);
  answer.AddText("expect_json", text);
}

void EvalSchema(const Value& request, base::Arena& arena, Answer& answer) {
  const std::string_view kind = request.Get("kind").string_or_empty();
  const bool apply = kind == "apply" || kind.empty();
  const auto section = SectionOf(request, arena);
  if (!section) {
    answer.AddText(apply ? "schema_error" : "error", section.error().message);
    return;
  }
  if (apply) {
    Apply(*section, value::NumbersAsDoubles(arena, request.Get("values")), arena, answer);
    return;
  }
  const auto resolved = Resolved(*section, arena);
  if (!resolved) {
    answer.AddText("error", resolved.error().message);
  } else if (kind == "jsonschema") {
    PrintJsonSchema(*resolved, answer);
  } else {
    answer.AddValue("expect", *resolved);
  }
}

}  // namespace

int RunEvalSchema(std::istream& in, std::ostream& out) { return EvalLines(in, out, EvalSchema); }

}  // namespace openchoreo::cli
