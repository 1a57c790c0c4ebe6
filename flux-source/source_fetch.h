// Source archives: downloaded, checked and read into memory, once per revision however many objects
// use it.
//
// Follows fluxcd/pkg http/fetch and tar (what is accepted); differs: bounds on size, files,
// inflation and time, and redirects stay on their host, for the URL is whatever the writer of a
// source object put there.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/platform/http/client.h"
#include "common/source/content_store.h"
#include "flux-source/external_artifact.h"
#include "flux-source/source_archive.h"

namespace openchoreo::flux {

struct FetchOptions {
  std::uint64_t max_bytes = 128u << 20;  // of one archive; inflated 20 times as much
  std::size_t max_files = 100'000;
  unsigned retries = 3;
  std::chrono::milliseconds stall{30'000};
  std::chrono::milliseconds first_wait{500};  // between two attempts, doubled each time
  std::uint64_t keep_bytes = 128u << 20;      // of files of archives that nobody uses now
  // Of archives that are being downloaded: beyond it a large one is given up, to be tried again.
  std::uint64_t max_bytes_at_once = 512u << 20;
  // Told of each download that ended: how long it took and how many bytes came.
  std::function<void(double seconds, std::uint64_t bytes)> fetched;
};

// Which object's archive: one tenant's look-up never gives another's files, even of one digest.
struct SourceKey {
  std::string kind, ns, name;

  auto operator<=>(const SourceKey&) const = default;
};

// Thread-safe.
class SourceFetcher {
 public:
  // Both must outlive it.
  SourceFetcher(http::Client& client, source::ContentStore& contents, FetchOptions options);

  // The files of `artifact`, which the object `key` announces. Whoever asks for what another thread
  // is fetching waits for it. Errors: kUnavailable (may work later), kUnreadableSource, kLimit,
  // kCancelled (`cancel`, or past `deadline`).
  base::Result<std::shared_ptr<const SourceFiles>> Get(const SourceKey& key,
                                                       const Artifact& artifact, Deadline deadline,
                                                       const base::Cancel& cancel);

  // Bytes of files that are kept.
  std::uint64_t kept_bytes() const;

 private:
  struct Entry {
    std::string identity;  // url, digest
    std::shared_ptr<const SourceFiles> files;
    bool fetching = false;
    std::uint64_t used = 0;  // when last, by count_
  };

  // `former`: what the same object announced before, or nullptr. What did not change since is
  // shared with it.
  base::Result<std::shared_ptr<const SourceFiles>> Fetch(const Artifact& artifact,
                                                         const SourceFiles* former,
                                                         Deadline deadline,
                                                         const base::Cancel& cancel);
  base::Result<std::string> Download(const Artifact& artifact, Deadline deadline,
                                     const base::Cancel& cancel);
  base::Result<std::string> DownloadOnce(const Artifact& artifact, Deadline deadline,
                                         const base::Cancel& cancel, bool& again);
  void Trim();

  http::Client& client_;
  source::ContentStore& contents_;
  const FetchOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<SourceKey, Entry> entries_;
  std::uint64_t count_ = 0;
  std::atomic<std::uint64_t> under_way_{0};  // bytes of archives that are being downloaded
  std::timed_mutex large_;
};

}  // namespace openchoreo::flux
