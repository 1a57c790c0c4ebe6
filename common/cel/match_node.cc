#include "common/cel/match_node.h"

#include "common/base/go_regexp.h"
#include "common/cel/declaration.h"
#include "common/cel/planner.h"

namespace openchoreo::cel {

using value::Value;

namespace {

using base::GoRegexp;

Value Find(Frame& frame, const base::GoRegexp& pattern, std::string_view text) {
  if (!frame.Spend(pattern.MatchSteps(text.size()))) return frame.LimitError();
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
  // Compiling costs far more than matching: first what can be known before, then what classes of
  // characters have added.
  const std::size_t estimate = GoRegexp::EstimateInstructions(pattern) + pattern.size() / 4;
  if (!frame.Spend(GoRegexp::CompileSteps(estimate))) return frame.LimitError();
  const GoRegexp compiled(pattern, base::kLimits.max_cel_pattern_bytes);
  if (!compiled.error().empty()) return frame.Fail(compiled.error());
  if (compiled.instructions() > estimate &&
      !frame.Spend(GoRegexp::CompileSteps(compiled.instructions() - estimate))) {
    return frame.LimitError();
  }
  return Find(frame, compiled, arguments[0].as_string());
}

Patterns::Patterns() = default;
Patterns::~Patterns() = default;
Patterns::Patterns(Patterns&&) noexcept = default;
Patterns& Patterns::operator=(Patterns&&) noexcept = default;

const GoRegexp* Patterns::Compile(std::string_view pattern) {
  auto compiled = std::make_unique<GoRegexp>(pattern, base::kLimits.max_cel_pattern_bytes);
  if (!compiled->error().empty()) return nullptr;
  bytes_ += compiled->bytes();
  steps_ += GoRegexp::CompileSteps(compiled->instructions());
  compiled_.push_back(std::move(compiled));
  return compiled_.back().get();
}

}  // namespace openchoreo::cel
