#include "common/platform/http/watchdog.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace openchoreo::http {

namespace {

struct Progress {
  std::uint64_t bytes = 0;  // received since the connection stands
  bool ended = false;       // the client sends no more
};

Progress ProgressOf(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  constexpr int kCloseWait =
      8;  // TCP_CLOSE_WAIT; netinet/tcp.h, which names it, does not go with linux/tcp.h
  return {info.tcpi_bytes_received, info.tcpi_state == kCloseWait};
}

}  // namespace

// Written by the server's threads without a lock, several times a request; the rest is the
// watchdog's.
class Watchdog::Watched {
 public:
  explicit Watched(int fd) : fd_(fd) {}

  std::atomic<bool> answering_{false};
  std::atomic<std::uint32_t> answers_{0};

  const int fd_;
  std::uint32_t answers_seen_ = 0;
  Clock::time_point since_ = Clock::now();  // it waits for its client
  bool known_ = true;                       // whether bytes_before_ is
  std::uint64_t bytes_before_ = 0;          // received when it began to wait
  Clock::time_point first_byte_{};          // of the request under way; none: no byte yet
  bool ended_ = false;

  // Whether its client has had its time.
  bool Late(Clock::time_point now, const Limits& limits) {
    if (const std::uint32_t answers = answers_; answers != answers_seen_) {
      answers_seen_ = answers;
      since_ = now;
      known_ = false;
      first_byte_ = {};
    }
    const Progress progress = ProgressOf(fd_);
    if (!std::exchange(known_, true)) {
      bytes_before_ = progress.bytes;
    } else if (first_byte_ == Clock::time_point() && progress.bytes > bytes_before_) {
      first_byte_ = now;
    }
    // The library may miss an end that came with the last bytes; whatever is there of a request
    // after a moment stays half.
    if (progress.ended && now - since_ > std::chrono::seconds(1)) return true;
    return first_byte_ != Clock::time_point() ? now - first_byte_ >= limits.request
                                              : now - since_ >= limits.idle;
  }

  // The server's thread sees the end and closes; the descriptor stays ours until Closed.
  void End() {
    shutdown(fd_, SHUT_RDWR);
    ended_ = true;
  }
};

void Watchdog::Start(const Limits& limits) {
  limits_ = limits;
  thread_ = std::thread([this] { Run(); });
}

void Watchdog::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Watchdog::Watched* Watchdog::Opened(int fd) {
  auto connection = std::make_unique<Watched>(fd);
  std::lock_guard lock(mutex_);
  connections_.insert(connection.get());
  // Do not wait for the next look when connections run out.
  if (connections_.size() * 10 >= limits_.connections * std::size_t{9}) changed_.notify_one();
  return connection.release();
}

void Watchdog::Received(Watched* connection) { connection->answering_ = true; }

void Watchdog::Answered(Watched* connection) {
  ++connection->answers_;
  connection->answering_ = false;
}

void Watchdog::Closed(Watched* connection) {
  std::lock_guard lock(mutex_);
  connections_.erase(connection);
  delete connection;
}

unsigned Watchdog::connections() const {
  std::lock_guard lock(mutex_);
  return static_cast<unsigned>(connections_.size());
}

unsigned Watchdog::answering() const {
  std::lock_guard lock(mutex_);
  return static_cast<unsigned>(
      std::count_if(connections_.begin(), connections_.end(),
                    [](const Watched* connection) { return connection->answering_.load(); }));
}

void Watchdog::Run() {
  // Fine enough for the shortest deadline, coarse enough to cost nothing.
  const auto pause = std::clamp<std::chrono::milliseconds>(
      std::min(limits_.request, limits_.idle) / 8, std::chrono::milliseconds(5),
      std::chrono::milliseconds(500));
  // Between two looks however many connections come: a look costs a system call for each.
  constexpr std::chrono::milliseconds kLeast{10};
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    Look(Clock::now());
    changed_.wait_for(lock, kLeast, [this] { return stopping_; });
    if (!stopping_) changed_.wait_for(lock, pause);
  }
}

void Watchdog::Look(Clock::time_point now) {
  std::vector<Watched*> waiting;
  for (Watched* connection : connections_) {
    if (connection->answering_ || connection->ended_) continue;
    if (connection->Late(now, limits_)) {
      connection->End();
    } else {
      waiting.push_back(connection);
    }
  }
  const std::size_t keep = limits_.connections - limits_.connections / 10;
  if (connections_.size() < keep || waiting.empty()) return;
  // A tenth makes room, and is not all there is.
  const std::size_t end = std::min<std::size_t>(waiting.size(), limits_.connections / 10 + 1);
  std::partial_sort(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(end),
                    waiting.end(),
                    [](const Watched* a, const Watched* b) { return a->since_ < b->since_; });
  for (std::size_t i = 0; i < end; ++i) waiting[i]->End();
}

}  // namespace openchoreo::http
