#include "kustomize-fn/opened_file.h"

#include <utility>

#include "common/source/read_file.h"

namespace openchoreo::kustomize_fn {

const std::vector<yaml::Document>& OpenedFile::documents() {
  if (!read_) read_ = yaml::Read(*text_, arena_);
  return read_->documents;
}

OpenedFile* FileOpener::OnDisk(const std::filesystem::path& path) {
  if (path.string() != held_) {
    held_ = path.string();
    auto text = source::ReadSmallFile(path);
    file_ = text ? std::make_unique<OpenedFile>(std::move(text)) : nullptr;
  }
  return file_.get();
}

OpenedFile* FileOpener::InSource(const resource::SourceTable::File& file) {
  const std::string name = "source " + file.display_path;
  if (name != held_) {
    held_ = name;
    source::FileContent content = file.Content();
    file_ = content != nullptr ? std::make_unique<OpenedFile>(std::move(content)) : nullptr;
  }
  return file_.get();
}

}  // namespace openchoreo::kustomize_fn
