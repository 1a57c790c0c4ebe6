// What becomes of an expression's result: each walk over it ends within its budget, and all agree
// from run to run.
#include <cstdint>
#include <string>
#include <vector>

#include "common/cel/program.h"
#include "common/emit/yaml_writer.h"
#include "common/template/cel_result.h"
#include "common/template/compiled_template.h"
#include "common/value/go_dump.h"
#include "common/value/go_text.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/value_hash.h"
#include "test/fuzz/ceilings.h"
#include "test/fuzz/expression_writer.h"

namespace {

using namespace openchoreo;
using value::Value;

constexpr std::uint64_t kSteps = 300'000;
constexpr std::size_t kBytes = 8u << 20;

// Doubles a value so often, shared: few steps of an expression can do it.
std::string Doubled(const std::string& expression, unsigned times) {
  std::string text = "[" + expression + "]";
  for (unsigned i = 0; i < times; ++i) {
    const std::string name = "x" + std::to_string(i);
    text += ".map(" + name + ", [" + name + ", {'k': " + name + "}])";
  }
  return text;
}

std::string Walked(const Value& value, base::Arena& arena) {
  base::Budget& budget = arena.budget();
  std::string text;
  if (!value::AppendJson(text, value, budget)) text += "no JSON";
  emit::AppendYaml(text, value, budget);
  value::AppendGoText(text, value, budget);
  value::AppendGoDump(text, value, budget);
  const Value copy = value::DeepCopy(arena, value);
  if (!budget.spent()) {
    // NaN equals nothing, and of an unfinished walk nothing is known.
    const bool equal = value::JsonEquals(copy, value, budget);
    const bool same = value::HashValue(copy, budget) == value::HashValue(value, budget);
    if (!budget.spent()) {
      Require(same || !equal, "equal values of two hashes");
    }
  }
  value::NumbersAsDoubles(arena, tmpl::ToCelInput(value, arena));
  return budget.spent() ? base::ErrorOf(budget).message : text;
}

std::string Run(const tmpl::CompiledTemplate& compiled, std::span<const Value> slots) {
  base::RenderLimits limits;
  limits.max_cel_steps = kSteps / 2;
  limits.max_cel_bytes = kBytes / 2;
  limits.max_binding_steps = kSteps;
  limits.max_binding_bytes = kBytes;
  limits.max_output_bytes = kBytes / 8;
  limits.max_scalar_bytes = kBytes / 8;
  base::Budget budget(limits);
  base::Arena arena(budget);
  const auto result = compiled.Render(slots, arena, limits);
  return result ? Walked(*result, arena) : "error: " + result.error().message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string expression =
      Doubled(ExpressionWriter(data + 2, size - 2).Write(), data[0] % 48);
  const char* const forms[] = {R"("${#}")", R"("a ${#} b")", R"({"${#}": 1, "k": ["${#}"]})"};
  base::Arena arena;
  std::string quoted;
  value::AppendJsonString(quoted, expression);
  std::string text = forms[data[1] % 3];
  for (std::size_t at; (at = text.find('#')) != std::string::npos;)
    text.replace(at, 1, quoted, 1, quoted.size() - 2);
  const auto source = value::ReadJson(text, arena);
  const auto vars = value::ReadJson(kExpressionVariables, arena);
  if (!source) return 0;
  std::vector<std::string> names;
  std::vector<Value> slots;
  for (const value::MapEntry& entry : vars->as_map()) {
    names.emplace_back(entry.key.as_string());
    slots.push_back(entry.value);
  }
  base::Budget definition(1'000'000, kBytes, kBytes);
  const auto compiled = tmpl::Compile(*source, cel::Environment(std::move(names)), definition);
  const Ceilings ceilings(2 * kSteps, kBytes, 0);
  const std::string first = Run(*compiled, slots);
  Require(first == Run(*compiled, slots), "two results");
  return 0;
}
