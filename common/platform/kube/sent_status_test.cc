#include "common/platform/kube/sent_status.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {
namespace {

class SentStatusTest : public testing::Test {
 protected:
  value::Value Json(std::string_view text) { return value::ReadJson(text, arena_).value(); }

  Live Version(std::string_view version) {
    return Live::Copy(value::MakeMap(
        arena_, {{"metadata",
                  value::MakeMap(arena_, {{"resourceVersion", value::Value::String(version)}})}}));
  }

  base::Arena arena_;
};

TEST_F(SentStatusTest, CoversWhatWasSentUntilItOrTheObjectChanges) {
  const value::Value status = Json(R"({"conditions":[{"type":"Ready"}],"endpoints":[{}]})");
  SentStatus sent;
  EXPECT_FALSE(sent.Covers(Version("7"), status));
  EXPECT_FALSE(sent.Covers(Live(), status));
  sent.Note(Version("7"), Version("8"), status);
  EXPECT_TRUE(
      sent.Covers(Version("8"), Json(R"({"endpoints":[{}],"conditions":[{"type":"Ready"}]})")));
  EXPECT_TRUE(sent.Covers(Version("7"), status)) << "the watch is behind";
  EXPECT_FALSE(sent.Covers(Version("9"), status)) << "somebody else's";
  EXPECT_FALSE(sent.Covers(Version("8"), Json(R"({"conditions":[{"type":"Ready"}]})")));
}

}  // namespace
}  // namespace openchoreo::kube
