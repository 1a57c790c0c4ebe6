#include "kustomize-fn/item_tree.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace openchoreo::kustomize_fn {

source::PlainTree TreeOfItems(const ResourceList& list, const std::vector<std::size_t>& items,
                              std::map<std::size_t, std::string> read_as, ItemSources& sources) {
  source::PlainTree::Files files;
  const bool looks_at_folders = std::any_of(items.begin(), items.end(),
                                            [&](std::size_t i) { return list.items[i].ownerless; });
  for (const std::size_t i : items) {
    const Item& item = list.items[i];
    const auto instead = read_as.find(i);
    std::string content = instead != read_as.end() ? std::move(instead->second)
                          : item.cleaned.empty()   ? DocumentOf(item)
                                                   : item.cleaned;
    const std::string path = (looks_at_folders ? sources.Of(item) : SourceOf(item)).path;
    char name[32];
    std::snprintf(name, sizeof name, "%08zu.%s", i, content.starts_with('{') ? "json" : "yaml");
    // npos + 1 is 0
    files[path.substr(0, path.rfind('/') + 1).append(kItemFile).append(name)] =
        std::make_shared<const std::string>(std::move(content));
  }
  return source::PlainTree(std::move(files));
}

std::optional<std::size_t> ItemAt(const source::PlainTree& items, std::string_view path) {
  const auto file = items.files().find(path);
  if (file == items.files().end()) return std::nullopt;
  return std::strtoul(file->first.c_str() + path.rfind('/') + 1 + kItemFile.size(), nullptr, 10);
}

}  // namespace openchoreo::kustomize_fn
