// Bump allocator for values of one document, one render or one evaluation; freed at once.
// Not thread-safe. Objects put here must be trivially destructible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace openchoreo::base {

class Arena {
 public:
  explicit Arena(std::size_t first_block_bytes = 4096) : next_block_bytes_(first_block_bytes) {}

  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  void* Allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    std::uintptr_t p = (cursor_ + (align - 1)) & ~(static_cast<std::uintptr_t>(align) - 1);
    if (p + bytes <= end_) [[likely]] {
      cursor_ = p + bytes;
      return reinterpret_cast<void*>(p);
    }
    return AllocateSlow(bytes, align);
  }

  template <typename T>
  T* AllocateArray(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(Allocate(sizeof(T) * count, alignof(T)));
  }

  std::string_view CopyString(std::string_view text) {
    if (text.empty()) return {};
    char* p = static_cast<char*>(Allocate(text.size(), 1));
    std::memcpy(p, text.data(), text.size());
    return {p, text.size()};
  }

  // Forgets everything allocated; keeps the largest block for reuse.
  void Reset();

  // Bytes taken from the system.
  std::size_t bytes() const { return bytes_; }

 private:
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
};

}  // namespace openchoreo::base
