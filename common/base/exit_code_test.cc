#include "common/base/exit_code.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(ExitCodeTest, FollowsTheClassOfAnError) {
  struct Case {
    ErrorCode code;
    int exit_code;
  };

  const Case cases[] = {
      {ErrorCode::kUsage, 2},       {ErrorCode::kUnreadableSource, 3},
      {ErrorCode::kUnavailable, 3}, {ErrorCode::kCancelled, 3},
      {ErrorCode::kLimit, 1},       {ErrorCode::kMissingReference, 1},
      {ErrorCode::kYamlSyntax, 1},  {ErrorCode::kEmptyResult, 1},
      {ErrorCode::kDenied, 1},      {ErrorCode::kInternal, 70},
  };
  for (const Case& c : cases) EXPECT_EQ(ExitCodeOf(c.code), c.exit_code) << NameOf(c.code);
}

}  // namespace
}  // namespace openchoreo::base
