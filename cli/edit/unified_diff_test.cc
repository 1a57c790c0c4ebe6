#include "cli/edit/unified_diff.h"

#include <gtest/gtest.h>

#include <vector>

namespace openchoreo::edit {
namespace {

TEST(UnifiedDiffTest, Hunks) {
  const struct {
    const char *before, *after, *want;
  } cases[] = {
      {"a\n", "a\n", ""},
      {"1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n", "@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+x\n 6\n"},
      {"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
      {"a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"},
      {"a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
       "@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n"},
  };

  for (const auto& c : cases) {
    const std::string head = *c.want ? "--- f\n+++ f\n" : "";
    EXPECT_EQ(UnifiedDiff("f", c.before, c.after), head + c.want);
  }
}

// Whatever the texts, the lines that are kept or go are those before, those kept or new those
// after.
TEST(UnifiedDiffTest, LeadsFromOneToTheOther) {
  std::uint32_t state = 7;
  const auto next = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 300; ++round) {
    std::string before, after;
    for (std::uint32_t i = next(12); i > 0; --i)
      before.append(1, static_cast<char>('a' + next(3))).append("\n");
    for (std::uint32_t i = next(12); i > 0; --i)
      after.append(1, static_cast<char>('a' + next(3))).append("\n");
    std::string diff = UnifiedDiff("f", before, after), old_text, new_text;
    diff.erase(0, diff.find("@@\n") == std::string::npos ? diff.size() : diff.find("@@\n") + 3);
    if (diff.find("@@") != std::string::npos) continue;  // several hunks
    for (std::size_t at = 0; at < diff.size(); at = diff.find('\n', at) + 1) {
      const std::string line = diff.substr(at + 1, diff.find('\n', at) - at);
      if (diff[at] != '+') old_text += line;
      if (diff[at] != '-') new_text += line;
    }
    EXPECT_NE(before.find(old_text), std::string::npos) << before << "to\n" << after;
    EXPECT_NE(after.find(new_text), std::string::npos) << before << "to\n" << after;
  }
}

TEST(UnifiedDiffTest, LargeAndWhollyDifferentIsReplaced) {
  std::string before, after;
  for (int i = 0; i < 5000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(UnifiedDiff("f", before, after).substr(0, 40),
            "--- f\n+++ f\n@@ -1,5000 +1,5000 @@\n-a0\n-a");
}

}  // namespace
}  // namespace openchoreo::edit
