// `kustomize-check`: whether a build ran the functions its kustomization declares. kustomize skips
// an exec function silently where --enable-exec is missing. OpenChoreoValidate changes nothing, so
// that no build tells whether it was run: what was built is validated here instead, as its
// configuration says.
#pragma once

#include <iosfwd>
#include <string>

namespace openchoreo::cli {

// `folder` holds the kustomization, `built` names the file with what kustomize printed ("-": `in`).
// Returns the exit code: 0 run, or nothing to run; 1 not run, with the reason on `err`, or what was
// to be validated is wrong; 3 something cannot be read.
int RunKustomizeCheck(const std::string& folder, const std::string& built, std::istream& in,
                      std::ostream& err);

}  // namespace openchoreo::cli
