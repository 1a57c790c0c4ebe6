#include "common/base/fan_out.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "common/base/out_of_memory.h"

namespace openchoreo::base {

namespace {

// A thread takes its stack and, with its first allocation, a heap of 64 MiB in address space. Where
// that is limited, half of what is left is for the work itself.
std::size_t ThreadsThatFit(std::size_t wanted) {
  constexpr std::size_t kEach = std::size_t{64 + 8} << 20;
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const std::size_t used = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t left = limit.rlim_cur > used ? limit.rlim_cur - used : 0;
  return std::min(wanted, left / 2 / kEach);
}

// The first thing that went wrong on any thread. Thread-safe.
class FirstFailure {
 public:
  void Note(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
  }

  Result<void> AsResult() const {
    if (!failure_) return {};
    try {
      std::rethrow_exception(failure_);
    } catch (const std::bad_alloc&) {
      return Fail(OutOfMemory());
    } catch (const std::exception& error) {
      return Fail(ErrorCode::kInternal, error.what());
    }
  }

 private:
  std::mutex mutex_;
  std::exception_ptr failure_;
};

// Starts up to `wanted` threads; those there are.
void Start(std::size_t wanted, const std::function<void()>& run,
           std::vector<std::thread>& threads) {
  try {
    wanted = ThreadsThatFit(wanted);
    threads.reserve(wanted);
    while (threads.size() < wanted) threads.emplace_back(run);
  } catch (const std::system_error&) {
    // No more threads to be had: those there are do the work.
  } catch (const std::bad_alloc&) {
    // The same.
  }
}

}  // namespace

Result<void> FanOut(unsigned jobs, const std::function<void()>& work) {
  FirstFailure failure;
  const auto run = [&]() noexcept {
    try {
      work();
    } catch (...) {
      failure.Note(std::current_exception());
    }
  };
  std::vector<std::thread> threads;
  if (jobs > 1) Start(std::min(jobs, kMaxJobs) - 1, run, threads);
  run();
  for (std::thread& thread : threads) thread.join();
  return failure.AsResult();
}

}  // namespace openchoreo::base
