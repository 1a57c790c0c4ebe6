// Ends connections whose client takes too long to say what it wants.
//
// The server's library knows one time-out, for silence: a client that sends a byte a second keeps a
// connection for good. This thread looks at all connections that wait for their client, and asks
// the kernel how many bytes came: from the first byte of a request the deadline runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace openchoreo::http {

// Thread-safe.
class Watchdog {
 public:
  struct Limits {
    std::chrono::milliseconds request;  // from a request's first byte to its last
    std::chrono::milliseconds idle;     // without a byte
    unsigned connections;               // from nine tenths of it, the longest waiting are ended
  };

  // Nothing is looked at before Start.
  ~Watchdog() { Stop(); }

  void Start(const Limits& limits);
  // Ends the thread; connections are left alone.
  void Stop();

  class Watched;

  // A new connection; `fd` stays open until Closed returns. No other call for it comes after
  // Closed.
  Watched* Opened(int fd);
  // A request is there whole: from here on the client waits for us.
  static void Received(Watched* connection);
  // The answer is sent: from here on we wait for the client.
  static void Answered(Watched* connection);
  void Closed(Watched* connection);

  unsigned connections() const;
  // Connections whose request is there and not answered.
  unsigned answering() const;

 private:
  using Clock = std::chrono::steady_clock;

  void Run();
  void Look(Clock::time_point now);

  Limits limits_{};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_set<Watched*> connections_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace openchoreo::http
