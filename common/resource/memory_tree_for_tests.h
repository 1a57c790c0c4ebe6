// A tree of files held in memory, for tests of this room.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/source/file_tree.h"

namespace openchoreo::resource {

class MemoryTree final : public source::FileTree {
 public:
  explicit MemoryTree(std::map<std::string, std::string, std::less<>> files, std::string name = "")
      : files_(std::move(files)), name_(std::move(name)) {}

  std::string_view display_name() const override { return name_; }

  base::Result<std::vector<std::string>> List() override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : files_) paths.push_back(path);
    return paths;
  }

  base::Result<source::FileContent> Read(std::string_view path) override {
    const auto found = files_.find(path);
    if (found == files_.end())
      return base::Fail(base::ErrorCode::kUnreadableSource, "no such file");
    return std::make_shared<const std::string>(found->second);
  }

 private:
  std::map<std::string, std::string, std::less<>> files_;
  std::string name_;
};

}  // namespace openchoreo::resource
