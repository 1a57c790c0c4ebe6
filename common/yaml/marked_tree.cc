#include "common/yaml/marked_tree.h"

#include <algorithm>
#include <string>

#include "common/base/utf8.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

namespace {

// No document deeper than this is read (base::RenderLimits); of larger ones only the beginning is
// marked.
constexpr std::size_t kMaxDepth = 1000;
constexpr std::size_t kMaxNodes = 1'000'000;

// Code points → bytes for marks that mostly ascend.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view text) : text_(text), ascii_(base::IsAscii(text)) {}

  std::size_t At(std::size_t index) {
    if (ascii_) return std::min(index, text_.size());
    if (index < index_) index_ = byte_ = 0;
    byte_ += ByteOfCodePoint(text_.substr(byte_), index - index_);
    index_ = index;
    return byte_;
  }

 private:
  std::string_view text_;
  bool ascii_;
  std::size_t index_ = 0;
  std::size_t byte_ = 0;
};

}  // namespace

void MarkedTree::Append(std::uint32_t parent, std::uint32_t node) {
  MarkedNode& into = nodes_[parent];
  if (into.first == kNoNode) {
    into.first = node;
  } else {
    nodes_[into.last].next = node;
  }
  into.last = node;
}

void MarkedTree::Read() {
  EventStream stream(text_);
  ByteCursor bytes(text_);

  struct Open {
    std::uint32_t node;
    std::uint32_t children;
  };

  std::vector<Open> open;
  std::vector<std::pair<std::string_view, std::uint32_t>> anchors;
  for (;;) {
    const Event& event = stream.Next();
    if (event.type == EventType::kEnd || event.type == EventType::kError) return;
    if (open.size() > kMaxDepth || nodes_.size() > kMaxNodes) return;
    if (event.type == EventType::kListEnd || event.type == EventType::kMapEnd) {
      nodes_[open.back().node].end = static_cast<std::uint32_t>(bytes.At(event.end));
      open.pop_back();
      continue;
    }
    MarkedNode node;
    node.type = event.type;
    node.style = event.style;
    node.flow = event.flow;
    node.begin = static_cast<std::uint32_t>(bytes.At(event.begin));
    node.end = static_cast<std::uint32_t>(bytes.At(event.end));
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    if (event.type == EventType::kScalar) {
      node.text = arena_.CopyString(event.text);
      if (!open.empty() && nodes_[open.back().node].type == EventType::kMapStart &&
          open.back().children % 2 == 0) {
        const bool plain =
            event.style == ScalarStyle::kPlain && event.resolvable && event.tag.empty();
        node.merge_key = plain && node.text == "<<";
        node.key = plain ? KeyText(ResolvePlain(node.text), arena_).value_or(node.text) : node.text;
      }
    } else if (event.type == EventType::kAlias) {
      // From the back: the latest anchor of a name counts. A hostile text may make this slow, not
      // wrong.
      for (std::size_t i = anchors.size(), tried = 0; i > 0 && tried < 1000; --i, ++tried) {
        if (anchors[i - 1].first != event.text) continue;
        node.target = anchors[i - 1].second;
        break;
      }
    }
    if (!event.anchor.empty()) anchors.emplace_back(arena_.CopyString(event.anchor), index);
    nodes_.push_back(node);
    if (!open.empty()) {
      Append(open.back().node, index);
      ++open.back().children;
    }
    if (event.type == EventType::kListStart || event.type == EventType::kMapStart)
      open.push_back({index, 0});
  }
}

// The last writer of the key, as the reader merges: entries in order, a merge's earlier maps before
// later.
bool MarkedTree::FindKey(std::uint32_t map, std::string_view key, Found& found, int& budget) const {
  if (--budget < 0) return false;
  bool any = false;
  for (std::uint32_t at = nodes_[map].first; at != kNoNode;) {
    const MarkedNode& name = nodes_[at];
    const std::uint32_t item = name.next;
    if (item == kNoNode) break;
    if (name.merge_key) {
      const std::uint32_t source = Resolve(item);
      if (nodes_[source].type == EventType::kMapStart) {
        any = FindKey(source, key, found, budget) || any;
      } else if (nodes_[source].type == EventType::kListStart) {
        for (std::uint32_t i = nodes_[source].first; i != kNoNode; i = nodes_[i].next) {
          const std::uint32_t one = Resolve(i);
          if (nodes_[one].type != EventType::kMapStart || !FindKey(one, key, found, budget))
            continue;
          any = true;
          break;
        }
      }
    } else if (name.key == key) {
      found.node = item;
      found.key = at;
      any = true;
    }
    at = nodes_[item].next;
  }
  return any;
}

MarkedTree::Found MarkedTree::Find(std::string_view pointer) const {
  Found found;
  if (nodes_.empty()) return found;
  found.node = 0;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // '/'
    const std::size_t slash = pointer.find('/');
    const std::string_view raw = pointer.substr(0, slash);
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    const std::uint32_t parent = Resolve(found.node);
    if (nodes_[parent].type == EventType::kListStart) {
      std::size_t index = 0;
      for (char c : raw) {
        if (c < '0' || c > '9' || index > nodes_.size()) return found;
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      std::uint32_t item = nodes_[parent].first;
      for (; item != kNoNode && index > 0; --index) item = nodes_[item].next;
      if (item == kNoNode || raw.empty()) return found;
      found.node = item;
      found.key = kNoNode;
      continue;
    }
    if (nodes_[parent].type != EventType::kMapStart) return found;
    std::string key;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '~' && i + 1 < raw.size()) {
        key += raw[++i] == '1' ? '/' : '~';
      } else {
        key += raw[i];
      }
    }
    int budget = 500;
    if (!FindKey(parent, key, found, budget)) return found;
  }
  found.exact = true;
  return found;
}

}  // namespace openchoreo::yaml
