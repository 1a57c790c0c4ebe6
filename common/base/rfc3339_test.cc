#include "common/base/rfc3339.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(Rfc3339, ReadsWhatGoReads) {
  struct Case {
    const char* text;
    std::int64_t seconds;
    std::uint32_t nanos;
  };

  for (const Case& c :
       {Case{"1970-01-01T00:00:00Z", 0, 0}, Case{"2026-05-04T10:00:00Z", 1777888800, 0},
        Case{"2026-05-04T12:00:00+02:00", 1777888800, 0},
        Case{"2026-05-04T04:30:00-05:30", 1777888800, 0},
        Case{"2026-05-04T10:00:00.5Z", 1777888800, 500'000'000},
        Case{"2026-05-04T10:00:00.1234567891Z", 1777888800, 123'456'789},
        Case{"2024-02-29T00:00:00Z", 1709164800, 0}, Case{"0001-01-01T00:00:00Z", -62135596800, 0},
        Case{"1969-12-31T23:59:59Z", -1, 0}}) {
    const auto instant = ParseRfc3339(c.text);
    ASSERT_TRUE(instant) << c.text;
    EXPECT_EQ(instant->seconds, c.seconds) << c.text;
    EXPECT_EQ(instant->nanos, c.nanos) << c.text;
  }
}

TEST(Rfc3339, RefusesTheRest) {
  for (const char* text :
       {"", "2026-05-04", "2026-05-04T10:00:00", "2026-05-04t10:00:00Z", "2026-05-04T10:00:00z",
        "2026-02-29T10:00:00Z", "2026-05-04T10:00:60Z", "2026-05-04T24:00:00Z",
        "2026-05-04T10:00:00.Z", "2026-05-04T10:00:00Z ", "2026-05-04 10:00:00Z",
        "2026-05-04T10:00:00+2:00", "26-05-04T10:00:00Z"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
}

TEST(Rfc3339, WritesWhatItReads) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2026-05-04T10:00:09Z", "2024-02-29T23:59:59Z",
                           "2023-03-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z", "2000-12-31T12:00:00Z"}) {
    EXPECT_EQ(Rfc3339Text(*ParseRfc3339(text)), text);
  }
}

TEST(Rfc3339, Orders) {
  EXPECT_LT((Instant{1, 999'999'999}), (Instant{2, 0}));
  EXPECT_GT((Instant{1, 1}), (Instant{1, 0}));
  EXPECT_EQ(PlusSeconds({1, 5}, 2), (Instant{3, 5}));
}

}  // namespace
}  // namespace openchoreo::base
