#include "argocd-cmp/repository_root.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "common/artifact/tar_reader.h"
#include "common/source/disk_place.h"

namespace openchoreo::argocd {

namespace fs = std::filesystem;
using base::ErrorCode;

namespace {

bool Has(const Environment& environment, std::string_view name) {
  return std::any_of(environment.begin(), environment.end(),
                     [&](const auto& variable) { return variable.first == name; });
}

tl::unexpected<base::Error> Uncertain(const std::string& why) {
  base::Error error;
  error.code = ErrorCode::kUsage;
  error.message = "parameter \"sources\": it is not certain where the repository begins: " + why;
  error.hint =
      "write spec.source.path without links, and without the annotation "
      "argocd.argoproj.io/manifest-generate-paths; openchoreo-argocd-cmp serve needs neither";
  return base::Fail(std::move(error));
}

}  // namespace

base::Result<std::string> RepositoryRoot(const std::string& folder,
                                         const Environment& environment) {
  std::error_code error;
  const fs::path here = fs::canonical(folder, error);
  if (error) {
    return base::Fail(ErrorCode::kUnreadableSource,
                      "cannot read " + folder + ": " + error.message());
  }
  if (!Has(environment, "ARGOCD_APP_SOURCE_PATH")) {
    if (Has(environment, "ARGOCD_APP_NAME")) {
      return Uncertain("the request has no ARGOCD_APP_SOURCE_PATH");
    }
    return source::RepositoryOf(here).value_or(here).string();
  }
  std::string_view written = Lookup(environment, "ARGOCD_APP_SOURCE_PATH");
  while (written.starts_with('/')) written.remove_prefix(1);  // as Argo CD joins it
  const auto clean = artifact::CleanRelativePath(written);
  if (!clean) return Uncertain("the Application's " + clean.error().message);
  const fs::path path(*clean);
  fs::path root = here;
  for (auto part = path.end(); part != path.begin();) {
    --part;
    if (part->empty()) continue;
    if (root.filename() != *part) {
      return Uncertain(
          "the command runs in a folder that does not end with the Application's path \"" + *clean +
          "\"");
    }
    root = root.parent_path();
  }
  if (!root.has_relative_path()) return Uncertain("it would be the whole disk");
  return root.string();
}

}  // namespace openchoreo::argocd
