#include "kustomize-fn/item_sources.h"

#include <filesystem>
#include <set>

#include "common/base/arena.h"
#include "common/source/read_file.h"
#include "common/yaml/reader.h"
#include "kustomize-fn/item_names.h"
#include "kustomize-fn/surroundings.h"

namespace openchoreo::kustomize_fn {

ItemSources::Places ItemSources::ReadPlaces() const {
  Places places;
  std::set<std::filesystem::path> paths;
  for (const auto& [folder, layer, file, content] : Before(folder_)) {
    for (const auto* entries :
         {&content.resources, &content.generators, &content.transformers, &content.validators}) {
      for (const std::string& entry : *entries) paths.insert((folder / entry).lexically_normal());
    }
  }
  base::Arena arena;
  for (const std::filesystem::path& path : paths) {
    if (const auto text = source::ReadSmallFile(path)) {
      for (const yaml::Document& document : yaml::Read(*text, arena).documents) {
        Item item = Identify(document.root);
        places[{std::move(item.kind), std::move(item.name)}].push_back(
            {{path.lexically_relative(folder_).generic_string(),
              std::to_string(document.index),
              {}},
             std::move(item.ns)});
      }
      arena.Reset();
    }
  }
  return places;
}

ItemSource ItemSources::Of(const Item& item) {
  if (!item.annotations.path.empty()) return SourceOf(item);
  if (!places_) places_ = ReadPlaces();
  const std::vector<std::string> names = NamesOf(item);
  const auto found = places_->find({item.kind, names.size() > 1 ? names[1] : names[0]});
  if (found == places_->end()) return SourceOf(item);
  std::vector<Place> places = found->second;
  if (places.size() > 1)
    std::erase_if(places, [&](const Place& place) { return place.ns != item.ns; });
  return places.size() == 1 ? std::move(places.front().source) : SourceOf(item);
}

}  // namespace openchoreo::kustomize_fn
