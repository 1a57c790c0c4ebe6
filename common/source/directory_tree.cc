#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "common/source/file_tree.h"
#include "common/source/path_filter.h"

namespace openchoreo::source {

namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}

  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return fd_; }

  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::string Joined(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty()) path += '/';
  path += name;
  return path;
}

// A folder or a single file on disk.
class DirectoryTree final : public FileTree {
 public:
  DirectoryTree(std::string path, std::string display_name, DirectoryOptions options)
      : path_(std::move(path)),
        display_name_(std::move(display_name)),
        options_(std::move(options)),
        root_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    open_errno_ = root_.get() < 0 ? errno : 0;
  }

  std::string_view display_name() const override { return display_name_; }

  base::Result<std::vector<std::string>> List() override;
  base::Result<FileContent> Read(std::string_view path) override;

  std::vector<LeftOut> LeftOutPaths() const override { return left_out_; }

  base::Result<FileContent> ReadStart(std::string_view path) override;

 private:
  struct Child {
    std::string name;
    unsigned char type;
  };

  tl::unexpected<base::Error> Failure(std::string_view path, int error) const;
  base::Result<std::vector<Child>> Children(const std::string& folder) const;
  void TakeLink(std::string path, std::vector<std::string>& files);
  void TakeOutsideFolder(const std::string& path, const std::string& target);

  // What to do with a file over the limit.
  enum class Excess : std::uint8_t { kRefused, kCut };

  base::Result<FileContent> ReadBytes(int at, const char* path, std::string_view shown,
                                      Excess excess) const;

  std::string path_;
  std::string display_name_;
  DirectoryOptions options_;
  FileDescriptor root_;  // -1 for a single file
  int open_errno_ = 0;
  std::unordered_map<std::string, std::string>
      links_;  // listed symbolic links → what they name, within the root
  std::vector<LeftOut> left_out_;
};

tl::unexpected<base::Error> DirectoryTree::Failure(std::string_view path, int error) const {
  std::string message = "cannot read ";
  message += path.empty() ? std::string_view(path_) : path;
  message += ": ";
  message += std::strerror(error);
  return base::Fail(base::ErrorCode::kUnreadableSource, std::move(message));
}

base::Result<std::vector<DirectoryTree::Child>> DirectoryTree::Children(
    const std::string& folder) const {
  FileDescriptor fd(::openat(root_.get(), folder.empty() ? "." : folder.c_str(),
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) return Failure(folder, errno);
  DIR* const stream = ::fdopendir(fd.get());
  if (!stream) return Failure(folder, errno);
  fd.release();  // closedir closes it
  std::vector<Child> children;
  int error = 0;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(stream);
    if (!entry) {
      error = errno;
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    unsigned char type = entry->d_type;
    if (type == DT_UNKNOWN) {  // some file systems do not tell
      struct stat status;
      if (::fstatat(::dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        type = S_ISDIR(status.st_mode)   ? DT_DIR
               : S_ISREG(status.st_mode) ? DT_REG
               : S_ISLNK(status.st_mode) ? DT_LNK
                                         : DT_UNKNOWN;
      }
    }
    children.push_back({std::string(name), type});
  }
  ::closedir(stream);
  if (error != 0) return Failure(folder, error);
  return children;
}

// Whether `inside` is `folder` or lies in it; both absolute and resolved.
bool LiesIn(std::string_view inside, std::string_view folder) {
  if (folder == "/") return true;
  return inside.starts_with(folder) &&
         (inside.size() == folder.size() || inside[folder.size()] == '/');
}

// A symbolic link to a file within the root is read; of any other is told where it leads.
void DirectoryTree::TakeLink(std::string path, std::vector<std::string>& files) {
  const bool wanted = MayMatter(path);
  char root[PATH_MAX];
  char resolved[PATH_MAX];
  struct stat status;
  if (!::realpath(path_.c_str(), root) || !::realpath((path_ + "/" + path).c_str(), resolved) ||
      ::lstat(resolved, &status) != 0) {
    if (wanted) left_out_.push_back({std::move(path), LeftOutReason::kBrokenLink});
    return;
  }
  const std::string target = resolved;
  const bool inside = LiesIn(target, root) && target.size() > std::strlen(root);
  if (S_ISDIR(status.st_mode)) {
    // One that leads up to the tree itself is a way back into it.
    if (inside || LiesIn(root, target)) {
      left_out_.push_back({std::move(path), LeftOutReason::kLinkToFolder});
    } else {
      TakeOutsideFolder(path, target);
    }
    return;
  }
  if (!wanted) return;
  if (!S_ISREG(status.st_mode)) {
    left_out_.push_back({std::move(path), LeftOutReason::kSpecialFile});
  } else if (inside) {
    links_[path] = target.substr(std::strcmp(root, "/") == 0 ? 1 : std::strlen(root) + 1);
    files.push_back(std::move(path));
  } else {
    links_[path] = target;
    left_out_.push_back({std::move(path), LeftOutReason::kLinkOutside});
  }
}

// The files of a linked folder elsewhere, as far as they are to be looked at.
void DirectoryTree::TakeOutsideFolder(const std::string& path, const std::string& target) {
  constexpr std::size_t kMaxEntries = 1000;
  std::vector<std::string> pending{""};
  std::size_t entries = 0, found = 0;
  while (!pending.empty() && entries < kMaxEntries) {
    const std::string folder = std::move(pending.back());
    pending.pop_back();
    DIR* const stream = ::opendir((target + folder).c_str());
    if (!stream) continue;
    while (const dirent* const entry = ::readdir(stream)) {
      const std::string_view name = entry->d_name;
      if (name.starts_with('.') || ++entries > kMaxEntries) continue;
      const std::string below = folder + "/" + std::string(name);
      if (entry->d_type == DT_DIR) pending.push_back(below);
      if (entry->d_type != DT_REG || !MayMatter(below.substr(1))) continue;
      links_[path + below] = target + below;
      left_out_.push_back({path + below, LeftOutReason::kLinkOutside});
      ++found;
    }
    ::closedir(stream);
  }
  if (found == 0) left_out_.push_back({path, LeftOutReason::kLinkToFolder});
}

base::Result<std::vector<std::string>> DirectoryTree::List() {
  if (root_.get() < 0) {
    if (open_errno_ != ENOTDIR) return Failure("", open_errno_);
    return std::vector<std::string>{path_.substr(path_.rfind('/') + 1)};  // npos + 1 is 0
  }
  std::vector<std::string> files;
  left_out_.clear();
  std::vector<std::string> pending{""};
  while (!pending.empty()) {
    const std::string folder = std::move(pending.back());
    pending.pop_back();
    const auto children = Children(folder);
    if (!children) {
      if (folder.empty()) return base::Fail(children.error());
      left_out_.push_back({folder, LeftOutReason::kUnreadableFolder});
      continue;
    }
    for (const Child& child : *children) {
      std::string path = Joined(folder, child.name);
      if (child.type == DT_DIR) {
        if (child.name[0] != '.') {
          pending.push_back(std::move(path));
        } else if (child.name != ".git") {
          left_out_.push_back({std::move(path), LeftOutReason::kHiddenFolder});
        }
      } else if (child.type == DT_LNK) {
        if (options_.links) TakeLink(std::move(path), files);
      } else if (MayMatter(path)) {
        if (child.type == DT_REG) {
          files.push_back(std::move(path));
        } else {
          left_out_.push_back({std::move(path), LeftOutReason::kSpecialFile});
        }
      }
    }
  }
  return SelectFiles(
      std::move(files), [this](std::string_view path) { return Read(path); }, options_, left_out_);
}

base::Result<FileContent> DirectoryTree::ReadBytes(int at, const char* path, std::string_view shown,
                                                   Excess excess) const {
  const FileDescriptor fd(::openat(at, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0) return Failure(shown, errno);
  const std::size_t limit = options_.max_file_bytes;
  char buffer[32u << 10];  // most files fit the first read, which then needs no fstat
  std::string bytes;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure(shown, errno);
    const auto count = static_cast<std::size_t>(got);
    if (bytes.size() + count > limit) {
      if (excess == Excess::kCut) {
        bytes.append(buffer, limit - bytes.size());
        return std::make_shared<const std::string>(std::move(bytes));
      }
      return base::Fail(base::ErrorCode::kLimit, "cannot read " + std::string(shown) +
                                                     ": larger than " + std::to_string(limit) +
                                                     " bytes");
    }
    const bool first = bytes.empty();
    if (first && count == sizeof buffer) {
      struct stat status;
      if (::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode)) {
        bytes.reserve(std::min(limit, static_cast<std::size_t>(status.st_size)));
      }
    }
    bytes.append(buffer, count);
    if (count == 0 || (first && count < sizeof buffer)) {
      return std::make_shared<const std::string>(std::move(bytes));
    }
  }
}

base::Result<FileContent> DirectoryTree::Read(std::string_view path) {
  if (root_.get() >= 0) {
    const std::string name(path);
    const auto link = links_.find(name);
    const char* const real = link == links_.end() ? name.c_str() : link->second.c_str();
    if (real[0] == '/') {
      return base::Fail(base::ErrorCode::kUnreadableSource,
                        "cannot read " + name + ": it leads out of the tree");
    }
    return ReadBytes(root_.get(), real, path, Excess::kRefused);
  }
  struct stat status;
  if (::stat(path_.c_str(), &status) != 0) return Failure("", errno);
  if (!S_ISREG(status.st_mode)) {
    return base::Fail(base::ErrorCode::kUnreadableSource,
                      "cannot read " + path_ + ": neither file nor folder");
  }
  char target[PATH_MAX];  // may be a link: whoever named it meant what it names
  if (!::realpath(path_.c_str(), target)) return Failure("", errno);
  return ReadBytes(AT_FDCWD, target, path_, Excess::kRefused);
}

base::Result<FileContent> DirectoryTree::ReadStart(std::string_view path) {
  if (root_.get() < 0) return ReadBytes(AT_FDCWD, path_.c_str(), path_, Excess::kCut);
  const std::string name(path);
  const auto link = links_.find(name);
  return ReadBytes(root_.get(), link == links_.end() ? name.c_str() : link->second.c_str(), path,
                   Excess::kCut);
}

}  // namespace

std::unique_ptr<FileTree> OpenDirectory(std::string path, std::string display_name,
                                        DirectoryOptions options) {
  return std::make_unique<DirectoryTree>(std::move(path), std::move(display_name),
                                         std::move(options));
}

}  // namespace openchoreo::source
