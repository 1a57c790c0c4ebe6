#include "common/admission/shape_texts.h"

namespace openchoreo::admission {
namespace {

#include "common/admission/shape_texts.inc"

}  // namespace

std::span<const std::string_view> PatternTexts() { return kPatternTexts; }

std::span<const RuleText> RuleTexts() { return kRuleTexts; }

}  // namespace openchoreo::admission
