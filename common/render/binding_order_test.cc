#include "common/render/binding_order.h"

#include <gtest/gtest.h>

#include <string>

namespace openchoreo::render {
namespace {

using Graph = std::vector<std::vector<std::uint32_t>>;

// "0 1 (2 3)": groups in order, cycles in parentheses.
std::string Print(const std::vector<RenderGroup>& groups) {
  std::string text;
  for (const RenderGroup& group : groups) {
    if (!text.empty()) text += ' ';
    if (group.cycle) text += '(';
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      text += (i ? " " : "") + std::to_string(group.members[i]);
    }
    if (group.cycle) text += ')';
  }
  return text;
}

struct Case {
  const char* name;
  Graph needs;
  const char* want;
};

TEST(OrderBindings, PutsWhatIsNeededFirst) {
  const Case kCases[] = {
      {"nothing", {}, ""},
      {"no needs", {{}, {}, {}}, "0 1 2"},
      {"a chain", {{1}, {2}, {}}, "2 1 0"},
      {"a diamond", {{1, 2}, {3}, {3}, {}}, "3 1 2 0"},
      {"itself", {{0}}, "(0)"},
      {"two that need each other", {{1}, {0}, {0}}, "(0 1) 2"},
      {"a cycle that needs another", {{1}, {0, 2}, {3}, {2}}, "(2 3) (0 1)"},
  };
  for (const Case& test : kCases)
    EXPECT_EQ(Print(OrderBindings(test.needs)), test.want) << test.name;
}

TEST(OrderBindings, NamesTheGroupsWaitedFor) {
  const Graph needs = {{1, 2}, {2}, {}};
  const auto groups = OrderBindings(needs);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_TRUE(groups[0].waits_for.empty());
  EXPECT_EQ(groups[1].waits_for, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(groups[2].waits_for, (std::vector<std::uint32_t>{0, 1}));
}

TEST(OrderBindings, TakesALongChainWithoutRecursion) {
  constexpr std::uint32_t kLength = 300'000;
  Graph needs(kLength);
  for (std::uint32_t i = 0; i + 1 < kLength; ++i) needs[i] = {i + 1};
  EXPECT_EQ(OrderBindings(needs).size(), kLength);
}

}  // namespace
}  // namespace openchoreo::render
