// Which bindings are a replica's, where several share the work.
#pragma once

#include <cstdint>
#include <string_view>

namespace openchoreo::mapper {

// All bindings of one namespace are one replica's.
struct Shard {
  unsigned index = 0, count = 1;

  bool Has(std::string_view ns) const {
    // FNV-1a: the same in every version and on every machine.
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : ns) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash % count == index;
  }
};

}  // namespace openchoreo::mapper
