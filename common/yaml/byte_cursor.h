// libyaml counts code points; texts are bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "common/base/utf8.h"
#include "common/yaml/event_stream.h"

namespace openchoreo::yaml {

// Code points → bytes, for marks that mostly ascend: it goes on from the last one. The text must
// outlive it.
class ByteCursor {
 public:
  ByteCursor() = default;

  explicit ByteCursor(std::string_view text) : text_(text) {}

  std::size_t At(std::size_t index) {
    if (!asked_) {
      asked_ = true;
      ascii_ = base::IsAscii(text_);
    }
    if (ascii_) return std::min(index, text_.size());
    if (index < index_) index_ = byte_ = 0;
    byte_ += ByteOfCodePoint(text_.substr(byte_), index - index_);
    index_ = index;
    return byte_;
  }

 private:
  std::string_view text_;
  bool asked_ = false, ascii_ = false;
  std::size_t index_ = 0;
  std::size_t byte_ = 0;
};

}  // namespace openchoreo::yaml
