// Repositories loaded from texts, for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/resource/file_cache.h"
#include "common/resource/memory_tree_for_tests.h"
#include "common/resource/repository.h"

namespace openchoreo::resource {

using Files = std::map<std::string, std::string, std::less<>>;

// Trees a test has loaded from; they live as long as the test.
class RepositoryTest : public testing::Test {
 protected:
  std::unique_ptr<Repository> LoadFiles(std::vector<Files> sources, const LoadOptions& options = {},
                                        FileCache* cache = nullptr) {
    std::vector<source::FileTree*> trees;
    for (Files& files : sources) {
      const std::string name = sources.size() > 1 ? std::to_string(trees.size()) + "/" : "";
      trees_.push_back(std::make_unique<MemoryTree>(std::move(files), name));
      trees.push_back(trees_.back().get());
    }
    return Load(trees, options, cache);
  }

  std::unique_ptr<Repository> LoadText(const std::string& text, const LoadOptions& options = {}) {
    return LoadFiles({{{"all.yaml", text}}}, options);
  }

 private:
  std::vector<std::unique_ptr<MemoryTree>> trees_;
};

inline std::vector<std::string> Messages(const Repository& repository) {
  std::vector<std::string> messages;
  for (const base::Diagnostic& diagnostic : repository.diagnostics()) {
    messages.push_back(diagnostic.message);
  }
  return messages;
}

inline constexpr char kHeader[] = "apiVersion: openchoreo.dev/v1alpha1\n";

}  // namespace openchoreo::resource
