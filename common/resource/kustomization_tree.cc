#include "common/resource/kustomization_tree.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/base/arena.h"
#include "common/source/disk_place.h"
#include "common/source/read_file.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "common/value/value.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

namespace fs = std::filesystem;
using value::Value;

constexpr int kMaxDepth = 8;  // folders of configurations within folders of configurations
constexpr std::size_t kMaxListed = 1000;
constexpr std::size_t kMaxKustomizations = 10'000;

void AddDocuments(std::string_view text, std::vector<ListedConfiguration>& listed) {
  base::Arena arena(4096);
  for (const yaml::Document& document : yaml::Read(text, arena).documents) {
    const Value& root = document.root;
    if (!root.is_map() || listed.size() >= kMaxListed) continue;
    listed.push_back({std::string(root.Get("apiVersion").string_or_empty()),
                      std::string(root.Get("kind").string_or_empty()),
                      std::string(root.Get("metadata", "name").string_or_empty()),
                      value::ToJson(root)});
  }
}

// `budget`: paths that may still be looked at.
void AddPath(const fs::path& path, int depth, std::size_t& budget,
             std::vector<ListedConfiguration>& listed) {
  if (budget == 0) return;
  --budget;
  if (const auto text = source::ReadSmallFile(path)) return AddDocuments(*text, listed);
  if (depth == kMaxDepth) return;
  if (const auto inner = KustomizationIn(path)) {
    for (const std::string& entry : inner->resources)
      AddPath(path / entry, depth + 1, budget, listed);
  }
}

// All of a folder and those below it.
std::vector<PlacedKustomization> KustomizationsIn(const fs::path& folder) {
  std::vector<PlacedKustomization> found;
  std::vector<fs::path> open = {folder.lexically_normal()};
  for (std::size_t looked = 0; looked < open.size() && looked < kMaxKustomizations; ++looked) {
    const fs::path at = open[looked];
    std::string file;
    if (auto one = KustomizationIn(at, &file)) found.push_back({at, at, file, *std::move(one)});
    std::error_code failed;
    for (fs::directory_iterator entry(at, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      if (entry->is_directory(failed) && !entry->is_symlink(failed) &&
          !entry->path().filename().string().starts_with('.')) {
        open.push_back(entry->path());
      }
    }
  }
  return found;
}

}  // namespace

std::optional<Kustomization> KustomizationIn(const fs::path& folder, std::string* file) {
  for (const std::string_view name : kKustomizationFiles) {
    const auto text = source::ReadSmallFile(folder / name);
    if (text == nullptr) continue;
    if (file != nullptr) *file = name;
    return ReadKustomization(*text);
  }
  return std::nullopt;
}

std::vector<ListedConfiguration> ConfigurationsOf(const fs::path& folder,
                                                  const std::vector<std::string>& entries) {
  std::vector<ListedConfiguration> listed;
  const auto is_inline = [](const std::string& entry) {
    return entry.find_first_of("\n{") != std::string::npos;
  };
  for (const std::string& entry : entries) {
    if (is_inline(entry)) AddDocuments(entry, listed);
  }
  std::size_t budget = kMaxListed;
  for (const std::string& entry : entries) {
    if (!is_inline(entry)) AddPath(folder / entry, 0, budget, listed);
  }
  for (ListedConfiguration& one : listed) one.folder = one.layer = folder;
  return listed;
}

std::vector<PlacedKustomization> KustomizationsBelow(const fs::path& folder) {
  std::vector<PlacedKustomization> found;

  struct Place {
    fs::path folder, layer;
  };

  std::vector<Place> open = {{folder.lexically_normal(), folder.lexically_normal()}};
  std::set<fs::path> seen = {open.front().folder};
  while (!open.empty() && seen.size() < kMaxKustomizations) {
    Place at = std::move(open.back());
    open.pop_back();
    std::string file;
    auto kustomization = KustomizationIn(at.folder, &file);
    if (!kustomization) continue;
    if (!kustomization->component) at.layer = at.folder;
    for (const std::string& entry : kustomization->resources) {
      fs::path next = (at.folder / entry).lexically_normal();
      if (seen.insert(next).second) open.push_back({std::move(next), at.layer});
    }
    found.push_back(
        {std::move(at.folder), std::move(at.layer), std::move(file), *std::move(kustomization)});
  }
  return found;
}

std::vector<PlacedKustomization> KustomizationsBefore(const fs::path& folder) {
  std::vector<PlacedKustomization> found = KustomizationsBelow(folder);
  if (found.empty() || !found.front().content.component) return found;
  const std::vector<PlacedKustomization> all =
      KustomizationsIn(source::RepositoryOf(folder).value_or(folder.parent_path()));
  std::set<fs::path> seen;
  for (const PlacedKustomization& one : found) seen.insert(one.folder);
  std::vector<fs::path> components = {found.front().folder};
  for (std::size_t i = 0; i < components.size() && i < kMaxListed; ++i) {
    for (const PlacedKustomization& parent : all) {
      const std::vector<std::string>& entries = parent.content.resources;
      const auto own = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
        return (parent.folder / entry / "").lexically_normal() == components[i] / "";
      });
      if (own == entries.end()) continue;
      for (auto entry = entries.begin(); entry != own; ++entry) {
        for (PlacedKustomization& one : KustomizationsBelow(parent.folder / *entry)) {
          if (seen.insert(one.folder).second) found.push_back(std::move(one));
        }
      }
      if (parent.content.component &&
          std::find(components.begin(), components.end(), parent.folder) == components.end()) {
        components.push_back(parent.folder);
      }
    }
  }
  return found;
}

std::vector<ListedConfiguration> ConfigurationsBelow(const fs::path& folder) {
  std::vector<ListedConfiguration> listed;
  for (const PlacedKustomization& at : KustomizationsBelow(folder)) {
    for (const auto* entries :
         {&at.content.generators, &at.content.transformers, &at.content.validators}) {
      for (ListedConfiguration& one : ConfigurationsOf(at.folder, *entries)) {
        one.generates = entries == &at.content.generators;
        one.layer = at.layer;
        listed.push_back(std::move(one));
      }
    }
  }
  return listed;
}

}  // namespace openchoreo::resource
