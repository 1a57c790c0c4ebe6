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

 private:
  base::GoRegexp compiled_;
  std::string description_;
};

}  // namespace openchoreo::schema
