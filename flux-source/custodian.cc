#include "flux-source/custodian.h"

#include <algorithm>

#include "flux-source/artifact_server.h"

namespace openchoreo::flux {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTimeToRebuild{15};
constexpr seconds kMendEvery{5};
constexpr seconds kLookEvery{5};
constexpr milliseconds kLookAgain{500};  // while something is missing
constexpr milliseconds kLeast{100};      // between two looks
constexpr seconds kStillReady{10};       // after the last look that missed nothing
constexpr milliseconds kObtain{2'000};

Clock::rep Now() { return Clock::now().time_since_epoch().count(); }

Clock::duration Since(Clock::rep then) {
  return Clock::now() - Clock::time_point(Clock::duration(then));
}

}  // namespace

Custodian::Custodian(Store& store, const Cluster& cluster, http::Client& http,
                     CustodianOptions options)
    : store_(store), cluster_(cluster), http_(http), options_(std::move(options)) {}

void Custodian::Lead(bool leading) {
  if (leading && !leading_) leads_since_ = Now();
  leading_ = leading;
  Wake();
}

void Custodian::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool Custodian::ready() const {
  if (!cluster_.synced() || !looked_) return false;
  if (complete_at_ != 0 && Since(complete_at_) < kStillReady) return true;
  // What was lost and cannot be made anew keeps nobody from being served the rest.
  return leading_ && Since(leads_since_) > kTimeToRebuild;
}

void Custodian::Run(const base::Cancel& cancel) {
  auto swept = Clock::now();
  const seconds sweep_every = std::clamp(options_.retention / 2, seconds(1), seconds(60));
  while (!cancel.is_set()) {
    if (cluster_.synced()) {
      if (Look(cancel) == 0) complete_at_ = Now();
      looked_ = true;
      if (Clock::now() - swept >= sweep_every) {
        swept = Clock::now();
        Sweep();
      }
    }
    if (Rest(cancel)) return;
  }
}

// True at the end.
bool Custodian::Rest(const base::Cancel& cancel) {
  if (cancel.WaitFor(kLeast)) return true;
  const bool complete = complete_at_ != 0 && Since(complete_at_) < 2 * kLeast;
  const base::Cancel::Hook hook = cancel.OnSet([this] { Wake(); });
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock,
                    !looked_   ? milliseconds(0)
                    : complete ? milliseconds(kLookEvery)
                               : kLookAgain,
                    [this] { return woken_; });
  woken_ = false;
  return cancel.is_set();
}

std::size_t Custodian::Look(const base::Cancel& cancel) {
  std::size_t missing = 0;
  std::map<Owner, std::string> announced;
  for (const kube::Live& live : cluster_.artifacts().store().All()) {
    if (cancel.is_set()) return missing + 1;
    const auto object = cluster_.OwnerOf(live);
    if (!object) continue;
    const value::Value artifact = live.object().Get("status", "artifact");
    const std::string_view path = artifact.Get("path").string_or_empty();
    const Owner owner{std::string(live.ns()), std::string(live.name())};
    if (!IsStorePathOf(owner, artifact.Get("digest").string_or_empty(), path)) continue;
    announced[owner] = path;
    if (store_.Holds(path)) continue;
    const auto lost = ReadArtifact(artifact);
    if (lost && !Recover(*object, *lost, owner, cancel)) ++missing;
  }
  RetireFormer(std::move(announced));
  return missing;
}

bool Custodian::Recover(const kube::Key& object, const Artifact& artifact, const Owner& owner,
                        const base::Cancel& cancel) {
  CopyLimits limits;
  limits.max_bytes = artifact.size > 0 ? artifact.size : options_.max_archive_bytes;
  const std::string leader = leading_ ? "" : options_.leader();
  if (!leader.empty() &&
      CopyArchive(http_, store_, owner, leader + artifact.path + "?" + std::string(kDirect),
                  artifact.digest, limits, cancel)) {
    return true;
  }
  const auto last = mended_.find(object);
  if (last != mended_.end() && Clock::now() - last->second < kMendEvery) return false;
  mended_[object] = Clock::now();
  if (leading_) {
    options_.mend(object, cancel);
    return false;
  }
  if (CopyArchive(http_, store_, owner, artifact.url, artifact.digest, limits, cancel)) return true;
  options_.rebuild(object, cancel);
  return store_.Holds(artifact.path);
}

// The age of what is announced no more counts from now.
void Custodian::RetireFormer(std::map<Owner, std::string> announced) {
  for (const auto& [owner, path] : announced_) {
    const auto now = announced.find(owner);
    if (now == announced.end() || now->second != path) store_.Retire(path);
  }
  announced_ = std::move(announced);
}

bool Custodian::Obtain(std::string_view path) {
  const auto parts = ParseStorePath(path);
  const std::string leader = parts && !leading_ ? options_.leader() : "";
  if (leader.empty()) return false;
  {
    std::unique_lock lock(mutex_);
    if (Clock::now() < silent_until_) return false;
    if (!obtaining_.emplace(path).second) {
      // Somebody else is at it.
      changed_.wait_for(lock, kObtain, [&] { return !obtaining_.contains(path); });
      return true;
    }
  }
  CopyLimits limits{milliseconds(500), milliseconds(1'000), kObtain, options_.max_archive_bytes};
  const auto begun = Clock::now();
  const bool copied = CopyArchive(http_, store_, parts->owner,
                                  leader + std::string(path) + "?" + std::string(kDirect),
                                  "sha256:" + parts->hex, limits, base::Cancel());
  {
    const std::lock_guard lock(mutex_);
    obtaining_.erase(obtaining_.find(path));
    // One that does not answer is not asked again for every request.
    if (!copied && Clock::now() - begun >= milliseconds(400)) {
      silent_until_ = Clock::now() + seconds(5);
    }
  }
  changed_.notify_all();
  return copied;
}

// Files of nobody that is announced go when their time is up.
void Custodian::Sweep() {
  for (const Owner& owner : store_.Owners()) {
    std::set<std::string> keep;
    if (const auto announced = announced_.find(owner); announced != announced_.end()) {
      keep.insert(announced->second);
    }
    store_.Sweep(owner, keep, options_.retention);
  }
}

}  // namespace openchoreo::flux
