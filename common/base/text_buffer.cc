#include "common/base/text_buffer.h"

#include <algorithm>

namespace openchoreo::base {

std::string& TextBuffer::Flush() {
  if (HasRoom(used_)) out_.append(block_, used_);
  used_ = 0;
  return out_;
}

void TextBuffer::PutLarge(std::string_view text) {
  Flush();
  if (text.size() <= sizeof block_) return Put(text);
  if (HasRoom(text.size())) out_.append(text);
}

void TextBuffer::PutManyBlanks(std::size_t count) {
  while (count > 0) {
    if (used_ == sizeof block_) Flush();
    const std::size_t blanks = std::min(count, sizeof block_ - used_);
    std::memset(block_ + used_, ' ', blanks);
    used_ += blanks;
    count -= blanks;
  }
}

}  // namespace openchoreo::base
