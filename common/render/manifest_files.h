// Rendered groups as files: the one layout of `render --output-dir` and of every artifact.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/sha256.h"
#include "common/render/output.h"

namespace openchoreo::render {

// One file. Its content is its pieces, one after the other; they point into the groups and into
// constants, so that nothing is copied before it is written.
struct ManifestFile {
  std::string path;  // relative, '/' between folders
  std::vector<std::string_view> pieces;
  // Equal ones mean equal contents; where every group of the file has one.
  std::optional<base::Sha256Digest> identity = {};

  std::size_t size() const;  // bytes
  std::string Content() const;
};

// Files by path, in byte order: `<environment>/<project>/<lower kind>-<binding>.yaml`, added
// Namespaces in `<environment>/<project>/namespaces.yaml`; "-" stands for a name that is missing.
// For Format::kJson each is an array and ends in `.json`. Groups without objects give no file.
// `groups` must outlive the result. A path holds names as the tree has them: whoever writes them
// refuses those that leave the folder.
std::vector<ManifestFile> LayOut(std::span<const Group> groups, Format format);
std::vector<ManifestFile> LayOut(std::span<const Group* const> groups, Format format);

// Whether LayOut could have given `path`: nothing else in an output's folder is ours to replace or
// remove.
bool IsManifestPath(std::string_view path);

// The same with contents copied, by path: for archives.
std::map<std::string, std::string> ToFiles(std::span<const Group> groups, Format format);

// `kustomization.yaml` of the root and of every folder of `paths` (each once), naming what is in it
// in byte order, by path. `paths` of Format::kYaml; none give the root's alone, with no resources.
std::map<std::string, std::string> KustomizationsOf(std::span<const std::string_view> paths);

// Adds them to `files`.
void AddKustomizations(std::map<std::string, std::string>& files);

// All objects as one stream, in order: YAML documents, each after a "---" line, or the elements of
// one JSON array. Pieces as in ManifestFile.
std::vector<std::string_view> StreamOf(std::span<const Group> groups, Format format);

}  // namespace openchoreo::render
