#include "cli/migrate/syntax_tree.h"

#include "common/yaml/event_stream.h"

namespace openchoreo::migrate {

namespace {

using base::ErrorCode;
using yaml::Event;
using yaml::EventType;

constexpr int kMaxDepth = 100;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), events_(text) {}

  base::Result<Node> Parse() {
    const Event& first = events_.Next();
    if (first.type == EventType::kEnd) return Node();
    return ParseNode(first, 0);
  }

 private:
  base::Result<Node> ParseNode(const Event& event, int depth) {
    if (depth > kMaxDepth) return base::Fail(ErrorCode::kYamlLimit, "nested too deeply");
    Node node;
    node.begin = Byte(event.begin);
    node.end = Byte(event.end);
    switch (event.type) {
      case EventType::kScalar:
        node.text = event.text;
        node.resolvable = event.resolvable;
        node.block_scalar =
            event.style == yaml::ScalarStyle::kLiteral || event.style == yaml::ScalarStyle::kFolded;
        TrimEnd(node);
        return node;
      case EventType::kAlias:
        node.kind = Node::Kind::kAlias;
        return node;
      case EventType::kMapStart:
        node.kind = Node::Kind::kMap;
        node.flow = event.flow;
        return ParseEntries(std::move(node), depth);
      case EventType::kListStart:
        node.kind = Node::Kind::kList;
        node.flow = event.flow;
        return ParseItems(std::move(node), depth);
      default:
        return base::Fail(ErrorCode::kYamlSyntax, events_.error().message);
    }
  }

  base::Result<Node> ParseEntries(Node map, int depth) {
    for (;;) {
      const Event& key_event = events_.Next();
      if (key_event.type == EventType::kMapEnd) return Close(std::move(map), key_event);
      OC_TRY(Node key, ParseNode(key_event, depth + 1));
      OC_TRY(Node value, ParseNode(events_.Next(), depth + 1));
      map.entries.emplace_back(std::move(key), std::move(value));
    }
  }

  base::Result<Node> ParseItems(Node list, int depth) {
    for (;;) {
      const Event& event = events_.Next();
      if (event.type == EventType::kListEnd) return Close(std::move(list), event);
      OC_TRY(Node item, ParseNode(event, depth + 1));
      list.items.push_back(std::move(item));
    }
  }

  // A block collection ends with its last child: libyaml's end mark lies behind comments that
  // follow.
  Node Close(Node node, const Event& end) {
    if (node.flow) {
      node.end = Byte(end.end);
    } else if (!node.entries.empty()) {
      node.begin = node.entries.front().first.begin;
      node.end = std::max(node.entries.back().first.end, node.entries.back().second.end);
    } else if (!node.items.empty()) {
      node.end = node.items.back().end;
    }
    return node;
  }

  void TrimEnd(Node& node) {
    while (node.end > node.begin && (text_[node.end - 1] == '\n' || text_[node.end - 1] == '\r'))
      --node.end;
  }

  std::size_t Byte(std::size_t code_point) {
    // Marks mostly ascend: continue from the last one.
    if (code_point < last_code_point_) last_code_point_ = last_byte_ = 0;
    last_byte_ += yaml::ByteOfCodePoint(text_.substr(last_byte_), code_point - last_code_point_);
    last_code_point_ = code_point;
    return last_byte_;
  }

  std::string_view text_;
  yaml::EventStream events_;
  std::size_t last_code_point_ = 0;
  std::size_t last_byte_ = 0;
};

}  // namespace

const std::pair<Node, Node>* Node::Entry(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.first.is_scalar() && entry.first.text == key) return &entry;
  }
  return nullptr;
}

const Node* Node::Find(std::string_view key) const {
  const auto* entry = Entry(key);
  return entry ? &entry->second : nullptr;
}

base::Result<Node> ParseSyntax(std::string_view text) { return Parser(text).Parse(); }

}  // namespace openchoreo::migrate
