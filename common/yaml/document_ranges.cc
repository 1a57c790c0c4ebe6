#include "common/yaml/document_ranges.h"

#include <cstring>
#include <limits>

namespace openchoreo::yaml {

namespace {

// "---" or "...", alone or followed by a blank: where one document ends and another may begin.
bool IsMarkerLine(std::string_view text, std::size_t at, char c) {
  if (at + 3 > text.size() || text[at] != c || text[at + 1] != c || text[at + 2] != c) return false;
  return at + 3 == text.size() || std::strchr(" \t\r\n", text[at + 3]) != nullptr;
}

std::size_t NextLine(std::string_view text, std::size_t at) {
  const void* const newline = std::memchr(text.data() + at, '\n', text.size() - at);
  if (!newline) return text.size();
  return static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1;
}

// Blank, or nothing but a comment.
bool IsEmptyLine(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
    ++at;
  return at == end || text[at] == '#';
}

// The end of the JSON object that begins at `at`, or npos: it does not end, or holds what JSON does
// not (a single quote, a comment).
std::size_t EndOfJsonObject(std::string_view text, std::size_t at, std::size_t end) {
  std::size_t depth = 0;
  for (; at < end; ++at) {
    switch (text[at]) {
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      case '"':
        for (++at; at < end && text[at] != '"'; ++at) {
          if (text[at] == '\\') ++at;
        }
        break;
      case '\'':
      case '#':
        return std::string_view::npos;
      default:
        break;
    }
  }
  return std::string_view::npos;
}

// Adds what stands between two markers: one document, or several where it is JSON objects one after
// the other, which kubectl reads as a stream (YAML would refuse it).
void AddDocuments(std::string_view text, DocumentRange range, std::size_t max_documents,
                  std::vector<DocumentRange>& documents) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::size_t begin = text.find_first_not_of(kBlanks, range.begin);
  const auto is_object = [&] { return begin < range.end && text[begin] == '{'; };
  while (is_object() && documents.size() <= max_documents) {
    const std::size_t end = EndOfJsonObject(text, begin, range.end);
    if (end == std::string_view::npos) break;
    begin = text.find_first_not_of(kBlanks, end);
    if (!is_object()) break;
    documents.push_back({range.begin, begin});
    range.begin = begin;
  }
  documents.push_back(range);
}

}  // namespace

// One walk over the lines. A document is what stands between two markers; directives before a "---"
// belong to the document it opens. A stream's documents are the non-empty ones and those a "---"
// opens, as YAML counts them.
bool CollectDocuments(std::string_view text, std::size_t max_documents,
                      std::vector<DocumentRange>& documents) {
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  std::size_t begin = at;  // of the document being collected
  bool opened = false;     // by a "---"
  bool content = false;    // a line that is neither blank, comment nor directive was seen
  bool directives = false;
  const auto close = [&](std::size_t end) {
    if (opened || content) AddDocuments(text, {begin, end}, max_documents, documents);
    opened = content = directives = false;
  };
  while (at < text.size() && documents.size() <= max_documents) {
    const std::size_t next = NextLine(text, at);
    const char first = text[at];
    if (first == '-' && IsMarkerLine(text, at, '-')) {
      const bool keeps_directives = directives && !opened && !content;
      if (!keeps_directives) {
        close(at);
        // A marker with content on its own line ("--- |") is part of the document.
        begin = IsEmptyLine(text, at + 3, next) ? next : at;
      }
      opened = true;
    } else if (first == '.' && IsMarkerLine(text, at, '.')) {
      close(at);
      begin = next;
    } else if (!opened && !content) {
      if (first == '%') {
        directives = true;
      } else if (!IsEmptyLine(text, at, next)) {
        content = true;
      }
    }
    at = next;
  }
  content = content || directives;  // directives without a document: the reader refuses them
  close(text.size());
  return documents.size() <= max_documents;
}

std::vector<DocumentRange> SplitDocuments(std::string_view text) {
  std::vector<DocumentRange> documents;
  CollectDocuments(text, std::numeric_limits<std::size_t>::max(), documents);
  return documents;
}

}  // namespace openchoreo::yaml
