#include "common/names/reasons.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace openchoreo::names {
namespace {

TEST(Reasons, AreEachThereOnceAndLegal) {
  std::set<std::string_view> seen;
  for (const Reason& reason : Reasons()) {
    EXPECT_TRUE(seen.insert(reason.name).second) << reason.name;
    EXPECT_FALSE(reason.name.empty());
    EXPECT_TRUE(std::all_of(reason.name.begin(), reason.name.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    })) << reason.name;
    EXPECT_TRUE(reason.meaning.ends_with('.')) << reason.name;
    EXPECT_EQ(reason.meaning.find('|'), std::string_view::npos) << "it stands in a table";
    const bool must_act = reason.reason_class == ReasonClass::kFailed;
    EXPECT_TRUE(!must_act || !reason.advice.empty()) << reason.name;
  }
}

TEST(Reasons, HaveTheirClass) {
  EXPECT_EQ(ClassOfReason("ReleaseSynced"), ReasonClass::kProgressing);
  EXPECT_EQ(ClassOfReason("ResourcesDegraded"), ReasonClass::kFailed);
  EXPECT_EQ(ClassOfReason("CronJobSuspended"), ReasonClass::kSuspended);
  EXPECT_EQ(ClassOfReason("Never heard of"), ReasonClass::kFailed);
  EXPECT_EQ(FindReason("Never heard of"), nullptr);
}

}  // namespace
}  // namespace openchoreo::names
