#include "common/platform/process/atomic_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "common/platform/process/write_pieces.h"

namespace openchoreo::process {

namespace {

using base::ErrorCode;

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kTemporaryTries = 16;

tl::unexpected<base::Error> Failure(std::string_view verb, std::string_view folder,
                                    std::string_view relative, int error) {
  std::string message = "cannot " + std::string(verb) + " " + std::string(folder);
  if (!relative.empty()) message += "/" + std::string(relative);
  message += ": ";
  // With O_NOFOLLOW these two tell of a link where a folder should be.
  message += error == ELOOP ? "a symbolic link is in the way" : std::strerror(error);
  return base::Fail(ErrorCode::kUnreadableSource, std::move(message));
}

// The parts of "a/b/c".
base::Result<std::vector<std::string>> Parts(std::string_view relative) {
  std::vector<std::string> parts;
  std::string_view rest = relative;
  bool good = !relative.empty() && relative.find('\0') == std::string_view::npos;
  while (good) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    good = !part.empty() && part != "." && part != "..";
    parts.emplace_back(part);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (!good) {
    return base::Fail(ErrorCode::kUsage,
                      "\"" + std::string(relative) + "\" does not name a file below the folder");
  }
  return parts;
}

bool IsFolderLink(int at, const char* name) {
  struct stat status;
  return ::fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

// The folder `parts[0..end)` below `root`, each opened from the one above. `make` makes those that
// are missing. errno of the failure in the error case.
tl::expected<Descriptor, int> Descend(int root, const std::vector<std::string>& parts,
                                      std::size_t end, bool make, Durability durability) {
  Descriptor at(::openat(root, ".", kFolderFlags));
  if (!at.open()) return tl::unexpected(errno);
  for (std::size_t i = 0; i < end; ++i) {
    const char* const name = parts[i].c_str();
    Descriptor next(::openat(at.get(), name, kFolderFlags));
    if (!next.open() && errno == ENOENT && make) {
      if (::mkdirat(at.get(), name, 0777) != 0 && errno != EEXIST) return tl::unexpected(errno);
      if (durability == Durability::kOnlyCopy && ::fsync(at.get()) != 0) {
        return tl::unexpected(errno);
      }
      next = Descriptor(::openat(at.get(), name, kFolderFlags));
    }
    if (!next.open()) {
      const int error = errno;
      // A link to a folder is ENOTDIR with these flags, a name that sends people the wrong way.
      return tl::unexpected(error == ENOTDIR && IsFolderLink(at.get(), name) ? ELOOP : error);
    }
    at = std::move(next);
  }
  return at;
}

// A name that nobody else has: random for each thread, then counted on.
std::string TemporaryName() {
  thread_local std::uint64_t number = [] {
    std::uint64_t random = 0;
    if (::getrandom(&random, sizeof random, 0) != sizeof random) {
      random = reinterpret_cast<std::uintptr_t>(&random) ^ static_cast<std::uint64_t>(::getpid());
    }
    return random;
  }();
  char name[64];
  std::snprintf(name, sizeof name, ".openchoreo-gitops-%016llx.tmp",
                static_cast<unsigned long long>(number++));
  return name;
}

// A new file in the folder `at`, gone again unless it was renamed.
class Temporary {
 public:
  // False: errno says why.
  bool Create(int at) {
    at_ = at;
    for (int i = 0; i < kTemporaryTries; ++i) {
      name_ = TemporaryName();
      file_ = Descriptor(
          ::openat(at, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
      if (file_.open() || errno != EEXIST) break;
    }
    return file_.open();
  }

  ~Temporary() {
    if (file_.open() && !renamed_) ::unlinkat(at_, name_.c_str(), 0);
  }

  bool RenameTo(const char* name) {
    renamed_ = ::renameat(at_, name_.c_str(), at_, name) == 0;
    return renamed_;
  }

  int fd() const { return file_.get(); }

 private:
  int at_ = -1;
  std::string name_;
  Descriptor file_;
  bool renamed_ = false;
};

// The regular file `name` in `at`, opened for reading; -1 with errno otherwise, ENOENT for what is
// no regular file.
Descriptor OpenRegular(int at, const char* name, struct stat& status) {
  Descriptor file(::openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ELOOP || errno == ENXIO) errno = ENOENT;
    return Descriptor();
  }
  if (::fstat(file.get(), &status) != 0) return Descriptor();
  if (!S_ISREG(status.st_mode)) {
    errno = ENOENT;
    return Descriptor();
  }
  return file;
}

// At most `max_bytes` + 1 bytes; false with errno.
bool ReadUpTo(int fd, std::size_t max_bytes, std::string& bytes) {
  char buffer[32u << 10];
  while (bytes.size() <= max_bytes) {
    const ssize_t got = ::read(fd, buffer, std::min(sizeof buffer, max_bytes + 1 - bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  return true;
}

bool Holds(int at, const char* name, std::span<const std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  struct stat status;
  const Descriptor file = OpenRegular(at, name, status);
  if (!file.open() || static_cast<std::size_t>(status.st_size) != size) return false;
  std::string bytes;
  if (!ReadUpTo(file.get(), size, bytes) || bytes.size() != size) return false;
  std::string_view left = bytes;
  for (const std::string_view piece : pieces) {
    if (!left.starts_with(piece)) return false;
    left.remove_prefix(piece.size());
  }
  return true;
}

}  // namespace

base::Result<Folder> Folder::Make(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Failure("make", path, "", error.value());
  return Open(path);
}

base::Result<Folder> Folder::Open(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open()) return Failure("open", path, "", errno);
  return Folder(path, std::move(fd));
}

base::Result<bool> Folder::Empty() const {
  Descriptor fd(::openat(fd_.get(), ".", kFolderFlags));
  DIR* const stream = fd.open() ? ::fdopendir(fd.get()) : nullptr;
  if (stream == nullptr) return Failure("read", path_, "", errno);
  fd.Release();  // closedir closes it
  bool empty = true;
  int error = 0;
  while (empty) {
    errno = 0;
    const dirent* const entry = ::readdir(stream);
    if (entry == nullptr) {
      error = errno;
      break;
    }
    empty = std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0;
  }
  ::closedir(stream);
  if (error != 0) return Failure("read", path_, "", error);
  return empty;
}

base::Result<std::optional<std::string>> Folder::Read(std::string_view relative,
                                                      std::size_t max_bytes) const {
  OC_TRY(const std::vector<std::string> parts, Parts(relative));
  auto folder = Descend(fd_.get(), parts, parts.size() - 1, false, Durability::kCanBeMadeAgain);
  if (!folder && folder.error() == ENOENT) return std::nullopt;
  if (!folder) return Failure("read", path_, relative, folder.error());
  struct stat status;
  const Descriptor file = OpenRegular(folder->get(), parts.back().c_str(), status);
  if (!file.open() && errno == ENOENT) return std::nullopt;
  std::string bytes;
  if (!file.open() || !ReadUpTo(file.get(), max_bytes, bytes)) {
    return Failure("read", path_, relative, errno);
  }
  if (bytes.size() > max_bytes) {
    return base::Fail(ErrorCode::kLimit, path_ + "/" + std::string(relative) + " has more than " +
                                             std::to_string(max_bytes) + " bytes");
  }
  return bytes;
}

base::Result<void> Folder::Write(std::string_view relative, std::string_view content,
                                 Durability durability) const {
  return FolderWriter(*this, durability).Write(relative, {&content, 1});
}

base::Result<void> FolderWriter::OpenFolderOf(std::string_view relative) {
  OC_TRY(const std::vector<std::string> parts, Parts(relative));
  const std::size_t slash = relative.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : relative.substr(0, slash);
  if (at_.open() && folder == open_) return {};
  auto at = Descend(folder_.fd_.get(), parts, parts.size() - 1, true, durability_);
  if (!at) return Failure("write", folder_.path_, relative, at.error());
  at_ = *std::move(at);
  open_ = folder;
  return {};
}

base::Result<void> FolderWriter::Write(std::string_view relative,
                                       std::span<const std::string_view> pieces) {
  const auto failed = [&](int error) { return Failure("write", folder_.path_, relative, error); };
  OC_TRY_DONE(OpenFolderOf(relative));
  const std::string name(relative.substr(relative.rfind('/') + 1));  // npos + 1 is 0
  struct stat before;
  const bool replaces = ::fstatat(at_.get(), name.c_str(), &before, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISREG(before.st_mode);
  if (replaces && Holds(at_.get(), name.c_str(), pieces)) return {};
  Temporary temporary;
  if (!temporary.Create(at_.get())) return failed(errno);
  if (!WritePieces(temporary.fd(), pieces)) return failed(errno);
  if (replaces) {
    if (::fchown(temporary.fd(), before.st_uid, before.st_gid) != 0 && errno != EPERM) {
      return failed(errno);
    }
    if (::fchmod(temporary.fd(), before.st_mode & 07777) != 0) return failed(errno);
  }
  const bool only_copy = durability_ == Durability::kOnlyCopy;
  if (only_copy && ::fsync(temporary.fd()) != 0) return failed(errno);
  if (!temporary.RenameTo(name.c_str())) return failed(errno);
  if (only_copy && ::fsync(at_.get()) != 0) return failed(errno);
  return {};
}

base::Result<bool> Folder::RemoveFile(std::string_view relative) const {
  OC_TRY(const std::vector<std::string> parts, Parts(relative));
  auto folder = Descend(fd_.get(), parts, parts.size() - 1, false, Durability::kCanBeMadeAgain);
  // Whatever stands where a folder was is not ours.
  if (!folder) return false;
  struct stat status;
  if (::fstatat(folder->get(), parts.back().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode)) {
    return false;
  }
  if (::unlinkat(folder->get(), parts.back().c_str(), 0) != 0) {
    return Failure("remove", path_, relative, errno);
  }
  for (std::size_t depth = parts.size() - 1; depth > 0; --depth) {
    auto above = Descend(fd_.get(), parts, depth - 1, false, Durability::kCanBeMadeAgain);
    // Ends at the first that is not empty.
    if (!above || ::unlinkat(above->get(), parts[depth - 1].c_str(), AT_REMOVEDIR) != 0) break;
  }
  return true;
}

}  // namespace openchoreo::process
