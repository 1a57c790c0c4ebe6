#include "common/base/base64.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(Base64, GoesThereAndBack) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd?", "//79Pw=="}};
  for (const auto& [plain, encoded] : cases) {
    std::string text, back;
    AppendBase64(text, plain);
    EXPECT_EQ(text, encoded);
    EXPECT_TRUE(DecodeBase64(text, back));
    EXPECT_EQ(back, plain);
  }
}

TEST(Base64, SkipsLineBreaksAndRefusesTheRest) {
  std::string out;
  EXPECT_TRUE(DecodeBase64("Zm\r\n9v\n", out));
  EXPECT_EQ(out, "foo");
  for (const char* bad : {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9v=", "Z g=", "Zg-_"}) {
    EXPECT_FALSE(DecodeBase64(bad, out)) << bad;
  }
}

}  // namespace
}  // namespace openchoreo::base
