#include "common/template/expression_scan.h"

#include <string>

namespace openchoreo::tmpl {

namespace {

// Where the expression that opens at `begin` ("${") closes: behind its '}'; npos if it never does,
// and `nested` is set where another "${" stands outside of quotes.
std::size_t FindClose(std::string_view text, std::size_t begin, std::size_t& nested) {
  int depth = 1;
  char quote = 0;
  bool escaped = false;
  std::size_t i = begin + 2;
  for (; i < text.size() && depth > 0; ++i) {
    const char c = text[i];
    if (c == '\\') {
      // Upstream: outside of quotes a backslash changes nothing, not even what came before it.
      if (quote != 0) escaped = !escaped;
      continue;
    }
    if (c == '\'' || c == '"') {
      if (quote == c && !escaped) {
        quote = 0;
      } else if (quote == 0 && !escaped) {
        quote = c;
      }
    } else if (quote == 0 && c == '{') {
      ++depth;
    } else if (quote == 0 && c == '}') {
      --depth;
    } else if (quote == 0 && c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      nested = i;
      return std::string_view::npos;
    }
    escaped = false;
  }
  return depth == 0 ? i : std::string_view::npos;
}

}  // namespace

base::Result<std::vector<Expression>> FindExpressions(std::string_view text) {
  std::vector<Expression> expressions;
  std::size_t position = 0;
  while (true) {
    const std::size_t begin = text.find("${", position);
    if (begin == std::string_view::npos) break;
    std::size_t nested = std::string_view::npos;
    const std::size_t end = FindClose(text, begin, nested);
    if (nested != std::string_view::npos) {
      base::Error error;
      error.code = base::ErrorCode::kTemplate;
      error.message = "nested CEL expressions must be quoted: " +
                      std::string(text.substr(begin, nested + 2 - begin));
      error.place.text_begin = static_cast<std::uint32_t>(begin);
      error.place.text_end = static_cast<std::uint32_t>(nested + 2);
      return base::Fail(std::move(error));
    }
    if (end == std::string_view::npos) break;
    expressions.push_back({begin, end, text.substr(begin + 2, end - begin - 3)});
    position = end;
  }
  return expressions;
}

}  // namespace openchoreo::tmpl
