#include "common/schema/pattern.h"

namespace openchoreo::schema {

Pattern::Pattern(std::string_view text) : compiled_(text), description_(text) {
  if (!compiled_.error().empty()) {
    description_ += ", but pattern is invalid: " + compiled_.error();
  }
}

std::uint64_t Pattern::CompileSteps(std::string_view text) {
  return base::GoRegexp::CompileSteps(base::GoRegexp::EstimateInstructions(text) + text.size() / 4);
}

bool Pattern::Matches(std::string_view text) const {
  return compiled_.error().empty() && compiled_.Matches(text);
}

}  // namespace openchoreo::schema
