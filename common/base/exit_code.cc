#include "common/base/exit_code.h"

namespace openchoreo::base {

ExitCode ExitCodeOf(ErrorCode code) {
  if (code == ErrorCode::kUsage) return kUsage;
  switch (ClassOf(code)) {
    case ErrorClass::kBug:
      return kBug;
    case ErrorClass::kTransient:
      return kUnreadable;
    default:
      return kFailed;
  }
}

}  // namespace openchoreo::base
