#include "common/cel/frame.h"

namespace openchoreo::cel {

bool Frame::SpendSlow(std::uint64_t steps) {
  if (exceeded()) return false;
  const std::uint64_t spent = taken_ - slice_ + steps;  // with these
  if (spent > limits_->max_cel_steps) {
    slice_ = 0;
    return Exceed(Limit::kSteps);
  }
  if (!budget_->Spend(spent - settled_)) {
    taken_ -= slice_;
    settled_ = taken_;
    slice_ = 0;
    return Exceed(Limit::kBudget);
  }
  settled_ = spent;
  slice_ = std::min(limits_->max_cel_steps - spent, base::Budget::kSlice);
  taken_ = spent + slice_;
  return true;
}

base::Error Frame::ErrorOfLimit() const {
  if (limit_ == Limit::kBudget) return base::ErrorOf(*budget_);
  base::Error error;
  error.code = base::ErrorCode::kLimit;
  error.message = limit_ == Limit::kSteps
                      ? "expression takes too many steps: more than " +
                            std::to_string(limits_->max_cel_steps) + " (max_cel_steps)"
                      : "expression takes too much memory: more than " +
                            std::to_string(limits_->max_cel_bytes) + " bytes (max_cel_bytes)";
  return error;
}

}  // namespace openchoreo::cel
