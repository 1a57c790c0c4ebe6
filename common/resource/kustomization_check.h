// A tree's kustomizations are not built when its files are read: where they would make another
// result, somebody should know.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/resource/kustomization.h"
#include "common/resource/repository.h"

namespace openchoreo::resource {

struct FoundKustomization {
  std::uint32_t source;  // of its file
  Kustomization content;
};

// A warning for each kustomization that lists, directly or by a folder, files of `objects` and
// would change what they say: a namespace they do not have, a prefix, patches, …. Files are of one
// tree with their kustomization; entries that lead out of it count for nothing.
void WarnOfKustomizations(const std::vector<FoundKustomization>& kustomizations,
                          const std::deque<Object>& objects, const SourceTable& sources,
                          base::Diagnostics& diagnostics);

// Says of each file that a kustomization of its tree uses as a patch that it is one
// (SourceTable::File::patch_of).
void MarkPatches(const std::vector<FoundKustomization>& kustomizations, SourceTable& sources);

}  // namespace openchoreo::resource
