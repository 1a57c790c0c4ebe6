// Kubernetes Events: made, merged and sent beside the work that they tell of.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"
#include "common/platform/service/clock.h"

namespace openchoreo::kube {

struct ObjectReference {
  std::string api_version, kind, ns, name, uid, resource_version;
};

// The reference of an object that was read with apiVersion and kind.
ObjectReference ReferenceTo(const Live& live);

struct Event {
  ObjectReference about;
  bool warning = false;
  std::string reason;   // CamelCase, one word
  std::string message;  // cut to 1024 bytes, which is what core/v1 takes
  std::map<std::string, std::string> annotations;
};

// What becomes of an event, decided without clock or network. Not thread-safe.
// Follows client-go tools/record: equal events within ten minutes are one Event with a count; more
// than ten of one object and reason that differ only in their message become one of message
// "(combined from similar events): …"; an object may send 25 at once and then one every five
// minutes.
class EventBook {
 public:
  struct Decision {
    enum Kind { kCreate, kCount, kDrop } kind = kCreate;

    std::string name;     // of the Event object
    std::string message;  // to write
    std::int64_t count = 1;
    std::chrono::system_clock::time_point first;
  };

  Decision Note(const Event& event, std::chrono::system_clock::time_point now);
  // The Event of this name is gone, or was never made: the next like it is made anew.
  void Lost(const std::string& name);

  std::size_t size() const { return seen_.size(); }

 private:
  struct Seen {
    std::string name;
    std::int64_t count = 0;
    std::chrono::system_clock::time_point first, last;
  };

  struct Similar {
    std::size_t messages = 0;
    std::string last_message;
    std::chrono::system_clock::time_point last;
  };

  struct Bucket {
    double tokens = 0;
    std::chrono::system_clock::time_point at;
  };

  void Forget(std::chrono::system_clock::time_point now);

  std::map<std::string, Seen> seen_;
  std::map<std::string, Similar> similar_;
  std::map<std::string, Bucket> buckets_;
};

// The core/v1 Event of a decision.
value::Value EventObject(const Event& event, const EventBook::Decision& decision,
                         std::string_view component, std::string_view instance,
                         std::chrono::system_clock::time_point now, base::Arena& arena);

// Sends events on a thread of its own; work never waits for them. Thread-safe.
class EventRecorder {
 public:
  // `component` is the controller's name, `instance` the pod's.
  EventRecorder(Client& client, std::string component, std::string instance,
                const service::Clock& clock);
  // What waits is sent for at most a second.
  ~EventRecorder();

  // Dropped where 1,000 wait already.
  void Record(Event event);

  // Events nobody will see: too many of one object, or the API server did not take them.
  std::uint64_t dropped() const;

 private:
  void Run();
  void Send(const Event& event);
  void Dropped();

  Client& client_;
  const std::string component_, instance_;
  const service::Clock& clock_;
  EventBook book_;  // the thread's
  base::Cancel cancel_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> waiting_;
  std::uint64_t dropped_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace openchoreo::kube
