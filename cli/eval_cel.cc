#include "cli/eval_cel.h"

#include <algorithm>

#include "cli/eval_lines.h"
#include "cli/exit_code.h"
#include "cli/typed_value.h"
#include "common/cel/compiler.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo::cli {

namespace {

using value::MapEntry;
using value::Value;

struct Request {
  std::vector<std::string> variables;
  std::vector<Value> slots;
  std::vector<cel::TypedVariable> typed;
};

bool HasTag(const Value& request, std::string_view tag) {
  const Value tags = request.Get("tags");
  if (!tags.is_list()) return false;
  return std::any_of(tags.as_list().begin(), tags.as_list().end(),
                     [&](const Value& item) { return item.string_or_empty() == tag; });
}

// What is wrong with the request, or "".
std::string ReadRequest(const Value& json, base::Arena& arena, bool typed, Request& request) {
  const auto add = [&](std::string_view name) {
    const auto found = std::find(request.variables.begin(), request.variables.end(), name);
    if (found != request.variables.end()) {
      return static_cast<std::size_t>(found - request.variables.begin());
    }
    request.variables.emplace_back(name);
    request.slots.push_back(Value::Error(nullptr));  // declared, no value yet
    return request.slots.size() - 1;
  };
  const Value declarations = json.Get("type_env");
  if (declarations.is_list()) {
    for (const Value& declaration : declarations.as_list()) {
      const std::string_view name = declaration.Get("name").string_or_empty();
      if (name.empty()) continue;
      add(name);
      if (!typed) continue;
      const cel::Type* type = cel::ParseTypeText(arena, declaration.Get("type").string_or_empty());
      if (!type) return "unknown type of variable " + std::string(name);
      request.typed.push_back({std::string(name), type});
    }
  }
  const Value bindings = json.Get("bindings");
  if (bindings.is_map()) {
    for (const MapEntry& binding : bindings.as_map()) {
      const auto bound = ReadTypedValue(binding.value, arena);
      if (!bound) return "unknown form of binding " + std::string(binding.key.as_string());
      request.slots[add(binding.key.as_string())] = *bound;
    }
  }
  return "";
}

void EvalCel(const Value& json, base::Arena& arena, Answer& answer) {
  const Value check_only = json.Get("check_only");
  const bool check = check_only.is_bool() && check_only.as_bool();
  Request request;
  const std::string problem =
      ReadRequest(json, arena, check || HasTag(json, "checked_type"), request);
  if (!problem.empty() || !json.Get("expr").is_string()) {
    answer.AddText("error", problem.empty() ? "expr must be a string" : problem)
        .AddText("phase", "input");
    return;
  }
  const Value ext = json.Get("ext");
  const bool macros = ext.is_bool() && ext.as_bool();
  const cel::Environment environment(std::move(request.variables),
                                     macros ? cel::Macros::kComponentV1 : cel::Macros::kNone);
  cel::CompileOptions options;
  options.typed = request.typed;
  options.check_only = check;
  const auto compiled = cel::CompileWith(json.Get("expr").as_string(), environment, options);
  if (!compiled) {
    answer.AddText("error", compiled.error().message).AddText("phase", "compile");
    return;
  }
  if (!check) {
    const auto result = compiled->program->Evaluate(request.slots, arena, EvalLimits());
    if (!result) {
      answer.AddText("error", result.error().message).AddText("phase", "eval");
      return;
    }
    std::string text;
    AppendTypedValue(text, *result, arena.budget());
    if (arena.budget().spent()) {
      answer.AddText("error", base::ErrorOf(arena.budget()).message);
      return;
    }
    answer.AddJson("value", text);
  }
  answer.AddText("type", compiled->type);
}

}  // namespace

int RunExplainCel(std::istream& in, std::ostream& out) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    base::Arena arena;
    std::string_view text = line;
    if (text.starts_with("${") && text.ends_with('}')) text = text.substr(2, text.size() - 3);
    Request request;
    std::string problem;
    const auto json = value::ReadJson(line, arena, EvalLimits());
    if (json && json->Get("expr").is_string()) {
      text = json->Get("expr").as_string();
      const Value vars = value::NumbersAsDoubles(arena, json->Get("vars"));
      if (vars.is_map()) {
        for (const MapEntry& variable : vars.as_map()) {
          request.variables.emplace_back(variable.key.as_string());
          request.slots.push_back(variable.value);
        }
      }
      problem = ReadRequest(*json, arena, false, request);
    }
    const cel::Environment environment(std::move(request.variables), cel::Macros::kComponentV1);
    const auto tree = problem.empty()
                          ? cel::Explain(text, environment, request.slots, EvalLimits())
                          : base::Result<std::string>(base::Fail(base::ErrorCode::kUsage, problem));
    out << (tree ? *tree : tree.error().message + "\n") << "\n";
  }
  return kOk;
}

int RunEvalCel(std::istream& in, std::ostream& out) { return EvalLines(in, out, EvalCel); }

}  // namespace openchoreo::cli
