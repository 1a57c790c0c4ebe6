#include "common/platform/http/conditional.h"

#include <charconv>
#include <optional>

namespace openchoreo::http {

namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> Number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A quoted tag at the begin of `text`, taken from it; nothing if there is none.
std::optional<std::string_view> TakeTag(std::string_view& text) {
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (!text.starts_with('"')) return std::nullopt;
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view tag = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return tag;
}

}  // namespace

bool NamesEtag(std::string_view if_none_match, std::string_view etag) {
  std::string_view rest = Trim(if_none_match);
  if (rest == "*") return true;
  while (!rest.empty()) {
    const std::optional<std::string_view> tag = TakeTag(rest);
    if (!tag) return false;
    if (*tag == etag) return true;
    rest = Trim(rest);
    if (rest.empty() || rest.front() != ',') return false;
    rest = Trim(rest.substr(1));
  }
  return false;
}

ByteRange ReadRange(std::string_view range, std::string_view if_range, std::string_view etag,
                    std::uint64_t size) {
  if (!if_range.empty()) {
    // Strong comparison: a weak tag, or a date, is never the same.
    std::string_view rest = Trim(if_range);
    if (rest.starts_with("W/")) return {};
    const std::optional<std::string_view> tag = TakeTag(rest);
    if (!tag || *tag != etag || etag.empty()) return {};
  }
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return {};
  range = Trim(range.substr(kUnit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = range.substr(0, dash), to = range.substr(dash + 1);
  const auto first = Number(from), last = Number(to);
  if ((!first && !from.empty()) || (!last && !to.empty()) || (!first && !last)) return {};
  if (!first) {  // the last so many bytes
    if (*last == 0 || size == 0) return {ByteRange::kUnsatisfiable, 0, 0};
    return {ByteRange::kPart, *last >= size ? 0 : size - *last, size - 1};
  }
  if (last && *last < *first) return {};
  if (*first >= size) return {ByteRange::kUnsatisfiable, 0, 0};
  return {ByteRange::kPart, *first, last && *last < size ? *last : size - 1};
}

}  // namespace openchoreo::http
