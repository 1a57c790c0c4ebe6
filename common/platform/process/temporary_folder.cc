#include "common/platform/process/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace openchoreo::process {

base::Result<TemporaryFolder> TemporaryFolder::Make(const std::string& parent,
                                                    const std::string& prefix) {
  std::error_code ignored;
  std::filesystem::create_directories(parent, ignored);
  std::string path = parent + "/" + prefix + "-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return base::Fail(base::ErrorCode::kInternal, "cannot make a temporary folder below " + parent +
                                                      ": " + std::strerror(errno));
  }
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace openchoreo::process
