#include "common/resource/kustomization.h"

#include <algorithm>
#include <initializer_list>

#include "common/base/arena.h"
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

// The texts at `path` of each item of a list.
void AddMembers(const Value& list, std::initializer_list<std::string_view> path,
                std::vector<std::string>& texts) {
  for (std::size_t i = 0; list.is_list() && i < list.size(); ++i) {
    Value member = list.as_list()[i];
    for (const std::string_view key : path) member = member.Get(key);
    if (!member.string_or_empty().empty()) texts.emplace_back(member.as_string());
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
  if (IsEmpty(root.Get("configurations")))
    AddMembers(root.Get("images"), {"name"}, found.unconfigured_images);
  for (const std::string_view field : {"patches", "patchesJson6902"})
    AddMembers(root.Get(field), {"target", "kind"}, found.target_kinds);
  const Value replacements = root.Get("replacements");
  for (std::size_t i = 0; replacements.is_list() && i < replacements.size(); ++i)
    AddMembers(replacements.as_list()[i].Get("targets"), {"select", "kind"}, found.target_kinds);
  AddMembers(root.Get("vars"), {"name"}, found.vars);
  for (const std::string_view field : kChangingFields) {
    if (!IsEmpty(root.Get(field))) found.changes.push_back(field);
  }
  return found;
}

}  // namespace openchoreo::resource
