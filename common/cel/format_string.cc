#include "common/cel/format_string.h"

#include "common/base/utf8.h"

namespace openchoreo::cel {

namespace {

constexpr int kMaxPrecision = 100;

std::string ReadPrecision(std::string_view& rest, int& precision) {
  rest.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  if (digits == rest.size()) return "could not find end of precision specifier";
  const std::string number(rest.substr(0, digits));
  rest.remove_prefix(digits);
  if (number.empty()) {
    return "error while converting precision to integer: strconv.Atoi: parsing \"\": invalid "
           "syntax";
  }
  if (number.size() > 18) {
    return "error while converting precision to integer: strconv.Atoi: parsing \"" + number +
           "\": value out of range";
  }
  const long long read = std::stoll(number);
  if (read > kMaxPrecision) {
    return "precision " + std::to_string(read) + " exceeds maximum allowed precision " +
           std::to_string(kMaxPrecision);
  }
  precision = static_cast<int>(read);
  return "";
}

}  // namespace

std::string ReadClause(std::string_view& rest, FormatClause& clause) {
  if (rest.front() == '.') {
    const std::string error = ReadPrecision(rest, clause.precision);
    if (!error.empty()) return "error while parsing precision: " + error;
  }
  clause.verb = rest.front();
  if (std::string_view("sdfexXob").find(clause.verb) == std::string_view::npos) {
    // cel-go looks at one byte, and prints it as a code point.
    std::string verb;
    base::AppendRune(verb, static_cast<unsigned char>(clause.verb));
    return "unrecognized formatting clause \"" + verb + "\"";
  }
  rest.remove_prefix(1);
  return "";
}

std::string ClauseError(char verb, StringFormat rules, std::string_view type) {
  const bool old = rules == StringFormat::kV022;
  std::string text;
  switch (verb) {
    case 'b':
      text = old ? "only integers and bools can be formatted as binary"
                 : "only ints, uints, and bools can be formatted as binary";
      break;
    case 'd':
      text = old ? "decimal clause can only be used on integers"
                 : "decimal clause can only be used on ints, uints, and doubles";
      break;
    case 'f':
      text = old ? "fixed-point clause can only be used on doubles"
                 : "fixed-point clause can only be used on ints, uints, and doubles";
      break;
    case 'e':
      text = old ? "scientific clause can only be used on doubles"
                 : "scientific clause can only be used on ints, uints, and doubles";
      break;
    case 'o':
      text = old ? "octal clause can only be used on integers"
                 : "octal clause can only be used on ints and uints";
      break;
    case 's':
      text =
          "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, "
          "types, "
          "durations, and timestamps";
      break;
    default:
      text = old ? "only integers, byte buffers, and strings can be formatted as hex"
                 : "only ints, uints, bytes, and strings can be formatted as hex";
      break;
  }
  return text.append(", was given ").append(type);
}

}  // namespace openchoreo::cel
