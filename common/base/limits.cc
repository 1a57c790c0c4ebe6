#include "common/base/limits.h"

namespace openchoreo::base {

std::span<const LimitInfo> AllLimits() {
#define OC_LIMIT_INFO(type, name, value, unit, flag, text) {#name, kLimits.name, unit, flag, text},
  static constexpr LimitInfo kAll[] = {OC_LIMITS(OC_LIMIT_INFO)};
#undef OC_LIMIT_INFO
  return kAll;
}

}  // namespace openchoreo::base
