// How the mapper writes a status: not against another writer, not too often, not in vain.
#include "common/value/map_builder.h"
#include "health/mapper.h"

namespace openchoreo::mapper {

using std::chrono::milliseconds;
using value::Value;

namespace {

kube::Resource ResourceOf(const BindingId& id) {
  std::string plural = id.kind + "s";
  for (char& c : plural) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return {"openchoreo.dev", "v1alpha1", plural, id.kind, true};
}

}  // namespace

std::optional<milliseconds> Mapper::StandBackFrom(const BindingId& id, const kube::Live& live,
                                                  base::Instant now) {
  const auto other = OtherWriter(live.object());
  const StandBack::Decision decision = stand_back_.Look(id, other, now);
  if (decision.began) {
    Tell(live, true, "OtherWriter",
         std::string(other->manager) + " writes the conditions of this binding: we stand back");
  }
  if (decision.ended) {
    Tell(live, false, "OtherWriterGone",
         "nobody else writes the conditions of this binding any more: we write them again");
  }
  if (!decision.until) return std::nullopt;
  return milliseconds((decision.until->seconds - now.seconds) * 1000 + 1000);
}

std::optional<milliseconds> Mapper::WaitToWrite(const BindingId& id) {
  const auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex_);
  const auto [entry, first] = written_.try_emplace(id, now);
  if (first) return std::nullopt;
  const auto due = entry->second + options_.write_every;
  if (now < due) {
    return std::chrono::duration_cast<milliseconds>(due - now) + milliseconds(1);
  }
  entry->second = now;
  return std::nullopt;
}

base::Result<void> Mapper::Write(const BindingId& id, const kube::Live& live, const Value& status,
                                 const base::Cancel& cancel) {
  base::Arena arena;
  const kube::Resource resource = ResourceOf(id);
  const kube::Key key{id.ns, id.name, ""};
  base::Result<kube::Live> written = base::Fail(base::ErrorCode::kUnavailable, "");
  if (ConditionsAreMap(id.kind)) {
    // Conditions by type: ours are applied, others' stay.
    const Value object = value::MakeMap(arena, {{"status", status}});
    written = home_.Apply(resource, key, object, kube::Part::kStatus, kManager, cancel);
  } else {
    // The list of conditions is one value: written as a whole, and only over what we have seen.
    const Value patch = value::MakeMap(
        arena,
        {{"metadata",
          value::MakeMap(arena, {{"resourceVersion", Value::String(live.resource_version())}})},
         {"status", status}});
    written = home_.MergePatch(resource, key, patch, kube::Part::kStatus, cancel);
  }
  if (!written) return base::Fail(written.error());
  ++writes_;
  NoteSent(id, live, *written, status);
  return {};
}

bool Mapper::WasSent(const BindingId& id, const kube::Live& live, const Value& status) {
  base::Arena arena;
  const Value lasting = WithoutMoment(status, arena);
  std::lock_guard lock(mutex_);
  const auto found = pruned_.find(id);
  return found != pruned_.end() && found->second.Covers(live, lasting);
}

void Mapper::NoteSent(const BindingId& id, const kube::Live& before, const kube::Live& now,
                      const Value& status) {
  const bool whole = HasStatus(now.object(), status);
  base::Arena arena;
  const Value lasting = WithoutMoment(status, arena);
  std::lock_guard lock(mutex_);
  if (whole) {
    pruned_.erase(id);
  } else {
    pruned_[id].Note(before, now, lasting);
  }
}

void Mapper::ForgetWrites(const BindingId& id) {
  stand_back_.Forget(id);
  std::lock_guard lock(mutex_);
  written_.erase(id);
  pruned_.erase(id);
}

}  // namespace openchoreo::mapper
