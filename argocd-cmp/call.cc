#include "argocd-cmp/call.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

namespace openchoreo::argocd {

namespace {

constexpr std::chrono::milliseconds kLastChance{75};

// Enough to drain and answer on a busy machine, without giving away much of a short deadline.
std::chrono::milliseconds Margin(std::chrono::milliseconds left) {
  return std::clamp(left / 20, std::chrono::milliseconds(100), std::chrono::milliseconds(500));
}

}  // namespace

// What gRPC owns. Deletes itself when the call is over; the Call may live on in a worker.
class Call::Reactor final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  explicit Reactor(std::shared_ptr<Call> call) : call_(std::move(call)) {}

  void OnReadDone(bool ok) override { call_->OnRead(ok); }

  void OnCancel() override { call_->OnCancel(); }

  void OnDone() override {
    call_->OnReactorDone();
    delete this;
  }

 private:
  std::shared_ptr<Call> call_;
};

std::pair<std::shared_ptr<Call>, grpc::ServerReadReactor<grpc::ByteBuffer>*> Call::Start(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response, service::Timer* timer,
    const Limits& limits, Done done) {
  // Not make_shared: the timer's weak_ptr would hold the whole call's memory until its deadline.
  std::shared_ptr<Call> call(new Call(response, limits, std::move(done)));
  auto* reactor = new Reactor(call);
  auto now = std::chrono::system_clock::now();
  auto allowed = context->deadline() - now;  // a caller without a deadline: practically for ever
  auto left = allowed > limits.max_time
                  ? limits.max_time
                  : std::chrono::duration_cast<std::chrono::milliseconds>(allowed);
  auto end = service::Timer::Clock::now() + left;
  std::weak_ptr<Call> weak = call;
  double seconds = std::chrono::duration<double>(left).count();
  timer->At(end - Margin(left), [weak, seconds] {
    if (auto strong = weak.lock()) strong->OnDeadlineNear(seconds);
  });
  timer->At(end - kLastChance, [weak] {
    if (auto strong = weak.lock()) strong->OnLastChance();
  });
  std::lock_guard lock(call->mutex_);
  call->reactor_ = reactor;
  call->ReadMore();
  return {call, reactor};
}

base::Result<std::vector<grpc::ByteBuffer>> Call::Next() {
  std::unique_lock lock(mutex_);
  taken_ = true;
  if (inbox_.empty()) ReadMore();
  arrived_.wait(lock, [this] { return !inbox_.empty() || ended_ || cancel_.is_set(); });
  if (cancel_.is_set()) return base::Fail(base::ErrorCode::kCancelled, "the caller gave up");
  std::vector<grpc::ByteBuffer> messages = std::move(inbox_);
  inbox_.clear();
  inbox_bytes_ = 0;
  ReadMore();
  return messages;
}

void Call::Finish(grpc::Status status, grpc::ByteBuffer response) {
  std::lock_guard lock(mutex_);
  if (answer_ || reactor_ == nullptr) return;
  if (status.ok()) response_->Swap(&response);
  Answer(std::move(status));
}

void Call::Abort(grpc::Status status) {
  std::lock_guard lock(mutex_);
  if (!answer_ && reactor_ != nullptr) Answer(std::move(status));
  cancel_.Set();
  arrived_.notify_all();
}

void Call::Tell(Facts facts) {
  std::lock_guard lock(mutex_);
  facts_.insert(facts_.end(), std::make_move_iterator(facts.begin()),
                std::make_move_iterator(facts.end()));
}

void Call::OnRead(bool ok) {
  std::lock_guard lock(mutex_);
  reading_ = false;
  if (!ok) {
    ended_ = true;
    if (answer_) SendNow();
  } else if (!answer_) {
    inbox_bytes_ += incoming_.Length();
    inbox_.push_back(std::move(incoming_));
  }
  incoming_ = grpc::ByteBuffer();
  ReadMore();
  arrived_.notify_one();
}

void Call::OnCancel() {
  std::lock_guard lock(mutex_);
  cancel_.Set();
  if (!answer_) Answer(grpc::Status(grpc::StatusCode::CANCELLED, "the caller gave up"));
  SendNow();
  arrived_.notify_all();
}

void Call::OnReactorDone() {
  std::lock_guard lock(mutex_);
  reactor_ = nullptr;
  response_ = nullptr;
  cancel_.Set();
  inbox_.clear();
  arrived_.notify_all();
}

void Call::OnDeadlineNear(double seconds) {
  std::lock_guard lock(mutex_);
  if (answer_ || reactor_ == nullptr) return;
  char text[256];
  std::snprintf(
      text, sizeof text,
      "deadline of %.1f s exceeded while %s; raise controller.repo.server.timeout.seconds "
      "and server.repo.server.timeout.seconds, or render less per Application",
      seconds, phase_.load(std::memory_order_relaxed));
  Answer(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, text));
  cancel_.Set();  // only now: whoever waits for it goes on at once, and changes the phase
  arrived_.notify_all();
}

void Call::OnLastChance() {
  std::lock_guard lock(mutex_);
  if (answer_) SendNow();
}

void Call::ReadMore() {
  if (reactor_ == nullptr || reading_ || ended_ || sent_) return;
  // An answer is there: read on, only to get to the end of the stream.
  bool room = answer_ || inbox_bytes_ < (taken_ ? limits_.inbox_bytes : limits_.waiting_bytes);
  if (!room) return;
  reading_ = true;
  reactor_->StartRead(&incoming_);
}

void Call::Answer(grpc::Status status) {
  if (!status.ok())
    facts_.emplace_back("phase", std::string(phase_.load(std::memory_order_relaxed)));
  if (done_) done_(status, Clock::now() - started_, facts_);
  done_ = nullptr;
  answer_ = std::move(status);
  inbox_.clear();
  inbox_bytes_ = 0;
  if (ended_) {
    SendNow();
  } else {
    ReadMore();
  }
}

void Call::SendNow() {
  if (sent_ || reactor_ == nullptr) return;
  sent_ = true;
  reactor_->Finish(*answer_);
}

}  // namespace openchoreo::argocd
