#include "common/cel/evaluation_testing.h"

#include "common/base/go_format.h"
#include "common/base/go_quote.h"
#include "common/cel/frame.h"
#include "common/cel/go_text.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

std::string Text(const Value& value) {
  std::string out;
  base::Budget budget;
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kUint:
      return GoText(value, budget) + "u";
    case Kind::kDouble:
      out = GoText(value, budget);
      return out.find_first_of(".eIN") == std::string::npos ? out + ".0" : out;
    case Kind::kString:
      value::AppendJsonString(out, value.as_string());
      return out;
    case Kind::kBytes:
      return "b" + base::GoQuote(value.as_string());
    case Kind::kTimestamp:
      value::AppendRfc3339(out, value);
      return out;
    case Kind::kOptional:
      return value.optional_value() ? "optional.of(" + Text(*value.optional_value()) + ")"
                                    : "optional.none()";
    case Kind::kOmit:
      return "omit";
    case Kind::kError:
      return "error: " + std::string(MessageOf(value));
    case Kind::kList:
      for (const Value& item : value.as_list()) out += (out.empty() ? "" : ", ") + Text(item);
      return "[" + out + "]";
    case Kind::kMap:
      for (const value::MapEntry& entry : value.as_map()) {
        out += (out.empty() ? "" : ", ") + Text(entry.key) + ": " + Text(entry.value);
      }
      return "{" + out + "}";
    default:
      return GoText(value, budget);
  }
}

}  // namespace

std::string EvaluateToText(std::string_view expression, std::string_view vars, Macros macros,
                           StringFormat string_format) {
  base::Arena arena;
  const auto json = value::ReadJson(vars, arena);
  if (!json) return "vars: " + json.error().message;
  std::vector<std::string> names;
  std::vector<Value> slots;
  for (const value::MapEntry& entry : json->as_map()) {
    names.emplace_back(entry.key.as_string());
    slots.push_back(entry.value);
  }
  const auto program = Compile(expression, Environment(std::move(names), macros, string_format));
  if (!program) {
    std::string message = program.error().message;
    if (const std::size_t line = message.find('\n'); line != std::string::npos)
      message.resize(line);
    return "compile: " + message;
  }
  const auto result = (*program)->Evaluate(slots, arena, base::RenderLimits());
  return result ? Text(*result) : "error: " + result.error().message;
}

}  // namespace openchoreo::cel
