// The way to a node while a resource is walked: a list of steps on the caller's stack, turned into
// text only when a message needs it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace openchoreo::admission {

class FieldPath {
 public:
  // The document itself.
  FieldPath() = default;

  // `parent` and `key` must outlive the path.
  static FieldPath Field(const FieldPath& parent, std::string_view key) {
    return {&parent, Step::kField, key, 0};
  }

  // An entry of a free map: ".key" in schema errors, "[key]" in the others.
  static FieldPath Key(const FieldPath& parent, std::string_view key) {
    return {&parent, Step::kKey, key, 0};
  }

  static FieldPath Index(const FieldPath& parent, std::size_t index) {
    return {&parent, Step::kIndex, {}, index};
  }

  // "spec.container.env[0].key"
  std::string Dotted() const;

  // The same with map keys in brackets: "spec.endpoints[http].visibility[1]".
  std::string Bracketed() const;

  // "/spec/container/env/0/key"
  std::string Pointer() const;

 private:
  enum class Step : unsigned char { kRoot, kField, kKey, kIndex };

  FieldPath(const FieldPath* parent, Step step, std::string_view key, std::size_t index)
      : parent_(parent), step_(step), key_(key), index_(index) {}

  void Append(std::string& out, bool brackets) const;

  const FieldPath* parent_ = nullptr;
  Step step_ = Step::kRoot;
  std::string_view key_;
  std::size_t index_ = 0;
};

}  // namespace openchoreo::admission
