// Text to tokens, by the lexer rules of cel-go's CEL.g4.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/cel/source.h"

namespace openchoreo::cel {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdentifier,
  kEscapedIdentifier,  // `a-b`, with its backticks
  kInt,
  kUint,
  kDouble,
  kString,  // quotes, prefixes and escapes as written
  kBytes,
  kTrue,
  kFalse,
  kNull,
  kIn,
  kEquals,
  kNotEquals,
  kLess,
  kLessEquals,
  kGreater,
  kGreaterEquals,
  kAnd,
  kOr,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kLeftParen,
  kRightParen,
  kDot,
  kComma,
  kMinus,
  kNot,
  kQuestion,
  kColon,
  kPlus,
  kStar,
  kSlash,
  kPercent,
};

struct Token {
  TokenKind kind;
  std::uint32_t begin;
  std::uint32_t end;
};

// All tokens of `text` (valid UTF-8), the last one kEnd. What is no token is reported to `issues`.
std::vector<Token> Tokenize(std::string_view text, Issues& issues);

}  // namespace openchoreo::cel
