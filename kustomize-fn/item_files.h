// Items as files: which file each comes from, and all of them as one source of the renderer.
//
// kpt notes the file on the item. kustomize does where it is asked to (`buildMetadata:
// [originAnnotations]`), but then on all that it prints, rendered objects too. Without, the files
// that the kustomizations of a function's surroundings list are looked through.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/source/plain_tree.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

struct ItemSource {
  std::string path;   // slash path; "" if nothing says it
  std::string index;  // of the document in the file; "" if nothing says it
  std::string repo;   // not empty: the file lies in another repository, not on this disk
};

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

// What the base names of a tree's files begin with.
inline constexpr std::string_view kItemFile = "item-";

// Each of `items` (indices) is a file of its own, in the folder it came from where that is known:
// the one rule that looks at folders (a Workload without owner) then sees what it would see on
// disk; `sources` is asked where the rule will be. It holds what `read_as` has for the item, else
// its own bytes.
source::PlainTree TreeOfItems(const ResourceList& list, const std::vector<std::size_t>& items,
                              std::map<std::size_t, std::string> read_as, ItemSources& sources);

// The item behind a path of such a tree.
std::optional<std::size_t> ItemAt(const source::PlainTree& items, std::string_view path);

}  // namespace openchoreo::kustomize_fn
