#include "common/cel/token_reader.h"

#include "common/cel/parser.h"

namespace openchoreo::cel {

void TokenReader::SyntaxError(const char* expected) {
  if (failed_) return;
  failed_ = true;
  const Token& token = Current();
  const std::string got = token.kind == TokenKind::kEnd ? "<EOF>" : std::string(TextOf(token));
  issues_.Add(RangeOf(token), "Syntax error: mismatched input '" + got + "' " + expected);
}

void TokenReader::TooDeep(Range range, std::string message) {
  if (!failed_) issues_.AddWithoutPlace(range, std::move(message));
  failed_ = true;
}

bool TokenReader::Enter(int Depths::*rule) {
  if (++(depths_.*rule) <= kMaxRecursion) return true;
  TooDeep(RangeOf(Current()),
          "expression recursion limit exceeded: " + std::to_string(kMaxRecursion));
  return false;
}

}  // namespace openchoreo::cel
