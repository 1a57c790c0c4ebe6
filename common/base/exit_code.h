// What programs that run once return to their caller.
#pragma once

#include "common/base/error_code.h"

namespace openchoreo::base {

enum ExitCode : int {
  kOk = 0,
  kFailed = 1,         // a binding, object or document failed
  kUsage = 2,          // flags
  kUnreadable = 3,     // a source cannot be read at all
  kWrongDocument = 4,  // a document is wrong, so that there is no answer (render: kFailed)
  kBug = 70,
};

// For what ended a command before it had an answer, by the class of its error.
ExitCode ExitCodeOf(ErrorCode code);

}  // namespace openchoreo::base
