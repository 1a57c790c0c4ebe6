#include "common/platform/kube/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

namespace openchoreo::kube {
namespace {

using std::chrono::milliseconds;

class Scripted final : public Reconciler {
 public:
  explicit Scripted(base::Cancel cancel) : cancel_(cancel) {}

  base::Result<Next> Reconcile(const Key& key, const base::Cancel&) override {
    std::lock_guard lock(mutex_);
    const int call = ++calls_[key.name];
    if (key.name == "fails" && call < 4)
      return base::Fail(base::ErrorCode::kUnavailable, "not yet");
    if (key.name == "again" && call < 4) return Next{milliseconds(1)};
    if (++ended_ == 3) cancel_.Set();
    return Next{};
  }

  std::map<std::string, int> calls_;

 private:
  base::Cancel cancel_;
  std::mutex mutex_;
  int ended_ = 0;
};

TEST(Controller, RetriesWhatFailedAndComesBackWhenAskedTo) {
  BackoffOptions backoff;
  backoff.shortest = milliseconds(1);
  backoff.longest = milliseconds(2);
  WorkQueue queue(backoff);
  base::Cancel cancel;
  Scripted reconciler(cancel);
  std::mutex mutex;
  std::map<std::string, int> results;
  ControllerOptions options;
  options.workers = 3;
  options.reconciled = [&](std::string_view result, double seconds) {
    std::lock_guard lock(mutex);
    EXPECT_GE(seconds, 0);
    ++results[std::string(result)];
  };
  Controller controller(reconciler, queue, options);
  for (const char* name : {"works", "fails", "again"}) queue.Add({"", name, ""});
  controller.Run(cancel);
  EXPECT_EQ(reconciler.calls_["works"], 1);
  EXPECT_EQ(reconciler.calls_["fails"], 4);
  EXPECT_EQ(reconciler.calls_["again"], 4);
  EXPECT_EQ(results["error"], 3);
  EXPECT_EQ(results["requeue_after"], 3);
  EXPECT_EQ(results["success"], 3);
  EXPECT_EQ(queue.failures({"", "fails", ""}), 0u);
}

}  // namespace
}  // namespace openchoreo::kube
