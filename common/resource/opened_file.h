// Files opened again to find the places of messages: each read once for all places that follow one
// another in it. The one place where that is done.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/resource/repository.h"
#include "common/yaml/locator.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {

// Not thread-safe.
class OpenedFile {
 public:
  // `text` is not null.
  explicit OpenedFile(std::shared_ptr<const std::string> text)
      : text_(std::move(text)), locator_(*text_) {}

  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;

  const std::string& text() const { return *text_; }

  // Those that can be read, in order.
  const std::vector<yaml::Document>& documents();

  yaml::Location Find(const base::Place& place) { return locator_.Find(place); }

 private:
  std::shared_ptr<const std::string> text_;
  yaml::Locator locator_;
  base::Arena arena_;
  std::optional<yaml::ReadResult> read_;
};

// Holds the last file asked for; a source's file must stay where it is. nullptr: there is none, or
// it cannot be read. Not thread-safe.
class FileOpener {
 public:
  OpenedFile* OnDisk(const std::filesystem::path& path);
  OpenedFile* InSource(const SourceTable::File& file);

 private:
  OpenedFile* Hold(source::FileContent content);

  // What is held: one of them, or nothing.
  std::filesystem::path path_;
  const SourceTable::File* source_ = nullptr;
  std::unique_ptr<OpenedFile> file_;
};

}  // namespace openchoreo::resource
