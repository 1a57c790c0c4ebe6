#include "common/source/ignore_rules.h"

#include <algorithm>

namespace openchoreo::source {

namespace {

// One character of a set such as "[!a-z]"; `set` begins after '['. Returns the bytes of the set, 0
// if it has no end (then '[' is a character like any other).
std::size_t MatchSet(std::string_view set, char c, bool& matched) {
  std::size_t i = 0;
  bool negated = i < set.size() && (set[i] == '!' || set[i] == '^');
  if (negated) ++i;
  bool in = false;
  bool first = true;
  auto next = [&]() {
    if (set[i] == '\\' && i + 1 < set.size()) ++i;
    return static_cast<unsigned char>(set[i++]);
  };
  while (i < set.size() && (first || set[i] != ']')) {
    first = false;
    unsigned char low = next();
    unsigned char high = low;
    if (i + 1 < set.size() && set[i] == '-' && set[i + 1] != ']') {
      ++i;
      high = next();
    }
    auto u = static_cast<unsigned char>(c);
    in = in || (low <= u && u <= high);
  }
  if (i >= set.size()) return 0;
  matched = in != negated && c != '/';
  return i + 1;
}

// One component of the path against one of the glob: the classic loop that goes back to the last
// '*'.
bool ComponentMatches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    bool matched = false;
    std::size_t taken = 0;
    if (g < glob.size()) {
      char c = glob[g];
      if (c == '*') {
        star = g++;
        star_text = t;
        continue;
      }
      if (c == '?') {
        matched = true;
        taken = 1;
      } else if (c == '[') {
        taken = MatchSet(glob.substr(g + 1), text[t], matched);
        if (taken > 0) {
          ++taken;
        } else {
          matched = text[t] == '[';
          taken = 1;
        }
      } else if (c == '\\' && g + 1 < glob.size()) {
        matched = glob[g + 1] == text[t];
        taken = 2;
      } else {
        matched = c == text[t];
        taken = 1;
      }
    }
    if (matched) {
      g += taken;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

std::vector<std::string_view> Components(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

bool GlobMatches(std::string_view glob, std::string_view path) {
  std::vector<std::string_view> globs = Components(glob), parts = Components(path);
  // The same loop, one level up: "**" is the star, components are the characters.
  std::size_t g = 0, p = 0, star = std::string_view::npos, star_part = 0;
  while (p < parts.size()) {
    if (g < globs.size() && globs[g] == "**") {
      // At the end it stands for at least one component: "a/**" is what lies in a, not a itself.
      if (g + 1 == globs.size()) return true;
      star = g++;
      star_part = p;
      continue;
    }
    if (g < globs.size() && ComponentMatches(globs[g], parts[p])) {
      ++g;
      ++p;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      p = ++star_part;
    } else {
      return false;
    }
  }
  return g == globs.size();
}

void IgnoreRules::AddFile(std::string_view folder, std::string_view text) {
  std::string prefix(folder);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    AddLine(prefix, line);
  }
}

void IgnoreRules::AddLine(std::string_view folder, std::string_view line) {
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  if (line.empty() || line.starts_with('#')) return;
  Rule rule;
  rule.folder = folder;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.folders_only = true;
    line.remove_suffix(1);
  }
  rule.anchored = line.find('/') != std::string_view::npos;
  if (line.starts_with('/')) line.remove_prefix(1);
  if (line.empty()) return;
  rule.glob = line;
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::Matches(std::string_view path, bool is_folder) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->folders_only && !is_folder) continue;
    if (!path.starts_with(rule->folder)) continue;
    std::string_view below = path.substr(rule->folder.size());
    if (below.empty()) continue;
    if (!rule->anchored) below.remove_prefix(below.rfind('/') + 1);
    if (GlobMatches(rule->glob, below)) return !rule->negated;
  }
  return false;
}

bool IgnoreRules::Ignores(std::string_view path) const {
  if (rules_.empty()) return false;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (Matches(path.substr(0, slash), true)) return true;
  }
  return Matches(path, false);
}

}  // namespace openchoreo::source
