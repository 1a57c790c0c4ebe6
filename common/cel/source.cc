#include "common/cel/source.h"

#include <algorithm>

#include "common/base/utf8.h"

namespace openchoreo::cel {

void Issues::Add(Range range, std::string message) {
  if (issues_.size() == kMaxReported) {
    ++dropped_;
    return;
  }
  issues_.push_back({range, std::move(message)});
}

void Issues::AddWithoutPlace(Range range, std::string message) {
  Add(range, std::move(message));
  issues_.back().placed = false;
}

// Follows cel-go common/error.go.
std::string Issues::Display(const Issue& issue) const {
  constexpr std::size_t kMaxSnippetBytes = 16384;
  if (!issue.placed) return "ERROR: <input>:-1:0: " + issue.message;
  if (text_.empty()) return "ERROR: <input>:1:0: " + issue.message;
  const std::size_t offset = std::min<std::size_t>(issue.range.begin, text_.size());
  const std::string_view before = text_.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t column = base::CountRunes(before.substr(line_begin));
  std::string out = "ERROR: <input>:" + std::to_string(line) + ":" + std::to_string(column + 1) +
                    ": " + issue.message;
  std::string_view snippet = text_.substr(line_begin);
  snippet = snippet.substr(0, snippet.find('\n'));
  if (snippet.size() > kMaxSnippetBytes) return out;
  out += "\n | ";
  for (char c : snippet) out += c == '\t' ? ' ' : c;
  out += "\n | ";
  std::string_view rest = snippet;
  for (std::size_t i = 0; i < column && !rest.empty(); ++i) {
    const std::uint32_t size = base::DecodeRune(rest).size;
    out += size > 1 ? "\uff0e" : ".";
    rest.remove_prefix(size);
  }
  out += !rest.empty() && base::DecodeRune(rest).size > 1 ? "\uff3e" : "^";
  return out;
}

base::Diagnostic Issues::ToDiagnostic() const {
  std::vector<const Issue*> sorted;
  for (const Issue& issue : issues_) sorted.push_back(&issue);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Issue* a, const Issue* b) { return a->range.begin < b->range.begin; });
  base::Diagnostic diagnostic;
  diagnostic.code = base::ErrorCode::kCelCompile;
  for (const Issue* issue : sorted) {
    if (!diagnostic.message.empty()) diagnostic.message += '\n';
    diagnostic.message += Display(*issue);
  }
  if (dropped_ > 0) {
    diagnostic.message += "\n" + std::to_string(dropped_) + " more errors were truncated";
  }
  diagnostic.place.text_begin = sorted.front()->range.begin;
  diagnostic.place.text_end = sorted.front()->range.end;
  return diagnostic;
}

}  // namespace openchoreo::cel
