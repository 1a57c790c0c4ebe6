#include "common/base/sha256.h"

#include <gtest/gtest.h>

#include <thread>

namespace openchoreo::base {
namespace {

// FIPS 180-4's own examples.
TEST(Sha256, IsWhatTheStandardSays) {
  const struct {
    std::string bytes, want;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(Sha256Hex(c.bytes), c.want) << c.bytes;
    Sha256Stream stream;
    for (const char byte : c.bytes) stream.Update({&byte, 1});
    EXPECT_EQ(Hex(stream.Finish()), c.want) << c.bytes;
  }
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsThatOfTheirText) {
  const std::string_view parts[] = {"openchoreo", "", "x"};
  EXPECT_EQ(Sha256OfJoined(parts, '-'), Sha256("openchoreo--x"));
  EXPECT_EQ(Sha256OfJoined(parts, '-', "last"), Sha256("openchoreo--x-last"));
  EXPECT_EQ(Sha256OfJoined({}, '-'), Sha256(""));
  EXPECT_EQ(Sha256OfJoined({}, '-', "last"), Sha256("-last"));
}

// Each thread has a context of its own; a stream's is another, so one may be open meanwhile.
TEST(Sha256, OthersUnderWayChangeNothing) {
  const Sha256Digest want = Sha256("abc");
  Sha256Stream open;
  open.Update("ab");
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(Sha256("abc"), want);
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Sha256("abc"), want);
  other.join();
  open.Update("c");
  EXPECT_EQ(open.Finish(), want);
}

}  // namespace
}  // namespace openchoreo::base
