#include "health/kind_watch.h"

#include <algorithm>

#include "common/platform/service/clock.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::mapper {

using base::ErrorCode;
using std::chrono::steady_clock;

namespace {

// When it was on the wall, from how long ago it was.
std::string WallTime(steady_clock::time_point moment) {
  const auto ago = steady_clock::now() - moment;
  return service::Rfc3339(std::chrono::system_clock::now() -
                          std::chrono::duration_cast<std::chrono::system_clock::duration>(ago));
}

// Versions that differ in nothing that is looked at.
bool Same(const value::Value& before, const value::Value& now) {
  if (!before.is_map() || !now.is_map() || before.size() != now.size()) return false;
  for (const value::MapEntry& entry : before.as_map()) {
    const std::string_view key = entry.key.as_string();
    const value::Value* other = now.Find(key);
    if (!other) return false;
    if (key != "metadata") {
      if (!value::JsonEquals(entry.value, *other)) return false;
      continue;
    }
    for (const std::string_view field : {"uid", "generation", "labels", "annotations",
                                         "deletionTimestamp", "finalizers", "creationTimestamp"}) {
      if (!value::JsonEquals(entry.value.Get(field), other->Get(field))) return false;
    }
  }
  return true;
}

kube::ReflectOptions Completed(kube::ReflectOptions options, std::chrono::milliseconds grace) {
  options.same = Same;
  options.list_after = grace;
  // A data plane that comes back is looked at soon.
  options.longest_wait = std::min(options.longest_wait, std::chrono::milliseconds(5'000));
  return options;
}

}  // namespace

KindWatch::KindWatch(kube::Client& client, KindName kind, kube::Selector selector,
                     kube::OnChange on_change, const WatchOptions& options,
                     std::vector<std::string> namespaces)
    : client_(client),
      kind_(std::move(kind)),
      selector_(std::move(selector)),
      on_change_(std::move(on_change)),
      options_(options),
      namespaces_(std::move(namespaces)),
      thread_([this] { Run(); }) {}

KindWatch::~KindWatch() {
  cancel_.Set();
  thread_.join();
}

void KindWatch::Run() {
  std::chrono::milliseconds wait{500};
  while (!cancel_.is_set()) {
    auto resource = FindResource(client_, kind_, cancel_);
    if (resource) return Follow(*resource);
    const bool absent = resource.error().code == ErrorCode::kNotFound;
    {
      std::lock_guard lock(mutex_);
      found_ = base::Fail(std::move(resource).error());
    }
    cancel_.WaitFor(absent ? options_.absent_wait : wait);
    wait = std::min(wait * 2, options_.absent_wait);
  }
}

void KindWatch::Follow(const kube::Resource& resource) {
  const bool everywhere = namespaces_.empty() || !resource.namespaced;
  std::vector<kube::Reflector*> all;
  {
    std::lock_guard lock(mutex_);
    found_ = {};
    for (const std::string& ns : everywhere ? std::vector{selector_.ns} : namespaces_) {
      kube::Selector selector = selector_;
      selector.ns = ns;
      all.push_back(reflectors_
                        .emplace_back(std::make_unique<kube::Reflector>(
                            client_, resource, std::move(selector), on_change_,
                            Completed(options_.reflect, options_.grace)))
                        .get());
    }
  }
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < all.size(); ++i)
    others.emplace_back([this, reflector = all[i]] { reflector->Run(cancel_); });
  all.front()->Run(cancel_);
  for (std::thread& other : others) other.join();
}

base::Result<void> KindWatch::Health() const {
  if (reflectors_.empty()) return found_;
  for (const auto& reflector : reflectors_) OC_TRY_DONE(reflector->health());
  return {};
}

std::optional<steady_clock::time_point> KindWatch::LastHeard() const {
  std::optional<steady_clock::time_point> longest;
  for (const auto& reflector : reflectors_) {
    const auto heard = reflector->last_heard();
    if (!heard) return std::nullopt;
    if (!longest || *heard < *longest) longest = heard;
  }
  return longest;
}

bool KindWatch::Complete() const {
  return !reflectors_.empty() &&
         std::all_of(reflectors_.begin(), reflectors_.end(),
                     [](const auto& reflector) { return reflector->synced(); });
}

kube::Live KindWatch::Get(const kube::Key& key) const {
  std::lock_guard lock(mutex_);
  for (const auto& reflector : reflectors_) {
    kube::Live live = reflector->store().Get(key);
    if (live) return live;
  }
  return {};
}

std::vector<kube::Live> KindWatch::All() const {
  std::lock_guard lock(mutex_);
  std::vector<kube::Live> all;
  for (const auto& reflector : reflectors_) {
    for (kube::Live& live : reflector->store().All()) all.push_back(std::move(live));
  }
  return all;
}

bool KindWatch::synced() const {
  std::lock_guard lock(mutex_);
  return Complete();
}

KindWatch::Standing KindWatch::standing(std::string_view cluster) const {
  std::lock_guard lock(mutex_);
  const std::string where = " in cluster " + std::string(cluster);
  const base::Result<void> health = Health();
  const bool complete = Complete();
  if (health && complete) return {};
  if (!health && health.error().code == ErrorCode::kNotFound) {
    return {false, "there is no kind " + kind_.kind + " (" + kind_.api_version + ")" + where};
  }
  if (!health && health.error().code == ErrorCode::kDenied) {
    return {false, "reading " + kind_.kind + where + " is forbidden"};
  }
  // What broke or began a moment ago is being mended or made.
  const auto heard = LastHeard();
  if (steady_clock::now() - heard.value_or(started_) < options_.grace) return {!complete, ""};
  if (!heard) return {false, "cluster " + std::string(cluster) + " does not answer"};
  if (told_of_ != heard) {
    told_of_ = heard;
    told_ = WallTime(*heard);
  }
  return {false, "cluster " + std::string(cluster) + " was last seen " + told_};
}

}  // namespace openchoreo::mapper
