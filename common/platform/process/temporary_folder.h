// A folder that goes away with its owner.
#pragma once

#include <string>

#include "common/base/result.h"

namespace openchoreo::process {

class TemporaryFolder {
 public:
  // A new folder "<parent>/<prefix>-<random>", for us alone (0700); `parent` is made if need be.
  // Errors: kInternal.
  static base::Result<TemporaryFolder> Make(const std::string& parent, const std::string& prefix);

  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
  }

  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  // Removed with all that lies in it; no link is followed.
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace openchoreo::process
