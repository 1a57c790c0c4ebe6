#include "common/source/read_file.h"

#include <fstream>
#include <iterator>
#include <system_error>

#include "common/base/limits.h"

namespace openchoreo::source {

namespace fs = std::filesystem;

std::shared_ptr<const std::string> ReadSmallFile(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed) || failed) return nullptr;
  const auto size = fs::file_size(path, failed);
  if (failed || size > base::RenderLimits().max_file_bytes) return nullptr;
  std::ifstream in(path, std::ios::binary);
  if (!in) return nullptr;
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                             std::istreambuf_iterator<char>());
}

}  // namespace openchoreo::source
