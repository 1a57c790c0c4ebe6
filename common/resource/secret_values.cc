#include "common/resource/secret_values.h"

#include <algorithm>

#include "common/base/go_quote.h"

namespace openchoreo::resource {

namespace {

constexpr std::size_t kShort = 6;             // shorter ones are looked for in quotes alone
constexpr std::size_t kMaxSteps = 4'000'000;  // values looked at in all
constexpr std::size_t kMaxDepth = 128;
constexpr std::size_t kMaxSecretBytes = 64u << 10;

// "DB_PASSWORD" as a value names a variable; it is not one's content.
bool NamesVariable(std::string_view text) {
  const bool upper = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return upper && base::IsSecretName(text);
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (IsBlank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  return text;
}

void Insert(base::TextRanges& ranges, std::size_t begin, std::size_t end) {
  if (begin < end) ranges.emplace_back(begin, end);
}

// Sorted, those that touch or overlap made one.
base::TextRanges Merged(base::TextRanges ranges) {
  std::sort(ranges.begin(), ranges.end());
  base::TextRanges merged;
  for (const auto& [begin, end] : ranges) {
    if (!merged.empty() && begin <= merged.back().second) {
      merged.back().second = std::max(merged.back().second, end);
    } else {
      merged.emplace_back(begin, end);
    }
  }
  return merged;
}

}  // namespace

void SecretValues::Add(const value::Value& document) { Walk(document, false, 0); }

void SecretValues::Walk(const value::Value& value, bool secret, std::size_t depth) {
  if (++steps_ > kMaxSteps || depth > kMaxDepth) return;
  if (value.is_list()) {
    for (const value::Value& item : value.as_list()) Walk(item, secret, depth + 1);
    return;
  }
  if (value.is_map()) {
    const std::string_view name = value.Get("name").string_or_empty();
    const std::string_view key = value.Get("key").string_or_empty();
    const bool variable = base::IsSecretName(name) || base::IsSecretName(key);
    const bool secret_object = value.Get("kind").string_or_empty() == "Secret";
    for (const auto& [field_name, child] : value.as_map()) {
      const std::string_view field = field_name.string_or_empty();
      const bool contents = secret_object && (field == "data" || field == "stringData");
      // Below a map with a secret's name the fields' own names decide.
      const bool named = !child.is_map() && base::IsSecretName(field);
      Walk(child,
           named || contents || (secret && !child.is_map()) || (variable && field == "value"),
           depth + 1);
    }
    return;
  }
  if (!secret) return;
  if (value.is_string()) {
    AddText(value.as_string());
  } else if (value.is_int()) {
    AddText(std::to_string(value.as_int()));
  }
}

void SecretValues::AddText(std::string_view text) {
  if (text.size() > kMaxSecretBytes || text.find("${") != std::string_view::npos) return;
  if (NamesVariable(text)) return;
  AddLine(text);
  const std::string quoted = base::GoQuote(text);
  AddLine(std::string_view(quoted).substr(1, quoted.size() - 2));
  if (text.find('\n') == std::string_view::npos) return;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trimmed(text.substr(0, end));
    if (line.size() >= kShort) AddLine(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void SecretValues::AddLine(std::string_view line) {
  if (line.empty()) return;
  if (line.size() < kShort) {
    short_.emplace(line);
  } else if (known_long_.emplace(line).second) {
    long_[std::string(line.substr(0, kShort))].emplace_back(line);
  }
}

base::TextRanges SecretValues::Find(std::string_view text) const {
  base::TextRanges ranges = base::SecretShapes(text);
  for (std::size_t at = 0; !long_.empty() && at + kShort <= text.size(); ++at) {
    const auto found = long_.find(std::string(text.substr(at, kShort)));
    if (found == long_.end()) continue;
    for (const std::string& secret : found->second) {
      if (text.substr(at).starts_with(secret)) Insert(ranges, at, at + secret.size());
    }
  }
  for (std::size_t at = 0; !short_.empty() && at < text.size(); ++at) {
    const char quote = text[at];
    if (quote != '"' && quote != '\'' && quote != '`') continue;
    const std::size_t end = text.find(quote, at + 1);
    if (end == std::string_view::npos || end - at - 1 >= kShort) continue;
    if (short_.contains(std::string(text.substr(at + 1, end - at - 1))))
      Insert(ranges, at + 1, end);
  }
  return Merged(std::move(ranges));
}

std::string SecretValues::Hide(std::string_view text) const {
  std::string out;
  std::size_t at = 0;
  for (const auto& [begin, end] : Find(text)) {
    out += text.substr(at, begin - at);
    out += base::kHidden;
    at = end;
  }
  out += text.substr(at);
  return out;
}

void SecretValues::Hide(base::Diagnostic& diagnostic) const {
  diagnostic.message = Hide(diagnostic.message);
  diagnostic.hint = Hide(diagnostic.hint);
  for (std::string& note : diagnostic.notes) note = Hide(note);
}

namespace {

// One "key: value" of a line; offsets into the text.
struct Entry {
  std::string_view key;
  std::size_t begin, end;  // the value
};

std::string_view Unquoted(std::string_view text) {
  text = Trimmed(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

// Past a value that begins at `at`: a quoted text, or a plain one up to what ends it.
std::size_t ValueEnd(std::string_view text, std::size_t at, std::size_t end, bool flow) {
  if (at < end && (text[at] == '"' || text[at] == '\'')) {
    const std::size_t close = text.find(text[at], at + 1);
    return close < end ? close + 1 : end;
  }
  constexpr std::string_view kFlowEnds = ",{}[]";
  for (; at < end; ++at) {
    if (text.substr(at).starts_with("${")) {
      const std::size_t close = text.find('}', at);
      if (close >= end) return end;
      at = close;
    } else if (flow ? kFlowEnds.find(text[at]) != std::string_view::npos
                    : text.substr(at).starts_with(" #")) {
      break;
    }
  }
  return at;
}

// What a line's text has of "key: value", in block and flow style; enough to tell a secret, not a
// reader of YAML.
std::vector<Entry> EntriesOf(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<Entry> entries;
  std::size_t key_begin = begin;
  bool flow = false;
  for (std::size_t at = begin; at < end;) {
    const char c = text[at];
    if (c == '{' || c == '[' || c == '}' || c == ']') {
      flow = true;
      key_begin = ++at;
      continue;
    }
    const bool item = c == '-' && Trimmed(text.substr(begin, at - begin)).empty();
    if (c == ',' || item) {
      key_begin = ++at;
      continue;
    }
    const bool quoted_key = at > begin && text[at - 1] == '"';
    if (c != ':' || !(at + 1 == end || IsBlank(text[at + 1]) || quoted_key)) {
      ++at;
      continue;
    }
    const std::string_view key = Unquoted(text.substr(key_begin, at - key_begin));
    ++at;
    while (at < end && IsBlank(text[at])) ++at;
    const bool opens = at < end && (text[at] == '{' || text[at] == '[');
    const std::size_t value_end = opens ? at : ValueEnd(text, at, end, flow);
    entries.push_back({key, at, value_end});
    at = key_begin = value_end;
  }
  return entries;
}

bool IsScalar(std::string_view value) {
  value = Trimmed(value);
  constexpr std::string_view kOther = "{[|>*&#";
  return !value.empty() && kOther.find(value.front()) == std::string_view::npos &&
         value.find("${") == std::string_view::npos;
}

bool NamesSecret(std::string_view text, const std::vector<Entry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    return (entry.key == "name" || entry.key == "key") &&
           base::IsSecretName(Unquoted(text.substr(entry.begin, entry.end - entry.begin)));
  });
}

}  // namespace

base::TextRanges SecretsOfLine(std::string_view text, std::size_t begin, std::size_t end) {
  const std::vector<Entry> entries = EntriesOf(text, begin, end);
  bool variable = NamesSecret(text, entries);
  if (!variable && begin > 0) {  // the line above
    const std::size_t above = begin < 2 ? 0 : text.rfind('\n', begin - 2) + 1;
    variable = NamesSecret(text, EntriesOf(text, above, begin - 1));
  }
  if (!variable && end < text.size()) {  // the line below, of the same entry
    const std::size_t below = std::min(text.find('\n', end + 1), text.size());
    const std::string_view line = Trimmed(text.substr(end + 1, below - end - 1));
    variable = !line.starts_with('-') && NamesSecret(text, EntriesOf(text, end + 1, below));
  }
  base::TextRanges ranges;
  for (const Entry& entry : entries) {
    const bool secret = base::IsSecretName(entry.key) || (variable && entry.key == "value");
    if (!secret || !IsScalar(text.substr(entry.begin, entry.end - entry.begin))) continue;
    ranges.emplace_back(entry.begin, entry.end);
  }
  return ranges;
}

}  // namespace openchoreo::resource
