// Scalars of the plain style.
#include <algorithm>
#include <cstring>

#include "common/yaml/block_reader.h"
#include "common/yaml/char_class.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using value::Value;

bool BlockReader::Plain(const char*& at, bool flow, Value& out) {
  const char* const begin = at;
  if (*begin == '-') {
    if (begin + 1 == end_ || !(Is(begin[1], kKey) || begin[1] == '$')) return false;
  } else if (!Is(*begin, kPlainStart) && static_cast<unsigned char>(*begin) < 0x80) {
    return false;
  }
  const CharClass ends = flow ? kFlowEnd : kPlainEnd;
  for (;; ++at) {
    while (at != end_ && !Is(*at, ends)) ++at;
    if (at == end_) break;
    if (*at == ':') {
      if (at + 1 == end_ || at[1] == ' ' || at[1] == '\n') return false;
      if (flow && (Is(at[1], kFlowEnd) || at[1] == '?')) return false;
    } else if (*at == '#') {
      if (at[-1] == ' ') break;  // never the first character
    } else {
      break;
    }
  }
  const char* last = at;
  while (last[-1] == ' ') --last;
  const std::string_view text(begin, static_cast<std::size_t>(last - begin));
  at = last;
  const Value typed = ResolvePlain(text);
  if (typed.is_string()) {
    out = Value::String(arena_.CopyString(text));
    return true;
  }
  const std::optional<Value> json = ToJsonScalar(typed);
  if (json) out = *json;
  return json.has_value();
}

bool BlockReader::DoubleQuoted(const char*& at, Value& out) {
  const char* const begin = ++at;
  while (at != end_ && *at != '"' && *at != '\\' && *at != '\n') ++at;
  if (at == end_ || *at == '\n') return false;
  if (*at == '"') {
    out = Value::String(arena_.CopyString({begin, static_cast<std::size_t>(at - begin)}));
    ++at;
    return true;
  }
  text_.assign(begin, at);
  for (; at != end_ && *at != '"'; ++at) {
    if (*at == '\n') return false;
    if (*at != '\\') {
      text_ += *at;
      continue;
    }
    if (++at == end_) return false;
    switch (*at) {
      case '"':
      case '\\':
        text_ += *at;
        break;
      case 'n':
        text_ += '\n';
        break;
      case 't':
        text_ += '\t';
        break;
      case 'r':
        text_ += '\r';
        break;
      default:
        return false;
    }
  }
  if (at == end_) return false;
  out = Value::String(arena_.CopyString(text_));
  ++at;
  return true;
}

bool BlockReader::SingleQuoted(const char*& at, Value& out) {
  text_.clear();
  for (++at; at != end_ && *at != '\n'; ++at) {
    if (*at == '\'') {
      if (at + 1 == end_ || at[1] != '\'') {
        out = Value::String(arena_.CopyString(text_));
        ++at;
        return true;
      }
      ++at;
    }
    text_ += *at;
  }
  return false;
}

bool BlockReader::Literal(int parent, Value& out) {
  const char* at = at_ + 1;
  char chomping = ' ';
  if (at != end_ && (*at == '-' || *at == '+')) chomping = *at++;
  while (at != end_ && *at == ' ') ++at;
  if (at == end_ || *at != '\n') return false;
  ++at;
  // The first line that is not blank gives the indentation; blank ones before it may not be longer.
  std::ptrdiff_t indent = 0;
  std::ptrdiff_t longest_blank = 0;
  for (const char* line = at;;) {
    const char* content = line;
    while (content != end_ && *content == ' ') ++content;
    if (content == end_) return false;
    if (*content != '\n') {
      indent = content - line;
      break;
    }
    longest_blank = std::max(longest_blank, content - line);
    line = content + 1;
  }
  if (indent <= parent || longest_blank > indent) return false;

  text_.clear();
  std::size_t breaks = 0;  // line feeds that wait for more text
  for (;;) {
    const char* content = at;
    while (content != end_ && content - at < indent && *content == ' ') ++content;
    if (content == end_) {
      at = end_;
      break;
    }
    if (*content == '\n') {
      ++breaks;
      at = content + 1;
      continue;
    }
    if (content - at < indent) break;
    text_.append(breaks, '\n');
    breaks = 0;
    const void* const newline =
        std::memchr(content, '\n', static_cast<std::size_t>(end_ - content));
    const char* const line_end = newline ? static_cast<const char*>(newline) : end_;
    text_.append(content, line_end);
    if (!newline) {
      at = end_;
      break;
    }
    breaks = 1;
    at = line_end + 1;
  }
  if (chomping == '+') {
    text_.append(breaks, '\n');
  } else if (chomping == ' ' && breaks > 0) {
    text_ += '\n';
  }
  out = Value::String(arena_.CopyString(text_));
  return SkipToContent(at);
}

}  // namespace openchoreo::yaml
