#include "common/yaml/syntax_tree.h"

#include <algorithm>

#include "common/base/json_pointer.h"
#include "common/yaml/byte_cursor.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

SyntaxTree::SyntaxTree(std::string_view text, const SyntaxLimits& limits) : text_(text) {
  Read(limits);
}

SyntaxTree::Node SyntaxTree::root() const { return nodes_.empty() ? Node() : Node(this, 0); }

void SyntaxTree::Append(std::uint32_t parent, std::uint32_t node) {
  Record& into = nodes_[parent];
  if (into.first == kNone) {
    into.first = node;
  } else {
    nodes_[into.last].next = node;
  }
  into.last = node;
}

SyntaxTree::Record SyntaxTree::RecordOf(const Event& event, ByteCursor& bytes,
                                        const std::vector<Open>& open) {
  Record node;
  node.type = event.type;
  node.style = event.style;
  node.flow = event.flow;
  node.resolvable = event.resolvable;
  node.labelled = !event.anchor.empty() || !event.tag.empty();
  node.begin = static_cast<std::uint32_t>(bytes.At(event.begin));
  node.end = static_cast<std::uint32_t>(bytes.At(event.end));
  if (event.type != EventType::kScalar) return node;
  node.text = arena_.CopyString(event.text);
  if (!open.empty() && nodes_[open.back().node].type == EventType::kMapStart &&
      open.back().children % 2 == 0) {
    const bool plain = event.style == ScalarStyle::kPlain && event.resolvable && event.tag.empty();
    node.merge_key = plain && node.text == "<<";
    node.key = plain ? KeyText(ResolvePlain(node.text), arena_).value_or(node.text) : node.text;
  }
  return node;
}

// Every open node that began behind the anchor borrows it.
void SyntaxTree::NoteAlias(const Event& event, const Anchors& anchors,
                           const std::vector<Open>& open) {
  const auto anchor = anchors.find(event.text);
  if (anchor == anchors.end()) return;
  for (std::size_t i = open.size(); i > 0 && open[i - 1].node > anchor->second; --i)
    nodes_[open[i - 1].node].borrows_anchor = true;
}

void SyntaxTree::Read(const SyntaxLimits& limits) {
  EventStream stream(text_);
  ByteCursor bytes(text_);
  std::vector<Open> open;
  std::size_t passed_over = 0;  // lists and maps open below the last one of `open`
  Anchors anchors;              // the latest node of a name, or the last one kept around it
  for (;;) {
    const Event& event = stream.Next();
    if (event.type == EventType::kEnd || nodes_.size() > limits.max_nodes) return;
    if (event.type == EventType::kError) {
      StreamError failure = stream.error();
      error_.emplace();
      error_->code = failure.limit ? base::ErrorCode::kYamlLimit : base::ErrorCode::kYamlSyntax;
      error_->message = std::move(failure.message);
      return;
    }
    if (event.type == EventType::kListEnd || event.type == EventType::kMapEnd) {
      if (passed_over > 0) {
        --passed_over;
        continue;
      }
      nodes_[open.back().node].end = static_cast<std::uint32_t>(bytes.At(event.end));
      open.pop_back();
      continue;
    }
    const bool opens = event.type == EventType::kListStart || event.type == EventType::kMapStart;
    if (opens && open.size() + passed_over >= limits.max_depth) {
      error_.emplace();
      error_->code = base::ErrorCode::kYamlLimit;
      error_->message = "nested too deeply";
      return;
    }
    const bool kept = passed_over == 0 && open.size() < limits.keep_depth;
    const auto index = kept ? static_cast<std::uint32_t>(nodes_.size()) : open.back().node;
    if (event.type == EventType::kAlias) NoteAlias(event, anchors, open);
    if (kept) {
      nodes_.push_back(RecordOf(event, bytes, open));
      if (event.type == EventType::kAlias) {
        if (const auto anchor = anchors.find(event.text); anchor != anchors.end()) {
          nodes_[index].target = anchor->second;
          nodes_[index].borrows_anchor = true;
        }
      }
      if (!open.empty()) {
        Append(open.back().node, index);
        ++open.back().children;
      }
    }
    if (!event.anchor.empty()) anchors[arena_.CopyString(event.anchor)] = index;
    if (!opens) continue;
    if (kept) {
      open.push_back({index, 0});
    } else {
      ++passed_over;
    }
  }
}

// The last writer of the key, as the reader merges: entries in order, a merge's earlier maps before
// later.
bool SyntaxTree::FindKey(std::uint32_t map, std::string_view key, std::uint32_t& name,
                         std::uint32_t& value, int& budget) const {
  if (--budget < 0) return false;
  bool any = false;
  for (std::uint32_t at = nodes_[map].first; at != kNone;) {
    const Record& entry = nodes_[at];
    const std::uint32_t item = entry.next;
    if (item == kNone) break;
    if (entry.merge_key) {
      const std::uint32_t source = Resolve(item);
      if (nodes_[source].type == EventType::kMapStart) {
        any = FindKey(source, key, name, value, budget) || any;
      } else if (nodes_[source].type == EventType::kListStart) {
        for (std::uint32_t i = nodes_[source].first; i != kNone; i = nodes_[i].next) {
          const std::uint32_t one = Resolve(i);
          if (nodes_[one].type != EventType::kMapStart || !FindKey(one, key, name, value, budget))
            continue;
          any = true;
          break;
        }
      }
    } else if (entry.key == key) {
      value = item;
      name = at;
      any = true;
    }
    at = nodes_[item].next;
  }
  return any;
}

SyntaxTree::Found SyntaxTree::Find(std::string_view pointer) const {
  Found found;
  if (nodes_.empty()) return found;
  std::uint32_t node = 0, key_node = kNone;
  const auto so_far = [&](bool exact) {
    return Found{{this, node}, key_node == kNone ? Node() : Node(this, key_node), exact};
  };
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // '/'
    const std::size_t slash = pointer.find('/');
    const std::string_view raw = pointer.substr(0, slash);
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    const std::uint32_t parent = Resolve(node);
    if (nodes_[parent].type == EventType::kListStart) {
      std::size_t index = 0;
      for (char c : raw) {
        if (c < '0' || c > '9' || index > nodes_.size()) return so_far(false);
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      std::uint32_t item = nodes_[parent].first;
      for (; item != kNone && index > 0; --index) item = nodes_[item].next;
      if (item == kNone || raw.empty()) return so_far(false);
      node = item;
      key_node = kNone;
      continue;
    }
    if (nodes_[parent].type != EventType::kMapStart) return so_far(false);
    const std::string key = base::PointerText(raw);
    int budget = 500;
    if (!FindKey(parent, key, key_node, node, budget)) return so_far(false);
  }
  return so_far(true);
}

std::size_t SyntaxTree::Node::content_begin() const {
  if (!tree_) return 0;
  std::uint32_t node = index_;
  while (tree_->nodes_[node].type == EventType::kMapStart && !tree_->nodes_[node].flow &&
         tree_->nodes_[node].first != kNone) {
    node = tree_->nodes_[node].first;
  }
  return tree_->nodes_[node].begin;
}

std::size_t SyntaxTree::Node::content_end() const {
  if (!tree_) return 0;
  for (const Record* node = &record();; node = &tree_->nodes_[node->last]) {
    const bool block = node->type != EventType::kScalar && !node->flow && node->last != kNone;
    if (block) continue;
    std::size_t own = node->end;
    while (node->type == EventType::kScalar && own > node->begin &&
           (tree_->text_[own - 1] == '\n' || tree_->text_[own - 1] == '\r')) {
      --own;
    }
    return own;
  }
}

SyntaxTree::Node SyntaxTree::Node::Resolved() const {
  return tree_ ? Node(tree_, tree_->Resolve(index_)) : Node();
}

std::vector<std::pair<SyntaxTree::Node, SyntaxTree::Node>> SyntaxTree::Node::Entries() const {
  std::vector<std::pair<Node, Node>> entries;
  if (!is_map()) return entries;
  for (std::uint32_t at = record().first; at != kNone;) {
    const std::uint32_t value = tree_->nodes_[at].next;
    if (value == kNone) break;
    entries.emplace_back(Node(tree_, at), Node(tree_, value));
    at = tree_->nodes_[value].next;
  }
  return entries;
}

std::vector<SyntaxTree::Node> SyntaxTree::Node::Items() const {
  std::vector<Node> items;
  if (!is_list()) return items;
  for (std::uint32_t at = record().first; at != kNone; at = tree_->nodes_[at].next) {
    items.push_back(Node(tree_, at));
  }
  return items;
}

SyntaxTree::Node SyntaxTree::Node::Find(std::string_view key) const {
  for (const auto& [name, value] : Entries()) {
    if (name.is_scalar() && name.text() == key) return value;
  }
  return {};
}

}  // namespace openchoreo::yaml
