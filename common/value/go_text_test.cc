#include "common/value/go_text.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::value {
namespace {

TEST(GoTextTest, PrintsAsFmtDoes) {
  base::Arena arena;
  EXPECT_EQ(GoText(*ReadJson(R"({"b":[1,2.5,null],"a":{"x":"y z"},"c":true})", arena)),
            "map[a:map[x:y z] b:[1 2.5 <nil>] c:true]");
  EXPECT_EQ(GoText(Value::Double(1000000)), "1e+06");
  EXPECT_EQ(GoText(Value::Bytes("\x01\xff")), "[1 255]");
  EXPECT_EQ(GoText(Value::Omit()), "&{}");
  EXPECT_EQ(GoText(Value::CelNull()), "NULL_VALUE");
  EXPECT_STREQ(GoTypeName(Value::CelNull()), "structpb.NullValue");
  EXPECT_STREQ(GoTypeName(Value::List({}, Value::kGoStrings)), "[]string");
}

TEST(GoTextTest, PrintsTimesAndDurations) {
  EXPECT_EQ(GoText(Value::Timestamp(1234567890, 500000000, 0)), "2009-02-13 23:31:30.5 +0000 UTC");
  EXPECT_EQ(GoText(Value::Timestamp(1234567890, 0, 330)), "2009-02-14 05:01:30 +0530 +0530");
  EXPECT_EQ(GoText(Value::Duration(0)), "0s");
  EXPECT_EQ(GoText(Value::Duration(1500)), "1.5µs");
  EXPECT_EQ(GoText(Value::Duration(3601500000000)), "1h0m1.5s");
  EXPECT_EQ(GoText(Value::Duration(-90000000000)), "-1m30s");
}

}  // namespace
}  // namespace openchoreo::value
