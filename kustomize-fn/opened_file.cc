#include "kustomize-fn/opened_file.h"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace openchoreo::kustomize_fn {

namespace fs = std::filesystem;

std::shared_ptr<const std::string> ReadFile(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed) || failed) return nullptr;
  const auto size = fs::file_size(path, failed);
  if (failed || size > base::RenderLimits().max_file_bytes) return nullptr;
  std::ifstream in(path, std::ios::binary);
  if (!in) return nullptr;
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                             std::istreambuf_iterator<char>());
}

const std::vector<yaml::Document>& OpenedFile::documents() {
  if (!read_) read_ = yaml::Read(*text_, arena_);
  return read_->documents;
}

OpenedFile* FileOpener::OnDisk(const fs::path& path) {
  if (path.string() != held_) {
    held_ = path.string();
    auto text = ReadFile(path);
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
