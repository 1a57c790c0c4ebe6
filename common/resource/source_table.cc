#include "common/resource/repository.h"

namespace openchoreo::resource {

source::FileContent SourceTable::File::Content() const {
  if (content || !tree) return content;
  base::Result<source::FileContent> read = tree->Read(path);
  return read ? *std::move(read) : nullptr;
}

std::uint32_t SourceTable::Add(File file) {
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void SourceTable::NamePatches(base::Diagnostics& diagnostics) const {
  for (base::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != base::Severity::kError || !diagnostic.place.known()) continue;
    const File& file = at(diagnostic.place.source);
    if (file.patch_of.empty()) continue;
    diagnostic.hint = "the file is a patch of " + file.patch_of +
                      ", not an object of its own: leave it out (--exclude " + file.path +
                      "), or let kustomize build the kustomization first (--kustomize)";
  }
}

}  // namespace openchoreo::resource
