// Flow maps and lists of the plain style.
#include "common/yaml/block_reader.h"
#include "common/yaml/char_class.h"

namespace openchoreo::yaml {

using value::MapEntry;
using value::Value;

// Blanks and line feeds between the parts of a flow collection. A comment is left to libyaml.
bool BlockReader::FlowSpace(const char*& at) const {
  while (at != end_ && (*at == ' ' || *at == '\n')) ++at;
  return at != end_ && *at != '#';
}

bool BlockReader::FlowNode(const char*& at, std::size_t depth, Value& out) {
  ++nodes_;
  switch (*at) {
    case '{':
      return FlowMap(at, depth, out);
    case '[':
      return FlowList(at, depth, out);
    case '"':
      return DoubleQuoted(at, out);
    case '\'':
      return SingleQuoted(at, out);
    default:
      return Plain(at, true, out);
  }
}

bool BlockReader::FlowKey(const char*& at, Value& out) {
  const char* const begin = at;
  if (*at == '"') {
    ++nodes_;
    if (!DoubleQuoted(at, out) || at - begin > kLongestKey || at == end_ || *at != ':')
      return false;
    ++at;
    return true;
  }
  if (*at == '-' || !Is(*at, kKey)) return false;
  while (at != end_ && Is(*at, kKey)) ++at;
  if (at == end_ || *at != ':' || at - begin > kLongestKey) return false;
  const std::string_view text(begin, static_cast<std::size_t>(at - begin));
  ++at;
  return at != end_ && (*at == ' ' || *at == '\n') && Key(text, out);
}

bool BlockReader::FlowMap(const char*& at, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  const std::size_t first = entries_.size();
  ++at;
  for (;;) {
    if (!FlowSpace(at)) return false;
    if (*at == '}') break;
    MapEntry entry;
    if (!FlowKey(at, entry.key) || !FlowSpace(at) || !FlowNode(at, depth + 1, entry.value) ||
        !FlowSpace(at)) {
      return false;
    }
    entries_.push_back(entry);
    if (*at == '}') break;
    if (*at++ != ',') return false;
  }
  ++at;
  return BuildMap(first, out);
}

bool BlockReader::FlowList(const char*& at, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  const std::size_t first = items_.size();
  ++at;
  for (;;) {
    if (!FlowSpace(at)) return false;
    if (*at == ']') break;
    Value item;
    if (!FlowNode(at, depth + 1, item) || !FlowSpace(at)) return false;
    items_.push_back(item);
    if (*at == ']') break;
    if (*at++ != ',') return false;
  }
  ++at;
  out = BuildList(first);
  return true;
}

}  // namespace openchoreo::yaml
