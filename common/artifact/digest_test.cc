#include "common/artifact/digest.h"

#include <gtest/gtest.h>

namespace openchoreo::artifact {
namespace {

TEST(Digest, ReadsAndPrints) {
  const std::string sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(ToString(*ParseDigest("sha256:" + sha256)), "sha256:" + sha256);
  EXPECT_EQ(ToString(*ParseDigest(sha256)), "sha256:" + sha256);
  for (const std::string& bad :
       {std::string(), std::string("sha256:"), "sha256:" + sha256 + "0", "sha512:" + sha256,
        "sha1:" + sha256.substr(0, 40), "blake3:" + sha256, "SHA256:" + sha256,
        "sha256:" + std::string(64, 'g')}) {
    auto digest = ParseDigest(bad);
    ASSERT_FALSE(digest) << bad;
    EXPECT_EQ(digest.error().code, base::ErrorCode::kUnreadableSource);
  }
}

TEST(DigestStream, OverPieces) {
  const std::pair<DigestAlgorithm, const char*> cases[] = {
      {DigestAlgorithm::kSha256,
       "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {DigestAlgorithm::kSha384,
       "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
       "8086072ba1e7cc2358baeca134c825a7"},
      {DigestAlgorithm::kSha512,
       "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"}};
  for (const auto& [algorithm, want] : cases) {
    DigestStream stream(algorithm);
    stream.Update("a");
    stream.Update("bc");
    EXPECT_EQ(ToString(stream.Finish()), want);
  }
}

}  // namespace
}  // namespace openchoreo::artifact
