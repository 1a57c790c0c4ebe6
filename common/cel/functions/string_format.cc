// string.format. Follows cel-go ext/formatting_v2.go.
#include <algorithm>
#include <cmath>

#include "common/base/decimal.h"
#include "common/base/go_format.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/format_map.h"
#include "common/cel/functions/format_values.h"
#include "common/cel/functions/time_values.h"
#include "common/value/json_writer.h"

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
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return "";
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return "";
    case Kind::kInt:
    case Kind::kUint:
      out += IntegerText(value, 10);
      return "";
    case Kind::kDouble:
      out += PlainDouble(value.as_double());
      return "";
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      out += value.as_string();
      return "";
    case Kind::kDuration:
      out += DurationText(value.duration_nanoseconds());
      return "";
    case Kind::kTimestamp:
      value::AppendRfc3339(out,
                           Value::Timestamp(value.timestamp_seconds(), value.timestamp_nanos(), 0));
      return "";
    case Kind::kList: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out += ", ";
        first = false;
        if (std::string error = AppendText(frame, out, item); !error.empty()) return error;
      }
      out += ']';
      return "";
    }
    case Kind::kMap: {
      const auto append = [&](std::string& text, const Value& part) {
        return AppendText(frame, text, part);
      };
      return AppendFormattedMap(frame, out, value, ": ", append, append);
    }
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
