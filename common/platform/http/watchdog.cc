#include "common/platform/http/watchdog.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
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

void Watchdog::Opened(const void* connection, int fd) {
  std::lock_guard lock(mutex_);
  State state{};
  state.fd = fd;
  state.since = Clock::now();
  states_[connection] = state;
  // Do not wait for the next look when connections run out.
  if (states_.size() * 10 >= limits_.connections * 9u) changed_.notify_one();
}

void Watchdog::Received(const void* connection) {
  std::lock_guard lock(mutex_);
  if (auto found = states_.find(connection); found != states_.end()) found->second.answering = true;
}

void Watchdog::Answered(const void* connection) {
  std::lock_guard lock(mutex_);
  auto found = states_.find(connection);
  if (found == states_.end()) return;
  State& state = found->second;
  state.answering = false;
  state.since = Clock::now();
  state.bytes_before = ProgressOf(state.fd).bytes;
  state.first_byte = {};
}

void Watchdog::Closed(const void* connection) {
  std::lock_guard lock(mutex_);
  states_.erase(connection);
}

unsigned Watchdog::connections() const {
  std::lock_guard lock(mutex_);
  return static_cast<unsigned>(states_.size());
}

unsigned Watchdog::answering() const {
  std::lock_guard lock(mutex_);
  return static_cast<unsigned>(std::count_if(
      states_.begin(), states_.end(), [](const auto& entry) { return entry.second.answering; }));
}

void Watchdog::Run() {
  // Fine enough for the shortest deadline, coarse enough to cost nothing.
  const auto pause = std::clamp<std::chrono::milliseconds>(
      std::min(limits_.request, limits_.idle) / 8, std::chrono::milliseconds(5),
      std::chrono::milliseconds(500));
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    Look(Clock::now());
    changed_.wait_for(lock, pause);
  }
}

void Watchdog::Look(Clock::time_point now) {
  std::vector<State*> waiting;
  for (auto& [connection, state] : states_) {
    if (state.answering || state.ended) continue;
    const Progress progress = ProgressOf(state.fd);
    if (state.first_byte == Clock::time_point() && progress.bytes > state.bytes_before)
      state.first_byte = now;
    // The library may miss an end that came with the last bytes; whatever is there of a request
    // after a moment stays half.
    const bool over = progress.ended && now - state.since > std::chrono::seconds(1);
    const bool late =
        over || (state.first_byte != Clock::time_point() ? now - state.first_byte >= limits_.request
                                                         : now - state.since >= limits_.idle);
    if (late) {
      // The server's thread sees the end and closes; the descriptor stays ours until Closed.
      shutdown(state.fd, SHUT_RDWR);
      state.ended = true;
    } else {
      waiting.push_back(&state);
    }
  }
  const std::size_t keep = limits_.connections - limits_.connections / 10;
  if (states_.size() < keep || waiting.empty()) return;
  // A tenth makes room, and is not all there is.
  const std::size_t end = std::min<std::size_t>(waiting.size(), limits_.connections / 10 + 1);
  std::partial_sort(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(end),
                    waiting.end(),
                    [](const State* a, const State* b) { return a->since < b->since; });
  for (std::size_t i = 0; i < end; ++i) {
    shutdown(waiting[i]->fd, SHUT_RDWR);
    waiting[i]->ended = true;
  }
}

}  // namespace openchoreo::http
