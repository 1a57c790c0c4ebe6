#include "common/base/arena.h"

#include <algorithm>

namespace openchoreo::base {

namespace {
constexpr std::size_t kLargestBlock = 1u << 20;
}  // namespace

void* Arena::AllocateSlow(std::size_t bytes, std::size_t align) {
  const std::size_t size = std::max(next_block_bytes_, bytes + align);
  next_block_bytes_ = std::min(next_block_bytes_ * 2, kLargestBlock);
  blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  bytes_ += size;
  cursor_ = reinterpret_cast<std::uintptr_t>(blocks_.back().data.get());
  end_ = cursor_ + size;
  return Allocate(bytes, align);
}

void Arena::Reset() {
  if (blocks_.empty()) return;
  if (blocks_.size() > 1) {
    auto largest = std::max_element(blocks_.begin(), blocks_.end(),
                                    [](const Block& a, const Block& b) { return a.size < b.size; });
    Block kept = std::move(*largest);
    blocks_.clear();
    blocks_.push_back(std::move(kept));
    bytes_ = blocks_.back().size;
  }
  cursor_ = reinterpret_cast<std::uintptr_t>(blocks_.back().data.get());
  end_ = cursor_ + blocks_.back().size;
}

}  // namespace openchoreo::base
