#include "common/base/arena.h"

#include <algorithm>
#include <utility>

namespace openchoreo::base {

namespace {
constexpr std::size_t kLargestBlock = 1u << 20;
}  // namespace

Arena::Arena(Arena&& other) noexcept
    : cursor_(std::exchange(other.cursor_, 1)),
      end_(std::exchange(other.end_, 0)),
      next_block_bytes_(other.next_block_bytes_),
      bytes_(std::exchange(other.bytes_, 0)),
      blocks_(std::move(other.blocks_)),
      budget_(other.budget_) {}

Arena& Arena::operator=(Arena&& other) noexcept {
  std::swap(cursor_, other.cursor_);
  std::swap(end_, other.end_);
  std::swap(next_block_bytes_, other.next_block_bytes_);
  std::swap(bytes_, other.bytes_);
  std::swap(blocks_, other.blocks_);
  std::swap(budget_, other.budget_);
  return *this;
}

void* Arena::AllocateSlow(std::size_t bytes, std::size_t align) {
  const std::size_t size = std::max(next_block_bytes_, bytes + align);
  budget().Take(size);
  next_block_bytes_ = std::min(next_block_bytes_ * 2, kLargestBlock);
  blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  bytes_ += size;
  cursor_ = reinterpret_cast<std::uintptr_t>(blocks_.back().data.get());
  end_ = cursor_ + size;
  return Allocate(bytes, align);
}

void Arena::Reset() {
  const auto size_if_kept = [](const Block& block) {
    return block.size <= kLargestBlock ? block.size : 0;
  };
  const auto largest = std::max_element(
      blocks_.begin(), blocks_.end(),
      [&](const Block& a, const Block& b) { return size_if_kept(a) < size_if_kept(b); });
  cursor_ = 1;
  end_ = 0;
  bytes_ = 0;
  if (largest == blocks_.end() || size_if_kept(*largest) == 0) {
    blocks_.clear();
    return;
  }
  std::swap(blocks_.front(), *largest);
  blocks_.resize(1);
  bytes_ = blocks_.front().size;
  budget().Take(bytes_);
  cursor_ = reinterpret_cast<std::uintptr_t>(blocks_.front().data.get());
  end_ = cursor_ + bytes_;
}

void Arena::Reset(Budget& budget) {
  budget_ = &budget;
  Reset();
}

}  // namespace openchoreo::base
