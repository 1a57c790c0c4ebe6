#include "health/pod_looks.h"

#include <gtest/gtest.h>

namespace openchoreo::mapper {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

PodLooks::Workload Numbered(int i) {
  return {{"apps/v1", "Deployment"}, {"dp", "web-" + std::to_string(i), ""}};
}

TEST(PodLooksTest, LooksLateAndEverMoreSeldom) {
  PodLooks looks(seconds(3), seconds(10));
  const PodLooks::Moment start{seconds(1000)};
  EXPECT_FALSE(looks.Ask(Numbered(1), start).look);
  EXPECT_EQ(looks.Ask(Numbered(1), start).again, milliseconds(3001));
  EXPECT_TRUE(looks.Ask(Numbered(1), start + seconds(3)).look);
  EXPECT_EQ(looks.Found(Numbered(1), "ErrImagePull"), "ErrImagePull");
  const auto between = looks.Ask(Numbered(1), start + seconds(5));
  EXPECT_FALSE(between.look);
  EXPECT_EQ(between.text, "ErrImagePull");
  EXPECT_TRUE(looks.Ask(Numbered(1), start + seconds(13)).look);
  EXPECT_EQ(looks.Found(Numbered(1), ""), "ErrImagePull") << "it starts once more";
  EXPECT_FALSE(looks.Ask(Numbered(1), start + seconds(25)).look) << "twenty seconds now";
  looks.Forget(Numbered(1));
  EXPECT_EQ(looks.Ask(Numbered(1), start + seconds(40)).text, "");
}

TEST(PodLooksTest, LooksAtFewOfManyAtOnce) {
  PodLooks looks(seconds(0), seconds(10));
  const PodLooks::Moment start{seconds(1000)};
  int looked = 0;
  for (int i = 0; i < 100; ++i) looked += looks.Ask(Numbered(i), start).look;
  EXPECT_EQ(looked, 5);
}

}  // namespace
}  // namespace openchoreo::mapper
