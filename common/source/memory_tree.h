// A FileTree over files in memory: one folder of a received repository.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/source/content_store.h"
#include "common/source/file_tree.h"

namespace openchoreo::source {

// Files sorted by path, each path once.
class MemoryTree final : public FileTree {
 public:
  using Files = std::shared_ptr<const std::vector<SourceFile>>;

  // `files` sorted by path. Sees what lies below `root` ("" for all), under paths relative to it,
  // and shows it in messages as `display_name` + path.
  MemoryTree(Files files, std::string_view root, std::string display_name,
             DirectoryOptions options);

  // The same of a copy of `files`.
  MemoryTree(const std::vector<SourceFile>& files, std::string_view root, std::string display_name,
             DirectoryOptions options);

  std::string_view display_name() const override { return display_name_; }

  // As OpenDirectory on the same files; the first call decides.
  base::Result<std::vector<std::string>> List() override;

  base::Result<FileContent> Read(std::string_view path) override;

  std::vector<const base::Sha256Digest*> Digests(std::span<const std::string> paths) const override;

  std::vector<LeftOut> LeftOutPaths() const override { return left_out_; }

  // The file of that relative path, listed or not; nullptr if there is none. Its path is that from
  // the root of all files.
  const SourceFile* Find(std::string_view path) const;

  // Any file at all, of those a source was asked to keep.
  bool empty() const { return files_.empty(); }

 private:
  std::string_view Relative(const SourceFile& file) const {
    return std::string_view(file.path).substr(root_bytes_);
  }

  Files all_;
  std::span<const SourceFile> files_;  // of `all_`, below the root
  std::size_t root_bytes_;             // of the root and the slash behind it
  std::string display_name_;
  DirectoryOptions options_;
  std::vector<LeftOut> left_out_;
};

// Sorts by path; of several files of one path the last one stays, as unpacking would leave it.
void SortFiles(std::vector<SourceFile>& files);

}  // namespace openchoreo::source
