#include "kustomize-fn/item_place.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

// The bytes of a regular file of bearable size; nullptr otherwise.
std::shared_ptr<const std::string> ReadFile(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed) || failed) return nullptr;
  const auto size = fs::file_size(path, failed);
  if (failed || size > base::RenderLimits().max_file_bytes) return nullptr;
  std::ifstream in(path, std::ios::binary);
  if (!in) return nullptr;
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                             std::istreambuf_iterator<char>());
}

bool IsItem(const value::Value& root, const Item& item, const std::vector<std::string>& names) {
  if (root.Get("kind").string_or_empty() != item.kind) return false;
  const std::string_view name = root.Get("metadata", "name").string_or_empty();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<FileLocation> LocateInDocuments(OpenedFile& file, const Item& item,
                                              const base::Place& place) {
  const std::vector<std::string> names = NamesOf(item);
  for (const yaml::Document& document : file.documents()) {
    if (!IsItem(document.root, item, names)) continue;
    base::Place there = place;
    there.document = document.index;
    there.byte_offset = -1;
    const yaml::Location found = file.Find(there);
    return FileLocation{"", document.index, found.line, found.column};
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

OpenedFile* ItemLocator::Open(const fs::path& path) {
  if (path != path_) {
    path_ = path;
    auto text = ReadFile(path);
    file_ = text ? std::make_unique<OpenedFile>(std::move(text)) : nullptr;
  }
  return file_.get();
}

std::optional<FileLocation> ItemLocator::Find(const Item& item, const base::Place& place) {
  const ItemSource source = SourceOf(item);
  if (source.path.empty() || !source.repo.empty()) return std::nullopt;
  fs::path folder(working_directory_);
  while (true) {
    if (OpenedFile* const file = Open(folder / source.path)) {
      if (auto found = LocateInDocuments(*file, item, place)) {
        found->path = source.path;
        return found;
      }
    }
    std::error_code failed;
    if (fs::exists(folder / ".git", failed) || folder == folder.parent_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace openchoreo::kustomize_fn
