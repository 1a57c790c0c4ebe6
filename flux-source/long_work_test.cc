#include "flux-source/long_work.h"

#include <gtest/gtest.h>

#include <future>

namespace openchoreo::flux {
namespace {

TEST(LongWork, TellsOnceOfWhatLasts) {
  LongWork all(std::chrono::milliseconds(1));
  std::promise<void> told;
  LongWork::Piece piece(all, [&] { told.set_value(); });
  told.get_future().wait();
  EXPECT_TRUE(piece.End());
  EXPECT_TRUE(piece.End());
}

TEST(LongWork, SaysNothingOfWhatEnded) {
  LongWork all(std::chrono::hours(1));
  for (int i = 0; i < 3; ++i) {
    LongWork::Piece piece(all, [] { FAIL() << "told of work that is over"; });
    EXPECT_FALSE(piece.End());
  }
}

}  // namespace
}  // namespace openchoreo::flux
