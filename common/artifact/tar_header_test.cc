#include "common/artifact/tar_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "common/artifact/tar_block.h"
#include "test/support/archive_builder.h"

namespace openchoreo::artifact {
namespace {

using Changes = std::vector<std::pair<std::size_t, std::string>>;  // at an offset of the block

// A ustar header of an empty file "a.yaml", changed, with the checksum it then has.
std::string Block(const Changes& changes, int checksum_off_by = 0) {
  std::string block(tar::kBlock, '\0');
  const auto put = [&block](std::size_t at, const std::string& text) {
    block.replace(at, text.size(), text);
  };
  put(0, "a.yaml");
  put(124, "00000000000");
  put(156, "0");
  put(257, std::string("ustar\0", 6) + "00");
  for (const auto& [at, text] : changes) put(at, text);
  test::SumUp(block, 0, checksum_off_by);
  return block;
}

// The header with what stood before it.
TarHeader Header(const Changes& changes, TarExtra extra = {}) {
  auto header = ParseTarHeader(Block(changes));
  if (!header || !*header) {
    ADD_FAILURE() << (header ? "it is zero" : header.error().message);
    return {};
  }
  Complete(**header, std::move(extra));
  return **std::move(header);
}

TEST(TarHeader, NamesAndSizes) {
  EXPECT_EQ(Header({}).name, "a.yaml");
  EXPECT_EQ(Header({{345, "folder/below"}}).name, "folder/below/a.yaml");
  EXPECT_EQ(Header({{345, "folder"}, {257, "ustar  "}}).name, "a.yaml") << "GNU has no prefix";
  EXPECT_EQ(Header({{345, "folder"}, {257, std::string(8, '\0')}}).name, "a.yaml") << "v7";
  EXPECT_EQ(Header({{345, std::string(155, 'p')}, {508, std::string("tar\0", 4)}}).name,
            std::string(131, 'p') + "/a.yaml");
  EXPECT_EQ(Header({{0, std::string(100, 'n')}}).name, std::string(100, 'n'));
  EXPECT_EQ(Header({{124, "00000001750"}}).size, 1000u);
  EXPECT_EQ(Header({{124, "      1750 "}}).size, 1000u);
  EXPECT_EQ(Header({{124, std::string(12, '\0')}}).size, 0u);
  EXPECT_EQ(Header({{124, std::string("\x80\0\0\0\0\0\0\2\0\0\0\0", 12)}}).size, 8ull << 30);
}

TEST(TarHeader, Types) {
  const std::pair<const char*, TarType> cases[] = {
      {"0", TarType::kFile},     {"7", TarType::kFile},      {"Z", TarType::kFile},
      {"1", TarType::kHardLink}, {"2", TarType::kSymlink},   {"3", TarType::kSpecial},
      {"4", TarType::kSpecial},  {"5", TarType::kFolder},    {"6", TarType::kSpecial},
      {"x", TarType::kPax},      {"g", TarType::kPaxGlobal}, {"L", TarType::kLongName},
      {"K", TarType::kLongLink}};
  for (const auto& [flag, want] : cases) EXPECT_EQ(Header({{156, flag}}).type, want) << flag;
  EXPECT_EQ(Header({{0, "folder/"}}).type, TarType::kFolder);
  EXPECT_EQ(Header({{156, "2"}, {157, "target"}}).link, "target");
  for (const char* flag : {"1", "2", "3", "5"}) {
    EXPECT_EQ(Header({{156, flag}, {124, "00000001750"}}).size, 0u) << "it has no data: " << flag;
  }
}

TEST(TarHeader, Sparse) {
  EXPECT_FALSE(Header({}).sparse);
  EXPECT_TRUE(Header({{156, "S"}}).sparse);
  EXPECT_FALSE(Header({{156, "S"}}).sparse_goes_on);
  EXPECT_TRUE(Header({{156, "S"}, {482, "\1"}}).sparse_goes_on);
  std::string map(tar::kBlock, '\0');
  EXPECT_FALSE(SparseGoesOn(map));
  map[504] = '\1';
  EXPECT_TRUE(SparseGoesOn(map));
}

TEST(TarHeader, Ends) {
  const auto end = ParseTarHeader(std::string(tar::kBlock, '\0'));
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST(TarHeader, SignedSums) {
  const Changes name = {
      {0, "a\xc3\xa9"}};  // 0xc3 and 0xa9 are 256 less each where bytes are signed
  EXPECT_TRUE(ParseTarHeader(Block(name, -512)));
  EXPECT_FALSE(ParseTarHeader(Block(name, -256)));
}

TEST(TarHeader, RefusesWhatIsBroken) {
  const Changes cases[] = {
      {{124, "0000000x000"}},
      {{124, std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12)}},
      {{124, std::string("\x80\0\0\0\x80\0\0\0\0\0\0\0", 12)}},
      {{124, std::string("\x80\1\0\0\0\0\0\0\0\0\0\0", 12)}},
  };
  for (const Changes& changes : cases) EXPECT_FALSE(ParseTarHeader(Block(changes)));
  EXPECT_FALSE(ParseTarHeader(Block({}, 1))) << "wrong checksum";
  EXPECT_FALSE(ParseTarHeader(std::string(tar::kBlock, 'q')));
}

TEST(PaxRecords, TellOfTheNextEntry) {
  TarExtra extra;
  const std::string records = "20 path=long/b.yaml\n17 linkpath=else\n13 size=1000\n11 mtime=1\n";
  const auto taken = TakePaxRecords(records, extra);
  ASSERT_TRUE(taken) << taken.error().message;
  const TarHeader header = Header({{124, "00000000001"}}, extra);
  EXPECT_EQ(header.name, "long/b.yaml");
  EXPECT_EQ(header.link, "else");
  EXPECT_EQ(header.size, 1000u);
  EXPECT_FALSE(header.sparse);
}

TEST(PaxRecords, ValuesMayHoldAnything) {
  TarExtra extra;
  ASSERT_TRUE(TakePaxRecords("14 path=a=b\nc\n8 path=\n22 GNU.sparse.major=1\n", extra));
  const TarHeader header = Header({}, extra);
  EXPECT_EQ(header.name, "a=b\nc") << "an empty value changes nothing";
  EXPECT_TRUE(header.sparse);
}

TEST(PaxRecords, RefusesWhatIsBroken) {
  const std::string cases[] = {
      "path=a\n",
      "9 path=ab",
      "99 path=a\n",
      "3 \n",
      "0 path=a\n",
      "x path=a\n",
      "8 patha\n",
      "-9 path=a\n",
      " 9 path=a\n",
      "13 size=0x10\n",
      "11 size=-1\n",
      "28 size=9223372036854775808\n",
      std::string("12 path=a\0b\n", 12),
  };
  for (const std::string& records : cases) {
    TarExtra extra;
    EXPECT_FALSE(TakePaxRecords(records, extra)) << records;
  }
}

}  // namespace
}  // namespace openchoreo::artifact
