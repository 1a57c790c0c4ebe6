// A working copy of a value tree: nodes are copied when first changed, then changed in place.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::patch {

// Not thread-safe. References to nodes stay good until the map or list that holds them is changed.
class Document {
 public:
  Document(const value::Value& root, base::Arena& arena) : root_(root), arena_(arena) {}

  value::Value& root() { return root_; }

  // The value under `key` for changing, or nullptr. `map` must be a map of the working copy.
  value::Value* Find(value::Value& map, std::string_view key);

  // Sets or replaces; `key` is not copied.
  value::Value& Set(value::Value& map, std::string_view key, const value::Value& value);

  void Remove(value::Value& map, std::string_view key);

  // `list` must be a list of the working copy, `index` below its size.
  value::Value& Item(value::Value& list, std::size_t index);

  // `index` at most the size.
  void Insert(value::Value& list, std::size_t index, const value::Value& value);

  void Erase(value::Value& list, std::size_t index);

  // The finished tree; the document must not be used afterwards.
  value::Value Finish();

 private:
  value::Value root_;
  base::Arena& arena_;
};

}  // namespace openchoreo::patch
