#include "common/resource/kustomization_check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace openchoreo::resource {
namespace {

// Objects by the path of their file, one tree after the other.
class ByPath {
 public:
  ByPath(const std::deque<Object>& objects, const SourceTable& sources) {
    for (const Object& object : objects) {
      const SourceTable::File& file = sources.at(object.place.source);
      entries_.push_back({file.tree, file.path, &object});
    }
    std::sort(entries_.begin(), entries_.end(), Before);
  }

  // Calls `visit` for the objects in the file or below the folder `path`, until it gives false.
  template <typename Visit>
  void Below(const source::FileTree* tree, const std::string& path, const Visit& visit) const {
    if (path == ".") return From({tree, "", nullptr}, "", visit);
    From({tree, path, nullptr}, path, visit, true);
    const std::string folder = path + "/";
    From({tree, folder, nullptr}, folder, visit);
  }

 private:
  struct Entry {
    const source::FileTree* tree;
    std::string_view path;
    const Object* object;
  };

  static bool Before(const Entry& a, const Entry& b) {
    return std::tie(a.tree, a.path) < std::tie(b.tree, b.path);
  }

  template <typename Visit>
  void From(const Entry& first, std::string_view prefix, const Visit& visit,
            bool whole = false) const {
    for (auto at = std::lower_bound(entries_.begin(), entries_.end(), first, Before);
         at != entries_.end() && at->tree == first.tree && at->path.starts_with(prefix); ++at) {
      if ((whole && at->path != prefix) || !visit(*at->object)) return;
    }
  }

  std::vector<Entry> entries_;
};

// What a kustomization lists, as paths from the root of its tree.
std::vector<std::string> PathsOf(const SourceTable::File& file,
                                 const std::vector<std::string>& entries) {
  const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
  std::vector<std::string> paths;
  for (const std::string& entry : entries) {
    std::string path = (folder / entry).lexically_normal().generic_string();
    while (path.ends_with('/')) path.pop_back();
    if (!path.starts_with("..")) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace

void WarnOfKustomizations(const std::vector<FoundKustomization>& kustomizations,
                          const std::deque<Object>& objects, const SourceTable& sources,
                          base::Diagnostics& diagnostics) {
  if (kustomizations.empty()) return;
  const ByPath by_path(objects, sources);
  for (const auto& [source, found] : kustomizations) {
    const auto& content = found;  // clang 14 captures no structured binding
    bool lists = false, moves = false;
    for (const std::string& path : PathsOf(sources.at(source), content.resources)) {
      by_path.Below(sources.at(source).tree, path, [&](const Object& object) {
        lists = true;
        moves = !object.ns.empty() && object.ns != content.ns;
        return !moves;
      });
      if (moves) break;
    }
    std::string fields;
    std::string_view first;
    for (const std::string_view field : content.changes) {
      if (!lists || (field == "namespace" && !moves)) continue;
      if (first.empty()) first = field;
      fields.append(fields.empty() ? "" : ", ").append(field);
    }
    if (fields.empty()) continue;
    base::Diagnostic& warning = diagnostics.emplace_back();
    warning.severity = base::Severity::kWarning;
    warning.code = base::ErrorCode::kUsage;
    warning.message =
        "not applied: " + fields + ". The files this kustomization lists are read as they are";
    warning.hint = "let kustomize build it first (--kustomize), or take the fields out";
    warning.place.source = source;
    warning.place.field = "/" + std::string(first);
  }
}

void MarkPatches(const std::vector<FoundKustomization>& kustomizations, SourceTable& sources) {
  std::map<std::pair<const source::FileTree*, std::string>, std::string_view> patches;
  for (const auto& [source, content] : kustomizations) {
    const SourceTable::File& file = sources.at(source);
    for (std::string& path : PathsOf(file, content.patches))
      patches.try_emplace({file.tree, std::move(path)}, file.display_path);
  }
  if (patches.empty()) return;
  for (std::uint32_t source = 0; source < sources.size(); ++source) {
    SourceTable::File& file = sources.at(source);
    const auto patch = patches.find({file.tree, file.path});
    if (patch != patches.end()) file.patch_of = patch->second;
  }
}

}  // namespace openchoreo::resource
