// Where a folder or a file on disk lies: in which repository, and how its files are shown.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace openchoreo::source {

// The nearest folder from `folder` upwards that holds .git; nullopt if none does. The whole disk is
// no repository.
std::optional<std::filesystem::path> RepositoryOf(const std::filesystem::path& folder);

// Whether `path` is `root` or lies below it. Both absolute and without links.
bool IsBelow(const std::filesystem::path& path, const std::filesystem::path& root);

// What stands before the files of the source `path` in messages, so that they are shown as seen
// from `from` (default: where the command was run): "" for ".", "folder/" for a folder, the folder
// of a single file.
std::string DisplayPrefix(const std::string& path, const std::filesystem::path& from = {});

}  // namespace openchoreo::source
