// A patch path against a document → the places it means; filters and [*] fan out.
// Follows openchoreo internal/patch/expand_paths.go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::patch {

// One step of a place. Text that reads as an integer is always an index, as upstream.
struct Step {
  enum class Kind : std::uint8_t { kKey, kIndex, kAppend };

  Kind kind = Kind::kKey;
  std::string_view key;
  std::int64_t index = 0;

  bool is_position() const { return kind != Kind::kKey; }

  // As upstream's pointer text has it.
  std::string Text() const;
};

class Places {
 public:
  explicit Places(base::Budget& budget) : held_(budget) {}

  std::size_t size() const { return leaves_.size(); }

  // Writes the steps of place `i` to `steps`.
  void Get(std::size_t i, std::vector<Step>& steps) const;

 private:
  friend class PathExpander;

  struct Node {
    std::size_t parent;  // index in nodes_, the root is node 0
    Step step;
    value::Value value;  // null where nothing is
  };

  void Trace(std::size_t node, std::vector<Step>& steps) const;

  base::Charge held_;  // what the vectors take
  std::vector<Node> nodes_;
  std::vector<std::size_t> leaves_;  // the places, indexes in nodes_
};

// Keys of the steps point into `path` or `arena`. A path that names nothing ("" or "/") gives one
// place without steps. Errors: kPatch; kLimit once the budget of `arena` is spent.
base::Result<Places> ExpandPath(const value::Value& root, std::string_view path,
                                base::Arena& arena);

// Whether upstream takes no match as an error: the text holds [?(…)] or [*].
bool HasFilterOrWildcard(std::string_view path);

}  // namespace openchoreo::patch
