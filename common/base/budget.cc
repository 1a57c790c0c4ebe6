#include "common/base/budget.h"

#include <algorithm>
#include <string>

#include "common/base/diagnostic.h"

namespace openchoreo::base {

bool Budget::SpendSlow(std::uint64_t steps) {
  if (spent() || Cancelled()) return false;
  if (steps > slice_ && steps - slice_ > rest_) return Exceed(Cause::kSteps);
  const std::uint64_t left = slice_ + rest_ - steps;
  slice_ = std::min(left, kSlice);
  rest_ = left - slice_;
  return true;
}

Diagnostic ErrorOf(const Budget& budget) {
  Diagnostic error;
  error.code = ErrorCode::kLimit;
  const bool binding = budget.of() == Budget::Of::kBinding;
  const std::string subject = binding ? "rendering" : "compiling the definition";
  const std::string limit = binding ? " (max_binding_" : " (max_definition_";
  switch (budget.cause()) {
    case Budget::Cause::kCancelled:
      error.code = ErrorCode::kCancelled;
      error.message = "the work was cancelled";
      break;
    case Budget::Cause::kMemory:
      error.message = subject + " takes more memory than " + std::to_string(budget.all_bytes()) +
                      " bytes" + limit + "bytes)";
      break;
    case Budget::Cause::kText:
      error.message = "the binding's objects take more than " +
                      std::to_string(budget.all_text_bytes()) + " bytes (max_output_bytes)";
      break;
    case Budget::Cause::kDepth:
      error.message = "a value is nested deeper than " + std::to_string(kLimits.max_value_depth) +
                      " levels (max_value_depth)";
      break;
    default:
      error.message = subject + " takes more than " + std::to_string(budget.all_steps()) +
                      " steps" + limit + "steps)";
  }
  return error;
}

}  // namespace openchoreo::base
