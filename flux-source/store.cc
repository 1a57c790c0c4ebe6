#include "flux-source/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <memory>

#include "common/artifact/digest.h"

namespace openchoreo::flux {

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;

constexpr std::string_view kSuffix = ".tar.gz";
constexpr std::chrono::seconds kFresh{60};
constexpr std::string_view kHidden = ".";  // begins the names of files that are being written

bool HasDigest(int fd, std::string_view hex) {
  artifact::DigestStream digest(artifact::DigestAlgorithm::kSha256);
  std::string buffer(256 << 10, '\0');
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    digest.Update(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    at += n;
  }
  return digest.Finish().hex == hex;
}

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text[0] != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

std::string FolderOf(const Owner& owner) {
  return std::string(kStoreFolder) + "/" + owner.ns + "/" + owner.name;
}

}  // namespace

std::string StorePath(const Owner& owner, std::string_view digest) {
  const std::size_t colon = digest.find(':');
  OC_CHECK(colon != std::string_view::npos);
  return FolderOf(owner) + "/" + std::string(digest.substr(colon + 1)) + std::string(kSuffix);
}

std::optional<StorePathParts> ParseStorePath(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= path.size() && parts.size() < 5;) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (parts.size() != 4 || parts[0] != kStoreFolder || !IsName(parts[1]) || !IsName(parts[2]) ||
      !parts[3].ends_with(kSuffix)) {
    return std::nullopt;
  }
  const std::string_view hex = parts[3].substr(0, parts[3].size() - kSuffix.size());
  if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  return StorePathParts{{std::string(parts[1]), std::string(parts[2])}, std::string(hex)};
}

bool IsStorePathOf(const Owner& owner, std::string_view digest, std::string_view path) {
  const auto parts = ParseStorePath(path);
  return parts && parts->owner == owner && digest == "sha256:" + parts->hex;
}

base::Result<std::unique_ptr<Store>> Store::Open(std::string root) {
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    return Fail(ErrorCode::kUnreadableSource, "the storage path " + root + " is no folder");
  }
  OC_TRY(process::Folder folder, process::Folder::Open(root));
  std::unique_ptr<Store> store(new Store(root, std::move(folder)));
  for (const Owner& owner : store->Owners()) {
    for (const auto& entry : fs::directory_iterator(store->Full(FolderOf(owner)), error)) {
      if (entry.path().filename().string().starts_with(kHidden)) fs::remove(entry.path(), error);
    }
  }
  return store;
}

base::Result<std::string> Store::Put(const Owner& owner, std::string_view bytes,
                                     std::string_view digest) {
  std::string path = StorePath(owner, digest);
  {
    const std::lock_guard lock(mutex_);
    fresh_[path] = Clock::now();
  }
  if (Holds(path)) return path;
  OC_TRY_DONE(Write(path, bytes));
  return path;
}

base::Result<void> Store::Write(const std::string& path, std::string_view bytes) {
  std::shared_ptr<const process::Folder> folder;
  {
    const std::lock_guard lock(mutex_);
    folder = folder_;
  }
  auto written = folder->Write(path, bytes, process::Durability::kOnlyCopy);
  // The root may have been removed, or be another folder now: then it is for nobody to see.
  if (written && ::access(Full(path).c_str(), F_OK) == 0) return {};
  OC_TRY(process::Folder anew, process::Folder::Make(root_));
  folder = std::make_shared<const process::Folder>(std::move(anew));
  {
    const std::lock_guard lock(mutex_);
    folder_ = folder;
  }
  return folder->Write(path, bytes, process::Durability::kOnlyCopy);
}

bool Store::IsFresh(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = fresh_.find(path);
  if (found == fresh_.end()) return false;
  if (Clock::now() - found->second < kFresh) return true;
  fresh_.erase(found);
  return false;
}

Store::Seen Store::Seen::Of(const struct stat& status) {
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec};
}

std::optional<Store::Opened> Store::OpenVerified(std::string_view path) {
  const auto parts = ParseStorePath(path);
  if (!parts) return std::nullopt;
  process::Descriptor fd(::open(Full(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));

  struct stat status {};

  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  const Seen now = Seen::Of(status);
  if (!WasVerified(path, now)) {
    if (!HasDigest(fd.get(), parts->hex)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    verified_[std::string(path)] = now;
  }
  return Opened{fd.Release(), now.size};
}

bool Store::WasVerified(std::string_view path, const Seen& now) {
  const std::lock_guard lock(mutex_);
  const auto seen = verified_.find(path);
  return seen != verified_.end() && seen->second == now;
}

bool Store::Holds(std::string_view path) {
  // Thousands are asked about every few seconds.
  struct stat status {};

  if (::lstat(Full(path).c_str(), &status) != 0) return false;
  if (WasVerified(path, Seen::Of(status))) return true;
  const auto opened = OpenVerified(path);
  if (opened) ::close(opened->descriptor);
  return opened.has_value();
}

void Store::Retire(std::string_view path) {
  if (!ParseStorePath(path)) return;
  ::utimensat(AT_FDCWD, Full(path).c_str(), nullptr, 0);
  const std::lock_guard lock(mutex_);
  if (const auto found = fresh_.find(path); found != fresh_.end()) fresh_.erase(found);
}

std::size_t Store::Collect(const Owner& owner, const std::set<std::string>& keep,
                           std::chrono::seconds age, std::size_t records) {
  return RemoveOld(owner, keep, age, records, false);
}

std::size_t Store::Sweep(const Owner& owner, const std::set<std::string>& keep,
                         std::chrono::seconds age) {
  return RemoveOld(owner, keep, age, std::numeric_limits<std::size_t>::max(), true);
}

std::size_t Store::RemoveOld(const Owner& owner, const std::set<std::string>& keep,
                             std::chrono::seconds age, std::size_t records, bool spare_fresh) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, std::string>> others;
  const std::string folder = FolderOf(owner);
  for (const auto& entry : fs::directory_iterator(Full(folder), error)) {
    const std::string path = folder + "/" + entry.path().filename().string();
    if (!ParseStorePath(path) || keep.contains(path)) continue;
    if (spare_fresh && IsFresh(path)) continue;
    const auto time = entry.last_write_time(error);
    if (!error) others.emplace_back(time, path);
  }
  std::sort(others.rbegin(), others.rend());  // the newest first
  const auto oldest = fs::file_time_type::clock::now() - age;
  std::size_t removed = 0;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto& [time, path] = others[i];
    if (i < records && time >= oldest) continue;
    if (::unlink(Full(path).c_str()) == 0) ++removed;
    const std::lock_guard lock(mutex_);
    verified_.erase(path);
    fresh_.erase(path);
  }
  if (keep.empty()) {
    ::rmdir(Full(folder).c_str());  // unless something is left
    ::rmdir(Full(std::string(kStoreFolder) + "/" + owner.ns).c_str());
  }
  return removed;
}

void Store::Remove(const Owner& owner) {
  std::error_code error;
  const std::string folder = FolderOf(owner);
  fs::remove_all(Full(folder), error);
  ::rmdir(Full(std::string(kStoreFolder) + "/" + owner.ns).c_str());
  const std::lock_guard lock(mutex_);
  const auto lies_there = [&](const auto& entry) { return entry.first.starts_with(folder + "/"); };
  std::erase_if(verified_, lies_there);
  std::erase_if(fresh_, lies_there);
}

std::vector<Owner> Store::Owners() {
  std::vector<Owner> owners;
  std::error_code error;
  for (const auto& ns : fs::directory_iterator(Full(kStoreFolder), error)) {
    for (const auto& name : fs::directory_iterator(ns.path(), error)) {
      owners.push_back({ns.path().filename().string(), name.path().filename().string()});
    }
  }
  std::sort(owners.begin(), owners.end());
  return owners;
}

Store::Usage Store::usage() {
  Usage usage;
  std::error_code error;
  for (const Owner& owner : Owners()) {
    for (const auto& entry : fs::directory_iterator(Full(FolderOf(owner)), error)) {
      const auto size = entry.file_size(error);
      if (error) continue;
      usage.bytes += size;
      ++usage.files;
    }
  }
  return usage;
}

}  // namespace openchoreo::flux
