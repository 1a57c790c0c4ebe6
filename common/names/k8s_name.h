// Generated Kubernetes names. Follows openchoreo internal/dataplane/kubernetes/name.go.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace openchoreo::names {

inline constexpr std::size_t kMaxResourceName = 253;
inline constexpr std::size_t kMaxLabelName = 63;

// Each part lower-cased, other runes than letters, numbers, '-' and '.' become '-', ends trimmed;
// cut to an equal share of `limit` bytes; joined by '-', then '-' and 8 hex digits of the SHA-256
// of the original parts joined by '-' (and "-extra" when `extra` is not empty). `parts` must not be
// empty.
std::string GenerateK8sName(std::size_t limit, std::span<const std::string_view> parts,
                            std::string_view extra = {});

// The same without heap memory, as long as the parts are ASCII and fewer than the limit has bytes.
class K8sName {
 public:
  K8sName(std::size_t limit, std::span<const std::string_view> parts, std::string_view extra = {});

  // Valid as long as this object.
  std::string_view text() const {
    return other_.empty() ? std::string_view(ascii_.data(), size_) : other_;
  }

 private:
  // All but the hash. False where the parts are not ASCII or too many.
  bool WriteAscii(std::size_t limit, std::span<const std::string_view> parts);

  std::array<char, kMaxResourceName> ascii_;
  std::size_t size_ = 0;
  std::string other_;
};

inline std::string GenerateK8sName(std::size_t limit, std::initializer_list<std::string_view> parts,
                                   std::string_view extra = {}) {
  return GenerateK8sName(limit, std::span<const std::string_view>(parts.begin(), parts.size()),
                         extra);
}

}  // namespace openchoreo::names
