// One piece of work on several threads, as many as there are to be had.
//
// A thread that cannot be started (an address-space or process limit) is done without: the calling
// thread works in any case. What a thread throws ends at this border.
#pragma once

#include <functional>

#include "common/base/result.h"

namespace openchoreo::base {

// More than this many threads never help; larger numbers of jobs are cut down to it.
inline constexpr unsigned kMaxJobs = 256;

// Calls `work` on the calling thread and on up to `jobs - 1` others, and waits for all of them.
// `work` takes what there is to do from a queue of its caller's until that is empty, so one call of
// it could do everything. 0 jobs are one.
// Errors: kLimit where a thread ran out of memory, kInternal where it threw anything else; what
// that thread had taken from the queue is then not done.
Result<void> FanOut(unsigned jobs, const std::function<void()>& work);

}  // namespace openchoreo::base
