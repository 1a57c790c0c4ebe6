// Where an item comes from, for messages: the file and document it was read from, as its
// annotations say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/diagnostic.h"
#include "common/resource/opened_file.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// What the annotations say: the path and index of kpt, else the origin kustomize notes with
// `buildMetadata: [originAnnotations]`.
struct ItemSource {
  std::string path;   // slash path; "" if nothing says it
  std::string index;  // of the document in the file; "" if nothing says it
  std::string repo;   // not empty: the file lies in another repository, not on this disk
};

ItemSource SourceOf(const Item& item);

// A field of an item found again in the file it was read from.
struct FileLocation {
  std::uint32_t document = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Opens the item's file below `working_directory` or (kustomize names files from the outermost
// kustomization, a function may run in an inner one) below one of its parents within the
// repository, and finds the document of the item's kind and one of its names. nullopt where there
// is no such file.
std::optional<FileLocation> FindItem(const Item& item, const base::Place& place,
                                     const std::string& working_directory,
                                     resource::FileOpener& files);

}  // namespace openchoreo::kustomize_fn
