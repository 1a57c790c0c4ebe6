#include "health/pulse.h"

#include "common/platform/service/clock.h"

namespace openchoreo::mapper {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Pulse::Pulse(kube::Client& client, milliseconds grace, std::function<void()> back)
    : client_(client), grace_(grace), back_(std::move(back)), thread_([this] { Run(); }) {}

Pulse::~Pulse() {
  cancel_.Set();
  thread_.join();
}

void Pulse::Run() {
  while (!cancel_.is_set()) {
    {
      std::lock_guard lock(mutex_);
      asking_ = true;
      asked_ = steady_clock::now();
    }
    const auto answer = client_.GetRaw("/version", cancel_);
    // Whatever it says, it answers.
    const bool answers = answer || answer.error().code != base::ErrorCode::kUnavailable;
    const bool was_silent = silent_since().has_value();
    {
      std::lock_guard lock(mutex_);
      asking_ = false;
      failed_ = !answers;
      if (answers) {
        answered_ = steady_clock::now();
        answered_text_ = service::Rfc3339(std::chrono::system_clock::now());
      }
    }
    if (answers && was_silent && !cancel_.is_set()) back_();
    cancel_.WaitFor(answers ? grace_ / 2 : std::min(grace_ / 2, milliseconds(1000)));
  }
}

std::optional<std::string> Pulse::silent_since() const {
  std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  const bool waits_long = asking_ && now - asked_ > grace_;
  const bool fails = failed_ && now - answered_ > grace_;
  if (!waits_long && !fails) return std::nullopt;
  return answered_text_;
}

}  // namespace openchoreo::mapper
