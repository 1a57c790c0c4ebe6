#include "flux-source/custodian.h"

#include <algorithm>
#include <limits>

#include "common/artifact/digest.h"
#include "flux-source/external_artifact.h"

namespace openchoreo::flux {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kSweepEvery{60};
constexpr seconds kTimeToRebuild{15};
constexpr seconds kRebuildEvery{10};
constexpr std::uint64_t kMaxMirrored = 1u << 30;

}  // namespace

Custodian::Custodian(Store& store, const Cluster& cluster, http::Client& http,
                     std::chrono::seconds retention,
                     std::function<void(const kube::Key&, const base::Cancel&)> rebuild)
    : store_(store),
      cluster_(cluster),
      http_(http),
      retention_(std::max(retention, kSweepEvery)),
      rebuild_(std::move(rebuild)) {}

void Custodian::Lead(bool leading) {
  if (leading && !leading_) {
    leads_since_ = std::chrono::steady_clock::now().time_since_epoch().count();
  }
  leading_ = leading;
}

bool Custodian::ready() const {
  if (!cluster_.synced() || !looked_) return false;
  if (complete_) return true;
  // What was lost and cannot be made anew keeps nobody from being served the rest.
  const std::chrono::steady_clock::time_point since{
      std::chrono::steady_clock::duration(leads_since_.load())};
  return leading_ && std::chrono::steady_clock::now() - since > kTimeToRebuild;
}

void Custodian::Run(const base::Cancel& cancel) {
  auto swept = std::chrono::steady_clock::now();
  while (!cancel.is_set()) {
    if (cluster_.synced()) {
      complete_ = Look(cancel) == 0;
      looked_ = true;
      if (std::chrono::steady_clock::now() - swept >= kSweepEvery) {
        swept = std::chrono::steady_clock::now();
        Sweep();
      }
    }
    if (cancel.WaitFor(milliseconds(!looked_ ? 100 : complete_ ? 5'000 : 500))) return;
  }
}

std::size_t Custodian::Look(const base::Cancel& cancel) {
  std::size_t missing = 0;
  for (const kube::Live& live : cluster_.artifacts().store().All()) {
    if (cancel.is_set()) return missing + 1;
    const auto object = cluster_.OwnerOf(live);
    if (!object) continue;
    const auto artifact = ReadArtifact(live.object().Get("status", "artifact"));
    const Owner owner{std::string(live.ns()), std::string(live.name())};
    if (!artifact || artifact->path != StorePath(owner, artifact->digest)) continue;
    if (store_.Holds(artifact->path)) continue;
    // The one that writes makes it anew by itself; another takes it from whoever serves it.
    if (!leading_) {
      if (Mirror(*artifact, owner, cancel)) continue;
      const auto now = std::chrono::steady_clock::now();
      const auto last = rebuilt_.find(*object);
      if (last == rebuilt_.end() || now - last->second > kRebuildEvery) {
        rebuilt_[*object] = now;
        rebuild_(*object, cancel);
        if (store_.Holds(artifact->path)) continue;
      }
    }
    ++missing;
  }
  return missing;
}

bool Custodian::Mirror(const Artifact& artifact, const Owner& owner, const base::Cancel& cancel) {
  const auto wanted = artifact::ParseDigest(artifact.digest);
  if (!wanted || artifact.size > kMaxMirrored) return false;
  http::Call call;
  call.url = artifact.url;
  call.whole = milliseconds(60'000);
  call.max_body_bytes = artifact.size > 0 ? artifact.size : kMaxMirrored;
  const auto reply = http_.Send(call, cancel);
  if (!reply || reply->status != 200) return false;
  artifact::DigestStream digest(wanted->algorithm);
  digest.Update(reply->body);
  return digest.Finish() == *wanted && store_.Put(owner, reply->body, artifact.digest).has_value();
}

// Files of nobody that is announced go when their time is up; those of a live one are its
// reconciler's to count.
void Custodian::Sweep() {
  for (const Owner& owner : store_.Owners()) {
    std::set<std::string> keep;
    const kube::Live live = cluster_.artifacts().store().Get({owner.ns, owner.name, ""});
    if (live && cluster_.OwnerOf(live)) {
      const auto artifact = ReadArtifact(live.object().Get("status", "artifact"));
      if (artifact) keep.insert(artifact->path);
    }
    store_.Collect(owner, keep, retention_, std::numeric_limits<std::size_t>::max());
  }
}

}  // namespace openchoreo::flux
