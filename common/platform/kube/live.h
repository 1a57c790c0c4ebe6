// An object of the API server as it was read: a value with the memory it lives in.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "common/base/arena.h"
#include "common/platform/kube/resource.h"
#include "common/value/value.h"

namespace openchoreo::kube {

// Immutable; copies share it; thread-safe. Empty by default.
class Live {
 public:
  Live() = default;

  // `object` lives in `arena`.
  static Live Own(std::shared_ptr<const base::Arena> arena, value::Value object);
  // A copy in one piece of memory that is just large enough, for what is kept for long.
  static Live Copy(const value::Value& object);

  explicit operator bool() const { return owner_ != nullptr; }

  const value::Value& object() const { return object_; }

  std::string_view name() const { return object_.Get("metadata", "name").string_or_empty(); }

  std::string_view ns() const { return object_.Get("metadata", "namespace").string_or_empty(); }

  std::string_view uid() const { return object_.Get("metadata", "uid").string_or_empty(); }

  // Opaque; only ever sent back, or compared for equality.
  std::string_view resource_version() const {
    return object_.Get("metadata", "resourceVersion").string_or_empty();
  }

  // 0 where the kind has none.
  std::int64_t generation() const;

  bool deleting() const { return object_.Get("metadata").Find("deletionTimestamp") != nullptr; }

  Key key() const { return {std::string(ns()), std::string(name()), ""}; }

 private:
  std::shared_ptr<const void> owner_;
  value::Value object_;
};

}  // namespace openchoreo::kube
