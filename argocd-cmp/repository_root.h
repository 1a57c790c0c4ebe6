// Where the repository begins that the stock plugin server has unpacked for one request.
//
// It starts our commands in the Application's folder and tells the path as the user wrote it, but
// not where the repository begins. Above that lie other Applications' repositories: whoever counts
// the parts of a path a tenant wrote is led there.
#pragma once

#include <filesystem>
#include <string>

#include "argocd-cmp/parameters.h"
#include "common/base/result.h"

namespace openchoreo::argocd {

// The root above `folder`, an absolute path without links. With ARGOCD_APP_SOURCE_PATH (every
// request of Argo CD has it): `folder` must end with that path once it is cleaned, and what stands
// before it is the root. Without it, as when a person runs the command: the nearest folder upwards
// that holds .git, else `folder` itself.
// Errors: kUsage where the root is not certain: the folder does not end with the path (a part of
// the repository was sent, or a link is part of the path), the path leaves the repository, or the
// request tells no path at all.
base::Result<std::string> RepositoryRoot(const std::string& folder, const Environment& environment);

}  // namespace openchoreo::argocd
