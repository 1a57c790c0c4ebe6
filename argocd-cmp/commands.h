// The commands for people who keep the stock argocd-cmp-server: it runs them in the Application's
// folder with the request's variables in the environment, and takes standard output.
#pragma once

#include <string>

#include "argocd-cmp/generation.h"
#include "argocd-cmp/parameters.h"

namespace openchoreo::argocd {

// The variables of this process, sorted.
Environment ProcessEnvironment();

// Prints the manifests of `folder` as a stream of JSON documents. Standard output holds nothing
// else. Returns a base::ExitCode; the reason is on standard error.
int RunGenerate(const std::string& folder, Generation& generation, GitSources& git,
                const process::KustomizeBuild& kustomize);

// Prints the folder's name if it holds OpenChoreo resources, else nothing: what
// `discover.find.command` wants.
int RunDiscover(const std::string& folder);

// Prints the announcements as the JSON list that `parameters.dynamic.command` wants.
int RunParameters(const std::string& folder);

// Asks the health service on `socket`. 0 if it serves.
int RunHealth(const std::string& socket);

}  // namespace openchoreo::argocd
