#include "kustomize-fn/item_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>

#include "common/base/arena.h"
#include "common/resource/kustomization_tree.h"
#include "common/source/read_file.h"
#include "common/yaml/reader.h"
#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

namespace {

// As the item's annotations say.
ItemSource Annotated(const Item& item) {
  if (!item.annotations.path.empty()) return {item.annotations.path, item.annotations.index, {}};
  base::Arena arena(512);
  const yaml::ReadResult origin = yaml::Read(item.annotations.origin, arena);
  if (origin.documents.empty()) return {};
  const auto text = [&](std::string_view key) {
    return std::string(origin.documents.front().root.Get(key).string_or_empty());
  };
  return {text("path"), {}, text("repo")};
}

}  // namespace

ItemSources::Places ItemSources::ReadPlaces() const {
  Places places;
  std::set<std::filesystem::path> paths;
  for (const auto& [folder, layer, file, content] : resource::KustomizationsBefore(folder_)) {
    for (const auto* entries :
         {&content.resources, &content.generators, &content.transformers, &content.validators}) {
      for (const std::string& entry : *entries) paths.insert((folder / entry).lexically_normal());
    }
  }
  base::Arena arena;
  for (const std::filesystem::path& path : paths) {
    const auto text = source::ReadSmallFile(path);
    if (text == nullptr) continue;
    const std::string shown = path.lexically_relative(folder_).generic_string();
    for (const yaml::Document& document : yaml::Read(*text, arena).documents) {
      Item item = Identify(document.root);
      places[{std::move(item.kind), std::move(item.name)}].push_back(
          {{shown, std::to_string(document.index), {}}, std::move(item.ns)});
    }
    arena.Reset();
  }
  return places;
}

ItemSource ItemSources::Of(const Item& item) {
  if (!item.annotations.path.empty()) return Annotated(item);
  if (!places_) places_ = ReadPlaces();
  const std::vector<std::string> names = NamesOf(item);
  const auto found = places_->find({item.kind, names.size() > 1 ? names[1] : names[0]});
  if (found == places_->end()) return Annotated(item);
  std::vector<Place> places = found->second;
  if (places.size() > 1)
    std::erase_if(places, [&](const Place& place) { return place.ns != item.ns; });
  return places.size() == 1 ? std::move(places.front().source) : Annotated(item);
}

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
    const std::string path = (looks_at_folders ? sources.Of(item) : Annotated(item)).path;
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
