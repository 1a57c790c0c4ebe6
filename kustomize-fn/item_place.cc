#include "kustomize-fn/item_place.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

std::optional<FileLocation> LocateInDocuments(resource::OpenedFile& file, const Item& item,
                                              const base::Place& place) {
  const std::vector<std::string> names = NamesOf(item);
  for (const yaml::Document& document : file.documents()) {
    Item candidate;
    Identify(document.root, candidate);
    if (candidate.kind != item.kind ||
        std::find(names.begin(), names.end(), candidate.name) == names.end()) {
      continue;
    }
    base::Place there = place;
    there.document = document.index;
    there.byte_offset = -1;
    const yaml::Location found = file.Find(there);
    return FileLocation{document.index, found.line, found.column};
  }
  return std::nullopt;
}

}  // namespace

ItemSource SourceOf(const Item& item) {
  ItemSource source;
  if (!item.annotations.path.empty()) {
    source.path = item.annotations.path;
    source.index = item.annotations.index;
    return source;
  }
  if (item.annotations.origin.empty()) return source;
  base::Arena arena(512);
  const yaml::ReadResult read = yaml::Read(item.annotations.origin, arena);
  if (read.documents.empty()) return source;
  const value::Value& origin = read.documents.front().root;
  source.path = std::string(origin.Get("path").string_or_empty());
  source.repo = std::string(origin.Get("repo").string_or_empty());
  return source;
}

std::optional<FileLocation> FindItem(const Item& item, const base::Place& place,
                                     const std::string& working_directory,
                                     resource::FileOpener& files) {
  const ItemSource source = SourceOf(item);
  if (source.path.empty() || !source.repo.empty()) return std::nullopt;
  fs::path folder(working_directory);
  while (true) {
    if (resource::OpenedFile* const file = files.OnDisk(folder / source.path)) {
      if (const auto found = LocateInDocuments(*file, item, place)) return found;
    }
    std::error_code failed;
    if (fs::exists(folder / ".git", failed) || folder == folder.parent_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace openchoreo::kustomize_fn
