// string.format as OpenChoreo had it up to v0.17. Follows cel-go v0.22.1 ext/formatting.go, which
// writes %f and %e by golang.org/x/text in English: digits in groups of three, powers of ten.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "common/base/decimal.h"
#include "common/base/go_format.h"
#include "common/base/go_quote.h"
#include "common/base/utf8.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/format_map.h"
#include "common/cel/functions/format_values.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

std::string WrongType(char verb, const Value& value) {
  return ClauseError(verb, StringFormat::kV022, RuntimeTypeName(value));
}

bool IsInteger(const Value& value) { return value.is_int() || value.kind() == Kind::kUint; }

std::string AppendPart(Frame& frame, std::string& out, const Value& value);

std::string AppendList(Frame& frame, std::string& out, const Value& list) {
  return AppendFormattedList(out, list, [&](std::string& text, const Value& item) {
    return AppendPart(frame, text, item);
  });
}

std::string AppendMap(Frame& frame, std::string& out, const Value& map) {
  const auto append_key = [&](std::string& text, const Value& key) {
    if (!key.is_string() && !key.is_bool() && !IsInteger(key)) {
      return "no formatting function for map key of type " + std::string(RuntimeTypeName(key));
    }
    return AppendPart(frame, text, key);
  };
  const auto append_value = [&](std::string& text, const Value& part) {
    return AppendPart(frame, text, part);
  };
  return AppendFormattedMap(frame, out, map, ":", append_key, append_value);
}

// %s; an error text if some part has no text form, else "".
std::string AppendText(Frame& frame, std::string& out, const Value& value) {
  const Level level(frame);
  if (!level || !frame.Spend(1 + value.size() / 16) ||
      !frame.HasRoomForText(out, value.size() + Frame::kShortText))
    return "limit";
  if (AppendPlainText(out, value)) return "";
  switch (value.kind()) {
    case Kind::kDouble:
      base::AppendG(out, value.as_double());
      return "";
    case Kind::kBytes:
      if (!base::IsValidUtf8(value.as_string())) {
        return "could not convert argument \"invalid UTF-8 in bytes, cannot convert to string\" to "
               "string";
      }
      out += value.as_string();
      return "";
    case Kind::kList:
      return AppendList(frame, out, value);
    case Kind::kMap:
      return AppendMap(frame, out, value);
    default:
      return WrongType('s', value);
  }
}

// What stands in a list or map: written so that it is CEL again.
std::string AppendPart(Frame& frame, std::string& out, const Value& value) {
  std::string text;
  switch (value.kind()) {
    case Kind::kDouble:
      if (std::isfinite(value.as_double())) {
        out += base::Fixed(value.as_double(), 6);
      } else {
        out += base::GoQuote(base::FormatG(value.as_double()));
      }
      return "";
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kDuration:
    case Kind::kTimestamp: {
      if (std::string error = AppendText(frame, text, value); !error.empty()) return error;
      const bool duration = value.kind() == Kind::kDuration;
      if (value.kind() == Kind::kBytes) out += 'b';
      const bool time = duration || value.kind() == Kind::kTimestamp;
      if (time) out += duration ? "duration(" : "timestamp(";
      out += base::GoQuote(text);
      if (time) out += ')';
      return "";
    }
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kType:
    case Kind::kList:
    case Kind::kMap:
      return AppendText(frame, out, value);
    default:
      return "no formatting function for " + std::string(RuntimeTypeName(value));
  }
}

// The number of a %f or %e clause, which some texts are too.
bool NumberOf(const Value& value, double& number) {
  if (value.is_double()) {
    number = value.as_double();
    return true;
  }
  if (!value.is_string()) return false;
  const std::string_view text = value.as_string();
  if (text == "NaN") {
    number = std::nan("");
  } else if (text == "Infinity") {
    number = std::numeric_limits<double>::infinity();
  } else if (text == "-Infinity") {
    number = -std::numeric_limits<double>::infinity();
  } else {
    return false;
  }
  return true;
}

constexpr std::string_view kInfinity = "\xe2\x88\x9e";

std::string Special(double number) {
  if (std::isnan(number)) return "NaN";
  return (number < 0 ? "-" : "") + std::string(kInfinity);
}

std::string Grouped(double number, int precision) {
  if (!std::isfinite(number)) return Special(number);
  const std::string digits = base::Fixed(std::fabs(number), precision);
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  std::string out = number < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

// The precision counts as a width: there are always six digits after the point.
std::string PowerOfTen(double number, int width) {
  static constexpr std::string_view kThinSpace = "\xe2\x80\xaf", kTimes = "\xc3\x97";
  static constexpr std::string_view kSuperscripts[] = {
      "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
      "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
  std::string out;
  if (!std::isfinite(number)) {
    out = Special(number);
  } else {
    const std::string text = base::Scientific(number == 0 ? 0 : number, 6);
    const std::size_t e = text.find('e');
    out = text.substr(0, e);
    out.append(kThinSpace).append(kTimes).append(kThinSpace).append("10");
    for (const char c : std::string_view(text).substr(e + 1)) {
      if (c == '-') out += "\xe2\x81\xbb";
      if (c >= '0' && c <= '9') out += kSuperscripts[c - '0'];
    }
  }
  const std::size_t columns = base::CountRunes(out), wanted = static_cast<std::size_t>(width);
  if (columns < wanted) out.insert(0, wanted - columns, ' ');
  return out;
}

std::string AppendClause(Frame& frame, std::string& out, const FormatClause& clause,
                         const Value& value) {
  switch (clause.verb) {
    case 's':
      return AppendText(frame, out, value);
    case 'd':
      if (!IsInteger(value)) break;
      out += IntegerText(value, 10);
      return "";
    case 'f':
    case 'e': {
      double number = 0;
      if (!NumberOf(value, number)) break;
      out += clause.verb == 'f' ? Grouped(number, clause.precision)
                                : PowerOfTen(number, clause.precision);
      return "";
    }
    case 'b':
      if (!IsInteger(value) && !value.is_bool()) break;
      out += IsInteger(value) ? IntegerText(value, 2) : value.as_bool() ? "1" : "0";
      return "";
    case 'o':
      if (!IsInteger(value)) break;
      out += IntegerText(value, 8);
      return "";
    default:
      if (!IsInteger(value) && !value.is_string() && value.kind() != Kind::kBytes) break;
      out += HexText(value, clause.verb == 'X');
      return "";
  }
  return WrongType(clause.verb, value);
}

Value Format(Frame& frame, const Value* arguments) {
  return FormatWith(frame, arguments, AppendClause);
}

}  // namespace

void DeclareStringFormatV022(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  all.AddVariant(kFormatV022, "format")
      .Member("string_format", {&kString, all.List(&kDyn)}, &kString, Format);
}

}  // namespace openchoreo::cel
