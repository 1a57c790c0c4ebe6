#include "common/schema/shorthand_text.h"

#include <cstdint>

#include "common/base/go_parse.h"
#include "common/base/utf8.h"
#include "common/value/go_json_error.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::Value;

namespace {

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// The number in the next `size` digits; false if they are not all there.
bool TakeDigits(std::string_view& text, std::size_t size, int radix, std::uint32_t& number) {
  if (text.size() < size) return false;
  number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const int digit = DigitOf(text[i]);
    if (digit >= radix) return false;
    number = number * static_cast<std::uint32_t>(radix) + static_cast<std::uint32_t>(digit);
  }
  text.remove_prefix(size);
  return true;
}

// One escape behind its backslash.
bool TakeEscape(std::string_view& text, std::string& out) {
  static constexpr std::string_view kLetters = "abfnrtv\\\"";
  static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
  if (text.empty()) return false;
  const char c = text[0];
  if (const std::size_t at = kLetters.find(c); at != std::string_view::npos) {
    out += kMeanings[at];
    text.remove_prefix(1);
    return true;
  }
  std::uint32_t number = 0;
  if (c >= '0' && c <= '7') {
    if (!TakeDigits(text, 3, 8, number) || number > 255) return false;
    out += static_cast<char>(number);
    return true;
  }
  const std::size_t size = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (size == 0) return false;
  text.remove_prefix(1);
  if (!TakeDigits(text, size, 16, number)) return false;
  if (c == 'x') {
    out += static_cast<char>(number);
    return true;
  }
  if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) return false;
  base::AppendRune(out, number);
  return true;
}

// strconv.Unquote of what stands between double quotes.
bool GoUnquote(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const char c = text[0];
    if (c == '"' || c == '\n') return false;
    text.remove_prefix(1);
    if (c != '\\') {
      out += c;
    } else if (!TakeEscape(text, out)) {
      return false;
    }
  }
  return true;
}

tl::unexpected<base::Error> Fail(std::string message) {
  return base::Fail(base::ErrorCode::kSchema, std::move(message));
}

// encoding/json: every number is a double.
base::Result<Value> ParseJson(std::string_view text, base::Arena& arena) {
  const std::string syntax = value::GoJsonSyntaxError(text);
  if (!syntax.empty()) return Fail(syntax);
  OC_TRY(const Value parsed, value::ReadJson(text, arena));
  return value::NumbersAsDoubles(arena, parsed);
}

base::Result<Value> AsSchemaError(base::Result<Value> result) {
  if (!result) result.error().code = base::ErrorCode::kSchema;
  return result;
}

}  // namespace

std::vector<std::string_view> Tokens(std::string_view constraints) {
  std::vector<std::string_view> tokens;
  std::size_t begin = 0;
  char quote = 0;
  bool escaped = false;
  int depth = 0;
  const auto end_token = [&](std::size_t end) {
    if (end > begin) tokens.push_back(constraints.substr(begin, end - begin));
  };
  for (std::size_t i = 0; i < constraints.size();) {
    const base::DecodedRune decoded = base::DecodeRune(constraints.substr(i));
    const char c = decoded.rune < 0x80 ? static_cast<char>(decoded.rune) : '\0';
    if (quote != 0) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
    } else if (depth == 0 && base::TrimSpace(constraints.substr(i, decoded.size)).empty()) {
      end_token(i);
      begin = i + decoded.size;
    }
    i += decoded.size;
  }
  end_token(constraints.size());
  return tokens;
}

std::vector<std::string_view> CommaList(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool quoted = false;
  bool escaped = false;
  const auto end_part = [&](std::size_t end) {
    const std::string_view part = base::TrimSpace(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
    begin = end + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (escaped) {
      escaped = false;
    } else if (text[i] == '\\' && quoted) {
      escaped = true;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted) {
      end_part(i);
    }
  }
  if (begin <= text.size()) end_part(text.size());
  return parts;
}

std::string Unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back()) return std::string(text);
  const std::string_view inner = text.substr(1, text.size() - 2);
  std::string out;
  if (text.front() == '"') return GoUnquote(inner, out) ? out : std::string(text);
  if (text.front() != '\'') return std::string(text);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    out += inner[i];
    if (inner.substr(i, 2) == "''") ++i;
  }
  return out;
}

base::Result<Value> ParseTyped(std::string_view text, std::string_view type, base::Arena& arena) {
  if (type == "string") return Value::String(arena.CopyString(Unquoted(text)));
  if (type == "integer") {
    if (text.empty()) return Fail("empty integer value");
    return AsSchemaError(base::ParseGoInt(text).map(Value::Int));
  }
  if (type == "number") {
    if (text.empty()) return Fail("empty number value");
    return AsSchemaError(base::ParseGoFloat(text).map(Value::Double));
  }
  if (type == "boolean") return AsSchemaError(base::ParseGoBool(text).map(Value::Bool));
  if (base::TrimSpace(text).empty()) return Fail("empty " + std::string(type) + " value");
  return AsSchemaError(ParseJson(text, arena));
}

base::Result<Value> ParseUntyped(std::string_view text, base::Arena& arena) {
  text = base::TrimSpace(text);
  if (text.starts_with('{') || text.starts_with('[')) return AsSchemaError(ParseJson(text, arena));
  if (const auto flag = base::ParseGoBool(text)) return Value::Bool(*flag);
  if (const auto whole = base::ParseGoInt(text)) return Value::Int(*whole);
  if (const auto number = base::ParseGoFloat(text)) return Value::Double(*number);
  return Value::String(arena.CopyString(text));
}

}  // namespace openchoreo::schema
