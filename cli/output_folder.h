// Writing rendered files into a folder that holds nothing but our output.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/render/manifest_files.h"

namespace openchoreo::cli {

// Makes `folder` hold exactly `files` (as render::LayOut gives them), written by up to `jobs`
// threads. The folder must be missing, empty, or hold a former output: its marker file lists what
// was written, and only regular files that are listed there and that an output could have written
// are ever removed. Each file is replaced whole, and left untouched if it is the same already; no
// symbolic link below the folder is followed. While the folder changes, the marker names old and
// new files; the last thing written is that it names the new ones. Errors: kUsage for a folder that
// is someone else's or a path no output has, kUnreadableSource for I/O.
base::Result<void> WriteOutputFolder(const std::string& folder,
                                     const std::vector<render::ManifestFile>& files,
                                     unsigned jobs = 1);

}  // namespace openchoreo::cli
