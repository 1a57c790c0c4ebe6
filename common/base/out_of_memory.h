// std::bad_alloc as an error value, at the borders where it must end.
#pragma once

#include <new>
#include <utility>

#include "common/base/result.h"

namespace openchoreo::base {

// kLimit: the process can have no more memory. Whoever made the call may ask for less; other calls
// go on.
Error OutOfMemory();

// What `work()` returns, or OutOfMemory() where it ran out of memory. `work` returns a Result.
template <typename Work>
auto CatchOutOfMemory(Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    return Fail(OutOfMemory());
  }
}

}  // namespace openchoreo::base
