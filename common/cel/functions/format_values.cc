#include "common/cel/functions/format_values.h"

#include <algorithm>
#include <charconv>

#include "common/base/hex.h"
#include "common/cel/functions/time_values.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

std::string IntegerText(const Value& value, int base) {
  char buffer[72];
  const auto result = value.is_int()
                          ? std::to_chars(buffer, buffer + sizeof(buffer), value.as_int(), base)
                          : std::to_chars(buffer, buffer + sizeof(buffer), value.as_uint(), base);
  return std::string(buffer, result.ptr);
}

bool AppendPlainText(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return true;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return true;
    case Kind::kInt:
    case Kind::kUint:
      out += IntegerText(value, 10);
      return true;
    case Kind::kString:
    case Kind::kType:
      out += value.as_string();
      return true;
    case Kind::kDuration:
      out += DurationText(value.duration_nanoseconds());
      return true;
    case Kind::kTimestamp:
      value::AppendRfc3339(out,
                           Value::Timestamp(value.timestamp_seconds(), value.timestamp_nanos(), 0));
      return true;
    default:
      return false;
  }
}

std::string HexText(const Value& value, bool upper) {
  std::string out;
  if (value.is_int() || value.kind() == Kind::kUint) {
    out = IntegerText(value, 16);
  } else {
    const std::string_view text = value.as_string();
    base::AppendHex(out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  if (upper) {
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  }
  return out;
}

Value FormatWith(Frame& frame, const Value* arguments, ClauseWriter append_clause) {
  const auto items = arguments[1].as_list();
  std::string out;
  const std::string error = WalkFormat(
      arguments[0].as_string(), items.size(), [&](std::string_view text) { out += text; },
      [&](const FormatClause& clause, std::size_t index) -> std::string {
        std::string piece;
        std::string problem = append_clause(frame, piece, clause, items[index]);
        base::Charge held(frame.budget());  // the text so far is held beside it
        held.Add(piece.capacity() + out.capacity());
        if (!problem.empty()) return problem;
        if (!frame.Spend(piece.size() / 16 + 1) || !frame.HasRoomForText(out, piece.size()))
          return "limit";
        out += piece;
        return "";
      });
  if (frame.exceeded()) return frame.LimitError();
  return error.empty() ? frame.NewString(out) : frame.Fail(error);
}

}  // namespace openchoreo::cel
