#include "flux-source/source_archive.h"

#include <algorithm>
#include <future>
#include <map>
#include <optional>
#include <utility>

#include "common/artifact/tar_reader.h"
#include "common/source/memory_tree.h"
#include "common/source/path_filter.h"

namespace openchoreo::flux {

namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::size_t kMaxNamesBytes = 32u << 20;  // of all entries of an archive

// The folder a file lies in; "" = the root.
std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// What the folders just below the root hold, for people whose source is too large.
class Weights {
 public:
  void Add(std::string_view path, std::uint64_t bytes) {
    const std::size_t slash = path.find('/');
    const std::string_view top = slash == std::string_view::npos ? "." : path.substr(0, slash);
    const auto found = bytes_.find(top);
    if (found != bytes_.end()) {
      found->second += bytes;
    } else if (bytes_.size() < kMost) {
      bytes_.emplace(top, bytes);
    }
  }

  std::string Text() const {
    std::vector<std::pair<std::uint64_t, std::string_view>> sorted;
    for (const auto& [folder, bytes] : bytes_) sorted.emplace_back(bytes, folder);
    std::sort(sorted.rbegin(), sorted.rend());
    std::string text;
    for (std::size_t i = 0; i < sorted.size() && i < 5; ++i) {
      text.append(i == 0 ? "; the largest folders so far: " : ", ").append(sorted[i].second);
      text.append(" (").append(std::to_string(sorted[i].first)).append(" bytes)");
    }
    return text;
  }

 private:
  static constexpr std::size_t kMost = 1'000;
  std::map<std::string, std::uint64_t, std::less<>> bytes_;
};

// The files of a former archive, asked for in about their order.
class Former {
 public:
  explicit Former(const SourceFiles* files) : files_(files) {}

  const source::SourceFile* Find(std::string_view path) {
    const std::vector<source::SourceFile>& all = files_->files;
    if (next_ >= all.size() || all[next_].path != path) {
      const auto at = std::lower_bound(
          all.begin(), all.end(), path,
          [](const source::SourceFile& file, std::string_view p) { return file.path < p; });
      if (at == all.end() || at->path != path) return found_ = nullptr;
      next_ = static_cast<std::size_t>(at - all.begin());
    }
    return found_ = &all[next_++];
  }

  // What was asked for last.
  const source::SourceFile* found() const { return found_; }

 private:
  const SourceFiles* files_;
  const source::SourceFile* found_ = nullptr;
  std::size_t next_ = 0;
};

// Hashes files and takes them into a store while the next ones are inflated. A small source is not
// worth a thread.
class Interning {
 public:
  Interning(source::ContentStore& contents, std::vector<source::SourceFile>& files)
      : contents_(contents), files_(files) {}

  // Comes behind what is in `files` now, of which it takes the place at once.
  void Add(std::string path, std::string bytes) {
    waiting_bytes_ += bytes.size();
    waiting_.push_back({files_.size(), std::move(path), std::move(bytes)});
    files_.emplace_back();
    if (waiting_bytes_ < kAtOnce) return;
    Settle();
    waiting_bytes_ = 0;
    under_way_ = std::async([this, files = std::exchange(waiting_, {})]() mutable { Take(files); });
  }

  void Finish() {
    Settle();
    Take(waiting_);
    for (auto& [place, file] : done_) files_[place] = std::move(file);
  }

 private:
  struct Waiting {
    std::size_t place;
    std::string path, bytes;
  };

  static constexpr std::size_t kAtOnce = 2u << 20;

  void Take(std::vector<Waiting>& files) {
    for (Waiting& file : files)
      done_.emplace_back(file.place, contents_.Intern(std::move(file.path), std::move(file.bytes)));
  }

  // What ended it ends the reading, too.
  void Settle() {
    if (under_way_.valid()) under_way_.get();
  }

  source::ContentStore& contents_;
  std::vector<source::SourceFile>& files_;
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<std::pair<std::size_t, source::SourceFile>> done_;  // the thread's while there is one
  std::future<void> under_way_;                                   // ends before the rest does
};

}  // namespace

bool SourceFiles::HasFolder(const std::string& path) const {
  if (path.empty() || folders.contains(path)) return true;
  const auto below = folders.lower_bound(path + "/");
  return below != folders.end() && below->starts_with(path + "/");
}

base::Result<std::shared_ptr<const SourceFiles>> ReadSourceArchive(
    std::string_view archive, const SourceFiles* former, source::ContentStore& contents,
    const SourceArchiveLimits& bounds) {
  artifact::TarLimits limits;
  limits.rules = artifact::TarRules::kFlux;
  limits.max_entries = bounds.max_files;
  limits.max_inflated_bytes = bounds.max_inflated_bytes;
  limits.max_kept_bytes = std::min(limits.max_kept_bytes, limits.max_inflated_bytes);
  limits.max_names_bytes = kMaxNamesBytes;
  limits.keep_start_of_large = true;
  auto files = std::make_shared<SourceFiles>();
  Weights weights;
  Interning fresh(contents, files->files);
  artifact::TarVisitor visitor;
  std::string last_folder;
  files->folders.insert(last_folder);
  visitor.wanted = [&](std::string_view name, std::uint64_t size) {
    if (const std::string_view folder = FolderOf(name); folder != last_folder) {
      last_folder = folder;
      files->folders.insert(last_folder);
    }
    weights.Add(name, size);
    return source::MayMatter(name);
  };
  visitor.file = [&](std::string name, std::string bytes) {
    files->bytes += bytes.size();
    fresh.Add(std::move(name), std::move(bytes));
  };
  Former known(former);
  if (former != nullptr) {
    visitor.earlier = [&](std::string_view name) -> std::optional<std::string_view> {
      const source::SourceFile* file = known.Find(name);
      if (file == nullptr) return std::nullopt;
      return *file->content;
    };
    visitor.same = [&](std::string name) {
      const source::SourceFile& file = *known.found();
      files->bytes += file.content->size();
      files->files.push_back({std::move(name), file.content, file.digest});
    };
  }
  constexpr std::size_t kPiece = 256 << 10;
  std::size_t at = 0;
  const artifact::ByteSource pieces = [&]() -> base::Result<std::string_view> {
    if (std::chrono::steady_clock::now() >= bounds.deadline) {
      return Fail(ErrorCode::kCancelled, "the time of spec.timeout is up");
    }
    const std::string_view piece = archive.substr(at, kPiece);
    at += piece.size();
    return piece;
  };
  if (auto read = artifact::ReadTar(pieces, limits, visitor); !read) {
    base::Error error = std::move(read).error();
    if (error.code == ErrorCode::kLimit) error.message += weights.Text();
    return Fail(std::move(error));
  }
  fresh.Finish();
  source::SortFiles(files->files);
  return std::shared_ptr<const SourceFiles>(std::move(files));
}

}  // namespace openchoreo::flux
