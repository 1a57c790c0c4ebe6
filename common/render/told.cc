#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "common/render/findings.h"
#include "common/render/option_table.h"

namespace openchoreo::render {
namespace {

// How many names a folded finding gives.
constexpr std::size_t kNamed = 3;

constexpr std::string_view kOneMorePath = "as one more PATH";

std::string_view OneMoreSource(Door door) {
  switch (door) {
    case Door::kArgoCd:
      return "in the parameter sources";
    case Door::kFunction:
      return "under resources: or in spec.root";
    case Door::kFlux:
      return "in spec.sources";
    case Door::kCommandLine:
      break;
  }
  return kOneMorePath;
}

// Flags that are no options of rendering, in the other doors' words.
struct OwnWords {
  std::string_view flag, argo_cd, function, flux;
};

constexpr OwnWords kOwnWords[] = {
    {"--exclude", "exclude", ".sourceignore", "exclude"},
    {"--kustomize", "kustomize: true", "the function among its transformers",
     "give what it built as the source"},
};

// nullptr where `text` begins with none of them.
const OwnWords* OwnWordsAt(std::string_view text) {
  for (const OwnWords& words : kOwnWords) {
    if (text.starts_with(words.flag)) return &words;
  }
  return nullptr;
}

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

// The option whose flag `text` begins with, and nothing longer.
const OptionSpec* FlagAt(std::string_view text) {
  std::size_t end = 2;
  while (end < text.size() && IsWord(text[end]) && text[end] != '.') ++end;
  for (const OptionSpec& spec : OptionTable()) {
    if (spec.flag == text.substr(0, end)) return &spec;
  }
  return nullptr;
}

// The value behind a flag: what follows '=' or, where the option takes it, a blank.
std::string_view ValueAt(std::string_view rest, const OptionSpec& spec) {
  if (rest.empty() || (rest[0] != '=' && (rest[0] != ' ' || spec.type == OptionType::kBool)))
    return {};
  std::size_t end = 1;
  while (end < rest.size() && IsWord(rest[end])) ++end;
  const std::string_view value = rest.substr(1, end - 1);
  const bool fits = spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(),
                                                      value) != spec.choices.end();
  return fits ? value : std::string_view();
}

// What tells one cause from another: places and objects apart, but for what has no object.
using Cause = std::tuple<base::Severity, base::ErrorCode, std::string, std::string, std::string>;

Cause CauseOf(const base::Diagnostic& diagnostic) {
  std::string where;
  if (diagnostic.object.empty()) {
    const base::Place& place = diagnostic.place;
    where = std::to_string(place.source) + ":" + std::to_string(place.document) + ":" +
            std::to_string(place.byte_offset) + ":" + place.field;
  }
  return {diagnostic.severity, diagnostic.code, diagnostic.message, diagnostic.hint, where};
}

std::string_view KindOf(std::string_view object) { return object.substr(0, object.find(' ')); }

std::string Plural(std::string_view kind) {
  if (kind.ends_with("Binding")) return "bindings";
  std::string text(kind);
  if (text.ends_with('y')) {
    text.pop_back();
    return text + "ies";
  }
  return text + "s";
}

// " in 12 bindings: acme/a, acme/b, acme/c …"
std::string InObjects(const std::vector<std::string_view>& objects) {
  std::string what = Plural(KindOf(objects.front()));
  for (const std::string_view object : objects) {
    if (Plural(KindOf(object)) != what) what = "objects";
  }
  std::string text = " in " + std::to_string(objects.size()) + " " + what + ": ";
  for (std::size_t i = 0; i < objects.size() && i < kNamed; ++i) {
    if (i > 0) text += ", ";
    text += what == "objects" ? objects[i] : objects[i].substr(objects[i].find(' ') + 1);
  }
  if (objects.size() > kNamed) text += " …";
  return text;
}

std::string Counted(std::size_t number, std::string_view what) {
  return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

}  // namespace

std::string InWordsOf(std::string_view text, Door door) {
  if (door == Door::kCommandLine) return std::string(text);
  std::string out;
  while (!text.empty()) {
    if (text.starts_with(kOneMorePath)) {
      out += OneMoreSource(door);
      text.remove_prefix(kOneMorePath.size());
      continue;
    }
    if (const OwnWords* words = OwnWordsAt(text)) {
      out += door == Door::kArgoCd ? words->argo_cd
             : door == Door::kFlux ? words->flux
                                   : words->function;
      text.remove_prefix(words->flag.size());
      continue;
    }
    const OptionSpec* spec = text.starts_with("--") ? FlagAt(text) : nullptr;
    if (!spec) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(spec->flag.size());
    out += spec->name;
    const std::string_view value = ValueAt(text, *spec);
    if (!value.empty()) {
      out.append(": ").append(value);
      text.remove_prefix(value.size() + 1);
    } else if (spec->type == OptionType::kBool) {
      out += ": true";
    }
  }
  return out;
}

base::Diagnostics Told(const base::Diagnostics& diagnostics, Door door) {
  std::vector<std::pair<const base::Diagnostic*, std::vector<std::string_view>>> causes;
  std::map<Cause, std::size_t> known;
  for (const base::Diagnostic& diagnostic : diagnostics) {
    const auto [cause, first] = known.try_emplace(CauseOf(diagnostic), causes.size());
    if (first) causes.push_back({&diagnostic, {}});
    std::vector<std::string_view>& objects = causes[cause->second].second;
    if (!diagnostic.object.empty() &&
        std::find(objects.rbegin(), objects.rend(), diagnostic.object) == objects.rend())
      objects.push_back(diagnostic.object);
  }
  std::stable_sort(causes.begin(), causes.end(), [](const auto& a, const auto& b) {
    return a.first->severity < b.first->severity;
  });
  base::Diagnostics told;
  told.reserve(causes.size());
  for (const auto& [first, objects] : causes) {
    base::Diagnostic diagnostic = *first;
    if (objects.size() > 1) {
      diagnostic.message += InObjects(objects);
      diagnostic.object.clear();
    }
    diagnostic.message = InWordsOf(diagnostic.message, door);
    diagnostic.hint = InWordsOf(diagnostic.hint, door);
    told.push_back(std::move(diagnostic));
  }
  return told;
}

std::string CountsLine(const base::Diagnostics& diagnostics, std::size_t bindings_read,
                       std::size_t not_shown) {
  std::size_t errors = 0, warnings = 0;
  std::set<std::uint32_t> files;
  for (const base::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == base::Severity::kNote) continue;
    ++(diagnostic.severity == base::Severity::kError ? errors : warnings);
    if (diagnostic.place.known()) files.insert(diagnostic.place.source);
  }
  if (errors + warnings == 0) return {};
  std::string text;
  if (errors > 0) text = Counted(errors, "error");
  if (warnings > 0) text += (errors > 0 ? ", " : "") + Counted(warnings, "warning");
  if (!files.empty()) text += " in " + Counted(files.size(), "file");
  text += "; " + Counted(bindings_read, "binding") + " read";
  if (not_shown > 0) text += "; " + std::to_string(not_shown) + " more only follow from these";
  return text;
}

}  // namespace openchoreo::render
