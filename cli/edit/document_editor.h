// Moves on one YAML document that keep what they do not touch. Each move edits the text and parses
// it again.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/edit/text_edit.h"
#include "common/yaml/syntax_tree.h"

namespace openchoreo::edit {

using Node = yaml::SyntaxTree::Node;
using Path = std::vector<std::string>;  // keys, or indexes of list items

class DocumentEditor {
 public:
  explicit DocumentEditor(std::string text) : text_(std::move(text)) { Parse(); }

  DocumentEditor(const DocumentEditor&) = delete;
  DocumentEditor& operator=(const DocumentEditor&) = delete;

  const std::string& text() const { return text_; }

  // False once the text no longer parses; every move is a no-op from then on.
  bool valid() const { return valid_; }

  // What stands at a path, until the next move; none if nothing does.
  Node At(const Path& path) const;

  // The source of a node.
  std::string_view Source(const Node& node) const {
    return std::string_view(text_).substr(node.content_begin(),
                                          node.content_end() - node.content_begin());
  }

  // Moves do nothing where the path does not lead to what they need. Each tells whether it changed
  // the text.

  // key: x → new_key: x
  bool Rename(const Path& path, std::string_view new_key);
  // ref: x → ref: {kind: K, name: x}
  bool ToReference(const Path& path, std::string_view kind);
  // key: {only: {…}} → new_key: {…}
  bool Unwrap(const Path& path, std::string_view new_key);
  // {…} → {<entry>, …}
  bool InsertFirst(const Path& map, const std::string& entry);
  // Takes an entry out.
  bool Remove(const Path& path);
  // key: {…} → key: {<lines>, under: {…}}; `lines` hold "key: value" each.
  bool WrapUnder(const Path& path, std::initializer_list<std::string> lines,
                 std::string_view under);
  // The scalar's source becomes `source`.
  bool ReplaceScalar(const Path& path, std::string_view source);
  // The entry, key and value, becomes whole lines (block style, ending in a line feed).
  bool ReplaceEntry(const Path& path, const std::string& lines);
  bool ApplyEdits(std::vector<TextEdit> edits);

  // Column of an entry's key; entries in flow style have none (npos).
  std::size_t ColumnOf(const Path& path) const;

 private:
  struct Found {
    Node parent;
    std::size_t index = 0;  // of the entry in its parent
    Node key, value;        // none: there is no such entry
  };

  Found FindEntry(const Path& path) const;
  void Parse();

  std::string text_;
  std::optional<yaml::SyntaxTree> tree_;  // of text_
  bool valid_ = false;
};

}  // namespace openchoreo::edit
