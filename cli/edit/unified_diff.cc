#include "cli/edit/unified_diff.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

namespace openchoreo::edit {

namespace {

constexpr std::size_t kContext = 3;
// Of more changes than that between the common ends, the middle is shown as replaced whole.
constexpr int kMostChanges = 4000;

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

using LineList = std::span<const std::string_view>;

// The shortest script from one list of lines to another (Myers 1986, greedy).
class Script {
 public:
  Script(LineList a, LineList b)
      : a_(a), b_(b), m_(static_cast<int>(a.size())), n_(static_cast<int>(b.size())) {}

  // Nothing where it takes more than kMostChanges.
  std::optional<std::vector<Line>> Find() {
    for (int d = 0; d <= std::min(m_ + n_, kMostChanges); ++d) {
      // Diagonals -d … d, and one to either side, which d changes never reach.
      std::vector<int> row(Index(2 * d + 3), -1);
      for (int k = -d; k <= d; k += 2) {
        int x = d == 0 ? 0 : std::max(Down(d, k), Right(d, k));
        if (x < 0) continue;
        while (x < m_ && x - k < n_ && A(x) == B(x - k)) ++x;
        row[Index(k + d + 1)] = x;
      }
      furthest_.push_back(std::move(row));
      if (Furthest(d, m_ - n_) == m_) return WalkBack(d);
    }
    return std::nullopt;
  }

 private:
  static std::size_t Index(int i) { return static_cast<std::size_t>(i); }

  std::string_view A(int i) const { return a_[Index(i)]; }

  std::string_view B(int i) const { return b_[Index(i)]; }

  // How far into `a` d changes lead on diagonal k; -1: nowhere.
  int Furthest(int d, int k) const {
    if (d < 0 || std::abs(k) > d + 1) return -1;
    return furthest_[Index(d)][Index(k + d + 1)];
  }

  // Where the d-th change leads on diagonal k: a line of `b` comes (down), one of `a` goes (right).
  int Down(int d, int k) const {
    const int x = Furthest(d - 1, k + 1);
    return x - k > n_ ? -1 : x;
  }

  int Right(int d, int k) const {
    const int x = Furthest(d - 1, k - 1);
    return x < 0 || x == m_ ? -1 : x + 1;
  }

  std::vector<Line> WalkBack(int d) const {
    std::vector<Line> lines;
    int x = m_, y = n_;
    for (; d >= 0; --d) {
      const int down = Down(d, x - y), right = Right(d, x - y);
      const int begin = d == 0 ? 0 : std::max(down, right);
      while (x > begin) {
        lines.push_back({' ', A(--x)});
        --y;
      }
      if (d == 0) break;
      if (down >= right) {
        lines.push_back({'+', B(--y)});
      } else {
        lines.push_back({'-', A(--x)});
      }
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
  }

  LineList a_, b_;
  int m_, n_;
  std::vector<std::vector<int>> furthest_;
};

std::vector<Line> Compare(const std::vector<std::string_view>& a,
                          const std::vector<std::string_view>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  const LineList left = LineList(a).subspan(head, a.size() - head - tail);
  const LineList right = LineList(b).subspan(head, b.size() - head - tail);
  std::vector<Line> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', a[i]});
  if (const auto script = Script(left, right).Find()) {
    lines.insert(lines.end(), script->begin(), script->end());
  } else {
    for (const std::string_view line : left) lines.push_back({'-', line});
    for (const std::string_view line : right) lines.push_back({'+', line});
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

}  // namespace openchoreo::edit
