#include "common/patch/path_filter.h"

#include <string>

#include "common/base/utf8.h"
#include "common/value/go_text.h"

namespace openchoreo::patch {

namespace {

bool IsFieldCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

bool IsRegexpSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

void SkipSpace(std::string_view& text) {
  while (!text.empty() && IsRegexpSpace(text[0])) text.remove_prefix(1);
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool IsQuote(char c) { return c == '\'' || c == '"'; }

bool Parse(std::string_view text, PathFilter& filter) {
  if (!TakePrefix(text, "@.")) return false;
  std::size_t length = 0;
  while (length < text.size() && IsFieldCharacter(text[length])) ++length;
  filter.field = text.substr(0, length);
  text.remove_prefix(length);
  SkipSpace(text);
  if (length == 0 || !TakePrefix(text, "==")) return false;
  SkipSpace(text);
  if (text.size() < 2 || !IsQuote(text.front()) || !IsQuote(text.back())) return false;
  filter.expected = text.substr(1, text.size() - 2);
  return filter.expected.find('\n') == std::string_view::npos;
}

}  // namespace

base::Result<PathFilter> ParseFilter(std::string_view expression) {
  PathFilter filter;
  if (!Parse(base::TrimSpace(expression), filter)) {
    return base::Fail(base::ErrorCode::kPatch,
                      "unsupported filter expression: " + std::string(expression));
  }
  return filter;
}

bool Matches(const PathFilter& filter, const value::Value& item, base::Budget& budget) {
  if (!budget.Spend(1 + filter.field.size() / 16)) return false;
  const value::Value* current = &item;
  std::string_view rest = filter.field;
  for (bool last = false; !last;) {
    const std::size_t dot = rest.find('.');
    last = dot == std::string_view::npos;
    current = current->Find(rest.substr(0, dot));
    if (!current) return false;
    if (!last) rest.remove_prefix(dot + 1);
  }
  if (current->is_null()) return filter.expected.empty();
  if (current->is_string())
    return budget.SpendText(filter.expected.size()) && current->as_string() == filter.expected;
  return value::GoText(*current, budget) == filter.expected && !budget.spent();
}

}  // namespace openchoreo::patch
