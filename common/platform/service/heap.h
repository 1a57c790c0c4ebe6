// The C library's heap in a process whose pieces of work come and go on many threads. Where
// jemalloc stands in for it (oc_allocator), it shares heaps and gives them back by itself.
#pragma once

#include <malloc.h>

#include <chrono>

namespace openchoreo::service {

// The threads share two heaps more than `busy` of them work at once: one heap for each of the many
// there are would keep what one piece of work needed a dozen times, with fewer those that work wait
// for those that talk. Before the first thread starts.
inline void ShareHeaps(unsigned busy) { mallopt(M_ARENA_MAX, static_cast<int>(busy + 2)); }

// Stands for one piece of work. When that ends and took long, it took much memory, in heaps of many
// threads, which keep what they were given: where that is more than a half of what is in use, it
// goes back to the system, where others need it. Less is left for the next piece of work.
class HeapGivenBack {
 public:
  HeapGivenBack() = default;
  HeapGivenBack(const HeapGivenBack&) = delete;
  HeapGivenBack& operator=(const HeapGivenBack&) = delete;

  ~HeapGivenBack() {
    if (Clock::now() - begin_ <= std::chrono::milliseconds(200)) return;
    const struct mallinfo2 heap = mallinfo2();
    if (heap.fordblks > heap.uordblks / 2) malloc_trim(0);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Clock::time_point begin_ = Clock::now();
};

}  // namespace openchoreo::service
