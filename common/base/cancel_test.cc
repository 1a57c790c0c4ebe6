#include "common/base/cancel.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace openchoreo::base {
namespace {

TEST(Cancel, IsOneWishForAllCopies) {
  Cancel first;
  Cancel second = first;
  EXPECT_FALSE(second.is_set());
  EXPECT_FALSE(second.WaitFor(std::chrono::milliseconds(0)));
  first.Set();
  EXPECT_TRUE(second.is_set());
  EXPECT_TRUE(second.WaitFor(std::chrono::hours(1)));
}

TEST(Cancel, ReachesThoseBelowButNotThoseAbove) {
  Cancel top;
  Cancel middle = Cancel::Below(top);
  Cancel bottom = Cancel::Below(middle);
  Cancel beside = Cancel::Below(top);
  middle.Set();
  EXPECT_TRUE(bottom.is_set());
  EXPECT_FALSE(top.is_set());
  EXPECT_FALSE(beside.is_set());
  top.Set();
  EXPECT_TRUE(beside.is_set());
  EXPECT_TRUE(Cancel::Below(top).is_set());
}

TEST(Cancel, CallsAHookOnce) {
  Cancel cancel;
  int calls = 0, gone = 0;
  Cancel::Hook kept = cancel.OnSet([&] { ++calls; });
  {
    Cancel::Hook released = cancel.OnSet([&] { ++gone; });
  }
  cancel.Set();
  cancel.Set();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(gone, 0);
  Cancel::Hook late = cancel.OnSet([&] { ++calls; });
  EXPECT_EQ(calls, 2);
}

TEST(Cancel, WakesAThreadThatWaits) {
  Cancel cancel;
  std::thread waiting([&] { EXPECT_TRUE(cancel.WaitFor(std::chrono::hours(1))); });
  cancel.Set();
  waiting.join();
}

TEST(Cancel, AChildMayEndWhileItsParentSetsIt) {
  Cancel parent;
  auto child = std::make_unique<Cancel>(Cancel::Below(parent));
  // Whoever waits for the child lets go of it at once.
  const Cancel::Hook hook = child->OnSet([&] { child.reset(); });
  parent.Set();
  EXPECT_EQ(child, nullptr);
}

TEST(Cancel, AChildMayOutliveItsParentAndTheOtherWayRound) {
  Cancel child;
  {
    Cancel parent;
    child = Cancel::Below(parent);
  }
  EXPECT_FALSE(child.is_set());
  Cancel parent;
  { Cancel gone = Cancel::Below(parent); }
  parent.Set();
}

}  // namespace
}  // namespace openchoreo::base
