#include "kustomize-fn/opened_file.h"

namespace openchoreo::kustomize_fn {

const std::vector<yaml::Document>& OpenedFile::documents() {
  if (!read_) read_ = yaml::Read(*text_, arena_);
  return read_->documents;
}

}  // namespace openchoreo::kustomize_fn
