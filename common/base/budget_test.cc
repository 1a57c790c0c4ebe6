#include "common/base/budget.h"

#include <gtest/gtest.h>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/text_buffer.h"

namespace openchoreo::base {
namespace {

RenderLimits Limits(std::uint64_t steps, std::size_t bytes) {
  RenderLimits limits;
  limits.max_binding_steps = steps;
  limits.max_binding_bytes = bytes;
  return limits;
}

TEST(BudgetTest, StepsEndWhereTheLimitIs) {
  for (const std::uint64_t all : {std::uint64_t{10}, Budget::kSlice, 5 * Budget::kSlice + 7}) {
    Budget budget(Limits(all, 1000));
    std::uint64_t spent = 0;
    while (budget.Spend(1)) ++spent;
    EXPECT_EQ(spent, all);
    EXPECT_EQ(budget.cause(), Budget::Cause::kSteps);
    EXPECT_EQ(ErrorOf(budget).message,
              "rendering takes more than " + std::to_string(all) + " steps (max_binding_steps)");
    EXPECT_EQ(ErrorOf(budget).code, ErrorCode::kLimit);
  }
}

TEST(BudgetTest, ManyStepsAtOnce) {
  Budget budget(Limits(10 * Budget::kSlice, 1000));
  EXPECT_TRUE(budget.Spend(9 * Budget::kSlice));
  EXPECT_EQ(budget.steps_left(), Budget::kSlice);
  EXPECT_FALSE(budget.Spend(Budget::kSlice + 1));
  EXPECT_FALSE(budget.Spend(1)) << "once spent, spent for good";
}

TEST(BudgetTest, MemoryIsTakenAndGivenBack) {
  Budget budget(Limits(100, 1000));
  {
    Charge held(budget);
    EXPECT_TRUE(held.GrowTo(800));
    EXPECT_TRUE(held.GrowTo(700)) << "it holds as much already";
    EXPECT_EQ(budget.bytes_left(), 200u);
  }
  EXPECT_EQ(budget.bytes_left(), 1000u);
  EXPECT_FALSE(budget.Take(1001));
  EXPECT_FALSE(budget.Spend(1)) << "the walk ends, too";
  EXPECT_EQ(ErrorOf(budget).message,
            "rendering takes more memory than 1000 bytes (max_binding_bytes)");
}

TEST(BudgetTest, CancellationIsAskedAmongTheSteps) {
  bool gone = false;
  const std::function<bool()> cancelled = [&] { return gone; };
  Budget budget(Limits(100 * Budget::kSlice, 1000), &cancelled);
  EXPECT_TRUE(budget.Spend(2 * Budget::kSlice));
  gone = true;
  std::uint64_t spent = 0;
  while (budget.Spend(1)) ++spent;
  EXPECT_LE(spent, Budget::kSlice);
  EXPECT_EQ(ErrorOf(budget).code, ErrorCode::kCancelled);
}

TEST(BudgetTest, LevelsAreBounded) {
  Budget budget;
  for (std::size_t i = 0; i < kLimits.max_value_depth; ++i) EXPECT_TRUE(budget.Enter());
  EXPECT_FALSE(Level(budget)) << "one more";
  EXPECT_EQ(budget.cause(), Budget::Cause::kDepth);
}

TEST(BudgetTest, ArenasAreCharged) {
  Budget budget(Limits(100, 10'000));
  Arena arena(budget, 1024);
  arena.Allocate(100);
  EXPECT_EQ(budget.bytes_left(), 10'000u - 1024);
  arena.Allocate(20'000);
  EXPECT_EQ(budget.cause(), Budget::Cause::kMemory);
}

TEST(BudgetTest, AnArenaOfTheNextWorkIsChargedForWhatItKept) {
  Budget first(Limits(100, 1u << 30));
  Arena arena(first, 1024);
  arena.Allocate(5000);
  arena.Allocate(64u << 20);
  Budget second(Limits(100, 1u << 30));
  arena.Reset(second);
  EXPECT_EQ(second.bytes_left() + arena.bytes(), std::size_t{1} << 30);
  EXPECT_LE(arena.bytes(), std::size_t{1} << 20) << "a block of a hostile binding is not kept";
  EXPECT_GT(arena.bytes(), 0u);
}

TEST(BudgetTest, TextsEndAtTheirLimit) {
  RenderLimits limits = Limits(1000, 1u << 20);
  limits.max_output_bytes = 10'000;
  Budget budget(limits);
  std::string text;
  {
    TextBuffer buffer(text, budget);
    for (int i = 0; i < 10'000; ++i) buffer.Put("0123456789");
  }
  EXPECT_LE(text.size(), limits.max_output_bytes);
  EXPECT_EQ(ErrorOf(budget).message,
            "the binding's objects take more than 10000 bytes (max_output_bytes)");
}

TEST(BudgetTest, AStringThatGrowsIsChargedForWhatItThenTakes) {
  Budget budget(Limits(1000, 10'000));
  std::string text(6000, 'x');
  text.shrink_to_fit();
  EXPECT_TRUE(budget.HasRoomForText(text, 0)) << "nothing is taken";
  EXPECT_FALSE(budget.HasRoomForText(text, 1)) << "it would take 12,000 bytes";
  EXPECT_EQ(budget.cause(), Budget::Cause::kMemory);
}

TEST(BudgetTest, TheTableIsTheStruct) {
  EXPECT_EQ(AllLimits().size() * 8, sizeof(RenderLimits)) << "every limit is in the table";
  for (const LimitInfo& limit : AllLimits()) {
    EXPECT_GT(limit.value, 0u) << limit.name;
    EXPECT_STRNE(limit.text, "") << limit.name;
  }
}

}  // namespace
}  // namespace openchoreo::base
