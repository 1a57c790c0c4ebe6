// Go's regular expressions (package regexp) by way of RE2, with Go's words for those that are
// wrong.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace openchoreo::base {

// A compiled pattern. Immutable, thread-safe.
class GoRegexp {
 public:
  // What a pattern's program and its automaton may take, as RE2 has it.
  static constexpr std::size_t kDefaultBytes = std::size_t{8} << 20;

  // Never fails; ask error(). Follows Go in what is a pattern, except that one whose program takes
  // more than `max_bytes` is "expression too large".
  explicit GoRegexp(std::string_view pattern, std::size_t max_bytes = kDefaultBytes);
  ~GoRegexp();

  // "error parsing regexp: missing closing ): `(`", as Go's syntax.Error; "" for a good pattern.
  const std::string& error() const { return error_; }

  // Whether some part of `text` matches. Call only without an error().
  bool Matches(std::string_view text) const;

  // How many instructions the program has.
  std::size_t instructions() const;

 private:
  std::unique_ptr<const re2::RE2> compiled_;
  std::string error_;
};

}  // namespace openchoreo::base
