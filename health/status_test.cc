#include "health/status.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"

namespace openchoreo::mapper {
namespace {

class StatusTest : public testing::Test {
 protected:
  value::Value Json(std::string_view text) { return value::ReadJson(text, arena_).value(); }

  base::Arena arena_;
};

TEST_F(StatusTest, OldCrdsHoldConditionsAlone) {
  Assessment assessment;
  assessment.conditions = {{"Ready", "True", "Ready", "m", 2, "2026-05-04T10:00:00Z"}};
  const value::Value binding = Json(R"({"kind":"ReleaseBinding","metadata":{"generation":2}})");
  const value::Value old =
      WantedStatus(binding, assessment, nullptr, health::Version::kV012, "now", arena_);
  EXPECT_EQ(old.size(), 1u);
  const value::Value today =
      WantedStatus(binding, assessment, nullptr, health::Version::kV1, "now", arena_);
  EXPECT_EQ(today.Get("observedGeneration").as_int(), 2);
  EXPECT_EQ(today.Get("lastSpecUpdateTime").string_or_empty(), "now");
}

TEST_F(StatusTest, KnowsWhatIsThere) {
  const value::Value wanted = Json(R"({"conditions":[{"type":"Ready"}],"endpoints":[]})");
  EXPECT_TRUE(HasStatus(
      Json(R"({"kind":"ReleaseBinding","status":{"conditions":[{"type":"Ready"}],"more":1}})"),
      wanted));
  EXPECT_FALSE(HasStatus(Json(R"({"status":{"conditions":[]}})"), wanted));
  EXPECT_FALSE(HasStatus(Json("{}"), wanted));
}

TEST_F(StatusTest, SeesAnotherWriterWhileItWrites) {
  const value::Value binding = Json(R"({"metadata":{"managedFields":[
      {"manager":"openchoreo-health-mapper","subresource":"status","time":"2026-05-04T10:09:00Z",
       "fieldsV1":{"f:status":{"f:conditions":{}}}},
      {"manager":"kubectl","time":"2026-05-04T10:09:00Z","fieldsV1":{"f:status":{"f:conditions":{}}}},
      {"manager":"other","subresource":"status","time":"2026-05-04T10:08:00Z",
       "fieldsV1":{"f:status":{"f:conditions":{}}}}]}})");
  const auto other = OtherWriter(binding);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->manager, "other");
  EXPECT_EQ(base::Rfc3339Text(other->last), "2026-05-04T10:08:00Z");
  EXPECT_FALSE(OtherWriter(Json("{}")));
}

}  // namespace
}  // namespace openchoreo::mapper
