#include "common/cel/match_node.h"

#include <re2/re2.h>

#include <string>

#include "common/cel/declaration.h"
#include "common/cel/planner.h"

namespace openchoreo::cel {

using value::Value;

namespace {

RE2::Options PatternOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  return options;
}

// Go writes named groups (?<name>…) too; RE2 of this age knows only (?P<name>…).
std::string ForRe2(std::string_view pattern) {
  std::string out;
  out.reserve(pattern.size());
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    out += c;
    if (c == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (c == '[') {
      in_class = true;
    } else if (c == ']') {
      in_class = false;
    } else if (c == '(' && !in_class && pattern.substr(i, 3) == "(?<") {
      out += "?P";
      ++i;
    }
  }
  return out;
}

// What Go says where RE2 says otherwise (regexp/syntax error codes).
const char* GoErrorText(RE2::ErrorCode code) {
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
      return "internal error";
  }
}

// Where the automaton grows too large each byte costs as many steps as the pattern has
// instructions.
bool Find(Frame& frame, const RE2& pattern, std::string_view text) {
  const auto instructions = static_cast<std::uint64_t>(pattern.ProgramSize());
  return frame.Spend(text.size() * (16 + instructions) / 64 + 1) &&
         RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace

Value MatchNode::Eval(Frame& frame) const {
  const Value text = text_->Eval(frame);
  if (text.is_error()) return text;
  if (!text.is_string()) return WithoutOverload(frame, "matches", text);
  const bool found = Find(frame, *pattern_, text.as_string());
  return frame.limit() ? frame.LimitError() : Value::Bool(found);
}

Value Matches(Frame& frame, const Value* arguments) {
  if (!arguments[1].is_string()) return kNoSuchOverload;
  const std::string_view pattern = arguments[1].as_string();
  // Compiling costs far more than matching.
  if (!frame.Spend(100 + 10 * pattern.size())) return frame.LimitError();
  const RE2 compiled(ForRe2(pattern), PatternOptions());
  if (!compiled.ok()) {
    std::string argument = compiled.error_arg();
    if (compiled.error_code() == RE2::ErrorMissingParen ||
        compiled.error_code() == RE2::ErrorUnexpectedParen) {
      argument = std::string(pattern);
    }
    const bool bare = compiled.error_code() == RE2::ErrorTrailingBackslash;
    return frame.Fail(std::string("error parsing regexp: ") + GoErrorText(compiled.error_code()) +
                      (bare ? ": ``" : ": `" + argument + "`"));
  }
  const bool found = Find(frame, compiled, arguments[0].as_string());
  return frame.limit() ? frame.LimitError() : Value::Bool(found);
}

Patterns::Patterns() = default;
Patterns::~Patterns() = default;
Patterns::Patterns(Patterns&&) noexcept = default;
Patterns& Patterns::operator=(Patterns&&) noexcept = default;

const re2::RE2* Patterns::Compile(std::string_view pattern) {
  auto compiled = std::make_unique<RE2>(ForRe2(pattern), PatternOptions());
  if (!compiled->ok()) return nullptr;
  compiled_.push_back(std::move(compiled));
  return compiled_.back().get();
}

}  // namespace openchoreo::cel
