#include "common/base/text_buffer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace openchoreo::base {
namespace {

// Pieces of every length up to a few words, some longer than the block, so that they end at every
// place around its end.
TEST(TextBufferTest, PutsWhatAStringWouldAppend) {
  std::string source;
  for (std::size_t i = 0; i < 10000; ++i) source += static_cast<char>('a' + i % 23);
  Budget budget;
  std::string put;
  std::string appended;
  {
    TextBuffer buffer(put, budget);
    for (std::size_t i = 0; i < 20000; ++i) {
      const std::size_t size = i % 971 == 0 ? 3000 + i % 6000 : i % 67;
      const std::string_view piece(source.data() + i % 31, size);
      buffer.Put(piece);
      appended += piece;
      buffer.PutBlanks(i % 1201 == 0 ? 9000 : i % 41);
      appended.append(i % 1201 == 0 ? 9000 : i % 41, ' ');
      const auto number = static_cast<std::int64_t>(i) * 461168601842738 - 4611686018427387;
      buffer.PutInt(number);
      appended += std::to_string(number);
      buffer.Put(':');
      appended += ':';
    }
    buffer.Put(std::string_view());
    buffer.PutInt(std::numeric_limits<std::int64_t>::min());
    appended += "-9223372036854775808";
  }
  EXPECT_EQ(put, appended);
}

TEST(TextBufferTest, PutsNothingMoreOnceTheBudgetIsSpent) {
  RenderLimits limits;
  limits.max_binding_bytes = 10000;
  Budget budget(limits);
  std::string put;
  {
    TextBuffer buffer(put, budget);
    for (int i = 0; i < 10000; ++i) buffer.PutBlanks(20);
  }
  EXPECT_TRUE(budget.spent());
  EXPECT_LE(put.size(), 10000u);
}

}  // namespace
}  // namespace openchoreo::base
