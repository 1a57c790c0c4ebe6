// Any text: its expressions lie within it, apart and in order; rendering it gives a value or an
// error.
#include <cstdint>
#include <string_view>

#include "common/template/compiled_template.h"
#include "test/fuzz/require.h"

using namespace openchoreo;
using value::Value;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expressions = tmpl::FindExpressions(text);
  if (expressions) {
    std::size_t end = 0;
    for (const tmpl::Expression& expression : *expressions) {
      Require(end <= expression.begin && expression.begin + 3 <= expression.end &&
                  expression.end <= size,
              "expressions overlap or leave the text");
      Require(text.substr(expression.begin, 2) == "${" && text[expression.end - 1] == '}',
              "no ${…}");
      end = expression.end;
    }
  }
  const cel::Environment environment({"s", "n", "l", "m", "z"});
  const Value items[] = {Value::String("${s}"), Value(), Value::Double(1.5)};
  const value::MapEntry entries[] = {{Value::String("k"), Value::String("$")}};
  const Value slots[] = {Value::String("${n}"), Value::Double(1e21), Value::List(items),
                         Value::Map(entries), Value()};
  base::Arena arena;
  base::RenderLimits limits;
  limits.max_cel_steps = 20'000;
  limits.max_cel_bytes = 4u << 20;
  limits.max_scalar_bytes = 1u << 20;
  const auto compiled = tmpl::Compile(Value::String(text), environment);
  const auto first = compiled->Render(slots, arena, limits);
  const auto second = compiled->Render(slots, arena, limits);
  Require(first.has_value() == second.has_value(), "one render fails, the next does not");
  if (!first) {
    Require(first.error().place.text_begin <= first.error().place.text_end &&
                first.error().place.text_end <= size,
            "a place outside of the text");
  } else if (expressions && expressions->empty()) {
    Require(first->is_string() && first->as_string() == text, "text without expressions changes");
  }
  return 0;
}
