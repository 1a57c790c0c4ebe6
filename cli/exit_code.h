// What `openchoreo-gitops` returns to its caller.
#pragma once

#include "common/base/result.h"

namespace openchoreo::cli {

enum ExitCode : int {
  kOk = 0,
  kFailed = 1,         // a binding, object or document failed
  kUsage = 2,          // flags
  kUnreadable = 3,     // a source cannot be read at all
  kWrongDocument = 4,  // a document is wrong, so that there is no answer (render: kFailed)
  kBug = 70,
};

// For what ended a command before it had an answer.
inline ExitCode ExitCodeOf(base::ErrorCode code) {
  if (code == base::ErrorCode::kUsage) return kUsage;
  switch (base::ClassOf(code)) {
    case base::ErrorClass::kBug:
      return kBug;
    case base::ErrorClass::kTransient:
      return kUnreadable;
    default:
      return kFailed;
  }
}

}  // namespace openchoreo::cli
