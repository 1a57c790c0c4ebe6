#include "common/schema/pattern.h"

#include <re2/re2.h>

namespace openchoreo::schema {

namespace {

// regexp/syntax's ErrorCode texts.
const char* GoText(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "regexp/syntax: internal error";
  }
}

// What Go shows of the pattern.
std::string Offending(const RE2& compiled, std::string_view text) {
  switch (compiled.error_code()) {
    case RE2::ErrorMissingParen:
    case RE2::ErrorUnexpectedParen:
      return std::string(text);
    case RE2::ErrorTrailingBackslash:
      return {};
    default:
      return compiled.error_arg();
  }
}

RE2::Options Options() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// Go also writes (?P<name>…) as (?<name>…).
std::string WithNamedGroups(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      result += text[i++];
    } else if (text.substr(i).starts_with("(?<") && i + 3 < text.size() && text[i + 3] != '=' &&
               text[i + 3] != '!') {
      result += "(?P<";
      i += 2;
      continue;
    }
    result += text[i];
  }
  return result;
}

}  // namespace

Pattern::Pattern(std::string_view text)
    : compiled_(std::make_unique<const RE2>(WithNamedGroups(text), Options())), description_(text) {
  if (compiled_->ok()) return;
  description_ += ", but pattern is invalid: error parsing regexp: ";
  description_ += GoText(compiled_->error_code());
  description_ += ": `" + Offending(*compiled_, text) + "`";
}

Pattern::~Pattern() = default;

bool Pattern::Matches(std::string_view text) const {
  return compiled_->ok() &&
         RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

}  // namespace openchoreo::schema
