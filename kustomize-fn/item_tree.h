// The items of a ResourceList as one source of the renderer.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/source/file_tree.h"
#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

// What the base names of the files begin with.
inline constexpr std::string_view kItemFile = "item-";

// Each item is a file of its own, in the folder it came from where that is known: the one rule that
// looks at folders (a Workload without owner) then sees what it would see on disk. Thread-safe.
class ItemTree : public source::FileTree {
 public:
  ItemTree(const ResourceList& list, std::vector<ItemDocument> documents);

  std::string_view display_name() const override { return ""; }

  base::Result<std::vector<std::string>> List() override;

  base::Result<source::FileContent> Read(std::string_view path) override;

  // The item behind a path of List.
  std::optional<std::size_t> ItemAt(std::string_view path) const;

 private:
  std::map<std::string, std::pair<std::size_t, source::FileContent>, std::less<>> files_;
};

}  // namespace openchoreo::kustomize_fn
