// What people are told: Kubernetes Events, and the same for Flux's notification-controller.
//
// Follows fluxcd/pkg apis/event (event/v1beta1) and runtime/events (five seconds, 429 is a
// duplicate).
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "common/base/cancel.h"
#include "common/platform/http/client.h"
#include "common/platform/kube/events.h"
#include "common/platform/service/clock.h"

namespace openchoreo::flux {

// Prefix of metadata keys that notification-controller shows.
inline constexpr std::string_view kEventGroup = "event.toolkit.fluxcd.io/";

// The body of a POST.
std::string NotificationBody(const kube::Event& event, std::string_view timestamp,
                             std::string_view instance);

// Thread-safe; nobody waits for it.
class Notifier {
 public:
  // `address` "" sends to nobody but the API server. All outlive it.
  Notifier(kube::EventRecorder& events, http::Client& http, std::string address,
           const service::Clock& clock);
  ~Notifier();

  // `live`: the object it is about; its annotations of kEventGroup go along. `metadata` without
  // prefix: revision, originRevision, digest.
  void Tell(const kube::Live& live, bool warning, const std::string& reason,
            const std::string& message, const std::map<std::string, std::string>& metadata);

 private:
  void Run();

  kube::EventRecorder& events_;
  http::Client& http_;
  const std::string address_;
  const service::Clock& clock_;
  const std::string instance_;
  base::Cancel cancel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<kube::Event> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace openchoreo::flux
