// The patterns and rules of the CRDs as texts, by number.
#pragma once

#include <span>
#include <string_view>

namespace openchoreo::admission {

struct RuleText {
  std::string_view expression;  // CEL, on `self`
  std::string_view message;     // where it is false
};

std::span<const std::string_view> PatternTexts();
std::span<const RuleText> RuleTexts();

}  // namespace openchoreo::admission
