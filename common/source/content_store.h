// File contents by SHA-256, shared by all requests that hold them: a hundred Applications of one
// repository keep one copy. Nothing lives here longer than its last user. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common/base/sha256.h"
#include "common/source/file_tree.h"

namespace openchoreo::source {

struct SourceFile {
  std::string path;
  FileContent content;
  base::Sha256Digest digest;
};

class ContentStore {
 public:
  // The shared copy of `bytes`; what is new is taken over.
  SourceFile Intern(std::string path, std::string bytes);

  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<base::Sha256Digest, std::weak_ptr<const std::string>, base::DigestHasher>
      contents_;
  std::size_t sweep_at_ = 4096;
};

}  // namespace openchoreo::source
