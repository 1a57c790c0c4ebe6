// Appends to a string by way of a small block of its own, without a look at the string for every
// piece.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "common/base/budget.h"
#include "common/base/byte_words.h"

namespace openchoreo::base {

// What was put is in the string after Flush, which the destructor calls. Once the string is larger
// than the budget allows, the budget is spent and nothing more is put in. Not thread-safe.
class TextBuffer {
 public:
  TextBuffer(std::string& out, Budget& budget) : out_(out), budget_(budget) {}

  ~TextBuffer() { Flush(); }

  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  void Put(char c) {
    if (used_ == sizeof block_) Flush();
    block_[used_++] = c;
  }

  void Put(std::string_view text) {
    if (text.size() > sizeof block_ - used_) [[unlikely]]
      return PutLarge(text);
    CopyText(block_ + used_, text);
    used_ += text.size();
  }

  void PutInt(std::int64_t number) {
    constexpr std::size_t kLongest = 20;
    if (sizeof block_ - used_ < kLongest) Flush();
    const auto written = std::to_chars(block_ + used_, block_ + sizeof block_, number);
    used_ = static_cast<std::size_t>(written.ptr - block_);
  }

  void PutBlanks(std::size_t count) {
    if (count > kBlanks || sizeof block_ - used_ < kBlanks) [[unlikely]]
      return PutManyBlanks(count);
    std::memset(block_ + used_, ' ', kBlanks);  // of a fixed size: two stores
    used_ += count;
  }

  // The string itself, everything put so far in it.
  std::string& Flush();

 private:
  static constexpr std::size_t kBlanks = 32;

  // What does not fit beside what is there.
  void PutLarge(std::string_view text);
  void PutManyBlanks(std::size_t count);

  // Whether the string may take so many bytes more.
  bool HasRoom(std::size_t bytes) { return budget_.HasRoomForText(out_, bytes); }

  std::string& out_;
  Budget& budget_;
  std::size_t used_ = 0;
  char block_[4096];
};

}  // namespace openchoreo::base
