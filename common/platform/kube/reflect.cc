#include "common/platform/kube/reflect.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace openchoreo::kube {

using base::ErrorCode;
using std::chrono::milliseconds;
using value::Value;

Live Store::Get(const Key& key) const {
  std::lock_guard lock(mutex_);
  auto found = objects_.find(key);
  return found == objects_.end() ? Live() : found->second;
}

std::vector<Live> Store::All() const {
  std::lock_guard lock(mutex_);
  std::vector<Live> all;
  all.reserve(objects_.size());
  for (const auto& [key, live] : objects_) all.push_back(live);
  return all;
}

std::size_t Store::size() const {
  std::lock_guard lock(mutex_);
  return objects_.size();
}

class Reflector::Sink final : public WatchSink {
 public:
  explicit Sink(Reflector& reflector) : reflector_(reflector) {}

  void Opened() override {
    reflector_.opened_ = true;
    reflector_.Heard();
    reflector_.Note({});
  }

  void Changed(const Value& object) override { reflector_.Set(object); }

  void Gone(const Value& object) override {
    reflector_.Remove({std::string(object.Get("metadata", "namespace").string_or_empty()),
                       std::string(object.Get("metadata", "name").string_or_empty()), ""});
  }

  void Reached(std::string_view version) override {
    reflector_.version_ = version;
    reflector_.told_ = true;
    reflector_.Heard();
  }

 private:
  Reflector& reflector_;
};

Reflector::Reflector(Client& client, Resource resource, Selector selector, OnChange on_change,
                     ReflectOptions options)
    : client_(client),
      resource_(std::move(resource)),
      selector_(std::move(selector)),
      on_change_(std::move(on_change)),
      options_(std::move(options)) {}

void Reflector::Run(const base::Cancel& cancel) {
  std::minstd_rand random(std::random_device{}());
  milliseconds wait = options_.shortest_wait;
  auto pause = [&] {
    const milliseconds jittered(wait.count() + std::uniform_int_distribution<std::int64_t>(
                                                   0, wait.count() / 2 + 1)(random));
    wait = std::min(wait * 2, options_.longest_wait);
    cancel.WaitFor(jittered);
  };
  while (!cancel.is_set()) {
    if (version_.empty()) {
      auto listed = ListAll(cancel);
      Note(listed);
      if (!listed) {
        version_.clear();
        pause();
        continue;
      }
    }
    const auto begun = std::chrono::steady_clock::now();
    auto end = WatchOnce(cancel);
    if (end && *end == WatchEnd::kExpired) version_.clear();
    // A watch that held for a while, or told something, was a good one, however it ended.
    const bool held = std::chrono::steady_clock::now() - begun > options_.longest_wait;
    if (held || told_ || (end && *end == WatchEnd::kClosed)) wait = options_.shortest_wait;
    if (end) Note({});
    if (!end && !cancel.is_set()) {
      // It stood until now, however long nothing happened: a connection that is dead without a word
      // does not take long to break, too.
      if (opened_) Heard();
      Note(base::Fail(end.error()));
      const auto heard = last_heard();
      if (options_.list_after.count() > 0 && heard &&
          std::chrono::steady_clock::now() - *heard > options_.list_after) {
        version_.clear();
      }
      // The kind may be gone, or another now: only a list tells.
      if (end.error().code == ErrorCode::kNotFound ||
          end.error().code == ErrorCode::kInvalidResource)
        version_.clear();
    }
    if (!end || *end == WatchEnd::kExpired || !held) pause();
  }
}

base::Result<void> Reflector::ListAll(const base::Cancel& cancel) {
  std::set<Key> seen;
  auto take = [&](const Value& object) {
    seen.insert({std::string(object.Get("metadata", "namespace").string_or_empty()),
                 std::string(object.Get("metadata", "name").string_or_empty()), ""});
    Set(object);
  };
  std::string next;
  const bool first = !synced();
  for (;;) {
    auto page = client_.List(resource_, selector_, next, take, cancel);
    if (!page) return base::Fail(std::move(page).error());  // what was not listed is not gone
    // What was known before is no fresher for a part of a list, whose rest may fail for ever.
    if (first) Heard();
    version_ = page->resource_version;
    next = std::move(page->next);
    if (next.empty()) break;
  }
  if (version_.empty())
    return base::Fail(ErrorCode::kUnavailable, "the API server's list has no resourceVersion");
  std::vector<Key> gone;
  {
    std::lock_guard lock(store_.mutex_);
    for (const auto& [key, live] : store_.objects_) {
      if (!seen.contains(key)) gone.push_back(key);
    }
  }
  for (const Key& key : gone) Remove(key);
  Heard();
  return {};
}

base::Result<WatchEnd> Reflector::WatchOnce(const base::Cancel& cancel) {
  told_ = opened_ = false;
  Sink sink(*this);
  return client_.Watch(resource_, selector_, version_, sink, cancel);
}

void Reflector::Set(const Value& object) {
  Live now = Live::Copy(object);
  const Key key = now.key();
  Live before;
  {
    std::lock_guard lock(store_.mutex_);
    Live& place = store_.objects_[key];
    before = std::exchange(place, now);
  }
  if (before) {
    const bool same =
        options_.same && before.uid() == now.uid()
            ? options_.same(before.object(), now.object())
            : before.uid() == now.uid() && before.resource_version() == now.resource_version();
    if (same) return;
  }
  if (on_change_) on_change_(key, before, now);
}

void Reflector::Remove(const Key& key) {
  Live before;
  {
    std::lock_guard lock(store_.mutex_);
    auto found = store_.objects_.find(key);
    if (found == store_.objects_.end()) return;
    before = std::move(found->second);
    store_.objects_.erase(found);
  }
  if (on_change_) on_change_(key, before, Live());
}

void Reflector::Note(base::Result<void> outcome) {
  std::lock_guard lock(mutex_);
  tried_ = true;
  if (outcome) synced_ = true;
  health_ = std::move(outcome);
  changed_.notify_all();
}

void Reflector::Heard() {
  std::lock_guard lock(mutex_);
  last_heard_ = std::chrono::steady_clock::now();
}

bool Reflector::synced() const {
  std::lock_guard lock(mutex_);
  return synced_;
}

bool Reflector::WaitForSync(const base::Cancel& cancel) const {
  const base::Cancel::Hook hook = cancel.OnSet([this] {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return tried_ || cancel.is_set(); });
  return synced_;
}

base::Result<void> Reflector::health() const {
  std::lock_guard lock(mutex_);
  return health_;
}

std::optional<std::chrono::steady_clock::time_point> Reflector::last_heard() const {
  std::lock_guard lock(mutex_);
  return last_heard_;
}

}  // namespace openchoreo::kube
