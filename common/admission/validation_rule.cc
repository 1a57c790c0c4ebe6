#include "common/admission/validation_rule.h"

#include <memory>
#include <mutex>

#include "common/admission/shape_texts.h"
#include "common/cel/program.h"

namespace openchoreo::admission {
namespace {

const cel::Program& Compiled(ValidationRule rule) {
  struct Slot {
    std::once_flag once;
    std::shared_ptr<const cel::Program> program;
  };

  static const cel::Environment environment({"self"});
  static const std::unique_ptr<Slot[]> slots(new Slot[RuleTexts().size()]);
  Slot& slot = slots[rule];
  std::call_once(slot.once, [&] {
    auto program = cel::Compile(RuleTexts()[rule].expression, environment);
    OC_CHECK(program);
    slot.program = *std::move(program);
  });
  return *slot.program;
}

}  // namespace

std::string_view MessageOf(ValidationRule rule) { return RuleTexts()[rule].message; }

std::string_view ExpressionOf(ValidationRule rule) { return RuleTexts()[rule].expression; }

std::string BrokenRule(ValidationRule rule, const value::Value& self, base::Arena& scratch) {
  static const base::RenderLimits limits;
  scratch.Reset();
  const auto result = Compiled(rule).Evaluate({&self, 1}, scratch, limits);
  if (!result) {
    return result.error().message + " evaluating rule: " + std::string(MessageOf(rule));
  }
  return result->is_bool() && result->as_bool() ? "" : std::string(MessageOf(rule));
}

}  // namespace openchoreo::admission
