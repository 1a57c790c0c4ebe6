#include "common/platform/kube/lease.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <utility>

#include "common/value/map_builder.h"

namespace openchoreo::kube {

using base::ErrorCode;
using std::chrono::milliseconds;
using value::Value;

std::string LeaseIdentity() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {'?'};
  std::random_device random;
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, "_%08x%08x", random(), random());
  return std::string(host.data()) + suffix;
}

Lease::Lease(Client& client, LeaseOptions options, const service::Clock& clock)
    : client_(client), options_(std::move(options)), clock_(clock) {}

bool Lease::held() const { return clock_.BootTime().count() < held_until_ms_.load(); }

std::string Lease::holder() const {
  std::lock_guard lock(mutex_);
  return holder_;
}

std::string Lease::annotation(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = annotations_.find(name);
  return found == annotations_.end() || holder_.empty() ? "" : found->second;
}

void Lease::Run(const base::Cancel& cancel, const std::function<void(const base::Cancel&)>& term,
                const std::function<void()>& lost) {
  bool leading = false;
  auto give_up = [&] {
    held_until_ms_ = 0;
    if (!leading) return;
    leading = false;
    term_.Set();
    if (lost) lost();
  };
  while (!cancel.is_set()) {
    const auto begun = std::chrono::steady_clock::now();
    if (!leading) term_ = base::Cancel::Below(cancel);
    const Attempt attempt = TryOnce(cancel);
    if (leading && term_.is_set() && !cancel.is_set()) {
      // It expired while it was renewed: what was under way has ended, and a new term begins.
      give_up();
      continue;
    }
    // A failed renewal is tried again until the lease has expired.
    if (attempt == Attempt::kTheirs || (leading && !held())) {
      give_up();
    } else if (attempt == Attempt::kMine && !leading) {
      leading = true;
      if (term) term(term_);
    }
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
    cancel.WaitFor(std::max(options_.retry_period - took, milliseconds(1)));
    if (leading && !held()) give_up();
  }
  const bool release = leading && held() && options_.release_on_cancel;
  give_up();
  if (release) Release();
}

void Lease::Note(Live seen) {
  // Any change of the lease is a sign of life of its holder.
  if (!seen_ || seen.resource_version() != seen_.resource_version())
    seen_at_ms_ = clock_.BootTime().count();
  seen_ = std::move(seen);
  std::lock_guard lock(mutex_);
  holder_ = seen_.object().Get("spec", "holderIdentity").string_or_empty();
  annotations_.clear();
  const Value annotations = seen_.object().Get("metadata", "annotations");
  if (!annotations.is_map()) return;
  for (const value::MapEntry& entry : annotations.as_map()) {
    annotations_.emplace(entry.key.as_string(), entry.value.string_or_empty());
  }
}

Lease::Attempt Lease::Write(base::Result<Live> written, std::int64_t begun_ms) {
  if (!written) return Attempt::kFailed;  // kConflict: somebody was faster; the next look tells who
  Note(std::move(*written));
  held_until_ms_ = begun_ms + options_.renew_deadline.count();
  // What is under way when it expires is cancelled then, whatever this thread waits for.
  const milliseconds left(held_until_ms_ - clock_.BootTime().count());
  expiry_.At(service::Timer::Clock::now() + left, [this, term = term_] {
    if (!held()) term.Set();
  });
  return Attempt::kMine;
}

Lease::Attempt Lease::TryOnce(const base::Cancel& cancel) {
  const std::int64_t begun = clock_.BootTime().count();
  const std::int64_t seconds = std::max<std::int64_t>(1, (options_.duration.count() + 999) / 1000);
  const std::string now = service::Rfc3339Micro(clock_.Now());
  base::Arena arena;
  auto live = client_.Get(Leases(), options_.key, cancel);
  if (!live && live.error().code == ErrorCode::kNotFound) {
    const Value body = Body(arena, options_.identity, seconds, now, 0, "");
    return Write(client_.Create(Leases(), options_.key.ns, body, cancel), begun);
  }
  if (!live) return Attempt::kFailed;
  Note(std::move(*live));
  const Value spec = seen_.object().Get("spec");
  const std::string_view holder = spec.Get("holderIdentity").string_or_empty();
  const Value transitions = spec.Get("leaseTransitions");
  const std::int64_t count = transitions.is_int() ? transitions.as_int() : 0;
  const std::string_view version = seen_.resource_version();
  Value body;
  if (holder == options_.identity) {
    body = Body(arena, holder, seconds, spec.Get("acquireTime").string_or_empty(), count, version);
  } else {
    const Value duration = spec.Get("leaseDurationSeconds");
    const std::int64_t theirs = duration.is_int() ? duration.as_int() * 1000 : 0;
    if (!holder.empty() && clock_.BootTime().count() < seen_at_ms_ + theirs)
      return Attempt::kTheirs;
    body = Body(arena, options_.identity, seconds, now, count + 1, version);
  }
  return Write(client_.Replace(Leases(), options_.key, body, Part::kMain, cancel), begun);
}

void Lease::Release() {
  // Not cancelled by what ended us, but nobody's end waits long for an API server that is silent:
  // where this fails, the others wait for the lease to expire. A second of life is enough.
  constexpr int kTries = 3;
  const base::Cancel patience;
  expiry_.At(service::Timer::Clock::now() + options_.release_time, [patience] { patience.Set(); });
  for (int i = 0; i < kTries; ++i) {
    // As it is now: a renewal whose answer was not waited for may have been taken after all.
    const auto live = client_.Get(Leases(), options_.key, patience);
    if (!live) return;
    const Value spec = live->object().Get("spec");
    if (spec.Get("holderIdentity").string_or_empty() != options_.identity) return;
    const Value transitions = spec.Get("leaseTransitions");
    base::Arena arena;
    const auto released = client_.Replace(
        Leases(), options_.key,
        Body(arena, "", 1, service::Rfc3339Micro(clock_.Now()),
             transitions.is_int() ? transitions.as_int() : 0, live->resource_version()),
        Part::kMain, patience);
    if (released) {
      std::lock_guard lock(mutex_);
      holder_.clear();
      return;
    }
    if (released.error().code != ErrorCode::kConflict) return;
  }
}

Value Lease::Body(base::Arena& arena, std::string_view holder, std::int64_t seconds,
                  std::string_view acquired, std::int64_t transitions,
                  std::string_view version) const {
  const auto text = [&](std::string_view s) { return Value::String(arena.CopyString(s)); };
  const Value now = text(service::Rfc3339Micro(clock_.Now()));
  value::MapBuilder annotations(arena);
  for (const auto& [name, told] : options_.annotations) annotations.Add(name, text(told));
  return value::MakeMap(
      arena,
      {{"apiVersion", Value::String("coordination.k8s.io/v1")},
       {"kind", Value::String("Lease")},
       {"metadata",
        value::MakeMap(
            arena,
            {{"annotations", options_.annotations.empty() ? Value::Omit() : annotations.Build()},
             {"name", Value::String(options_.key.name)},
             {"namespace", Value::String(options_.key.ns)},
             {"resourceVersion", version.empty() ? Value::Omit() : text(version)}})},
       {"spec", value::MakeMap(arena, {{"acquireTime", acquired.empty() ? now : text(acquired)},
                                       {"holderIdentity", text(holder)},
                                       {"leaseDurationSeconds", Value::Int(seconds)},
                                       {"leaseTransitions", Value::Int(transitions)},
                                       {"renewTime", now}})}});
}

}  // namespace openchoreo::kube
