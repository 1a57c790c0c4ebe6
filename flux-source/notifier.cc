#include "flux-source/notifier.h"

#include "common/platform/kube/lease.h"
#include "common/platform/service/log.h"
#include "common/render/findings.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

using std::chrono::milliseconds;
using value::Value;

namespace {

constexpr std::size_t kMaxWaiting = 1'000;
constexpr std::size_t kMaxMessage = 38'000;  // notification-controller takes 39,000

}  // namespace

std::string NotificationBody(const kube::Event& event, std::string_view timestamp,
                             std::string_view instance) {
  base::Arena arena;
  value::MapBuilder metadata(arena);
  for (const auto& [key, text] : event.annotations) metadata.Add(key, Value::String(text));
  const kube::ObjectReference& about = event.about;
  const Value object =
      value::MakeMap(arena, {{"apiVersion", Value::String(about.api_version)},
                             {"kind", Value::String(about.kind)},
                             {"name", Value::String(about.name)},
                             {"namespace", Value::String(about.ns)},
                             {"resourceVersion", value::NonEmpty(about.resource_version)},
                             {"uid", value::NonEmpty(about.uid)}});
  const std::string message = render::CutBytes(event.message, kMaxMessage);
  return value::ToJson(value::MakeMap(
      arena, {{"involvedObject", object},
              {"message", Value::String(message)},
              {"metadata", event.annotations.empty() ? Value::Omit() : metadata.Build()},
              {"reason", Value::String(event.reason)},
              {"reportingController", Value::String(kManager)},
              {"reportingInstance", Value::String(instance)},
              {"severity", Value::String(event.warning ? "error" : "info")},
              {"timestamp", Value::String(timestamp)}}));
}

Notifier::Notifier(kube::EventRecorder& events, http::Client& http, std::string address,
                   const service::Clock& clock)
    : events_(events),
      http_(http),
      address_(std::move(address)),
      clock_(clock),
      instance_(kube::LeaseIdentity()) {
  if (!address_.empty()) thread_ = std::thread([this] { Run(); });
}

Notifier::~Notifier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  cancel_.Set();
  if (thread_.joinable()) thread_.join();
}

void Notifier::Tell(const kube::Live& live, bool warning, const std::string& reason,
                    const std::string& message,
                    const std::map<std::string, std::string>& metadata) {
  kube::Event event{kube::ReferenceTo(live), warning, reason, message, {}};
  const Value annotations = live.object().Get("metadata", "annotations");
  if (annotations.is_map()) {
    for (const value::MapEntry& entry : annotations.as_map()) {
      if (entry.key.as_string().starts_with(kEventGroup)) {
        event.annotations.emplace(entry.key.as_string(), entry.value.string_or_empty());
      }
    }
  }
  for (const auto& [key, text] : metadata) event.annotations[std::string(kEventGroup) + key] = text;
  events_.Record(event);
  if (address_.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return;
    waiting_.push_back(std::move(event));
  }
  changed_.notify_one();
}

void Notifier::Run() {
  for (;;) {
    kube::Event event;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      event = std::move(waiting_.front());
      waiting_.pop_front();
    }
    http::Call call;
    call.method = "POST";
    call.url = address_;
    call.headers = {{"Content-Type", "application/json"}};
    call.body = NotificationBody(event, service::Rfc3339(clock_.Now()), instance_);
    call.whole = milliseconds(5'000);
    call.max_body_bytes = 4096;
    const auto reply = http_.Send(call, cancel_);
    const bool taken = reply && (reply->status < 300 || reply->status == 429);
    if (!taken) {
      service::LogLine(service::LogLevel::kError, "the notification controller took no event")
          .Add("address", http::UrlForMessages(address_))
          .Add("error", reply ? "status " + std::to_string(reply->status) : reply.error().message);
    }
  }
}

}  // namespace openchoreo::flux
