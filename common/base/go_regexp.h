// Go's regular expressions (package regexp) by way of RE2, with Go's words for those that are
// wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/limits.h"

namespace re2 {
class RE2;
}

namespace openchoreo::base {

// A compiled pattern. Immutable, thread-safe.
class GoRegexp {
 public:
  // Never fails; ask error(). Follows Go in what is a pattern, except that one whose program and
  // automaton take more than `max_bytes`, as RE2 has it, is "expression too large".
  explicit GoRegexp(std::string_view pattern,
                    std::size_t max_bytes = kLimits.max_schema_pattern_bytes);
  ~GoRegexp();

  // "error parsing regexp: missing closing ): `(`", as Go's syntax.Error; "" for a good pattern.
  const std::string& error() const { return error_; }

  // Whether some part of `text` matches. Call only without an error().
  bool Matches(std::string_view text) const;

  // How many instructions the program has.
  std::size_t instructions() const;

  // What the program and its automaton may take from the heap.
  std::size_t bytes() const { return bytes_; }

  // About how many instructions `pattern` compiles to, repetitions written out: what compiling
  // costs, known before. Classes of characters beyond ASCII can take more.
  static std::size_t EstimateInstructions(std::string_view pattern);

  // Steps for compiling a pattern of `instructions`, and for matching a text of `bytes` with it:
  // where the automaton grows too large each byte costs as many as the pattern has instructions.
  static std::uint64_t CompileSteps(std::size_t instructions) { return 100 + 20 * instructions; }

  std::uint64_t MatchSteps(std::size_t bytes) const {
    return bytes * (16 + instructions()) / 64 + 1;
  }

 private:
  std::unique_ptr<const re2::RE2> compiled_;
  std::string error_;
  std::size_t bytes_ = 0;
};

}  // namespace openchoreo::base
