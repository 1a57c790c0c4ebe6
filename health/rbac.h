// The ClusterRole by which the mapper may read what it judges: no more kinds than are rendered.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::mapper {

// `text`: YAML or JSON of release records (ConfigMaps, also in a List, as kubectl prints them), of
// rendered objects, or of both. Gives the ClusterRole openchoreo-health-mapper-objects, its rules
// sorted by group: get, list and watch of the kinds of the objects and of what the records name; of
// ConfigMaps, for the records; and of Pods, which are looked at where a workload is not healthy.
// Resources' names are guessed from kinds, as kubectl does without a cluster. Errors: kYamlSyntax,
// kYamlLimit; kInvalidResource for a record that is none; kEmptyResult if nothing is there.
base::Result<std::string> RbacText(std::string_view text);

// `rbac FILE`: RbacText of a file ("-": `in`) on `out`. Returns the exit code.
int RunRbac(const std::string& file, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace openchoreo::mapper
