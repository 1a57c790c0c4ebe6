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
//
// With `account_ns`, where the mapper's ServiceAccount is, rights end at the namespaces that are
// named: a RoleBinding in each, and for kinds without a namespace a ClusterRole and its binding.
// The first line is a comment with the flag that tells the mapper of the namespaces.
base::Result<std::string> RbacText(std::string_view text, std::string_view account_ns = {});

// `rbac FILE`: RbacText of a file ("-": `in`) on `out`. Returns the exit code.
int RunRbac(const std::string& file, const std::string& account_ns, std::istream& in,
            std::ostream& out, std::ostream& err);

}  // namespace openchoreo::mapper
