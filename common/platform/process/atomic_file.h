// Files written so that nobody sees half of one, and nothing outside the folder is ever touched.
//
// A Folder is opened once; whatever lies below is reached from its descriptor, part by part, and no
// symbolic link below it is followed: not for reading, writing or removing. New content goes into a
// temporary file of a random name that did not exist before (O_EXCL) and takes the place of the old
// file by rename. A run that is killed leaves at most one such file (".openchoreo-gitops-….tmp").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/platform/process/descriptor.h"

namespace openchoreo::process {

enum class Durability {
  kCanBeMadeAgain,  // no fsync
  kOnlyCopy,        // file and folder are on disk when the call returns
};

// Thread-safe. Relative paths are "a/b/c": not empty, without a leading '/', "." and "..". Errors
// of all calls: kUsage for a path that is not of that form, kUnreadableSource with the path and the
// system's reason (a symbolic link on the way, a full disk) for the rest.
class Folder {
 public:
  // `path` is taken as the caller wrote it: links in it are followed. Made with its parents if it
  // does not exist.
  static base::Result<Folder> Make(const std::string& path);

  // The same, but it must exist.
  static base::Result<Folder> Open(const std::string& path);

  const std::string& path() const { return path_; }

  // Whether nothing lies in it.
  base::Result<bool> Empty() const;

  // The content of a regular file; nullopt where there is none: nothing, a link, a folder. Larger
  // than `max_bytes`: an error.
  base::Result<std::optional<std::string>> Read(std::string_view relative,
                                                std::size_t max_bytes) const;

  // Replaces the file, and makes the folders on the way. A regular file of this content is left
  // alone. Keeps the mode (and, where allowed, the owner) of the regular file it replaces.
  base::Result<void> Write(std::string_view relative, std::string_view content,
                           Durability durability) const;

  // Removes the file if it is a regular one, and then the folders above it that are empty. False:
  // there was no such file.
  base::Result<bool> RemoveFile(std::string_view relative) const;

 private:
  friend class FolderWriter;

  Folder(std::string path, Descriptor fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  Descriptor fd_;
};

// Writes many files below one Folder. The folder of the last file stays open: files that come
// folder by folder cost no look-ups on the way. Not thread-safe; several may write below one
// Folder.
class FolderWriter {
 public:
  // `folder` outlives the writer.
  FolderWriter(const Folder& folder, Durability durability)
      : folder_(folder), durability_(durability) {}

  // As Folder::Write; the content is `pieces`, one after the other.
  base::Result<void> Write(std::string_view relative, std::span<const std::string_view> pieces);

 private:
  base::Result<void> OpenFolderOf(std::string_view relative);

  const Folder& folder_;
  const Durability durability_;
  std::string open_;  // the folder that is open, as in relative paths
  Descriptor at_;
};

}  // namespace openchoreo::process
