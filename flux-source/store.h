// Announced archives on disk, by content:
// <root>/externalartifact/<namespace>/<name>/<sha256>.tar.gz.
//
// A file gets its name only when it is whole and on the disk, and is never changed afterwards; so
// whatever kills the process, a name never stands for other bytes. Who is announced is not known
// here: callers say what is kept.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/platform/process/atomic_file.h"

namespace openchoreo::flux {

// The one folder of the store, and the first part of every path in it.
inline constexpr std::string_view kStoreFolder = "externalartifact";

// Whom files belong to: an ExternalArtifact.
struct Owner {
  std::string ns, name;

  auto operator<=>(const Owner&) const = default;
};

// "externalartifact/<namespace>/<name>/<hex>.tar.gz" of a digest "sha256:<hex>".
std::string StorePath(const Owner& owner, std::string_view digest);

struct StorePathParts {
  Owner owner;
  std::string hex;
};

// The parts of a path of exactly that form, names and digits included; nothing for any other text.
std::optional<StorePathParts> ParseStorePath(std::string_view path);

// Whether `path` is where the archive of that digest of `owner` lies. Any texts may be asked about.
bool IsStorePathOf(const Owner& owner, std::string_view digest, std::string_view path);

// Thread-safe.
class Store {
 public:
  // `root` must be a folder; what a former process left half-written is removed. Errors:
  // kUnreadableSource.
  static base::Result<std::unique_ptr<Store>> Open(std::string root);

  // Puts `bytes`, whose digest is `digest` ("sha256:…"), under their name; on the disk when it
  // returns. A file that is there and whole is left alone. A root that somebody removed is made
  // anew. Gives the path. Errors: kUnreadableSource (I/O, disk full): nothing of that name is there
  // then, unless it was before.
  base::Result<std::string> Put(const Owner& owner, std::string_view bytes,
                                std::string_view digest);

  // A descriptor of the file at `path`, to be closed by the caller, and its size. Its digest was
  // checked when it was first opened, and again whenever its inode, size or time changes. Nothing
  // if there is no such file or its bytes are not those of its name.
  struct Opened {
    int descriptor;
    std::uint64_t size;
  };

  std::optional<Opened> OpenVerified(std::string_view path);

  // Whether OpenVerified would give a file.
  bool Holds(std::string_view path);

  // Marks a file as no longer announced: its age counts from now.
  void Retire(std::string_view path);

  // Removes files of `owner` that are not in `keep` and were retired longer than `age` ago, then
  // all but the newest `records` of those left. Gives how many went. For whoever alone puts files
  // of this owner.
  std::size_t Collect(const Owner& owner, const std::set<std::string>& keep,
                      std::chrono::seconds age, std::size_t records);

  // As Collect of any number of records, beside others who put files: what was put within the last
  // minute and not retired since may be about to be announced, and stays.
  std::size_t Sweep(const Owner& owner, const std::set<std::string>& keep,
                    std::chrono::seconds age);

  // Removes all files of `owner`.
  void Remove(const Owner& owner);

  // Everybody who has files here.
  std::vector<Owner> Owners();

  struct Usage {
    std::uint64_t bytes = 0, files = 0;
  };

  Usage usage();

 private:
  Store(std::string root, process::Folder folder)
      : root_(std::move(root)),
        folder_(std::make_shared<const process::Folder>(std::move(folder))) {}

  // What a file was like when its digest was found right.
  struct Seen {
    std::uint64_t device, inode, size;
    std::int64_t seconds, nanoseconds;
    static Seen Of(const struct stat& status);
    bool operator==(const Seen&) const = default;
  };

  using Clock = std::chrono::steady_clock;

  std::string Full(std::string_view path) const { return root_ + "/" + std::string(path); }

  base::Result<void> Write(const std::string& path, std::string_view bytes);
  bool WasVerified(std::string_view path, const Seen& now);
  bool IsFresh(const std::string& path);
  std::size_t RemoveOld(const Owner& owner, const std::set<std::string>& keep,
                        std::chrono::seconds age, std::size_t records, bool spare_fresh);

  const std::string root_;
  std::mutex mutex_;  // of what follows
  std::shared_ptr<const process::Folder> folder_;
  std::map<std::string, Seen, std::less<>> verified_;
  std::map<std::string, Clock::time_point, std::less<>> fresh_;  // when it was put
};

}  // namespace openchoreo::flux
