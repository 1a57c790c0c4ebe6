#include "common/resource/resemblance.h"

#include <string.h>

#include <algorithm>

#include "common/base/ascii.h"
#include "common/base/edit_distance.h"
#include "common/names/kind.h"
#include "common/resource/known_kinds.h"

namespace openchoreo::resource {
namespace {

using value::Value;

constexpr std::string_view kBelow = ".openchoreo.dev";

// `text` without what nobody sees in it, and without what a browser's address has before a host.
std::string AsMeant(std::string_view text) {
  std::string meant = WithoutInvisible(text);
  for (const std::string_view before : {"https://", "http://", "www."}) {
    if (meant.starts_with(before)) meant.erase(0, before.size());
  }
  return meant;
}

// Whether a group is not OpenChoreo's but was meant to be: two letters off at most, or under
// another top domain, or none. Groups below openchoreo.dev are their owners'.
bool ResemblesGroup(std::string_view group) {
  if (group == kGroup) return false;
  const std::string lower = base::AsciiLower(group);
  if (base::EditDistance(lower, kGroup, 2) <= 2) return true;
  constexpr std::string_view kName = "openchoreo";
  if (!lower.starts_with(kName)) return false;
  const std::string_view rest = std::string_view(lower).substr(kName.size());
  return rest.empty() || (rest[0] == '.' && rest.find('.', 1) == std::string_view::npos);
}

// Whether a whole apiVersion was meant to be OpenChoreo's.
bool ResemblesApiVersion(std::string_view text) {
  if (text == kApiVersion) return false;
  const std::size_t slash = text.find('/');
  const std::string_view group = text.substr(0, slash);
  if (group == kGroup || ResemblesGroup(group)) return true;
  return slash == std::string_view::npos &&
         base::EditDistance(base::AsciiLower(text), kApiVersion, 3) <= 3;
}

bool IsOurs(std::string_view api_version) {
  return api_version == kApiVersion || ResemblesApiVersion(api_version) ||
         AsMeant(api_version) == kApiVersion;
}

bool ResemblesKey(std::string_view key, std::string_view wanted) {
  return key != wanted &&
         base::EditDistance(base::AsciiLower(key), base::AsciiLower(wanted), 2) <= 2;
}

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string DidYouMean(std::string_view text) { return "did you mean " + Quoted(text) + "?"; }

// A key of `document` that was meant to be `wanted`, which it lacks; "" if there is none.
std::string_view MisspeltKey(const Value& document, std::string_view wanted) {
  for (const value::MapEntry& entry : document.as_map()) {
    if (ResemblesKey(entry.key.as_string(), wanted)) return entry.key.as_string();
  }
  return {};
}

// The kind a document has or was meant to have, if nobody else has it; else "".
std::string_view TellingKind(const Value& document) {
  const std::string_view kind = document.Get("kind").string_or_empty();
  const std::string_view nearest = NearestKind(kind);
  const std::string_view meant = nearest.empty() ? kind : nearest;
  return IsTellingKind(meant) ? meant : std::string_view();
}

Resemblance Pointed(std::string message, std::string hint, std::string_view field) {
  return {std::move(message), std::move(hint), std::string(field)};
}

// The kind is wrong under OpenChoreo's own apiVersion.
std::optional<Resemblance> KindResemblance(const Value& document) {
  const std::string_view kind = document.Get("kind").string_or_empty();
  const std::string_view nearest = NearestKind(kind);
  if (nearest.empty()) return std::nullopt;
  return Pointed("OpenChoreo has no kind " + Quoted(kind), DidYouMean(nearest), "/kind");
}

std::optional<Resemblance> WithoutApiVersion(const Value& document) {
  const std::string_view misspelt = MisspeltKey(document, "apiVersion");
  if (!misspelt.empty() && IsOurs(document.Get(misspelt).string_or_empty())) {
    std::string pointer = "/";
    pointer += misspelt;
    return Pointed("no apiVersion, but " + Quoted(misspelt), DidYouMean("apiVersion"), pointer);
  }
  const std::string_view kind = TellingKind(document);
  if (kind.empty()) return std::nullopt;
  return Pointed("a " + std::string(kind) + " without apiVersion",
                 "add apiVersion: " + std::string(kApiVersion), "");
}

// Identifiers at the beginning of a line and what follows them: apiVersion: x, - "apiVersion": "x",
// {"apiVersion":"x".
struct KeyLine {
  std::string_view key, value;
};

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The key at `at`, and the value behind its colon up to a blank, quote, comma or brace.
KeyLine ReadKeyLine(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && IsWordByte(line[end])) ++end;
  KeyLine read{line.substr(at, end - at), {}};
  at = line.find_first_not_of("\"' \t", end);
  if (at == std::string_view::npos || line[at] != ':') return {};
  at = line.find_first_not_of("\"' \t", at + 1);
  if (at == std::string_view::npos) return read;
  end = std::min(line.find_first_of("\"' \t\r,}#", at), line.size());
  read.value = line.substr(at, end - at);
  return read;
}

// Calls `visit` with every line that begins with a key; stops when it returns true.
template <typename Visit>
bool AnyKeyLine(std::string_view text, const Visit& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const void* const found = ::memchr(text.data() + begin, '\n', text.size() - begin);
    const std::size_t end =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data())
              : text.size();
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t at = line.find_first_not_of("-{[,\"' \t");
    if (at == std::string_view::npos || !IsWordByte(line[at])) continue;
    const KeyLine read = ReadKeyLine(line, at);
    if (!read.key.empty() && visit(read)) return true;
  }
  return false;
}

bool IsJson(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// JSON on one line has its keys anywhere.
bool AnyJsonApiVersion(std::string_view text) {
  constexpr std::string_view kKey = "\"apiVersion\"";
  for (std::size_t at = text.find(kKey); at != std::string_view::npos;
       at = text.find(kKey, at + 1)) {
    const std::string_view rest = text.substr(at, 256);
    if (IsOurs(ReadKeyLine(rest, 1).value)) return true;
  }
  return false;
}

bool Holds(std::string_view text, std::string_view part) {
  return ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

constexpr int kMaxNesting = 8;

bool IsOrResemblesAt(const Value& document, int nesting) {
  if (document.is_list() && nesting < kMaxNesting) {
    const auto items = document.as_list();
    return std::any_of(items.begin(), items.end(),
                       [&](const Value& item) { return IsOrResemblesAt(item, nesting + 1); });
  }
  if (!document.is_map()) return false;
  if (IsOurs(document.Get("apiVersion").string_or_empty())) return true;
  if (FindResemblance(document)) return true;
  const Value items = document.Get("items");
  return items.is_list() && nesting < kMaxNesting && IsOrResemblesAt(items, nesting + 1);
}

// The group with a version ("openchoreo.dev/v1alpha1") as a word of its own, in no comment: what a
// document that cannot be read has in place of its apiVersion line, whatever broke it.
bool NamesOurVersion(std::string_view text) {
  constexpr std::string_view kVersioned = "openchoreo.dev/v";
  constexpr std::string_view kNoWord = " \t\r\n\"'[{(:,=";  // what may stand before it
  for (std::size_t at = text.find(kVersioned); at != std::string_view::npos;
       at = text.find(kVersioned, at + kVersioned.size())) {
    const std::size_t next = at + kVersioned.size();
    if (next >= text.size() || text[next] < '0' || text[next] > '9') continue;
    if (at > 0 && !Holds(kNoWord, text.substr(at - 1, 1))) continue;
    const std::size_t line = text.rfind('\n', at) + 1;  // npos + 1 is 0
    const std::string_view before = text.substr(line, at - line);
    if (!Holds(before, "#") && !Holds(before, "//")) return true;
  }
  return false;
}

}  // namespace

std::optional<Resemblance> FindResemblance(const Value& document) {
  const Value* written = document.Find("apiVersion");
  if (!written || written->is_null()) return WithoutApiVersion(document);
  const std::string_view api_version = written->string_or_empty();
  if (api_version == kApiVersion) return KindResemblance(document);
  const std::string_view group = api_version.substr(0, api_version.find('/'));
  if (IsOurs(api_version)) {
    const bool version = group == kGroup;
    return Pointed(
        (version ? "OpenChoreo has no version " : "no group of OpenChoreo: ") + Quoted(api_version),
        DidYouMean(kApiVersion), "/apiVersion");
  }
  // "v1alpha1": the group was forgotten; or it is another product's name, or half of ours. Groups
  // below ours have kinds of their own.
  const bool named = group.find("choreo") != std::string_view::npos && !group.ends_with(kBelow);
  if (api_version.find('/') != std::string_view::npos && !named) return std::nullopt;
  const std::string_view kind = TellingKind(document);
  if (kind.empty()) return std::nullopt;
  return Pointed("a " + std::string(kind) + " of apiVersion " + Quoted(api_version),
                 DidYouMean(kApiVersion), "/apiVersion");
}

bool IsOrResembles(const Value& document) { return IsOrResemblesAt(document, 0); }

bool SpeaksOfOpenChoreo(std::string_view text) {
  if (NamesOurVersion(text)) return true;
  if (IsJson(text) && AnyJsonApiVersion(text)) return true;
  return AnyKeyLine(text, [](const KeyLine& line) {
    return (line.key == "apiVersion" || ResemblesKey(line.key, "apiVersion")) && IsOurs(line.value);
  });
}

bool MayHoldOpenChoreo(std::string_view text) {
  if (Holds(text, "openchoreo")) return true;
  if (IsJson(text)) return Holds(text, "\"kind\"");
  return AnyKeyLine(text, [](const KeyLine& line) {
    // Both keys have an i in them, whatever letter is missing.
    if (line.key.size() < 3 || line.key.size() > 12 || line.value.size() < 5) return false;
    if (line.key.size() <= 6) {
      if (line.key != "kind" && !ResemblesKey(line.key, "kind")) return false;
      const std::string_view nearest = NearestKind(line.value);
      return IsTellingKind(nearest.empty() ? line.value : nearest);
    }
    return (line.key == "apiVersion" || ResemblesKey(line.key, "apiVersion")) && IsOurs(line.value);
  });
}

bool IsSkeleton(std::string_view text) {
  const std::size_t open = text.find("{{");
  return open != std::string_view::npos && text.find("}}", open) != std::string_view::npos;
}

std::optional<std::string> NarrowedUtf16(std::string_view text) {
  std::size_t first = 0;  // index of the low byte
  if (text.starts_with("\xff\xfe")) {
    text.remove_prefix(2);
  } else if (text.starts_with("\xfe\xff")) {
    text.remove_prefix(2);
    first = 1;
  } else if (text.size() >= 4 && text[1] == '\0' && text[3] == '\0' && text[0] != '\0') {
    // Little endian without a mark.
  } else if (text.size() >= 4 && text[0] == '\0' && text[2] == '\0' && text[1] != '\0') {
    first = 1;
  } else {
    return std::nullopt;
  }
  std::string narrow;
  narrow.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    narrow += text[i + 1 - first] == '\0' ? text[i + first] : '?';
  }
  return narrow;
}

}  // namespace openchoreo::resource
