#include "common/platform/kube/events.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "common/base/sha256.h"
#include "common/platform/kube/conditions.h"
#include "common/value/map_builder.h"

namespace openchoreo::kube {

using std::chrono::system_clock;
using value::Value;

namespace {

constexpr std::chrono::minutes kSameEvent{10};
constexpr std::size_t kMaxSimilar = 10;
constexpr double kBurst = 25, kPerSecond = 1.0 / 300;
constexpr std::size_t kMaxMessageBytes = 1024;
constexpr std::size_t kMaxWaiting = 1000;
constexpr std::size_t kMaxKept = 4096;

std::string Identity(const ObjectReference& about) {
  return about.kind + "\n" + about.ns + "\n" + about.name + "\n" + about.uid;
}

std::string CutBytes(std::string text) {
  if (text.size() <= kMaxMessageBytes) return text;
  text.resize(kMaxMessageBytes - 3);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.pop_back();
  return text + "...";
}

}  // namespace

ObjectReference ReferenceTo(const Live& live) {
  return {std::string(live.object().Get("apiVersion").string_or_empty()),
          std::string(live.object().Get("kind").string_or_empty()),
          std::string(live.ns()),
          std::string(live.name()),
          std::string(live.uid()),
          std::string(live.resource_version())};
}

EventBook::Decision EventBook::Note(const Event& event, system_clock::time_point now) {
  Forget(now);
  const std::string object = Identity(event.about);
  Decision decision;
  decision.message = CutBytes(event.message);

  // Many messages of one kind become one event.
  const std::string kind = object + "\n" + event.reason + (event.warning ? "!" : "");
  Similar& similar = similar_[kind];
  if (now - similar.last > kSameEvent) similar.messages = 0;
  if (similar.messages == 0 || similar.last_message != decision.message) ++similar.messages;
  similar.last = now;
  similar.last_message = decision.message;
  std::string identity = kind + "\n" + decision.message;
  if (similar.messages > kMaxSimilar) {
    identity = kind;
    decision.message = CutBytes("(combined from similar events): " + event.message);
  }

  auto [entry, fresh] = buckets_.try_emplace(object, Bucket{kBurst, now});
  Bucket& bucket = entry->second;
  if (!fresh) {
    const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
    bucket.tokens = std::min(kBurst, bucket.tokens + passed * kPerSecond);
    bucket.at = now;
  }
  if (bucket.tokens < 1) {
    decision.kind = Decision::kDrop;
    return decision;
  }
  bucket.tokens -= 1;

  Seen& seen = seen_[identity];
  if (seen.count == 0 || now - seen.last > kSameEvent) {
    const auto nanos =
        std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    char suffix[24];
    std::snprintf(suffix, sizeof suffix, ".%016llx", static_cast<unsigned long long>(nanos));
    // Two events of one object at one moment differ in what they say.
    seen.name = event.about.name.substr(0, 200) + suffix + base::Sha256Hex(identity).substr(0, 8);
    seen.count = 0;
    seen.first = now;
  }
  decision.kind = seen.count == 0 ? Decision::kCreate : Decision::kCount;
  decision.count = ++seen.count;
  decision.name = seen.name;
  decision.first = seen.first;
  seen.last = now;
  return decision;
}

void EventBook::Lost(const std::string& name) {
  std::erase_if(seen_, [&](const auto& entry) { return entry.second.name == name; });
}

void EventBook::Forget(system_clock::time_point now) {
  if (seen_.size() < kMaxKept && similar_.size() < kMaxKept && buckets_.size() < kMaxKept) return;
  std::erase_if(seen_, [&](const auto& e) { return now - e.second.last > kSameEvent; });
  std::erase_if(similar_, [&](const auto& e) { return now - e.second.last > kSameEvent; });
  std::erase_if(buckets_, [&](const auto& e) { return now - e.second.at > 12 * kSameEvent; });
  // Still too many in ten minutes: better told twice than kept without bound.
  if (seen_.size() >= kMaxKept) seen_.clear();
  if (similar_.size() >= kMaxKept) similar_.clear();
  if (buckets_.size() >= kMaxKept) buckets_.clear();
}

Value EventObject(const Event& event, const EventBook::Decision& decision,
                  std::string_view component, std::string_view instance,
                  system_clock::time_point now, base::Arena& arena) {
  const auto text = [&](std::string_view s) { return Value::String(arena.CopyString(s)); };
  const auto filled = [&](std::string_view s) { return s.empty() ? Value::Omit() : text(s); };
  // Events of cluster-scoped objects live in default.
  const std::string ns = event.about.ns.empty() ? "default" : event.about.ns;
  Value annotations = Value::Omit();
  if (!event.annotations.empty()) {
    value::MapBuilder map(arena);
    for (const auto& [key, value] : event.annotations) map.Add(arena.CopyString(key), text(value));
    annotations = map.Build();
  }
  return value::MakeMap(
      arena, {{"apiVersion", Value::String("v1")},
              {"count", Value::Int(decision.count)},
              {"firstTimestamp", text(service::Rfc3339(decision.first))},
              {"involvedObject",
               value::MakeMap(arena, {{"apiVersion", filled(event.about.api_version)},
                                      {"kind", filled(event.about.kind)},
                                      {"name", filled(event.about.name)},
                                      {"namespace", filled(event.about.ns)},
                                      {"resourceVersion", filled(event.about.resource_version)},
                                      {"uid", filled(event.about.uid)}})},
              {"kind", Value::String("Event")},
              {"lastTimestamp", text(service::Rfc3339(now))},
              {"message", text(decision.message)},
              {"metadata", value::MakeMap(arena, {{"annotations", annotations},
                                                  {"name", text(decision.name)},
                                                  {"namespace", text(ns)}})},
              {"reason", text(event.reason)},
              {"reportingComponent", text(component)},
              {"reportingInstance", text(instance)},
              {"source", value::MakeMap(arena, {{"component", text(component)}})},
              {"type", Value::String(event.warning ? "Warning" : "Normal")}});
}

EventRecorder::EventRecorder(Client& client, std::string component, std::string instance,
                             const service::Clock& clock)
    : client_(client),
      component_(std::move(component)),
      instance_(std::move(instance)),
      clock_(clock),
      thread_([this] { Run(); }) {}

EventRecorder::~EventRecorder() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(1), [this] { return waiting_.empty(); });
  }
  cancel_.Set();
  thread_.join();
}

void EventRecorder::Record(Event event) {
  std::lock_guard lock(mutex_);
  if (stopping_ || waiting_.size() >= kMaxWaiting) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(event));
  changed_.notify_all();
}

std::uint64_t EventRecorder::dropped() const {
  std::lock_guard lock(mutex_);
  return dropped_;
}

void EventRecorder::Run() {
  for (;;) {
    Event event;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty() || cancel_.is_set()) return;
      event = waiting_.front();  // stays in the queue until it is sent: the destructor waits for it
    }
    Send(event);
    std::lock_guard lock(mutex_);
    waiting_.pop_front();
    changed_.notify_all();
  }
}

void EventRecorder::Send(const Event& event) {
  const system_clock::time_point now = clock_.Now();
  EventBook::Decision decision = book_.Note(event, now);
  base::Arena arena;
  if (decision.kind == EventBook::Decision::kCount) {
    const Value patch = value::MakeMap(
        arena, {{"count", Value::Int(decision.count)},
                {"lastTimestamp", Value::String(arena.CopyString(service::Rfc3339(now)))},
                {"message", Value::String(decision.message)}});
    const Key key{event.about.ns.empty() ? "default" : event.about.ns, decision.name, ""};
    auto patched = client_.MergePatch(CoreEvents(), key, patch, Part::kMain, cancel_);
    if (patched || patched.error().code != base::ErrorCode::kNotFound) {
      if (!patched) Dropped();
      return;
    }
    book_.Lost(decision.name);  // events live for an hour
    decision = book_.Note(event, now);
  }
  const Value object = EventObject(event, decision, component_, instance_, now, arena);
  auto sent =
      decision.kind == EventBook::Decision::kDrop
          ? base::Result<Live>(base::Fail(base::ErrorCode::kLimit, "too many events"))
          : client_.Create(CoreEvents(), event.about.ns.empty() ? "default" : event.about.ns,
                           object, cancel_);
  if (sent) return;
  // An event is told once: what was not taken is counted, not tried again.
  book_.Lost(decision.name);
  Dropped();
}

void EventRecorder::Dropped() {
  std::lock_guard lock(mutex_);
  ++dropped_;
}

}  // namespace openchoreo::kube
