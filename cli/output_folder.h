// Writing rendered files into a folder that holds nothing but our output.
#pragma once

#include <map>
#include <string>

#include "common/base/result.h"

namespace openchoreo::cli {

// Makes `folder` hold exactly `files` (relative path as render::LayOut gives it → content). The
// folder must be missing, empty, or hold a former output: its marker file lists what was written,
// and only regular files that are listed there and that an output could have written are ever
// removed. Each file is replaced whole, and left untouched if it is the same already; no symbolic
// link below the folder is followed. While the folder changes, the marker names old and new files; the
// last thing written is that it names the new ones. Errors: kUsage for a folder that is someone else's or a path no output has,
// kUnreadableSource for I/O.
base::Result<void> WriteOutputFolder(const std::string& folder,
                                     const std::map<std::string, std::string>& files);

}  // namespace openchoreo::cli
