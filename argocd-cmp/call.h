// One client-streaming call: messages in, one answer out, whatever happens in between.
//
// gRPC's callbacks put messages into a bounded inbox; a worker takes them out with Next() and ends
// with Finish(). What Argo CD's client needs and gRPC does not give:
//  - an answer before the stream was read is held back until the rest was read and dropped: the
//  client
//    would otherwise see its own broken send instead of our status;
//  - an answer before the deadline: at `deadline - margin` the call is cancelled and answered with
//    DEADLINE_EXCEEDED and the phase it was in; at the latest 75 ms before the deadline, read or
//    not.
// Thread-safe. Kept alive by its callbacks, its worker and its reactor.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/platform/service/timer.h"

namespace openchoreo::argocd {

// Where the messages of a stream come from: a Call, or a test.
class MessageSource {
 public:
  virtual ~MessageSource() = default;

  // The next messages, at least one; empty at the client's half-close. Blocks.
  // Errors: kCancelled (the caller gave up, or the deadline is near).
  virtual base::Result<std::vector<grpc::ByteBuffer>> Next() = 0;
};

class Call final : public MessageSource {
 public:
  struct Limits {
    std::size_t waiting_bytes = 256u << 10;  // read ahead before a worker takes the call
    std::size_t inbox_bytes = 4u << 20;      // read ahead afterwards
    std::chrono::milliseconds max_time{
        std::chrono::minutes(10)};  // where the caller set no deadline
  };

  using Clock = std::chrono::steady_clock;

  // What the log says of a call besides its answer: whose it is, how far it came.
  using Facts = std::vector<std::pair<const char*, std::variant<std::string, std::uint64_t>>>;

  using Done = std::function<void(const grpc::Status&, Clock::duration, const Facts&)>;

  // Makes the call and its reactor (which gRPC owns). `done` is told the answer once, before it is
  // sent, and what Tell was told before. The reading starts at once; `timer` must outlive every
  // call.
  static std::pair<std::shared_ptr<Call>, grpc::ServerReadReactor<grpc::ByteBuffer>*> Start(
      grpc::CallbackServerContext* context, grpc::ByteBuffer* response, service::Timer* timer,
      const Limits& limits, Done done);

  base::Result<std::vector<grpc::ByteBuffer>> Next() override;

  // The answer; only the first one counts. `response` is sent if the status is OK.
  void Finish(grpc::Status status, grpc::ByteBuffer response = {});

  // Ends what is going on with this answer, from any thread (shutdown).
  void Abort(grpc::Status status);

  // The caller is gone or will be before an answer could reach it. Work should stop soon.
  const base::Cancel& cancel() const { return cancel_; }

  void Tell(Facts facts);

  // What the call is busy with, for the deadline's message: a literal such as "rendering".
  void SetPhase(const char* phase) { phase_.store(phase, std::memory_order_relaxed); }

 private:
  class Reactor;

  Call(grpc::ByteBuffer* response, const Limits& limits, Done done)
      : limits_(limits), done_(std::move(done)), response_(response) {}

  void OnRead(bool ok);
  void OnCancel();
  void OnReactorDone();
  void OnDeadlineNear(double seconds);
  void OnLastChance();
  void ReadMore();                   // needs mutex_
  void Answer(grpc::Status status);  // needs mutex_
  void SendNow();                    // needs mutex_

  const Limits limits_;
  Done done_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  const base::Cancel cancel_;
  std::atomic<const char*> phase_{"waiting for a free worker"};

  std::mutex mutex_;
  std::condition_variable arrived_;
  Reactor* reactor_ = nullptr;  // null once gRPC is done with the call
  grpc::ByteBuffer* response_;  // gRPC's, valid while reactor_ is
  grpc::ByteBuffer incoming_;
  std::vector<grpc::ByteBuffer> inbox_;
  std::size_t inbox_bytes_ = 0;
  bool taken_ = false;    // a worker reads
  bool reading_ = false;  // a read is under way
  bool ended_ = false;    // half-closed or broken: no more reads
  bool sent_ = false;
  std::optional<grpc::Status> answer_;
  Facts facts_;
};

}  // namespace openchoreo::argocd
