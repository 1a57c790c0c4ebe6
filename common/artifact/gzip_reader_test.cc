#include "common/artifact/gzip_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>
#include <random>
#include <string>

namespace openchoreo::artifact {
namespace {

using testing::HasSubstr;

std::string Gzip(const std::string& bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

base::Result<std::string> Read(const std::string& bytes, std::size_t size) {
  const ByteSource source = [&, at = std::size_t{0}]() mutable -> base::Result<std::string_view> {
    const std::string_view piece = std::string_view(bytes).substr(at, size);
    at += piece.size();
    return piece;
  };
  GzipReader reader(source);
  std::string all;
  for (;;) {
    OC_TRY(const std::string_view piece, reader.Next());
    if (piece.empty()) break;
    all.append(piece);
    EXPECT_EQ(reader.bytes_given(), all.size());
  }
  OC_TRY_DONE(reader.PassRest());
  EXPECT_EQ(reader.bytes_taken(), bytes.size());
  return all;
}

// Compressible, but not at once forgotten.
std::string Words(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text.append("word ").append(std::to_string(random() % 5000));
  return text;
}

TEST(GzipReader, InflatesWhateverThePieces) {
  const std::string large = Words(1 << 20), small = "x: 1\n";
  const std::pair<std::string, std::string> cases[] = {
      {Gzip(large), large},
      {Gzip(small) + Gzip("") + Gzip(large), small + large},
      {Gzip(small) + "what follows a member", small},
      {Gzip(""), ""},
      {"plain", "plain"},
      {"", ""},
  };
  for (const auto& [bytes, want] : cases) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, std::size_t{4} << 20}) {
      const auto got = Read(bytes, size);
      ASSERT_TRUE(got) << got.error().message;
      EXPECT_EQ(*got, want);
    }
  }
}

// A header with all that it may have: extra bytes, a name, a comment, a checksum.
TEST(GzipReader, Headers) {
  const std::string plain = Gzip("x: 1\n");
  std::string header = plain.substr(0, 10) + std::string("\4\0ab\1\2name\0comment\0", 19);
  header[3] = 4 | 8 | 16 | 2;
  const std::uint32_t sum = libdeflate_crc32(0, header.data(), header.size());
  header.push_back(static_cast<char>(sum & 0xff));
  header.push_back(static_cast<char>(sum >> 8 & 0xff));
  const std::string bytes = header + plain.substr(10);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const auto got = Read(bytes + bytes, size);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(*got, "x: 1\nx: 1\n");
    EXPECT_FALSE(Read(bytes.substr(0, size), 1000));
  }
  header.back() ^= 1;
  EXPECT_THAT(Read(header + plain.substr(10), 1000).error().message, HasSubstr("wrong checksum"));
  std::string endless = plain.substr(0, 10) + std::string(100'000, 'n');
  endless[3] = 8;
  EXPECT_THAT(Read(endless, 1000).error().message, HasSubstr("invalid header"));
}

TEST(GzipReader, RefusesWhatIsBroken) {
  const std::string good = Gzip(Words(100'000));
  const auto with = [&good](std::size_t at, char byte) {
    std::string bytes = good;
    bytes[at] = byte;
    return bytes;
  };
  const std::pair<std::string, const char*> cases[] = {
      {good.substr(0, good.size() / 2), "it is cut off"},
      {good.substr(0, good.size() - 1), "it is cut off"},
      {good.substr(0, 5), "it is cut off"},
      {with(good.size() - 8, static_cast<char>(good[good.size() - 8] ^ 1)), "wrong checksum"},
      {with(1, 'x'), "invalid header"},
      {with(2, 'x'), "invalid header"},
      {with(3, '\x40'), "invalid header"},
      {with(10, '\xff'), "invalid data"},
  };
  for (const auto& [bytes, want] : cases) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{4} << 20}) {
      const auto got = Read(bytes, size);
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error().code, base::ErrorCode::kUnreadableSource);
      EXPECT_THAT(got.error().message, HasSubstr(want));
    }
  }
}

}  // namespace
}  // namespace openchoreo::artifact
