// A 128-bit hash of a value's content, for cache look-ups inside one process. It narrows;
// JsonEquals decides (the hash is seeded per process but not cryptographic).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "common/value/value.h"

namespace openchoreo::value {

struct ContentHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  auto operator<=>(const ContentHash&) const = default;
};

struct ContentHashHasher {
  std::size_t operator()(const ContentHash& hash) const { return hash.low; }
};

// Worthless once `budget` is spent.
ContentHash HashValue(const Value& value, base::Budget& budget);

}  // namespace openchoreo::value
