// A regular expression of a schema, compiled once; with Go's words where it is wrong.
#pragma once

#include <string>
#include <string_view>

#include "common/base/go_regexp.h"

namespace openchoreo::schema {

// Immutable, thread-safe.
class Pattern {
 public:
  explicit Pattern(std::string_view text);

  // Unanchored. False for a pattern that does not compile.
  bool Matches(std::string_view text) const;

  // What upstream names after "should match": the text, and why it is invalid if it is.
  const std::string& description() const { return description_; }

  // What matching a text of so many bytes costs.
  std::uint64_t MatchSteps(std::size_t bytes) const {
    return compiled_.error().empty() ? compiled_.MatchSteps(bytes) : 1;
  }

  // What it may take from the heap.
  std::size_t bytes() const { return compiled_.bytes() + description_.size(); }

  // What compiling `text` costs, known before.
  static std::uint64_t CompileSteps(std::string_view text);

 private:
  base::GoRegexp compiled_;
  std::string description_;
};

}  // namespace openchoreo::schema
