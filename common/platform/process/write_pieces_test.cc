#include "common/platform/process/write_pieces.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "common/platform/process/descriptor.h"

namespace openchoreo::process {
namespace {

// What arrives at the other end of a pipe, which takes a part of a large write at a time.
std::string Written(const std::vector<std::string_view>& pieces) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Descriptor in(ends[0]);
  Descriptor out(ends[1]);
  std::string all;
  std::thread reader([&] {
    char buffer[1000];
    for (ssize_t got; (got = ::read(in.get(), buffer, sizeof buffer)) > 0;)
      all.append(buffer, static_cast<std::size_t>(got));
  });
  EXPECT_TRUE(WritePieces(out.get(), pieces));
  out.Close();
  reader.join();
  return all;
}

TEST(WritePiecesTest, WritesAllOfThemInOrder) {
  EXPECT_EQ(Written({}), "");
  EXPECT_EQ(Written({"", "a", "", "bc", ""}), "abc");
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i)
    texts.push_back(std::string(static_cast<std::size_t>(i % 97), 'x') + std::to_string(i));
  std::vector<std::string_view> pieces(texts.begin(), texts.end());
  std::string all;
  for (const std::string& text : texts) all += text;
  EXPECT_EQ(Written(pieces), all);
}

TEST(WritePiecesTest, TellsOfAWriteThatFails) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const std::vector<std::string_view> pieces{"a", "b"};
  EXPECT_FALSE(WritePieces(full.get(), pieces));
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace openchoreo::process
