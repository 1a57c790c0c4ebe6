#include "common/base/json_pointer.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(JsonPointerTest, SegmentsAndTheirTexts) {
  struct Case {
    std::string_view text, segment;
  };

  for (const Case& c : {Case{"", ""}, Case{"plain", "plain"}, Case{"a/b", "a~1b"},
                        Case{"a~b", "a~0b"}, Case{"~1", "~01"}, Case{"/~/", "~1~0~1"}}) {
    std::string segment;
    AppendPointerSegment(segment, c.text);
    EXPECT_EQ(segment, c.segment);
    EXPECT_EQ(PointerText(c.segment), c.text);
  }
}

TEST(JsonPointerTest, WhatNoPointerHolds) {
  EXPECT_EQ(PointerText("a~2b"), "a~b");
  EXPECT_EQ(PointerText("a~"), "a~");
}

}  // namespace
}  // namespace openchoreo::base
