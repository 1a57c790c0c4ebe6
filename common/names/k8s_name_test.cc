#include "common/names/k8s_name.h"

#include <gtest/gtest.h>

#include "common/names/fnv32a.h"
#include "common/names/object_uid.h"

namespace openchoreo::names {
namespace {

TEST(K8sNameTest, MatchesWhatOpenChoreoGenerates) {
  EXPECT_EQ(GenerateK8sName(kMaxResourceName, {"api", "dev"}), "api-dev-b74cc949");
  EXPECT_EQ(GenerateK8sName(kMaxLabelName, {"dp", "acme", "shop", "dev"}),
            "dp-acme-shop-dev-1c11194b");
}

TEST(K8sNameTest, StaysInsideTheLimit) {
  const std::string longest(300, 'a');
  EXPECT_EQ(GenerateK8sName(kMaxLabelName, {longest, longest}).size(), 63u);
}

TEST(K8sNameTest, ManyAndEmptyParts) {
  EXPECT_EQ(GenerateK8sName(kMaxLabelName, {"", "-a-"}).substr(0, 2), "a-");
  EXPECT_EQ(GenerateK8sName(kMaxLabelName, {"", "--"}).size(), 8u);
  const std::vector<std::string_view> many(300, "A");
  EXPECT_EQ(GenerateK8sName(kMaxResourceName, many).size(), 8u);
  const std::vector<std::string_view> fitting(50, "A");
  EXPECT_EQ(GenerateK8sName(kMaxLabelName, fitting).substr(0, 12), "a-a-a-a-a---");
}

TEST(K8sNameTest, SanitizesByUnicodeClass) {
  const std::string name = GenerateK8sName(kMaxResourceName, {"_Größe X."});
  EXPECT_EQ(name.substr(0, name.rfind('-')), "größe-x");
}

TEST(UuidTest, StandsForTheObject) {
  EXPECT_EQ(ObjectUid("Component", "acme", "api"), "f2aa45b6-1c96-55cc-a692-0a57100e3a19");
}

TEST(Fnv32aTest, Encodes) { EXPECT_EQ(Hex8(Fnv32a("")), "811c9dc5"); }

}  // namespace
}  // namespace openchoreo::names
