#include "common/source/memory_tree.h"

#include <algorithm>

#include "common/source/path_filter.h"

namespace openchoreo::source {

MemoryTree::MemoryTree(const std::vector<SourceFile>& files, std::string_view root,
                       std::string display_name, DirectoryOptions options)
    : display_name_(std::move(display_name)), options_(std::move(options)) {
  std::string prefix(root);
  if (!prefix.empty()) prefix += '/';
  for (const SourceFile& file : files) {
    if (!file.path.starts_with(prefix)) continue;
    files_.push_back({file.path.substr(prefix.size()), file.content, file.digest});
  }
}

base::Result<std::vector<std::string>> MemoryTree::List() {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const SourceFile& file : files_) paths.push_back(file.path);
  left_out_.clear();
  return SelectFiles(
      std::move(paths), [this](std::string_view path) { return Read(path); }, options_, left_out_);
}

base::Result<FileContent> MemoryTree::Read(std::string_view path) {
  const SourceFile* file = Find(path);
  if (file == nullptr) {
    return base::Fail(base::ErrorCode::kUnreadableSource, "no such file: " + std::string(path));
  }
  return file->content;
}

std::vector<const base::Sha256Digest*> MemoryTree::Digests(
    std::span<const std::string> paths) const {
  std::vector<const base::Sha256Digest*> digests;
  digests.reserve(paths.size());
  auto file = files_.begin();  // in the same order
  for (const std::string& path : paths) {
    while (file != files_.end() && file->path != path) ++file;
    if (file == files_.end()) return {};
    digests.push_back(&file->digest);
  }
  return digests;
}

const SourceFile* MemoryTree::Find(std::string_view path) const {
  auto at =
      std::lower_bound(files_.begin(), files_.end(), path,
                       [](const SourceFile& file, std::string_view p) { return file.path < p; });
  return at != files_.end() && at->path == path ? &*at : nullptr;
}

void SortFiles(std::vector<SourceFile>& files) {
  const auto out_of_order = [](const SourceFile& a, const SourceFile& b) {
    return a.path >= b.path;
  };
  if (std::adjacent_find(files.begin(), files.end(), out_of_order) == files.end()) return;
  std::stable_sort(files.begin(), files.end(),
                   [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i + 1 < files.size() && files[i + 1].path == files[i].path) continue;
    if (kept != i) files[kept] = std::move(files[i]);
    ++kept;
  }
  files.resize(kept);
}

}  // namespace openchoreo::source
