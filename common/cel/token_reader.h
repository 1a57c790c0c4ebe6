// The tokens of a text, one after the other, and what ends a parse: a syntax error or too much
// nesting.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/cel/lexer.h"

namespace openchoreo::cel {

// Not thread-safe.
class TokenReader {
 public:
  // What is no token is reported to `issues` at once. Both arguments must outlive this.
  TokenReader(std::string_view text, Issues& issues)
      : text_(text), issues_(issues), tokens_(Tokenize(text, issues)) {}

  // --- tokens ---

  TokenKind Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)].kind;
  }

  const Token& Current() const { return tokens_[at_]; }

  // Where the last token taken ended.
  std::uint32_t LastEnd() const { return at_ == 0 ? 0 : tokens_[at_ - 1].end; }

  static Range RangeOf(const Token& token) { return {token.begin, token.end}; }

  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  // The token at the end of the text is taken again and again.
  const Token& Take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  bool TakeIf(TokenKind kind) {
    if (Peek() != kind) return false;
    Take();
    return true;
  }

  // --- failures; only the first is reported ---

  // False, and a syntax error, if the next token is another.
  bool Expect(TokenKind kind, const char* expected) {
    if (TakeIf(kind)) return true;
    SyntaxError(expected);
    return false;
  }

  void SyntaxError(const char* expected);
  void TooDeep(Range range, std::string message);

  // --- nesting ---

  // How deep one grammar rule is entered, as ANTLR's listener counts it for cel-go: the right
  // operand of a left-recursive rule is a level deeper, whatever stands to its left.
  struct Depths {
    int expr = 0;
    int relation = 0;
    int calc = 0;
    int member = 0;
  };

  // One level of a rule, until the end of the scope.
  class DepthScope {
   public:
    DepthScope(TokenReader& reader, int Depths::*rule)
        : depth_(reader.depths_.*rule), ok_(reader.Enter(rule)) {}

    ~DepthScope() { --depth_; }

    DepthScope(const DepthScope&) = delete;
    DepthScope& operator=(const DepthScope&) = delete;

    // False, and reported, beyond the limit.
    bool ok() const { return ok_; }

   private:
    int& depth_;
    bool ok_;
  };

 private:
  bool Enter(int Depths::*rule);

  std::string_view text_;
  Issues& issues_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool failed_ = false;
  Depths depths_;
};

}  // namespace openchoreo::cel
