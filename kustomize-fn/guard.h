// What keeps a later kustomization from changing rendered objects without a word.
//
// A layer around the function, a Component's parent or a generator's own layer may set `namespace:`
// (every rendered object moves, a data plane's Namespace is renamed), add labels to selectors, or
// set `namePrefix:` or `nameSuffix:` (objects are renamed, but not the addresses, routes and
// records that name them). The function cannot see those layers. So it adds resources, marked
// local-config (kustomize leaves them out of what it prints), on which just these transformations
// fail:
// - a RoleBinding whose subject is no map: api/filters/namespace looks at subjects by kind alone;
// - a ReplicationController whose selector is no map: commonLabels finds it by kind and version;
// - two referrers and a stranger that all say they once had one name: a referrer means itself
//   alone, for it alone says it was given a prefix (a suffix), until all of them are given one:
//   then it means the stranger too, and api/filters/nameref refuses that.
// All are of a group of our own, and what cannot be transformed holds the message.
#pragma once

#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "kustomize-fn/output.h"

namespace openchoreo::kustomize_fn {

// The version must be v1: the one commonLabels looks for.
inline constexpr std::string_view kGuardApiVersion = "gitops.openchoreo.dev/v1";

// The guards of `generated`, named after it, so that those of several renderings do not meet.
// `part`: OpenChoreo resources go on beside it, but of their bindings only those that were
// selected.
base::Result<std::vector<GeneratedItem>> MakeGuards(const std::vector<GeneratedItem>& generated,
                                                    bool part, const ResourceList& list);

// Whether `item` is a guard made with `part`: what another rendering would find is not all there
// was.
bool TellsOfPart(const Item& item);

}  // namespace openchoreo::kustomize_fn
