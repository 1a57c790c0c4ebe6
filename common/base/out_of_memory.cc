#include "common/base/out_of_memory.h"

namespace openchoreo::base {

Error OutOfMemory() {
  Error error;
  error.code = ErrorCode::kLimit;
  error.message = "there is no more memory to be had";
  error.hint = "raise the memory limit of the process, or lower the number of jobs";
  return error;
}

}  // namespace openchoreo::base
