// One file, read whole, where there is no tree to read it through.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace openchoreo::source {

// The bytes of a regular file (links followed) of at most RenderLimits::max_file_bytes; nullptr
// where there is none or it cannot be read. Never throws but for memory.
std::shared_ptr<const std::string> ReadSmallFile(const std::filesystem::path& path);

}  // namespace openchoreo::source
