#include "common/resource/kustomization_tree.h"

#include <set>
#include <string_view>
#include <utility>

#include "common/base/arena.h"
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
  std::string file;
  if (depth == kMaxDepth) return;
  if (const auto inner = KustomizationIn(path, file)) {
    for (const std::string& entry : inner->resources)
      AddPath(path / entry, depth + 1, budget, listed);
  }
}

}  // namespace

std::optional<Kustomization> KustomizationIn(const fs::path& folder, std::string& file) {
  for (const std::string_view name : kKustomizationFiles) {
    const auto text = source::ReadSmallFile(folder / name);
    if (text == nullptr) continue;
    file = name;
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

std::vector<ListedConfiguration> ConfigurationsBelow(const fs::path& folder) {
  std::vector<ListedConfiguration> listed;

  struct Place {
    fs::path folder, layer;
  };

  std::vector<Place> open = {{folder.lexically_normal(), folder.lexically_normal()}};
  std::set<fs::path> seen = {open.front().folder};
  while (!open.empty() && seen.size() < kMaxKustomizations) {
    Place at = std::move(open.back());
    open.pop_back();
    std::string file;
    const auto kustomization = KustomizationIn(at.folder, file);
    if (!kustomization) continue;
    if (!kustomization->component) at.layer = at.folder;
    for (const auto* entries :
         {&kustomization->generators, &kustomization->transformers, &kustomization->validators}) {
      for (ListedConfiguration& one : ConfigurationsOf(at.folder, *entries)) {
        one.generates = entries == &kustomization->generators;
        one.layer = at.layer;
        listed.push_back(std::move(one));
      }
    }
    for (const std::string& entry : kustomization->resources) {
      fs::path next = (at.folder / entry).lexically_normal();
      if (seen.insert(next).second) open.push_back({std::move(next), at.layer});
    }
  }
  return listed;
}

}  // namespace openchoreo::resource
