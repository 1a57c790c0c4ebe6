// Random well-formed expressions: the input's bytes choose among grammar rules, so nearly every
// input compiles and runs. Two evaluations agree and the limits hold.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/cel/compiler.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "test/fuzz/expression_writer.h"

namespace {

using namespace openchoreo;
using value::Value;

void Require(bool holds, const char* what, const std::string& expression) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", what, expression.c_str());
  std::abort();
}

std::string Outcome(const base::Result<Value>& result) {
  if (!result) return "error: " + result.error().message;
  std::string json;
  base::Budget budget(1'000'000, 16u << 20, 1u << 20);  // a value may be shared
  return value::AppendJson(json, *result, budget) ? json : "not JSON";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string expression = ExpressionWriter(data, size).Write();
  base::Arena arena;
  const auto vars = value::ReadJson(kExpressionVariables, arena);
  std::vector<std::string> names;
  std::vector<Value> slots;
  for (const value::MapEntry& entry : vars->as_map()) {
    names.emplace_back(entry.key.as_string());
    slots.push_back(entry.value);
  }
  const cel::Environment environment(std::move(names));
  const auto compiled = cel::CompileWith(expression, environment, {});
  if (!compiled) return 0;
  base::RenderLimits limits;
  limits.max_cel_steps = 200'000;
  limits.max_cel_bytes = 4 << 20;
  base::Arena first;
  const std::string outcome = Outcome(compiled->program->Evaluate(slots, first, limits));
  Require(first.bytes() < (std::size_t{64} << 20), "the memory limit does not hold", expression);
  base::Arena second;
  Require(outcome == Outcome(compiled->program->Evaluate(slots, second, limits)), "two results",
          expression);
  cel::Explain(expression, environment, slots, limits);
  return 0;
}
