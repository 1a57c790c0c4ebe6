#include "kustomize-fn/item_tree.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "kustomize-fn/item_place.h"

namespace openchoreo::kustomize_fn {

ItemTree::ItemTree(const ResourceList& list, std::vector<ItemDocument> documents) {
  for (ItemDocument& document : documents) {
    const std::string path = SourceOf(list.items[document.item]).path;
    const bool is_json = document.content.starts_with('{');
    char name[48];
    std::snprintf(name, sizeof name, "item-%08zu.%s", document.item, is_json ? "json" : "yaml");
    files_.emplace(
        path.substr(0, path.rfind('/') + 1) + name,  // npos + 1 is 0
        File{document.item, std::make_shared<const std::string>(std::move(document.content))});
  }
}

base::Result<std::vector<std::string>> ItemTree::List() {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const auto& [path, file] : files_) paths.push_back(path);
  return paths;
}

base::Result<source::FileContent> ItemTree::Read(std::string_view path) {
  const auto file = files_.find(path);
  if (file == files_.end()) {
    return base::Fail(base::ErrorCode::kUnreadableSource, "no item " + std::string(path));
  }
  return file->second.content;
}

std::optional<std::size_t> ItemTree::ItemAt(std::string_view path) const {
  const auto file = files_.find(path);
  if (file == files_.end()) return std::nullopt;
  return file->second.item;
}

}  // namespace openchoreo::kustomize_fn
