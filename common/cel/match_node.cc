#include "common/cel/match_node.h"

#include "common/base/go_regexp.h"
#include "common/cel/declaration.h"
#include "common/cel/planner.h"

namespace openchoreo::cel {

using value::Value;

namespace {

constexpr std::size_t kMaxPatternBytes = std::size_t{1} << 20;

// Where the automaton grows too large each byte costs as many steps as the pattern has
// instructions.
Value Find(Frame& frame, const base::GoRegexp& pattern, std::string_view text) {
  if (!frame.Spend(text.size() * (16 + pattern.instructions()) / 64 + 1)) return frame.LimitError();
  return Value::Bool(pattern.Matches(text));
}

}  // namespace

Value MatchNode::Eval(Frame& frame) const {
  const Value text = text_->Eval(frame);
  if (text.is_error()) return text;
  if (!text.is_string()) return WithoutOverload(frame, "matches", text);
  return Find(frame, *pattern_, text.as_string());
}

Value Matches(Frame& frame, const Value* arguments) {
  if (!arguments[1].is_string()) return kNoSuchOverload;
  const std::string_view pattern = arguments[1].as_string();
  // Compiling costs far more than matching.
  if (!frame.Spend(100 + 10 * pattern.size())) return frame.LimitError();
  const base::GoRegexp compiled(pattern, kMaxPatternBytes);
  if (!compiled.error().empty()) return frame.Fail(compiled.error());
  return Find(frame, compiled, arguments[0].as_string());
}

Patterns::Patterns() = default;
Patterns::~Patterns() = default;
Patterns::Patterns(Patterns&&) noexcept = default;
Patterns& Patterns::operator=(Patterns&&) noexcept = default;

const base::GoRegexp* Patterns::Compile(std::string_view pattern) {
  auto compiled = std::make_unique<base::GoRegexp>(pattern, kMaxPatternBytes);
  if (!compiled->error().empty()) return nullptr;
  compiled_.push_back(std::move(compiled));
  return compiled_.back().get();
}

}  // namespace openchoreo::cel
