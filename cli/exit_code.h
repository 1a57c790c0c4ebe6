// What `openchoreo-gitops` returns to its caller.
#pragma once

namespace openchoreo::cli {

enum ExitCode : int {
  kOk = 0,
  kFailed = 1,      // a binding, object or document failed
  kUsage = 2,       // flags
  kUnreadable = 3,  // a source cannot be read at all
  kBug = 70,
};

}  // namespace openchoreo::cli
