#include "kustomize-fn/item_tree.h"

#include <cstdio>
#include <memory>

namespace openchoreo::kustomize_fn {

ItemTree::ItemTree(const ResourceList& list, std::vector<ItemDocument> documents) {
  for (auto& [item, content] : documents) {
    const std::string path = SourceOf(list.items[item]).path;
    char name[32];
    std::snprintf(name, sizeof name, "%08zu.%s", item, content.starts_with('{') ? "json" : "yaml");
    // npos + 1 is 0
    files_[path.substr(0, path.rfind('/') + 1).append(kItemFile).append(name)] = {
        item, std::make_shared<const std::string>(std::move(content))};
  }
}

base::Result<std::vector<std::string>> ItemTree::List() {
  std::vector<std::string> paths;
  for (const auto& [path, file] : files_) paths.push_back(path);
  return paths;
}

base::Result<source::FileContent> ItemTree::Read(std::string_view path) {
  const auto file = files_.find(path);
  if (file != files_.end()) return file->second.second;
  return base::Fail(base::ErrorCode::kUnreadableSource, "no item " + std::string(path));
}

std::optional<std::size_t> ItemTree::ItemAt(std::string_view path) const {
  const auto file = files_.find(path);
  return file == files_.end() ? std::nullopt : std::optional(file->second.first);
}

}  // namespace openchoreo::kustomize_fn
