// An Application path that holds a kustomization: the real kustomize builds it, its result is
// rendered.
#pragma once

#include <string>

#include "common/artifact/tar_reader.h"
#include "common/base/cancel.h"
#include "common/base/result.h"

namespace openchoreo::process {

class KustomizeBuild {
 public:
  // `program`: a path or a name in PATH; "" turns it off. Repositories are unpacked below
  // `work_folder` for the time of a build.
  KustomizeBuild(std::string program, std::string work_folder, artifact::TarLimits limits);

  // Whether the program is there.
  bool available() const { return !program_.empty(); }

  // Its path; "" if it is not there.
  const std::string& program() const { return program_; }

  // What is missing, for a message.
  const std::string& wanted() const { return wanted_; }

  // `kustomize build` of the archive's folder `app_path`; the YAML it prints.
  // Errors: kUnreadableSource (kustomize's own message), kLimit, kCancelled.
  base::Result<std::string> Build(const std::string& archive, const std::string& app_path,
                                  const base::Cancel& cancel) const;

  // The same of a folder on disk.
  base::Result<std::string> BuildFolder(const std::string& folder,
                                        const base::Cancel& cancel) const;

 private:
  std::string wanted_;
  std::string program_;
  std::string work_folder_;
  artifact::TarLimits limits_;
};

}  // namespace openchoreo::process
