#include "common/cel/literal.h"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

#include "common/base/utf8.h"

namespace openchoreo::cel {

namespace {

std::optional<std::uint64_t> ParseDigits(std::string_view text) {
  int base = 10;
  if (text.substr(0, 2) == "0x") {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::int64_t> ParseIntLiteral(std::string_view digits, bool negative) {
  const std::optional<std::uint64_t> magnitude = ParseDigits(digits);
  const std::uint64_t limit =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (!magnitude || *magnitude > limit) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

std::optional<std::uint64_t> ParseUintLiteral(std::string_view text) {
  return ParseDigits(text.substr(0, text.size() - 1));
}

std::optional<double> ParseDoubleLiteral(std::string_view digits, bool negative) {
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too small becomes zero (or a subnormal), as Go reads it; too large is an error.
    const double read = std::strtod(std::string(digits).c_str(), nullptr);
    if (read > 1) return std::nullopt;
    number = read;
  }
  return negative ? -number : number;
}

namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsValidRune(std::uint32_t rune) {
  return rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff);
}

// Appends what the escape sequence at the front of `rest` stands for and takes it off; the message
// of what is wrong, or nullptr.
const char* TakeEscape(std::string_view& rest, bool is_bytes, std::string& out) {
  const char kind = rest[1];  // the lexer saw to it that there is one
  rest.remove_prefix(2);
  switch (kind) {
    case 'a':
      out += '\a';
      return nullptr;
    case 'b':
      out += '\b';
      return nullptr;
    case 'f':
      out += '\f';
      return nullptr;
    case 'n':
      out += '\n';
      return nullptr;
    case 'r':
      out += '\r';
      return nullptr;
    case 't':
      out += '\t';
      return nullptr;
    case 'v':
      out += '\v';
      return nullptr;
    case '\\':
    case '\'':
    case '"':
    case '`':
    case '?':
      out += kind;
      return nullptr;
    default:
      break;
  }
  std::uint32_t rune = 0;
  if (kind >= '0' && kind <= '3') {
    rune = static_cast<std::uint32_t>((kind - '0') * 64 + (rest[0] - '0') * 8 + (rest[1] - '0'));
    rest.remove_prefix(2);
  } else {
    std::size_t digits = 2;
    if (kind == 'u' || kind == 'U') {
      if (is_bytes) return "unable to unescape string";
      digits = kind == 'u' ? 4 : 8;
    }
    for (std::size_t i = 0; i < digits; ++i) {
      rune = (rune << 4) | static_cast<std::uint32_t>(HexDigit(rest[i]));
    }
    rest.remove_prefix(digits);
  }
  if (is_bytes) {
    out += static_cast<char>(rune);
    return nullptr;
  }
  if (!IsValidRune(rune)) return "invalid unicode code point";
  base::AppendRune(out, rune);
  return nullptr;
}

}  // namespace

base::Result<std::string_view> Unquote(std::string_view token, bool is_bytes, base::Arena& arena) {
  const bool raw = token.front() == 'r' || token.front() == 'R';
  if (raw) token.remove_prefix(1);
  const bool triple = token.size() >= 6 && token[0] == token[1] && token[1] == token[2];
  const std::size_t quotes = triple ? 3 : 1;
  std::string_view text = token.substr(quotes, token.size() - 2 * quotes);
  if (text.find_first_of(raw ? "\r" : "\\\r") == std::string_view::npos) return text;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    if (c == '\\' && !raw) {
      if (const char* error = TakeEscape(text, is_bytes, out)) {
        return base::Fail(base::ErrorCode::kCelCompile, error);
      }
      continue;
    }
    text.remove_prefix(1);
    if (c == '\r') {
      // Line ends are \n, whatever the source has.
      if (!text.empty() && text.front() == '\n') text.remove_prefix(1);
      out += '\n';
      continue;
    }
    out += c;
  }
  return arena.CopyString(out);
}

namespace {

template <typename Number, typename Wrap>
LiteralToken Numeric(std::optional<Number> number, Wrap wrap, const char* error) {
  return number ? LiteralToken{wrap(*number), ""} : LiteralToken{{}, error};
}

}  // namespace

std::optional<LiteralToken> LiteralValue(TokenKind kind, std::string_view text, bool negative,
                                         base::Arena& arena) {
  using value::Value;
  switch (kind) {
    case TokenKind::kInt:
      return Numeric(ParseIntLiteral(text, negative), Value::Int, "invalid int literal");
    case TokenKind::kUint:
      return Numeric(ParseUintLiteral(text), Value::Uint, "invalid uint literal");
    case TokenKind::kDouble:
      return Numeric(ParseDoubleLiteral(text, negative), Value::Double, "invalid double literal");
    case TokenKind::kString: {
      const auto unquoted = Unquote(text, false, arena);
      if (!unquoted) return LiteralToken{Value::String(text), unquoted.error().message};
      return LiteralToken{Value::String(*unquoted), ""};
    }
    case TokenKind::kBytes: {
      const auto unquoted = Unquote(text.substr(1), true, arena);
      if (!unquoted) return LiteralToken{Value::Bytes(text), unquoted.error().message};
      return LiteralToken{Value::Bytes(*unquoted), ""};
    }
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return LiteralToken{Value::Bool(kind == TokenKind::kTrue), ""};
    case TokenKind::kNull:
      return LiteralToken{Value::Null(), ""};
    default:
      return std::nullopt;
  }
}

}  // namespace openchoreo::cel
