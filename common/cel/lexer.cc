#include "common/cel/lexer.h"

#include <string>

#include "common/base/utf8.h"

namespace openchoreo::cel {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  Lexer(std::string_view text, Issues& issues) : text_(text), issues_(issues) {}

  std::vector<Token> Run() {
    tokens_.reserve(text_.size() / 3 + 8);
    while (true) {
      SkipBlanks();
      if (at_ >= text_.size()) break;
      const std::uint32_t begin = at_;
      const TokenKind kind = Next();
      if (kind == TokenKind::kEnd) {
        Unrecognized(begin);
        continue;
      }
      tokens_.push_back({kind, begin, at_});
    }
    const auto size = static_cast<std::uint32_t>(text_.size());
    tokens_.push_back({TokenKind::kEnd, size, size});
    return std::move(tokens_);
  }

 private:
  char Peek(std::uint32_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipBlanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f') {
        ++at_;
      } else if (c == '/' && Peek(1) == '/') {
        const std::size_t newline = text_.find('\n', at_);
        at_ =
            static_cast<std::uint32_t>(newline == std::string_view::npos ? text_.size() : newline);
      } else {
        return;
      }
    }
  }

  void Unrecognized(std::uint32_t begin) {
    if (at_ == begin) at_ += base::DecodeRune(text_.substr(begin)).size;
    issues_.Add({begin, at_}, "Syntax error: token recognition error at: '" +
                                  std::string(text_.substr(begin, at_ - begin)) + "'");
  }

  TokenKind One(TokenKind kind) {
    ++at_;
    return kind;
  }

  TokenKind Two(char second, TokenKind both, TokenKind single) {
    ++at_;
    if (Peek() != second) return single;
    ++at_;
    return both;
  }

  // The token that starts here; kEnd if there is none.
  TokenKind Next() {
    const char c = Peek();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (c == '"' || c == '\'') return String(TokenKind::kString, 0);
    if (c == 'r' || c == 'R') {
      if (Peek(1) == '"' || Peek(1) == '\'') return String(TokenKind::kString, 1);
    }
    if (c == 'b' || c == 'B') {
      if (Peek(1) == '"' || Peek(1) == '\'') return String(TokenKind::kBytes, 1);
      const bool raw = Peek(1) == 'r' || Peek(1) == 'R';
      if (raw && (Peek(2) == '"' || Peek(2) == '\'')) return String(TokenKind::kBytes, 2);
    }
    if (IsLetter(c)) return Word();
    switch (c) {
      case '`':
        return EscapedIdentifier();
      case '=':
        return Two('=', TokenKind::kEquals, TokenKind::kEnd);
      case '!':
        return Two('=', TokenKind::kNotEquals, TokenKind::kNot);
      case '<':
        return Two('=', TokenKind::kLessEquals, TokenKind::kLess);
      case '>':
        return Two('=', TokenKind::kGreaterEquals, TokenKind::kGreater);
      case '&':
        return Two('&', TokenKind::kAnd, TokenKind::kEnd);
      case '|':
        return Two('|', TokenKind::kOr, TokenKind::kEnd);
      case '[':
        return One(TokenKind::kLeftBracket);
      case ']':
        return One(TokenKind::kRightBracket);
      case '{':
        return One(TokenKind::kLeftBrace);
      case '}':
        return One(TokenKind::kRightBrace);
      case '(':
        return One(TokenKind::kLeftParen);
      case ')':
        return One(TokenKind::kRightParen);
      case '.':
        return One(TokenKind::kDot);
      case ',':
        return One(TokenKind::kComma);
      case '-':
        return One(TokenKind::kMinus);
      case '?':
        return One(TokenKind::kQuestion);
      case ':':
        return One(TokenKind::kColon);
      case '+':
        return One(TokenKind::kPlus);
      case '*':
        return One(TokenKind::kStar);
      case '/':
        return One(TokenKind::kSlash);
      case '%':
        return One(TokenKind::kPercent);
      default:
        return TokenKind::kEnd;
    }
  }

  TokenKind Word() {
    const std::uint32_t begin = at_;
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "in") return TokenKind::kIn;
    if (word == "true") return TokenKind::kTrue;
    if (word == "false") return TokenKind::kFalse;
    if (word == "null") return TokenKind::kNull;
    return TokenKind::kIdentifier;
  }

  TokenKind EscapedIdentifier() {
    std::uint32_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '`') {
      const char c = text_[end];
      if (!IsLetter(c) && !IsDigit(c) && c != '.' && c != '-' && c != '/' && c != ' ') {
        return TokenKind::kEnd;
      }
      ++end;
    }
    if (end >= text_.size() || end == at_ + 1) return TokenKind::kEnd;
    at_ = end + 1;
    return TokenKind::kEscapedIdentifier;
  }

  void Digits() {
    while (IsDigit(Peek())) ++at_;
  }

  bool Exponent() {
    if (Peek() != 'e' && Peek() != 'E') return false;
    const std::uint32_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
    if (!IsDigit(Peek(1 + sign))) return false;
    at_ += 1 + sign;
    Digits();
    return true;
  }

  TokenKind Number() {
    if (Peek() == '0' && Peek(1) == 'x' && IsHex(Peek(2))) {
      at_ += 2;
      while (IsHex(Peek())) ++at_;
    } else {
      Digits();
      bool is_double = false;
      if (Peek() == '.' && IsDigit(Peek(1))) {
        ++at_;
        Digits();
        is_double = true;
      }
      if (Exponent() || is_double) return TokenKind::kDouble;
    }
    if (Peek() != 'u' && Peek() != 'U') return TokenKind::kInt;
    ++at_;
    return TokenKind::kUint;
  }

  // Length of the escape sequence at `at` (a backslash); 0 if it is none, with `bad` where it stops
  // being one.
  std::uint32_t EscapeLength(std::size_t at, std::size_t& bad) const {
    const auto hex = [&](std::uint32_t digits) -> std::uint32_t {
      for (std::uint32_t i = 0; i < digits; ++i) {
        bad = at + 2 + i;
        if (bad >= text_.size() || !IsHex(text_[bad])) return 0;
      }
      return 2 + digits;
    };
    bad = at + 1;
    const char c = at + 1 < text_.size() ? text_[at + 1] : '\0';
    switch (c) {
      case 'x':
      case 'X':
        return hex(2);
      case 'u':
        return hex(4);
      case 'U':
        return hex(8);
      case '0':
      case '1':
      case '2':
      case '3':
        for (bad = at + 2; bad < at + 4; ++bad) {
          if (bad >= text_.size() || text_[bad] < '0' || text_[bad] > '7') return 0;
        }
        return 4;
      default:
        return c != '\0' && std::string_view("abfnrtv\"'\\?`").find(c) != std::string_view::npos
                   ? 2
                   : 0;
    }
  }

  // A string or bytes literal with `prefix` letters in front of its quotes.
  TokenKind String(TokenKind kind, std::uint32_t prefix) {
    const bool raw = prefix > 0 && (text_[at_ + prefix - 1] | 0x20) == 'r';
    std::size_t i = at_ + prefix;
    const char quote = text_[i];
    const bool triple = text_.substr(i, 3) == std::string(3, quote);
    i += triple ? 3 : 1;
    while (i < text_.size()) {
      const char c = text_[i];
      if (c == quote && (!triple || text_.substr(i, 3) == std::string(3, quote))) {
        at_ = static_cast<std::uint32_t>(i + (triple ? 3 : 1));
        return kind;
      }
      if (c == '\\' && !raw) {
        std::size_t bad = 0;
        const std::uint32_t length = EscapeLength(i, bad);
        i = length == 0 ? bad : i + length;
        if (length == 0) break;
        continue;
      }
      if (!triple && (c == '\n' || c == '\r')) break;
      ++i;
    }
    // Unterminated, or an unknown escape. What could be a token by itself is one: a prefix, or an
    // empty string where three quotes began.
    if (triple) {
      at_ += prefix + 2;
      return kind;
    }
    if (prefix > 0) return Word();
    // All up to there is one error.
    at_ = static_cast<std::uint32_t>(std::min(i + 1, text_.size()));
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xc0) == 0x80) ++at_;
    return TokenKind::kEnd;
  }

  std::string_view text_;
  Issues& issues_;
  std::vector<Token> tokens_;
  std::uint32_t at_ = 0;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text, Issues& issues) {
  return Lexer(text, issues).Run();
}

}  // namespace openchoreo::cel
