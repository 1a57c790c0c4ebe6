#include "common/platform/kube/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace openchoreo::kube {
namespace {

using std::chrono::milliseconds;

Key K(const char* name) { return {"", name, ""}; }

TEST(WorkQueue, GivesEachKeyOnceInOrder) {
  WorkQueue queue;
  for (const char* name : {"a", "b", "a", "c", "b"}) queue.Add(K(name));
  const base::Cancel cancel;
  for (const char* want : {"a", "b", "c"}) {
    const auto key = queue.Take(cancel);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->name, want);
    queue.Done(*key);
  }
  EXPECT_EQ(queue.figures().waiting, 0u);
  EXPECT_EQ(queue.figures().adds, 3u);
}

TEST(WorkQueue, NamespacesTakeTurns) {
  WorkQueue queue;
  for (const char* name : {"1", "2", "3", "4"}) queue.Add({"loud", name, ""});
  queue.Add({"quiet", "1", ""});
  const base::Cancel cancel;
  std::string order;
  for (int i = 0; i < 5; ++i) {
    const auto key = queue.Take(cancel);
    order += key->ns + key->name + " ";
    queue.Done(*key);
  }
  EXPECT_EQ(order, "loud1 quiet1 loud2 loud3 loud4 ");
}

TEST(WorkQueue, LongWorkKeepsNobodyWaiting) {
  ShareOptions share;
  share.at_once = 1;
  share.long_work = milliseconds(20);
  share.per_namespace = 2;
  WorkQueue queue({}, 1, share);
  for (const char* name : {"1", "2", "3"}) queue.Add({"loud", name, ""});
  queue.Add({"quiet", "1", ""});
  const base::Cancel cancel;
  // None of them ends: each is taken when the one before has lasted its time.
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(queue.Take(cancel)->ns, "loud");
  EXPECT_EQ(queue.Take(cancel)->ns, "quiet");
  EXPECT_EQ(queue.Take(cancel)->name, "2");
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(40));
  // A third of that namespace waits for one of the two.
  base::Cancel soon;
  std::thread ends([&] {
    std::this_thread::sleep_for(milliseconds(50));
    soon.Set();
  });
  EXPECT_FALSE(queue.Take(soon));
  ends.join();
  queue.Done({"loud", "1", ""});
  EXPECT_EQ(queue.Take(cancel)->name, "3");
}

TEST(WorkQueue, AKeyAddedWhileWorkedOnComesOnceAfterwards) {
  WorkQueue queue;
  const base::Cancel cancel;
  queue.Add(K("a"));
  const auto key = queue.Take(cancel);
  queue.Add(K("a"));
  queue.Add(K("a"));
  EXPECT_EQ(queue.figures().waiting, 0u);
  EXPECT_EQ(queue.figures().working, 1u);
  queue.Done(*key);
  EXPECT_EQ(queue.figures().waiting, 1u);
  queue.Done(*queue.Take(cancel));
  EXPECT_EQ(queue.figures().waiting, 0u);
}

TEST(WorkQueue, TheEarlierOfTwoTimesCounts) {
  WorkQueue queue;
  const base::Cancel cancel;
  queue.AddAfter(K("a"), std::chrono::hours(1));
  queue.AddAfter(K("b"), std::chrono::hours(2));
  queue.AddAfter(K("a"), milliseconds(1));
  queue.AddAfter(K("a"), std::chrono::hours(1));
  EXPECT_EQ(queue.figures().later, 2u);
  EXPECT_EQ(queue.Take(cancel)->name, "a");
  queue.Add(K("b"));  // now, after all
  EXPECT_EQ(queue.Take(cancel)->name, "b");
  EXPECT_EQ(queue.figures().later, 0u);
}

TEST(WorkQueue, BacksOffAndForgets) {
  BackoffOptions backoff;
  backoff.shortest = milliseconds(1);
  backoff.longest = milliseconds(4);
  WorkQueue queue(backoff, 1);
  const base::Cancel cancel;
  queue.Add(K("a"));
  for (unsigned i = 1; i <= 70; ++i) {
    const auto key = queue.Take(cancel);
    queue.Failed(*key);
    queue.Done(*key);
    EXPECT_EQ(queue.failures(*key), i);
  }
  EXPECT_EQ(queue.figures().retries, 70u);
  queue.Forget(K("a"));
  EXPECT_EQ(queue.failures(K("a")), 0u);
}

TEST(WorkQueue, JitterOnlyAddsAndIsBounded) {
  WorkQueue queue({}, 7);
  for (int i = 0; i < 100; ++i) {
    const milliseconds jittered = queue.Jitter(milliseconds(1000), 5);
    EXPECT_GE(jittered.count(), 1000);
    EXPECT_LE(jittered.count(), 1050);
  }
  EXPECT_EQ(queue.Jitter(milliseconds(1000), 0).count(), 1000);
}

TEST(WorkQueue, CancelEndsAllWhoWait) {
  WorkQueue queue;
  base::Cancel cancel;
  queue.AddAfter(K("later"), std::chrono::hours(1));
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) workers.emplace_back([&] { EXPECT_FALSE(queue.Take(cancel)); });
  cancel.Set();
  for (std::thread& worker : workers) worker.join();
}

TEST(WorkQueue, NeverTwoWorkersOnOneKey) {
  WorkQueue queue;
  base::Cancel cancel;
  std::atomic<int> on_key[4] = {};
  std::atomic<int> works{0};
  std::atomic<bool> twice{false};
  std::vector<std::thread> threads;
  for (int w = 0; w < 4; ++w) {
    threads.emplace_back([&] {
      while (auto key = queue.Take(cancel)) {
        const int index = key->name[0] - '0';
        if (++on_key[index] != 1) twice = true;
        if (++works % 3 == 0) queue.AddAfter(*key, milliseconds(1));
        --on_key[index];
        queue.Done(*key);
      }
    });
  }
  threads.emplace_back([&] {
    while (works < 2000) {
      for (const char* name : {"0", "1", "2", "3"}) queue.Add(K(name));
      std::this_thread::yield();
    }
    cancel.Set();
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(twice);
}

}  // namespace
}  // namespace openchoreo::kube
