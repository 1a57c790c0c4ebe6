// string.format. Follows cel-go ext/formatting_v2.go.
#include <algorithm>
#include <cmath>

#include "common/base/decimal.h"
#include "common/base/go_format.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/format_map.h"
#include "common/cel/functions/format_values.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

std::string SpecialDouble(double d) {
  if (std::isnan(d)) return "NaN";
  return d < 0 ? "-Infinity" : "Infinity";
}

std::string PlainDouble(double d) {
  return std::isfinite(d) ? base::ShortestFixed(d) : SpecialDouble(d);
}

// %s; an error text if some part has no text form, else "".
std::string AppendText(Frame& frame, std::string& out, const Value& value) {
  const Level level(frame);
  if (!level || !frame.Spend(1 + value.size() / 16) ||
      !frame.HasRoomForText(out, value.size() + Frame::kShortText))
    return "limit";
  if (AppendPlainText(out, value)) return "";
  const auto append = [&](std::string& text, const Value& part) {
    return AppendText(frame, text, part);
  };
  switch (value.kind()) {
    case Kind::kDouble:
      out += PlainDouble(value.as_double());
      return "";
    case Kind::kBytes:
      out += value.as_string();
      return "";
    case Kind::kList:
      return AppendFormattedList(out, value, append);
    case Kind::kMap:
      return AppendFormattedMap(frame, out, value, ": ", append, append);
    default:
      return ClauseError('s', StringFormat::kCurrent, RuntimeTypeName(value));
  }
}

double AsDouble(const Value& value) {
  if (value.is_double()) return value.as_double();
  return value.is_int() ? static_cast<double>(value.as_int())
                        : static_cast<double>(value.as_uint());
}

// One clause; an error text, or "".
std::string AppendClause(Frame& frame, std::string& out, const FormatClause& clause,
                         const Value& value) {
  const bool integer = value.is_int() || value.kind() == Kind::kUint;
  switch (clause.verb) {
    case 's':
      return AppendText(frame, out, value);
    case 'd':
      if (!value.is_number()) break;
      out += integer ? IntegerText(value, 10) : PlainDouble(value.as_double());
      return "";
    case 'f':
    case 'e': {
      if (!value.is_number()) break;
      const double d = AsDouble(value);
      if (!std::isfinite(d)) {
        out += SpecialDouble(d);
      } else {
        out += clause.verb == 'f' ? base::Fixed(d, clause.precision)
                                  : base::Scientific(d, clause.precision);
      }
      return "";
    }
    case 'b':
      if (!integer && !value.is_bool()) break;
      out += integer ? IntegerText(value, 2) : value.as_bool() ? "1" : "0";
      return "";
    case 'o':
      if (!integer) break;
      out += IntegerText(value, 8);
      return "";
    default:
      if (!integer && !value.is_string() && value.kind() != Kind::kBytes) break;
      out += HexText(value, clause.verb == 'X');
      return "";
  }
  return ClauseError(clause.verb, StringFormat::kCurrent, RuntimeTypeName(value));
}

Value Format(Frame& frame, const Value* arguments) {
  return FormatWith(frame, arguments, AppendClause);
}

}  // namespace

void DeclareStringFormat(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  all.Add("format").Member("string_format", {&kString, all.List(&kDyn)}, &kString, Format);
}

}  // namespace openchoreo::cel
