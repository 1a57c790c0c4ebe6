#include "cli/eval_template.h"

#include <memory>
#include <string>
#include <vector>

#include "cli/eval_lines.h"
#include "cli/typed_value.h"
#include "common/cel/program.h"
#include "common/template/compiled_template.h"
#include "common/template/control_flow.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"

namespace openchoreo::cli {

namespace {

using value::Value;

// The names a template may use, and their values.
struct Variables {
  cel::Environment environment;
  std::vector<Value> slots;
};

// `vars` are what encoding/json decodes (numbers are doubles); `tvars` go over them, typed.
Variables VariablesOf(const Value& request, base::Arena& arena) {
  value::MapBuilder builder(arena);
  const Value vars = value::NumbersAsDoubles(arena, request.Get("vars"));
  if (vars.is_map()) {
    for (const value::MapEntry& entry : vars.as_map())
      builder.Add(entry.key.as_string(), entry.value);
  }
  const Value typed = request.Get("tvars");
  if (typed.is_map()) {
    for (const value::MapEntry& entry : typed.as_map()) {
      builder.Add(entry.key.as_string(), ReadTypedValue(entry.value, arena).value_or(Value()));
    }
  }
  std::vector<std::string> names;
  std::vector<Value> slots;
  for (const value::MapEntry& entry : builder.Build().as_map()) {
    names.emplace_back(entry.key.as_string());
    slots.push_back(entry.value);
  }
  const Value ext = request.Get("ext");
  const bool component = ext.is_bool() && ext.as_bool();
  return {cel::Environment(std::move(names),
                           component ? cel::Macros::kComponentV1 : cel::Macros::kNone),
          std::move(slots)};
}

void Render(const Value& source, const Variables& variables, base::Arena& arena, Answer& answer) {
  const auto compiled = tmpl::Compile(source, variables.environment);
  const auto rendered = compiled->Render(variables.slots, arena, EvalLimits());
  if (!rendered) {
    answer.AddText("error", rendered.error().message);
    return;
  }
  if (rendered->is_omit()) {
    answer.AddTrue("omit");
    return;
  }
  std::string json;
  if (value::AppendJson(json, *rendered, arena.budget())) {
    answer.AddText("json", json);
  } else if (arena.budget().spent()) {
    answer.AddText("error", base::ErrorOf(arena.budget()).message);
  } else {
    answer.AddText(
        "json_error",
        "the result holds what JSON cannot: NaN, an infinity, or a map from an optional");
  }
}

void Include(const Value& source, const Variables& variables, base::Arena& arena, Answer& answer) {
  if (source.string_or_empty().empty()) {
    answer.AddTrue("expect");
    return;
  }
  const auto compiled = tmpl::Compile(source, variables.environment);
  const auto included = tmpl::EvaluateIncludeWhen(*compiled, variables.slots, arena, EvalLimits());
  if (!included) {
    answer.AddText("error", included.error().message);
  } else {
    answer.AddJson("expect", *included ? "true" : "false");
  }
}

void ForEach(const Value& source, const Variables& variables, base::Arena& arena, Answer& answer) {
  const auto compiled = tmpl::Compile(source, variables.environment);
  const auto items =
      compiled->Render(variables.slots, arena, EvalLimits()).and_then([&](const Value& rendered) {
        return tmpl::IterableItems(rendered, arena, EvalLimits());
      });
  if (!items) {
    answer.AddText("error", items.error().message);
    return;
  }
  std::string json = "[";
  for (const Value& item : *items) {
    if (json.size() > 1) json += ',';
    AppendTypedValue(json, item, arena.budget());
  }
  answer.AddJson("expect_items", json + "]");
}

void Rules(const Value& source, const Variables& variables, base::Arena& arena, Answer& answer) {
  std::vector<std::shared_ptr<const tmpl::CompiledTemplate>> compiled;
  std::vector<tmpl::ValidationRule> rules;
  if (source.is_list()) {
    for (const Value& rule : source.as_list()) {
      if (!rule.is_list() || rule.size() != 2) continue;
      const Value text = rule.as_list()[0];
      compiled.push_back(tmpl::Compile(text, variables.environment));
      rules.push_back(
          {compiled.back().get(), text.string_or_empty(), rule.as_list()[1].string_or_empty()});
    }
  }
  const auto passed = tmpl::EvaluateValidationRules(rules, variables.slots, arena, EvalLimits());
  if (!passed) {
    answer.AddText("error", passed.error().message);
  } else {
    answer.AddTrue("expect");
  }
}

void Find(const Value& source, Answer& answer) {
  const std::string_view text = source.string_or_empty();
  const auto found = tmpl::FindExpressions(text);
  if (!found) {
    answer.AddText("error", found.error().message);
    return;
  }
  std::string json = "[";
  for (const tmpl::Expression& expression : *found) {
    json += json.size() == 1 ? R"({"full":)" : R"(,{"full":)";
    value::AppendJsonString(json, text.substr(expression.begin, expression.end - expression.begin));
    json += R"(,"inner":)";
    value::AppendJsonString(json, expression.inner);
    json += '}';
  }
  answer.AddJson("expect", json + "]");
}

void EvalTemplate(const Value& request, base::Arena& arena, Answer& answer) {
  const std::string_view kind = request.Get("kind").string_or_empty();
  const Value source = request.Get("template");
  if (kind == "find") {
    Find(source, answer);
    return;
  }
  const Variables variables = VariablesOf(request, arena);
  if (kind == "include") {
    Include(source, variables, arena, answer);
  } else if (kind == "foreach") {
    ForEach(source, variables, arena, answer);
  } else if (kind == "rules") {
    Rules(source, variables, arena, answer);
  } else {
    Render(source, variables, arena, answer);
  }
}

}  // namespace

int RunEvalTemplate(std::istream& in, std::ostream& out) {
  return EvalLines(in, out, EvalTemplate);
}

}  // namespace openchoreo::cli
