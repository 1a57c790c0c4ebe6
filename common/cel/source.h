// The text being compiled and the errors found in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"

namespace openchoreo::cel {

// A range of the text, in bytes.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Collects the errors of one compilation. Not thread-safe.
class Issues {
 public:
  // `text` must outlive this.
  explicit Issues(std::string_view text) : text_(text) {}

  void Add(Range range, std::string message);

  // An error cel-go names no place of; `range` is still where it is.
  void AddWithoutPlace(Range range, std::string message);

  bool empty() const { return issues_.empty(); }

  std::size_t size() const { return issues_.size(); }

  // Drops the errors added last, down to `size`.
  void Truncate(std::size_t size) { issues_.resize(size); }

  // Where the error added last is. Call only when not empty.
  Range last() const { return issues_.back().range; }

  // All errors in source order, each as cel-go prints it ("ERROR: <input>:1:3: …", the line, a
  // caret), and the range of the first. Call only when not empty.
  base::Diagnostic ToDiagnostic() const;

 private:
  struct Issue {
    Range range;
    std::string message;
    bool placed = true;
  };

  // As many as cel-go reports before it only counts.
  static constexpr std::size_t kMaxReported = 100;

  std::string Display(const Issue& issue) const;

  std::string_view text_;
  std::vector<Issue> issues_;
  std::size_t dropped_ = 0;
};

}  // namespace openchoreo::cel
