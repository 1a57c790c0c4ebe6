#include "kustomize-fn/surroundings.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/yaml/reader.h"
#include "kustomize-fn/opened_file.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

// A configuration in one of the kustomization's lists.
struct Listed {
  std::string api_version, kind, name;
};

// Folders of configurations within folders of configurations.
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxListed = 1000;

void AddDocuments(std::string_view text, std::vector<Listed>& listed) {
  base::Arena arena(4096);
  for (const yaml::Document& document : yaml::Read(text, arena).documents) {
    if (!document.root.is_map() || listed.size() >= kMaxListed) continue;
    listed.push_back({std::string(document.root.Get("apiVersion").string_or_empty()),
                      std::string(document.root.Get("kind").string_or_empty()),
                      std::string(document.root.Get("metadata", "name").string_or_empty())});
  }
}

std::optional<resource::Kustomization> KustomizationIn(const fs::path& folder, std::string& file) {
  for (const std::string_view name : resource::kKustomizationFiles) {
    const auto text = ReadFile(folder / name);
    if (text == nullptr) continue;
    file = name;
    return resource::ReadKustomization(*text);
  }
  return std::nullopt;
}

void AddPath(const fs::path& path, int depth, std::vector<Listed>& listed) {
  if (const auto text = ReadFile(path)) return AddDocuments(*text, listed);
  std::string file;
  if (depth == kMaxDepth) return;
  if (const auto inner = KustomizationIn(path, file)) {
    for (const std::string& entry : inner->resources) AddPath(path / entry, depth + 1, listed);
  }
}

// As kustomize orders them: what is written inline first, then what lies in files.
std::vector<Listed> ConfigurationsOf(const fs::path& folder,
                                     const std::vector<std::string>& entries) {
  std::vector<Listed> listed;
  const auto is_inline = [](const std::string& entry) {
    return entry.find_first_of("\n{") != std::string::npos;
  };
  for (const std::string& entry : entries) {
    if (is_inline(entry)) AddDocuments(entry, listed);
  }
  for (const std::string& entry : entries) {
    if (!is_inline(entry)) AddPath(folder / entry, 0, listed);
  }
  return listed;
}

}  // namespace

Surroundings ReadSurroundings(const std::string& folder, const FunctionConfig& config) {
  Surroundings found;
  if (config.kind.empty()) return found;
  auto kustomization = KustomizationIn(folder, found.file);
  if (!kustomization) return {};
  found.kustomization = *std::move(kustomization);
  const auto is_this = [&](const Listed& listed) {
    return listed.api_version == config.api_version && listed.kind == config.kind &&
           listed.name == config.name;
  };
  for (const auto& [entries, role] :
       {std::pair(&found.kustomization.generators, Role::kGenerator),
        std::pair(&found.kustomization.transformers, Role::kTransformer),
        std::pair(&found.kustomization.validators, Role::kValidator)}) {
    const std::vector<Listed> listed = ConfigurationsOf(folder, *entries);
    const auto at = std::find_if(listed.begin(), listed.end(), is_this);
    if (at == listed.end()) continue;
    found.role = role;
    found.followed =
        role == Role::kTransformer && std::any_of(at + 1, listed.end(), [&](const Listed& later) {
          return later.api_version == config.api_version && later.kind == "OpenChoreoRender";
        });
    break;
  }
  return found;
}

}  // namespace openchoreo::kustomize_fn
