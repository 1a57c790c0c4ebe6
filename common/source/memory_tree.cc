#include "common/source/memory_tree.h"

#include <algorithm>

#include "common/source/path_filter.h"

namespace openchoreo::source {

namespace {

// Those below a folder are beside each other: of equal beginnings.
std::span<const SourceFile> Below(std::span<const SourceFile> files, std::string_view prefix) {
  const auto begins = [&](const SourceFile& file) {
    return std::string_view(file.path).substr(0, prefix.size());
  };
  const auto first = std::lower_bound(
      files.begin(), files.end(), prefix,
      [&](const SourceFile& file, std::string_view p) { return begins(file) < p; });
  const auto end = std::upper_bound(
      first, files.end(), prefix,
      [&](std::string_view p, const SourceFile& file) { return p < begins(file); });
  return {first, end};
}

}  // namespace

MemoryTree::MemoryTree(Files files, std::string_view root, std::string display_name,
                       DirectoryOptions options)
    : all_(std::move(files)),
      files_(*all_),
      root_bytes_(root.empty() ? 0 : root.size() + 1),
      display_name_(std::move(display_name)),
      options_(std::move(options)) {
  if (!root.empty()) files_ = Below(files_, std::string(root) + '/');
}

MemoryTree::MemoryTree(const std::vector<SourceFile>& files, std::string_view root,
                       std::string display_name, DirectoryOptions options)
    : MemoryTree(std::make_shared<const std::vector<SourceFile>>(files), root,
                 std::move(display_name), std::move(options)) {}

base::Result<std::vector<std::string>> MemoryTree::List() {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const SourceFile& file : files_) paths.emplace_back(Relative(file));
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
    while (file != files_.end() && Relative(*file) != path) ++file;
    if (file == files_.end()) return {};
    digests.push_back(&file->digest);
  }
  return digests;
}

const SourceFile* MemoryTree::Find(std::string_view path) const {
  const auto at = std::lower_bound(
      files_.begin(), files_.end(), path,
      [this](const SourceFile& file, std::string_view p) { return Relative(file) < p; });
  return at != files_.end() && Relative(*at) == path ? &*at : nullptr;
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
