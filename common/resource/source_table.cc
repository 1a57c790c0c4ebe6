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

}  // namespace openchoreo::resource
