// Bump allocator for values of one document, one render or one evaluation; freed at once.
// Not thread-safe. Objects put here must be trivially destructible.
//
// Carries the budget of the work its values are made for: what it takes from the system is charged,
// and walks that make values spend their steps there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/base/budget.h"

namespace openchoreo::base {

class Arena {
 public:
  // With a budget of its own that has no bounds.
  explicit Arena(std::size_t first_block_bytes = 4096) : next_block_bytes_(first_block_bytes) {}

  // `budget` outlives the arena, which gives back to it what it took.
  explicit Arena(Budget& budget, std::size_t first_block_bytes = 4096)
      : next_block_bytes_(first_block_bytes), budget_(&budget) {}

  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;

  ~Arena() {
    if (budget_) budget_->Give(bytes_);
  }

  Budget& budget() { return budget_ ? *budget_ : own_budget_; }

  // From now on for no piece of work: what it took stays charged.
  void LeaveBudget() { budget_ = nullptr; }

  // Always gives room, also beyond the budget, which is spent then: ask it before sizes that grow
  // with the input.
  void* Allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    std::uintptr_t p = (cursor_ + (align - 1)) & ~(static_cast<std::uintptr_t>(align) - 1);
    if (p + bytes <= end_) [[likely]] {
      cursor_ = p + bytes;
      return reinterpret_cast<void*>(p);  // NOLINT(performance-no-int-to-ptr): aligned by hand
    }
    return AllocateSlow(bytes, align);
  }

  template <typename T>
  T* AllocateArray(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(Allocate(sizeof(T) * count, alignof(T)));
  }

  // Nothing of a long text that is beyond the budget.
  std::string_view CopyString(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > kLongText && !budget().HasRoom(text.size())) [[unlikely]]
      return {};
    char* p = static_cast<char*>(Allocate(text.size(), 1));
    std::memcpy(p, text.data(), text.size());
    return {p, text.size()};
  }

  // Forgets everything allocated; keeps the largest block of ordinary size for reuse, and charges
  // it again.
  void Reset();

  // Reset, and from now on for another piece of work.
  void Reset(Budget& budget);

  // Bytes taken from the system.
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kLongText = 4096;

  void* AllocateSlow(std::size_t bytes, std::size_t align);

  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };

  std::uintptr_t cursor_ = 1;  // beyond the end: even the first 0 bytes get a place
  std::uintptr_t end_ = 0;
  std::size_t next_block_bytes_;
  std::size_t bytes_ = 0;
  std::vector<Block> blocks_;
  Budget* budget_ = nullptr;
  Budget own_budget_;
};

}  // namespace openchoreo::base
