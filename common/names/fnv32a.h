// FNV-1a, 32 bits. Names things as OpenChoreo does; never decides that two things are equal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openchoreo::names {

inline constexpr std::uint32_t kFnv32aSeed = 2166136261u;

// Continues from `hash`, so pieces can be fed one by one.
constexpr std::uint32_t Fnv32a(std::string_view text, std::uint32_t hash = kFnv32aSeed) {
  for (char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 16777619u;
  }
  return hash;
}

// Eight lower-case hexadecimal digits.
std::string Hex8(std::uint32_t hash);

// Kubernetes' rand.SafeEncodeString of the decimal digits of `hash`
// (k8s.io/apimachinery pkg/util/rand; OpenChoreo pkg/hash).
std::string SafeEncode(std::uint32_t hash);

}  // namespace openchoreo::names
