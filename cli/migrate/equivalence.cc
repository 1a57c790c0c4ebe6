#include "cli/migrate/equivalence.h"

#include <algorithm>
#include <vector>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::migrate {

namespace {

using value::MapEntry;
using value::Value;

// Generated names, by what stands for them in a canonical text.
using Names = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kPlatformPrefix = "openchoreo.dev/";
constexpr std::string_view kFileMount = "file-mount-";

bool IsPlatformKey(const MapEntry& entry) {
  return entry.key.string_or_empty().substr(0, kPlatformPrefix.size()) == kPlatformPrefix;
}

// "main-file-mount-1a2b3c4d" and "file-mount-1a2b3c4d" are the same volume.
std::string_view WithoutContainer(std::string_view text) {
  const std::size_t at = text.find(kFileMount);
  const bool generated = at != std::string_view::npos && text.size() == at + kFileMount.size() + 8;
  return generated ? text.substr(at) : text;
}

class Canonical {
 public:
  explicit Canonical(const Names& names) : names_(names) {}

  std::string Text(const Value& value) const {
    std::string out;
    Append(out, value, "");
    return out;
  }

 private:
  void Append(std::string& out, const Value& value, std::string_view key) const {
    if (value.is_string()) {
      const auto named = names_.find(value.as_string());
      value::AppendJsonString(
          out, named != names_.end() ? named->second : WithoutContainer(value.as_string()));
    } else if (value.is_map()) {
      out += '{';
      for (const MapEntry& entry : value.as_map()) {
        if (IsPlatformKey(entry) || IsEmptied(entry.value)) continue;
        value::AppendJsonString(out, entry.key.string_or_empty());
        out += ':';
        Append(out, entry.value, entry.key.string_or_empty());
        out += ',';
      }
      out += '}';
    } else if (value.is_list()) {
      std::vector<std::string> items;
      for (const Value& item : value.as_list()) Append(items.emplace_back(), item, "");
      if (key == "volumes") std::sort(items.begin(), items.end());
      out += '[';
      for (const std::string& item : items) out += item + ",";
      out += ']';
    } else {
      value::AppendJson(out, value);
    }
  }

  // A map of platform keys alone, or none.
  static bool IsEmptied(const Value& value) {
    return value.is_map() &&
           std::all_of(value.as_map().begin(), value.as_map().end(), IsPlatformKey);
  }

  const Names& names_;
};

bool IsPlatformPolicy(const Value& resource) {
  const std::string_view kind = resource.Get("kind").string_or_empty();
  return (kind == "NetworkPolicy" || kind == "CiliumNetworkPolicy") &&
         resource.Get("metadata", "name").string_or_empty().rfind("openchoreo-", 0) == 0;
}

bool HasGeneratedName(const Value& resource) {
  const std::string_view kind = resource.Get("kind").string_or_empty();
  return kind == "ConfigMap" || kind == "Secret" || kind == "ExternalSecret";
}

// A resource is known by what it holds; its own name inside it stands as "self".
Names NamesByContent(const Value& resources) {
  Names names;
  for (const Value& resource : resources.as_list()) {
    if (!HasGeneratedName(resource)) continue;
    const std::string name(resource.Get("metadata", "name").string_or_empty());
    const std::string content = Canonical({{name, "self"}}).Text(resource);
    names.emplace(name, content);
  }
  return names;
}

std::vector<std::string> CanonicalResources(const Value& plan, std::string_view key) {
  const Value resources = plan.Get(key);
  std::vector<std::string> texts;
  if (!resources.is_list()) return texts;
  const Names names = NamesByContent(resources);
  for (const Value& resource : resources.as_list()) {
    if (!IsPlatformPolicy(resource)) texts.push_back(Canonical(names).Text(resource));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string FirstLine(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  return std::string(text.substr(0, std::min(text.find('\n'), kLongest)));
}

std::string DifferenceOf(const std::string& before_text, const std::string& after_text) {
  base::Arena arena;
  const auto before = value::ReadJson(before_text, arena);
  const auto after = value::ReadJson(after_text, arena);
  if (!before || !after) return "its plan cannot be read";
  const bool failed_before = !before->Get("error").is_null();
  const bool failed_after = !after->Get("error").is_null();
  if (failed_after && !failed_before)
    return "it would fail: " + FirstLine(after->Get("error").string_or_empty());
  if (failed_before) return failed_after ? "" : "it would no longer fail";
  if (!value::JsonEquals(before->Get("targetNamespace"), after->Get("targetNamespace")))
    return "its namespace changes";
  for (const char* key : {"resources", "observabilityResources"}) {
    const auto old_texts = CanonicalResources(*before, key);
    const auto new_texts = CanonicalResources(*after, key);
    if (old_texts == new_texts) continue;
    const auto at =
        std::mismatch(old_texts.begin(), old_texts.end(), new_texts.begin(), new_texts.end());
    const std::string& text = at.first != old_texts.end() ? *at.first : *at.second;
    const std::size_t kind = text.find("\"kind\":\"");
    return "a resource changes: " +
           (kind == std::string::npos ? "?"
                                      : text.substr(kind + 8, text.find('"', kind + 8) - kind - 8));
  }
  return "";
}

}  // namespace

std::string FirstDifference(const Plan& before, const Plan& after) {
  for (const auto& [binding, text] : before) {
    const auto other = after.find(binding);
    if (other == after.end()) return binding + ": it disappears";
    const std::string difference = DifferenceOf(text, other->second);
    if (!difference.empty()) return binding + ": " + difference;
  }
  for (const auto& [binding, text] : after) {
    if (!before.contains(binding)) return binding + ": it is new";
  }
  return "";
}

}  // namespace openchoreo::migrate
