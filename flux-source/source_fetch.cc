#include "flux-source/source_fetch.h"

#include <algorithm>
#include <utility>

#include "common/artifact/digest.h"

namespace openchoreo::flux {

namespace {

using base::ErrorCode;
using base::Fail;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kInflation = 20;
constexpr std::uint64_t kLarge = 4u << 20;  // compressed

std::string Bytes(std::uint64_t n) { return std::to_string(n) + " bytes"; }

tl::unexpected<base::Error> TooLarge(std::uint64_t limit) {
  return Fail(ErrorCode::kLimit,
              "the archive has more than " + Bytes(limit) + " (--source-max-size)");
}

tl::unexpected<base::Error> TimeIsUp() {
  return Fail(ErrorCode::kCancelled, "the time of spec.timeout is up");
}

// Counts bytes among all that are held while a download lasts.
class Held {
 public:
  explicit Held(std::atomic<std::uint64_t>& all) : all_(all) {}

  ~Held() { all_ -= own_; }

  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  // All, these included.
  std::uint64_t Add(std::uint64_t bytes) {
    own_ += bytes;
    return all_ += bytes;
  }

  std::uint64_t own() const { return own_; }

 private:
  std::atomic<std::uint64_t>& all_;
  std::uint64_t own_ = 0;
};

}  // namespace

SourceFetcher::SourceFetcher(http::Client& client, source::ContentStore& contents,
                             FetchOptions options)
    : client_(client), contents_(contents), options_(std::move(options)) {}

base::Result<std::shared_ptr<const SourceFiles>> SourceFetcher::Get(const SourceKey& key,
                                                                    const Artifact& artifact,
                                                                    Deadline deadline,
                                                                    const base::Cancel& cancel) {
  const std::string identity = artifact.url + "\n" + artifact.digest;
  std::shared_ptr<const SourceFiles> former;
  {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto found = entries_.find(key);
      if (found == entries_.end()) break;
      if (found->second.identity == identity && found->second.files) {
        found->second.used = ++count_;
        return found->second.files;
      }
      if (!found->second.fetching) break;
      // Another thread's; its error is not ours, so whoever waited tries as well.
      if (cancel.is_set() || Clock::now() >= deadline) return TimeIsUp();
      changed_.wait_for(lock, milliseconds(200));
    }
    Entry& entry = entries_[key];
    entry.identity = identity;
    former = std::exchange(entry.files, nullptr);
    entry.fetching = true;
  }
  auto files = Fetch(artifact, former.get(), deadline, cancel);
  const std::lock_guard lock(mutex_);
  if (files) {
    Entry& entry = entries_[key];
    entry.files = *files;
    entry.fetching = false;
    entry.used = ++count_;
    Trim();
  } else {
    entries_.erase(key);
  }
  changed_.notify_all();
  return files;
}

std::uint64_t SourceFetcher::kept_bytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  for (const auto& [key, entry] : entries_) {
    if (entry.files) bytes += entry.files->bytes;
  }
  return bytes;
}

// What was longest unused goes first; mutex_ is held.
void SourceFetcher::Trim() {
  std::uint64_t bytes = 0;
  for (const auto& [key, entry] : entries_) {
    if (entry.files) bytes += entry.files->bytes;
  }
  while (bytes > options_.keep_bytes) {
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->second.fetching) continue;
      if (oldest == entries_.end() || at->second.used < oldest->second.used) oldest = at;
    }
    if (oldest == entries_.end()) return;
    bytes -= oldest->second.files ? oldest->second.files->bytes : 0;
    entries_.erase(oldest);
  }
}

base::Result<std::shared_ptr<const SourceFiles>> SourceFetcher::Fetch(const Artifact& artifact,
                                                                      const SourceFiles* former,
                                                                      Deadline deadline,
                                                                      const base::Cancel& cancel) {
  const auto begin = Clock::now();
  auto archive = Download(artifact, deadline, cancel);
  if (options_.fetched) {
    options_.fetched(std::chrono::duration<double>(Clock::now() - begin).count(),
                     archive ? archive->size() : 0);
  }
  if (!archive) return Fail(std::move(archive).error());
  // One large archive is inflated at a time.
  const std::unique_lock turn = archive->size() < kLarge ? std::unique_lock<std::timed_mutex>()
                                                         : std::unique_lock(large_, deadline);
  if (archive->size() >= kLarge && !turn.owns_lock()) return TimeIsUp();
  return ReadSourceArchive(*archive, former, contents_,
                           {options_.max_bytes * kInflation, options_.max_files, deadline});
}

base::Result<std::string> SourceFetcher::Download(const Artifact& artifact, Deadline deadline,
                                                  const base::Cancel& cancel) {
  milliseconds wait = options_.first_wait;
  for (unsigned attempt = 0;; ++attempt) {
    bool again = false;
    auto archive = DownloadOnce(artifact, deadline, cancel, again);
    if (archive || !again || attempt >= options_.retries) return archive;
    if (Clock::now() + wait >= deadline || cancel.WaitFor(wait)) return archive;
    wait *= 2;
  }
}

base::Result<std::string> SourceFetcher::DownloadOnce(const Artifact& artifact, Deadline deadline,
                                                      const base::Cancel& cancel, bool& again) {
  OC_TRY(const artifact::Digest wanted, artifact::ParseDigest(artifact.digest));
  if (artifact.size > options_.max_bytes) return TooLarge(options_.max_bytes);
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) return TimeIsUp();
  http::Call call;
  call.url = artifact.url;
  call.max_body_bytes = 4096;
  call.answer = options_.stall;
  call.stall = options_.stall;
  call.whole = left;
  call.max_redirects = 5;
  std::string archive;
  artifact::DigestStream digest(wanted.algorithm);
  Held held(under_way_);
  bool too_large = false, too_many = false;
  http::StreamReader reader;
  reader.started = [&](const http::Reply& reply) {
    const std::string_view length = reply.Header("content-length");
    std::uint64_t bytes = 0;
    for (const char c : length.substr(0, 18)) {
      bytes = bytes * 10 + static_cast<std::uint64_t>(c - '0');
    }
    too_large = bytes > options_.max_bytes;
    return !too_large;
  };
  reader.take = [&](std::string_view piece) {
    too_large = archive.size() + piece.size() > options_.max_bytes;
    // Small ones always come through, whatever large ones are under way and stall.
    too_many = held.Add(piece.size()) > options_.max_bytes_at_once && held.own() > kLarge;
    if (too_large || too_many) return false;
    digest.Update(piece);
    archive += piece;
    return true;
  };
  auto reply = client_.Stream(call, reader, cancel);
  const std::string where = http::UrlForMessages(artifact.url);
  if (too_large) return TooLarge(options_.max_bytes);
  if (too_many) {
    return Fail(ErrorCode::kUnavailable, "too many large archives are downloaded at once");
  }
  if (!reply) {
    if (Clock::now() >= deadline) return TimeIsUp();
    again = reply.error().code == ErrorCode::kUnavailable;
    return Fail(std::move(reply).error());
  }
  if (reply->status != 200) {
    again = reply->status >= 500 || reply->status == 429;
    return Fail(
        again || reply->status == 404 ? ErrorCode::kUnavailable : ErrorCode::kUnreadableSource,
        where + " answers " + std::to_string(reply->status));
  }
  const artifact::Digest found = digest.Finish();
  if (!(found == wanted)) {
    // The file behind a name may just be replaced; the next announcement tells.
    return Fail(ErrorCode::kUnreadableSource, "the digest of " + where + " is " +
                                                  artifact::ToString(found) + ", not " +
                                                  artifact::ToString(wanted));
  }
  return archive;
}

}  // namespace openchoreo::flux
