#include "common/source/ignore_rules.h"

#include <algorithm>

#include "common/base/utf8.h"

namespace openchoreo::source {

namespace {

// What stands for one character at the front of a glob, and what of the text it takes.
struct Step {
  std::size_t glob = 0;  // bytes of the glob; 0: it is no glob
  std::size_t text = 0;  // bytes of the text; 0: no match
};

// A character of a set at the front of `set`, which shrinks; false where a set can't go on so.
bool TakeSetCharacter(std::string_view& set, char32_t& rune) {
  if (set.empty() || set[0] == '-' || set[0] == ']') return false;
  if (set[0] == '\\') set.remove_prefix(1);
  if (set.empty()) return false;
  const base::DecodedRune decoded = base::DecodeRune(set);
  rune = decoded.rune;
  set.remove_prefix(decoded.size);
  return decoded.valid && !set.empty();
}

Step MatchSet(std::string_view glob, std::string_view text) {
  const base::DecodedRune rune =
      text.empty() ? base::DecodedRune{0, 0, false} : base::DecodeRune(text);
  std::string_view set = glob.substr(1);
  const bool negated = set.starts_with('^') || set.starts_with('!');
  if (negated) set.remove_prefix(1);
  bool in = false;
  do {
    char32_t low = 0;
    if (!TakeSetCharacter(set, low)) return {};
    char32_t high = low;
    if (set[0] == '-') {
      set.remove_prefix(1);
      if (!TakeSetCharacter(set, high)) return {};
    }
    in = in || (low <= rune.rune && rune.rune <= high);
  } while (set[0] != ']');
  return {glob.size() - set.size() + 1, in != negated ? rune.size : 0};
}

Step MatchOne(std::string_view glob, std::string_view text) {
  switch (glob[0]) {
    case '[':
      return MatchSet(glob, text);
    case '?':
      return {1, text.empty() ? 0 : base::DecodeRune(text).size};
    case '\\':
      if (glob.size() == 1) return {};
      return {2, text.starts_with(glob[1]) ? 1u : 0u};
    default:
      return {1, text.starts_with(glob[0]) ? 1u : 0u};
  }
}

bool IsGlob(std::string_view glob) {
  while (!glob.empty()) {
    const std::size_t taken = MatchOne(glob, {}).glob;
    if (taken == 0) return false;
    glob.remove_prefix(taken);
  }
  return true;
}

// The classic loop that goes back to the last '*'.
bool ComponentMatches(std::string_view glob, std::string_view component) {
  if (!IsGlob(glob)) return false;
  std::size_t g = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < component.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_text = t;
      continue;
    }
    const Step step = g < glob.size() ? MatchOne(glob.substr(g), component.substr(t)) : Step{};
    if (step.text > 0) {
      g += step.glob;
      t += step.text;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
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
  if (base::TrimSpace(line).empty() || line.starts_with('#')) return;
  Rule rule;
  rule.folder = folder;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (!line.ends_with("\\ ")) line = line.substr(0, line.find_last_not_of(' ') + 1);
  if (line.ends_with('/')) {
    rule.folders_only = true;
    line.remove_suffix(1);
  }
  for (std::string_view glob : Components(line)) rule.globs.emplace_back(glob);
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::Matches(const Rule& rule, std::string_view path) {
  if (!path.starts_with(rule.folder)) return false;
  const std::vector<std::string_view> parts = Components(path.substr(rule.folder.size()));
  if (rule.globs.size() == 1) {
    const auto named = std::find_if(parts.begin(), parts.end(), [&](std::string_view part) {
      return ComponentMatches(rule.globs[0], part);
    });
    return named != parts.end() && (!rule.folders_only || named + 1 != parts.end());
  }
  auto part = parts.begin();
  bool matched = false;
  bool any_folders = false;
  for (std::size_t i = 0; i < rule.globs.size(); ++i) {
    const std::string& glob = rule.globs[i];
    if (glob.empty() || glob == "**") {
      any_folders = !glob.empty();
      continue;
    }
    if (glob.find("**") != std::string::npos) return false;
    do {
      if (part == parts.end()) return false;
      matched = ComponentMatches(glob, *part++);
    } while (!matched && any_folders);
    if (!matched) return false;
    any_folders = false;
  }
  return matched && (!rule.folders_only || part != parts.end());
}

bool IgnoreRules::Ignores(std::string_view path) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (Matches(*rule, path)) return !rule->negated;
  }
  return false;
}

}  // namespace openchoreo::source
