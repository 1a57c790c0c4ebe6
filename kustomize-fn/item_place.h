// Where an item comes from, for messages: the file and document it was read from, as its
// annotations say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/base/diagnostic.h"
#include "kustomize-fn/opened_file.h"
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
  std::string path;  // as the annotation has it
  std::uint32_t document = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Finds items in the files they were read from. The last file is held, for items that follow one
// another. Not thread-safe.
class ItemLocator {
 public:
  // `working_directory` must outlive it.
  explicit ItemLocator(const std::string& working_directory)
      : working_directory_(working_directory) {}

  // Opens the item's file below the working directory or (kustomize names files from the outermost
  // kustomization, a function may run in an inner one) below one of its parents within the
  // repository, and finds the document of the item's kind and one of its names. nullopt where there
  // is no such file.
  std::optional<FileLocation> Find(const Item& item, const base::Place& place);

 private:
  OpenedFile* Open(const std::filesystem::path& path);

  const std::string& working_directory_;
  std::filesystem::path path_;        // of the file held
  std::unique_ptr<OpenedFile> file_;  // nullptr: none, or it cannot be read
};

}  // namespace openchoreo::kustomize_fn
