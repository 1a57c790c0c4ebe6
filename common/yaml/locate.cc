#include <algorithm>
#include <string>

#include "common/base/arena.h"
#include "common/base/utf8.h"
#include "common/yaml/event_stream.h"
#include "common/yaml/reader.h"
#include "common/yaml/scalar.h"
#include "common/yaml/scalar_text.h"

namespace openchoreo::yaml {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
// Beyond these no document is read (base::RenderLimits), so nobody asks for a place in it.
constexpr std::size_t kMaxDepth = 1000;
constexpr std::size_t kMaxNodes = 8'000'000;

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

struct Node {
  EventType type = EventType::kScalar;  // kScalar, kAlias, kListStart or kMapStart
  ScalarStyle style = ScalarStyle::kPlain;
  bool flow = false;
  bool merge_key = false;
  std::string_view text;  // decoded scalar
  std::string_view key;   // of a scalar that stands as a key
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t target = kNone;  // of an alias
  std::size_t next = kNone;    // sibling
  std::size_t first = kNone;   // child; a map's children are key, value, key, value …
  std::size_t last = kNone;
};

// The nodes of one document with their places. Aliases stay references, so the tree is no larger
// than the text.
class MarkedTree {
 public:
  explicit MarkedTree(std::string_view text) : text_(text) { Read(); }

  struct Found {
    std::size_t node = kNone;
    std::size_t key = kNone;  // of a map entry
    bool exact = false;
  };

  Found Find(std::string_view pointer) const;

  const Node& at(std::size_t node) const { return nodes_[node]; }

  std::size_t Resolve(std::size_t node) const {
    return nodes_[node].type == EventType::kAlias && nodes_[node].target != kNone
               ? nodes_[node].target
               : node;
  }

 private:
  void Read();
  void Append(std::size_t parent, std::size_t node);
  bool FindKey(std::size_t map, std::string_view key, Found& found, int& budget) const;

  std::string_view text_;
  base::Arena arena_;
  std::vector<Node> nodes_;
};

void MarkedTree::Append(std::size_t parent, std::size_t node) {
  Node& into = nodes_[parent];
  if (into.first == kNone) {
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
    std::size_t node;
    std::size_t children;
  };

  std::vector<Open> open;
  std::vector<std::pair<std::string_view, std::size_t>> anchors;
  for (;;) {
    const Event& event = stream.Next();
    if (event.type == EventType::kEnd || event.type == EventType::kError) return;
    if (open.size() > kMaxDepth || nodes_.size() > kMaxNodes) return;
    if (event.type == EventType::kListEnd || event.type == EventType::kMapEnd) {
      nodes_[open.back().node].end = bytes.At(event.end);
      open.pop_back();
      continue;
    }
    Node node;
    node.type = event.type;
    node.style = event.style;
    node.flow = event.flow;
    node.begin = bytes.At(event.begin);
    node.end = bytes.At(event.end);
    const std::size_t index = nodes_.size();
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
bool MarkedTree::FindKey(std::size_t map, std::string_view key, Found& found, int& budget) const {
  if (--budget < 0) return false;
  bool any = false;
  for (std::size_t at = nodes_[map].first; at != kNone;) {
    const Node& name = nodes_[at];
    const std::size_t item = name.next;
    if (item == kNone) break;
    if (name.merge_key) {
      const std::size_t source = Resolve(item);
      if (nodes_[source].type == EventType::kMapStart) {
        any = FindKey(source, key, found, budget) || any;
      } else if (nodes_[source].type == EventType::kListStart) {
        for (std::size_t i = nodes_[source].first; i != kNone; i = nodes_[i].next) {
          const std::size_t one = Resolve(i);
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
    const std::size_t parent = Resolve(found.node);
    if (nodes_[parent].type == EventType::kListStart) {
      std::size_t index = 0;
      for (char c : raw) {
        if (c < '0' || c > '9' || index > nodes_.size()) return found;
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      std::size_t item = nodes_[parent].first;
      for (; item != kNone && index > 0; --index) item = nodes_[item].next;
      if (item == kNone || raw.empty()) return found;
      found.node = item;
      found.key = kNone;
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

Location WithLine(std::string_view text, Location location) {
  const std::string_view before = text.substr(0, location.begin);
  location.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  if (line_begin == 0 && before.starts_with("\xef\xbb\xbf")) line_begin = 3;
  location.column = static_cast<std::uint32_t>(base::CountRunes(before.substr(line_begin))) + 1;
  return location;
}

}  // namespace

Location Locate(std::string_view text, const base::Place& place) {
  Location location;
  const auto set = [&](std::size_t begin, std::size_t end, bool exact) {
    location.begin = static_cast<std::uint32_t>(std::min(begin, text.size()));
    location.end = static_cast<std::uint32_t>(std::min(std::max(begin, end), text.size()));
    location.exact = exact;
    return WithLine(text, location);
  };
  if (place.byte_offset >= 0) {
    const auto begin = static_cast<std::size_t>(place.byte_offset);
    return set(begin, begin + 1, true);
  }
  const std::vector<DocumentRange> ranges = SplitDocuments(text);
  if (place.document >= ranges.size()) return set(0, 0, false);
  const DocumentRange range = ranges[place.document];
  const std::string_view document = text.substr(range.begin, range.end - range.begin);
  const MarkedTree tree(document);
  const MarkedTree::Found found = tree.Find(place.field);
  if (found.node == kNone) return set(range.begin, range.begin, false);

  if (found.exact && place.text_end > place.text_begin) {
    const Node& scalar = tree.at(tree.Resolve(found.node));
    if (scalar.type == EventType::kScalar) {
      const auto written =
          FindSourceRange(document.substr(scalar.begin, scalar.end - scalar.begin), scalar.style,
                          scalar.text, place.text_begin, place.text_end);
      if (written) {
        const std::size_t base = range.begin + scalar.begin;
        return set(base + written->begin, base + written->end, true);
      }
    }
  }
  // A block list or map, and a value left out, has no text of its own to show: its key stands for
  // it.
  const Node& node = tree.at(found.node);
  const bool collection = node.type == EventType::kListStart || node.type == EventType::kMapStart;
  const bool shows_key =
      found.key != kNone && ((collection && !node.flow) || node.begin == node.end);
  const Node& shown = shows_key ? tree.at(found.key) : node;
  const bool whole = found.exact && place.text_end <= place.text_begin;
  return set(range.begin + shown.begin, range.begin + shown.end, whole);
}

}  // namespace openchoreo::yaml
