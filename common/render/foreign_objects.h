// Objects of a tree that are not OpenChoreo's: a ClusterSecretStore beside the DataPlane.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/render/options.h"
#include "common/render/output.h"
#include "common/source/file_tree.h"

namespace openchoreo::render {

struct ForeignObjects {
  std::vector<Group> groups;  // as they are, by (kind, namespace, name); empty unless asked for
  std::size_t count = 0;
  base::Diagnostics errors;  // files that cannot be read: an object of theirs would go missing
};

// Reads all files of `trees` that Options::emitted_trees lets out. What is for a tool and no
// cluster is left out: kustomizations, and objects marked config.kubernetes.io/local-config.
// `groups` are made under Options::passthrough.
ForeignObjects FindForeignObjects(std::span<source::FileTree* const> trees, const Options& options);

}  // namespace openchoreo::render
