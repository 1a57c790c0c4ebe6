// Scalars with an explicit tag.
#include <cstdint>

#include "common/base/base64.h"
#include "common/base/utf8.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using value::Kind;
using value::Value;

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

const char* TagOf(const Value& typed) {
  switch (typed.kind()) {
    case Kind::kNull:
      return "!!null";
    case Kind::kBool:
      return "!!bool";
    case Kind::kInt:
    case Kind::kUint:
      return "!!int";
    case Kind::kDouble:
      return "!!float";
    default:
      return "!!str";
  }
}

bool TwoDigits(std::string_view& text, int low, int high, int& number) {
  number = 0;
  std::size_t used = 0;
  while (used < 2 && used < text.size() && IsDigit(text[used]))
    number = number * 10 + (text[used++] - '0');
  if (used == 0 || number < low || number > high) return false;
  text.remove_prefix(used);
  return true;
}

bool Take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

int DaysOf(int month, int year) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Whether an explicit !!timestamp is one: 2006-1-2, with "T" or "t" a time and a zone, with " " a
// time.
bool IsTimestamp(std::string_view text) {
  if (text.size() < 5) return false;
  int year = 0;
  for (char c : text.substr(0, 4)) {
    if (!IsDigit(c)) return false;
    year = year * 10 + (c - '0');
  }
  text.remove_prefix(4);
  int month = 0;
  int number = 0;
  if (!Take(text, '-') || !TwoDigits(text, 1, 12, month) || !Take(text, '-') ||
      !TwoDigits(text, 1, DaysOf(month, year), number)) {
    return false;
  }
  if (text.empty()) return true;
  const bool zoned = text[0] != ' ';
  if (!Take(text, ' ') && !Take(text, 'T') && !Take(text, 't')) return false;
  if (!TwoDigits(text, 0, 23, number) || !Take(text, ':') || !TwoDigits(text, 0, 59, number) ||
      !Take(text, ':') || !TwoDigits(text, 0, 59, number)) {
    return false;
  }
  if (Take(text, '.')) {
    if (text.empty() || !IsDigit(text[0])) return false;
    while (!text.empty() && IsDigit(text[0])) text.remove_prefix(1);
  }
  if (!zoned) return text.empty();
  if (Take(text, 'Z')) return text.empty();
  if (!Take(text, '+') && !Take(text, '-')) return false;
  return TwoDigits(text, 0, 24, number) && Take(text, ':') && TwoDigits(text, 0, 60, number) &&
         text.empty();
}

}  // namespace

base::Result<Value> ResolveTagged(std::string_view tag, std::string_view text, base::Arena& arena) {
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  if (!tag.starts_with(kPrefix)) return Value::String(text);
  const std::string_view type = tag.substr(kPrefix.size());
  if (type == "str") return Value::String(text);
  if (type == "binary") {
    std::string decoded;
    if (!base::DecodeBase64(text, decoded)) {
      return base::Fail(base::ErrorCode::kYamlSyntax,
                        "!!binary value contains invalid base64 data");
    }
    std::string valid;  // JSON replaces what is not UTF-8
    for (std::string_view rest = decoded; !rest.empty();) {
      const base::DecodedRune rune = base::DecodeRune(rest);
      base::AppendRune(valid, rune.rune);
      rest.remove_prefix(rune.size);
    }
    return Value::String(arena.CopyString(valid));
  }
  const bool is_float = type == "float";
  const bool is_time = type == "timestamp";
  if (!is_float && !is_time && type != "int" && type != "bool" && type != "null")
    return Value::String(text);

  if (is_time && IsTimestamp(text)) return Value::String(text);
  const Value typed = ResolvePlain(text);
  const std::string_view found = TagOf(typed);
  if (found.substr(2) == type) return typed;
  if (is_float && typed.is_int()) return Value::Double(static_cast<double>(typed.as_int()));
  std::string message = "cannot decode ";
  message += found;
  message += " `";
  message += text;
  message += "` as a !!";
  message += type;
  return base::Fail(base::ErrorCode::kYamlSyntax, std::move(message));
}

}  // namespace openchoreo::yaml
