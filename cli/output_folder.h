// Writing rendered files into a folder that holds nothing but our output.
#pragma once

#include <map>
#include <string>

#include "common/base/result.h"

namespace openchoreo::cli {

// Makes `folder` hold exactly `files` (relative path → content). The folder must be missing, empty,
// or hold a former output: its marker file lists what was written, and only files listed there are
// ever removed. Each file is replaced whole, and left untouched if it is the same already. Errors:
// kUsage for a folder that is someone else's or a path that would leave it, kUnreadableSource for
// I/O.
base::Result<void> WriteOutputFolder(const std::string& folder,
                                     const std::map<std::string, std::string>& files);

}  // namespace openchoreo::cli
