#include "common/platform/http/conditional.h"

#include <gtest/gtest.h>

namespace openchoreo::http {
namespace {

TEST(Conditional, IfNoneMatch) {
  struct Case {
    const char* header;
    bool names;
  };

  const Case cases[] = {
      {"\"abc\"", true},
      {"W/\"abc\"", true},
      {"*", true},
      {"\"x\", \"abc\"", true},
      {" \"x\" ,W/\"abc\" ", true},
      {"", false},
      {"abc", false},
      {"\"abcd\"", false},
      {"\"abc", false},
      {"\"x\" \"abc\"", false},
      {"\"x\",", false},
      {",\"abc\"", false},
  };
  for (const Case& c : cases) EXPECT_EQ(NamesEtag(c.header, "abc"), c.names) << c.header;
}

TEST(Conditional, Ranges) {
  struct Case {
    const char* range;
    const char* if_range;
    ByteRange::Kind kind;
    std::uint64_t first, last;
  };

  const Case cases[] = {
      {"bytes=0-0", "", ByteRange::kPart, 0, 0},
      {"bytes=10-", "", ByteRange::kPart, 10, 99},
      {"bytes=90-200", "", ByteRange::kPart, 90, 99},
      {"bytes=-7", "", ByteRange::kPart, 93, 99},
      {"bytes=-700", "", ByteRange::kPart, 0, 99},
      {"bytes=99-99", "\"tag\"", ByteRange::kPart, 99, 99},
      {"bytes=100-", "", ByteRange::kUnsatisfiable, 0, 0},
      {"bytes=-0", "", ByteRange::kUnsatisfiable, 0, 0},
      {"bytes=1-2", "\"other\"", ByteRange::kWhole, 0, 0},
      {"bytes=1-2", "W/\"tag\"", ByteRange::kWhole, 0, 0},
      {"bytes=1-2", "Wed, 21 Oct 2026 07:28:00 GMT", ByteRange::kWhole, 0, 0},
      {"bytes=2-1", "", ByteRange::kWhole, 0, 0},
      {"bytes=0-1,3-4", "", ByteRange::kWhole, 0, 0},
      {"bytes=a-b", "", ByteRange::kWhole, 0, 0},
      {"bytes=-", "", ByteRange::kWhole, 0, 0},
      {"bytes=1", "", ByteRange::kWhole, 0, 0},
      {"bytes=99999999999999999999-", "", ByteRange::kWhole, 0, 0},
      {"bytes=--1", "", ByteRange::kWhole, 0, 0},
      {"lines=0-1", "", ByteRange::kWhole, 0, 0},
      {"", "", ByteRange::kWhole, 0, 0},
  };
  for (const Case& c : cases) {
    const ByteRange range = ReadRange(c.range, c.if_range, "tag", 100);
    EXPECT_EQ(range.kind, c.kind) << c.range;
    EXPECT_EQ(range.first, c.first) << c.range;
    EXPECT_EQ(range.last, c.last) << c.range;
  }
  EXPECT_EQ(ReadRange("bytes=0-", "", "tag", 0).kind, ByteRange::kUnsatisfiable);
  EXPECT_EQ(ReadRange("bytes=-1", "", "tag", 0).kind, ByteRange::kUnsatisfiable);
}

}  // namespace
}  // namespace openchoreo::http
