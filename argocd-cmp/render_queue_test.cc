#include "argocd-cmp/render_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace openchoreo::argocd {
namespace {

using testing::ElementsAre;

// Tasks that say that they run, and wait to be let go on.
class Stage {
 public:
  RenderQueue::Task Make(const std::string& tenant, const std::string& name, char key,
                         bool gone = false) {
    base::Sha256Digest digest{};
    digest[0] = static_cast<std::uint8_t>(key);
    const base::Cancel cancel;
    if (gone) cancel.Set();
    return {tenant, digest, [this, name] { Play(name); }, cancel};
  }

  void Open(const std::string& name) {
    const std::lock_guard lock(mutex_);
    open_.insert(name);
    changed_.notify_all();
  }

  void OpenAll() { Open("*"); }

  void AwaitRunning(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return order_.size() >= count; });
  }

  std::vector<std::string> order() {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  void Play(const std::string& name) {
    std::unique_lock lock(mutex_);
    order_.push_back(name);
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_.contains("*") || open_.contains(name); });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> open_;
  std::vector<std::string> order_;
};

TEST(RenderQueueTest, WhoWasQuickGoesBeforeWhoIsUnknown) {
  Stage stage;
  RenderQueue queue(1, 100);
  stage.Open("known");
  ASSERT_TRUE(queue.Submit(stage.Make("good", "known", 1)));
  stage.AwaitRunning(1);
  ASSERT_TRUE(queue.Submit(stage.Make("hostile-1", "first", 2)));
  stage.AwaitRunning(2);
  for (char i = 3; i < 8; ++i)
    queue.Submit(stage.Make("hostile-" + std::to_string(i), "hostile", i));
  ASSERT_TRUE(queue.Submit(stage.Make("good", "good", 9)));
  EXPECT_EQ(queue.waiting(), 6u);
  stage.OpenAll();
  queue.Stop();
  EXPECT_THAT(stage.order(), ElementsAre("known", "first", "good", "hostile", "hostile", "hostile",
                                         "hostile", "hostile"));
}

TEST(RenderQueueTest, OneThreadIsKeptForTheQuick) {
  Stage stage;
  RenderQueue queue(2, 100);
  stage.Open("known");
  ASSERT_TRUE(queue.Submit(stage.Make("good", "known", 1)));
  stage.AwaitRunning(1);
  ASSERT_TRUE(queue.Submit(stage.Make("hostile-1", "slow", 2)));
  stage.AwaitRunning(2);
  ASSERT_TRUE(queue.Submit(stage.Make("hostile-2", "slow too", 3)));
  ASSERT_TRUE(queue.Submit(stage.Make("good", "good", 4)));
  stage.AwaitRunning(3);
  EXPECT_THAT(stage.order(), ElementsAre("known", "slow", "good"));
  stage.OpenAll();
  queue.Stop();
  EXPECT_THAT(stage.order(), ElementsAre("known", "slow", "good", "slow too"));
}

TEST(RenderQueueTest, OneQuestionIsNeverRenderedTwiceAtOnce) {
  Stage stage;
  RenderQueue queue(3, 100);
  ASSERT_TRUE(queue.Submit(stage.Make("a", "one", 1)));
  stage.AwaitRunning(1);
  ASSERT_TRUE(queue.Submit(stage.Make("a", "same", 1)));
  ASSERT_TRUE(queue.Submit(stage.Make("b", "other", 2)));
  stage.AwaitRunning(2);
  EXPECT_THAT(stage.order(), ElementsAre("one", "other"));
  stage.OpenAll();
  queue.Stop();
  EXPECT_THAT(stage.order(), ElementsAre("one", "other", "same"));
}

TEST(RenderQueueTest, IsBoundedAndLetsGoWhatNobodyWaitsFor) {
  Stage stage;
  RenderQueue queue(1, 2);
  ASSERT_TRUE(queue.Submit(stage.Make("a", "one", 1)));
  stage.AwaitRunning(1);
  EXPECT_TRUE(queue.Submit(stage.Make("a", "two", 2)));
  EXPECT_TRUE(queue.Submit(stage.Make("a", "gone", 3, true)));
  EXPECT_FALSE(queue.Submit(stage.Make("a", "too many", 4)));
  stage.OpenAll();
  queue.Stop();
  EXPECT_THAT(stage.order(), ElementsAre("one", "gone", "two"));
  EXPECT_FALSE(queue.Submit(stage.Make("a", "late", 5)));
}

}  // namespace
}  // namespace openchoreo::argocd
