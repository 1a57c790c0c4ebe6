// The folders of an artifact, which Kustomizations point at (spec.path), and what stays behind when
// one of them goes.
//
// Seen on kustomize-controller v1.9.5: a path that is missing is an error ("kustomization path not
// found"), and nothing is pruned.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "common/artifact/tar_writer.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

// "a" and "a/b" of a file "a/b/c.yaml"; the root is none of them.
using Folders = std::set<std::string>;

Folders FoldersOf(const artifact::FileViews& files);

// Those of the archive at `path`. Nothing if it is not there, or cannot be read.
std::optional<Folders> FoldersInStore(Store& store, std::string_view path);

// For people: the folders of `former` that `now` has no more, of the ExternalArtifact `name`, and
// what that means. At most 20 are named. "" if none went.
std::string TextOfVanished(const std::string& name, const Folders& former, const Folders& now);

}  // namespace openchoreo::flux
