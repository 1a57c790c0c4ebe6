// One YAML document as it is written: nodes with the bytes they stand in. Whoever needs a place, a
// range or an edit that leaves all else as it is, reads it here.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/yaml/event_stream.h"

namespace openchoreo::yaml {

class ByteCursor;

struct SyntaxLimits {
  // Lists and maps open at once; at one more the reading ends with kYamlLimit.
  std::size_t max_depth = 1000;
  // Of a larger document only the beginning is read; that is no error.
  std::size_t max_nodes = 1'000'000;
  // Nodes below this many lists and maps are passed over: their parents' ranges hold them.
  std::size_t keep_depth = std::numeric_limits<std::size_t>::max();
};

// The nodes of one document. Aliases stay references, so the tree is no larger than the text.
// Immutable once made.
class SyntaxTree {
 public:
  // A node, or none. Valid as long as the tree; every question may be put to none.
  class Node;

  // `text` is one document (SplitDocuments) and must outlive the tree.
  explicit SyntaxTree(std::string_view text, const SyntaxLimits& limits = {});

  SyntaxTree(SyntaxTree&&) = default;
  SyntaxTree& operator=(SyntaxTree&&) = default;

  // What ended the reading early (kYamlSyntax, kYamlLimit); the nodes before it are there.
  const std::optional<base::Error>& error() const { return error_; }

  // None, if the document is empty.
  Node root() const;

  struct Found;

  // As far as the JSON pointer leads, merge keys and aliases followed.
  Found Find(std::string_view pointer) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Record {
    EventType type = EventType::kScalar;  // kScalar, kAlias, kListStart or kMapStart
    ScalarStyle style = ScalarStyle::kPlain;
    bool flow = false;
    bool merge_key = false;
    bool resolvable = false;
    bool labelled = false;
    bool borrows_anchor = false;
    std::string_view text;  // decoded scalar
    std::string_view key;   // of a scalar that stands as a key
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t target = kNone;  // of an alias
    std::uint32_t next = kNone;    // sibling
    std::uint32_t first = kNone;   // child; a map's children are key, value, key, value …
    std::uint32_t last = kNone;
  };

  struct Open {
    std::uint32_t node;
    std::uint32_t children;
  };

  using Anchors = std::unordered_map<std::string_view, std::uint32_t>;

  void Read(const SyntaxLimits& limits);
  Record RecordOf(const Event& event, ByteCursor& bytes, const std::vector<Open>& open);
  void NoteAlias(const Event& event, const Anchors& anchors, const std::vector<Open>& open);
  void Append(std::uint32_t parent, std::uint32_t node);
  bool FindKey(std::uint32_t map, std::string_view key, std::uint32_t& name, std::uint32_t& value,
               int& budget) const;

  std::uint32_t Resolve(std::uint32_t node) const {
    return nodes_[node].type == EventType::kAlias && nodes_[node].target != kNone
               ? nodes_[node].target
               : node;
  }

  std::string_view text_;
  base::Arena arena_;
  std::vector<Record> nodes_;
  std::optional<base::Error> error_;
};

class SyntaxTree::Node {
 public:
  Node() = default;

  explicit operator bool() const { return tree_ != nullptr; }

  bool is_map() const { return tree_ && record().type == EventType::kMapStart; }

  bool is_list() const { return tree_ && record().type == EventType::kListStart; }

  bool is_scalar() const { return tree_ && record().type == EventType::kScalar; }

  bool is_alias() const { return tree_ && record().type == EventType::kAlias; }

  // A list or map in flow style.
  bool flow() const { return tree_ && record().flow; }

  ScalarStyle style() const { return tree_ ? record().style : ScalarStyle::kPlain; }

  bool is_block_scalar() const {
    return style() == ScalarStyle::kLiteral || style() == ScalarStyle::kFolded;
  }

  // A plain scalar: may be a number, a boolean, null.
  bool resolvable() const { return tree_ && record().resolvable; }

  // Carries an anchor or a tag.
  bool labelled() const { return tree_ && record().labelled; }

  // Holds, or is, an alias whose anchor stands outside of this node.
  bool borrows_anchor() const { return tree_ && record().borrows_anchor; }

  // Of a scalar, decoded.
  std::string_view text() const { return tree_ ? record().text : std::string_view(); }

  // The bytes libyaml gives it: a block scalar has its last line feed, a block collection what
  // follows it up to the next node.
  std::size_t begin() const { return tree_ ? record().begin : 0; }

  std::size_t end() const { return tree_ ? record().end : 0; }

  // The bytes of its content alone: from a block map's first key on (behind its anchor and tag), up
  // to the last byte, line feeds and comments behind it left out.
  std::size_t content_begin() const;
  std::size_t content_end() const;

  // What an alias stands for; itself for all others.
  Node Resolved() const;

  // A map's entries and a list's items, in order; nothing for other nodes.
  std::vector<std::pair<Node, Node>> Entries() const;
  std::vector<Node> Items() const;

  // The value of a map's entry whose key is written as `key`.
  Node Find(std::string_view key) const;

 private:
  friend class SyntaxTree;

  Node(const SyntaxTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  const Record& record() const { return tree_->nodes_[index_]; }

  const SyntaxTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

struct SyntaxTree::Found {
  Node node;
  Node key;            // of a map entry
  bool exact = false;  // false: `node` is the last one on the way
};

}  // namespace openchoreo::yaml
