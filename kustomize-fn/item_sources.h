// Which file an item comes from.
//
// kpt notes it on the item. kustomize does where it is asked to (`buildMetadata:
// [originAnnotations]`), but then on all that it prints, rendered objects too. Without, the files
// that the kustomizations of a function's surroundings list are looked through.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// Not thread-safe. The files are read once, when the first item is asked for that says nothing.
class ItemSources {
 public:
  // Paths are shown from `folder`, the function's.
  explicit ItemSources(const std::string& folder) : folder_(folder) {}

  // Of an item, or functionConfig: as kpt says; else the file that holds it under the name it was
  // written with, if there is just one; else as kustomize says, from the outermost kustomization.
  ItemSource Of(const Item& item);

 private:
  struct Place {
    ItemSource source;
    std::string ns;
  };

  using Places = std::map<std::pair<std::string, std::string>, std::vector<Place>>;

  Places ReadPlaces() const;

  const std::string& folder_;
  std::optional<Places> places_;  // by kind and name
};

}  // namespace openchoreo::kustomize_fn
