// What a source has that is not read: told, and an error where OpenChoreo's objects would be lost.
#pragma once

#include "common/base/diagnostic.h"
#include "common/resource/repository.h"
#include "common/source/file_tree.h"

namespace openchoreo::resource {

// Looks at what `tree`, which has been listed, left out. Errors (added to `sources`): files of a
// misspelt ending, behind links out of the tree, and in the templates/ folder of a chart without
// being templates, where they speak of OpenChoreo. Warnings: special files. Notes: everything else,
// one per reason, with its number and the first names.
void TellLeftOut(source::FileTree& tree, SourceTable& sources, base::Diagnostics& diagnostics);

}  // namespace openchoreo::resource
