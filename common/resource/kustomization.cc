#include "common/resource/kustomization.h"

#include <algorithm>
#include <utility>

#include "common/base/arena.h"
#include "common/base/go_regexp.h"
#include "common/names/api_version.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

using value::Value;

constexpr std::string_view kGroup = "kustomize.config.k8s.io/";

constexpr std::string_view kChangingFields[] = {
    "namespace",       "namePrefix", "nameSuffix", "patches",      "patchesStrategicMerge",
    "patchesJson6902", "images",     "replicas",   "replacements", "vars",
};

bool IsEmpty(const Value& field) {
  if (field.is_string()) return field.as_string().empty();
  return !field.is_list() && !field.is_map() ? true : field.size() == 0;
}

void AddTexts(const Value& list, std::vector<std::string>& texts) {
  if (!list.is_list()) return;
  for (const Value& entry : list.as_list()) {
    if (entry.is_string()) texts.emplace_back(entry.as_string());
  }
}

// Files with patches: named themselves, or by `path`.
void AddPatches(const Value& list, std::vector<std::string>& paths) {
  if (!list.is_list()) return;
  for (const Value& entry : list.as_list()) {
    const std::string_view path =
        entry.is_map() ? entry.Get("path").string_or_empty() : entry.string_or_empty();
    if (!path.empty() && path.find('\n') == std::string_view::npos) paths.emplace_back(path);
  }
}

void AddNames(const Value& list, std::vector<std::string>& names) {
  for (std::size_t i = 0; list.is_list() && i < list.size(); ++i)
    names.emplace_back(list.as_list()[i].Get("name").string_or_empty());
}

// What each item of a list has as `member`.
void AddTargets(const Value& list, std::string_view member, std::vector<PatchTarget>& targets) {
  for (std::size_t i = 0; list.is_list() && i < list.size(); ++i) {
    const Value from = list.as_list()[i].Get(member);
    const auto text = [&](std::string_view key) {
      return std::string(from.Get(key).string_or_empty());
    };
    PatchTarget target{text("group"), text("version"), text("kind"), text("name"),
                       text("namespace")};
    if (!(target.group + target.version + target.kind + target.name + target.ns).empty())
      targets.push_back(std::move(target));
  }
}

bool SelectorsAmong(const Value& labels) {
  if (!labels.is_list()) return false;
  return std::any_of(labels.as_list().begin(), labels.as_list().end(), [](const Value& entry) {
    const Value selectors = entry.Get("includeSelectors");
    return selectors.is_bool() && selectors.as_bool();
  });
}

}  // namespace

bool Selects(const PatchTarget& target, std::string_view api_version, std::string_view kind,
             std::string_view ns, std::string_view name) {
  const auto matches = [](const std::string& pattern, std::string_view text) {
    if (pattern.empty() || pattern == text) return true;
    const base::GoRegexp whole("^(?:" + pattern + ")$");
    return whole.error().empty() && whole.Matches(text);
  };
  const auto [group, version] = names::SplitApiVersion(api_version);
  return matches(target.kind, kind) && matches(target.name, name) && matches(target.group, group) &&
         matches(target.version, version) && matches(target.ns, ns.empty() ? "default" : ns);
}

bool IsKustomizationFile(std::string_view base_name) {
  return std::find(std::begin(kKustomizationFiles), std::end(kKustomizationFiles), base_name) !=
         std::end(kKustomizationFiles);
}

std::optional<Kustomization> ReadKustomization(std::string_view text,
                                               const base::RenderLimits& limits) {
  base::Arena arena(4096);
  const yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (read.documents.empty() || !read.documents.front().root.is_map()) return std::nullopt;
  const Value root = read.documents.front().root;
  const std::string_view version = root.Get("apiVersion").string_or_empty();
  if (!version.empty() && !version.starts_with(kGroup)) return std::nullopt;
  Kustomization found;
  found.component = root.Get("kind").string_or_empty() == "Component";
  found.ns = root.Get("namespace").string_or_empty();
  found.name_prefix = root.Get("namePrefix").string_or_empty();
  found.name_suffix = root.Get("nameSuffix").string_or_empty();
  found.labels_in_selectors =
      !IsEmpty(root.Get("commonLabels")) || SelectorsAmong(root.Get("labels"));
  for (const std::string_view field : {"resources", "bases", "components"})
    AddTexts(root.Get(field), found.resources);
  for (const std::string_view field : {"patches", "patchesStrategicMerge", "patchesJson6902"})
    AddPatches(root.Get(field), found.patches);
  AddTexts(root.Get("generators"), found.generators);
  AddTexts(root.Get("transformers"), found.transformers);
  AddTexts(root.Get("validators"), found.validators);
  found.configured = !IsEmpty(root.Get("configurations"));
  AddNames(root.Get("images"), found.images);
  AddNames(root.Get("vars"), found.vars);
  for (const std::string_view field : {"patches", "patchesJson6902"})
    AddTargets(root.Get(field), "target", found.targets);
  const Value replacements = root.Get("replacements");
  for (std::size_t i = 0; replacements.is_list() && i < replacements.size(); ++i)
    AddTargets(replacements.as_list()[i].Get("targets"), "select", found.targets);
  for (const std::string_view field : kChangingFields) {
    if (!IsEmpty(root.Get(field))) found.changes.push_back(field);
  }
  return found;
}

}  // namespace openchoreo::resource
