#include "cli/migrate/line_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace openchoreo::migrate {

namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kLargestTable =
    25'000'000;  // cells; beyond, the middle is shown as replaced whole

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    lines.push_back(text.substr(0, feed));
    text = feed == std::string_view::npos ? std::string_view() : text.substr(feed + 1);
  }
  return lines;
}

struct Line {
  char mark;  // ' ', '-' or '+'
  std::string_view text;
};

// Longest common subsequence of the lines between common ends.
std::vector<Line> Compare(const std::vector<std::string_view>& a,
                          const std::vector<std::string_view>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  const std::size_t m = a.size() - head - tail;
  const std::size_t n = b.size() - head - tail;
  std::vector<Line> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', a[i]});
  if (m * n <= kLargestTable) {
    std::vector<std::uint32_t> length((m + 1) * (n + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
      return length[i * (n + 1) + j];
    };
    for (std::size_t i = m; i-- > 0;) {
      for (std::size_t j = n; j-- > 0;) {
        at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1
                                              : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < m || j < n) {
      if (i < m && j < n && a[head + i] == b[head + j]) {
        lines.push_back({' ', a[head + i++]});
        ++j;
      } else if (i < m && (j == n || at(i + 1, j) >= at(i, j + 1))) {
        lines.push_back({'-', a[head + i++]});
      } else {
        lines.push_back({'+', b[head + j++]});
      }
    }
  } else {
    for (std::size_t i = 0; i < m; ++i) lines.push_back({'-', a[head + i]});
    for (std::size_t j = 0; j < n; ++j) lines.push_back({'+', b[head + j]});
  }
  for (std::size_t i = 0; i < tail; ++i) lines.push_back({' ', a[a.size() - tail + i]});
  return lines;
}

std::string Range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first - 1 : first) +
         (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string UnifiedDiff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return "";
  const std::vector<Line> lines = Compare(Lines(before), Lines(after));
  std::string out = "--- " + std::string(path) + "\n+++ " + std::string(path) + "\n";
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t next = i;
    while (next < lines.size() && lines[next].mark == ' ') ++next;
    if (next == lines.size()) break;
    const std::size_t begin = std::max(i, next > kContext ? next - kContext : 0);
    old_line += begin - i;
    new_line += begin - i;
    // The hunk goes on while changes are close.
    std::size_t end = next;
    for (std::size_t j = next; j < lines.size() && j <= end + 2 * kContext; ++j) {
      if (lines[j].mark != ' ') end = j;
    }
    end = std::min(lines.size(), end + 1 + kContext);
    std::string body;
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    for (std::size_t j = begin; j < end; ++j) {
      old_count += lines[j].mark != '+';
      new_count += lines[j].mark != '-';
      body += lines[j].mark;
      body += lines[j].text;
      body += '\n';
    }
    out += "@@ -" + Range(old_line, old_count) + " +" + Range(new_line, new_count) + " @@\n" + body;
    old_line += old_count;
    new_line += new_count;
    i = end;
  }
  return out;
}

}  // namespace openchoreo::migrate
