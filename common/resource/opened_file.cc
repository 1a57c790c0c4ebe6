#include "common/resource/opened_file.h"

#include <utility>

#include "common/source/read_file.h"

namespace openchoreo::resource {

const std::vector<yaml::Document>& OpenedFile::documents() {
  if (!read_) read_ = yaml::Read(*text_, arena_);
  return read_->documents;
}

OpenedFile* FileOpener::Hold(source::FileContent content) {
  file_ = content != nullptr ? std::make_unique<OpenedFile>(std::move(content)) : nullptr;
  return file_.get();
}

OpenedFile* FileOpener::OnDisk(const std::filesystem::path& path) {
  if (path == path_) return file_.get();
  path_ = path;
  source_ = nullptr;
  return Hold(source::ReadSmallFile(path));
}

OpenedFile* FileOpener::InSource(const SourceTable::File& file) {
  if (&file == source_) return file_.get();
  path_.clear();
  source_ = &file;
  return Hold(file.Content());
}

}  // namespace openchoreo::resource
