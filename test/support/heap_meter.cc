#include "test/support/heap_meter.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace openchoreo {

namespace {

std::atomic<std::size_t> g_held{0};
std::atomic<std::size_t> g_peak{0};

void* Counted(void* block) {
  if (!block) throw std::bad_alloc();
  const std::size_t held = g_held += malloc_usable_size(block);
  std::size_t peak = g_peak;
  while (held > peak && !g_peak.compare_exchange_weak(peak, held)) {
  }
  return block;
}

void Uncounted(void* block) {
  if (block) g_held -= malloc_usable_size(block);
  std::free(block);
}

}  // namespace

std::size_t HeapMeter::held() { return g_held; }

std::size_t HeapMeter::peak() { return g_peak; }

void HeapMeter::Restart() { g_peak = g_held.load(); }

}  // namespace openchoreo

void* operator new(std::size_t size) { return openchoreo::Counted(std::malloc(size ? size : 1)); }

void* operator new[](std::size_t size) { return ::operator new(size); }

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* const block = std::malloc(size ? size : 1);
  return block ? openchoreo::Counted(block) : nullptr;
}

void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return ::operator new(size, nothrow);
}

void* operator new(std::size_t size, std::align_val_t align) {
  const auto alignment = static_cast<std::size_t>(align);
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  return openchoreo::Counted(std::aligned_alloc(alignment, rounded ? rounded : alignment));
}

void operator delete(void* block) noexcept { openchoreo::Uncounted(block); }

void operator delete[](void* block) noexcept { openchoreo::Uncounted(block); }

void operator delete(void* block, std::size_t) noexcept { openchoreo::Uncounted(block); }

void operator delete[](void* block, std::size_t) noexcept { openchoreo::Uncounted(block); }

void operator delete(void* block, std::align_val_t) noexcept { openchoreo::Uncounted(block); }

void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  openchoreo::Uncounted(block);
}
