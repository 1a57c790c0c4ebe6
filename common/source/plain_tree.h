// A FileTree over files that are all read, whatever their paths: built resources, a function's
// items, tests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/source/file_tree.h"

namespace openchoreo::source {

// Immutable; any number of threads may read it.
class PlainTree : public FileTree {
 public:
  using Files = std::map<std::string, FileContent, std::less<>>;  // by path

  explicit PlainTree(Files files, std::string display_name = "")
      : files_(std::move(files)), display_name_(std::move(display_name)) {}

  std::string_view display_name() const override { return display_name_; }

  base::Result<std::vector<std::string>> List() override {
    std::vector<std::string> paths;
    for (const auto& [path, content] : files_) paths.push_back(path);
    return paths;
  }

  base::Result<FileContent> Read(std::string_view path) override {
    const auto file = files_.find(path);
    if (file != files_.end()) return file->second;
    return base::Fail(base::ErrorCode::kUnreadableSource, "no such file: " + std::string(path));
  }

  const Files& files() const { return files_; }

 private:
  Files files_;
  std::string display_name_;
};

}  // namespace openchoreo::source
