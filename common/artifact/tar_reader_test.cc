#include "common/artifact/tar_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "test/support/archive_builder.h"

namespace openchoreo::artifact {
namespace {

using base::ErrorCode;
using test::BuildArchive;
using testing::HasSubstr;

ByteSource Pieces(const std::string& bytes, std::size_t size) {
  return [&bytes, size, at = std::size_t{0}]() mutable -> base::Result<std::string_view> {
    std::string_view piece = std::string_view(bytes).substr(at, size);
    at += piece.size();
    return piece;
  };
}

struct Got {
  base::Result<TarSummary> summary;
  std::map<std::string, std::string> files;
};

Got Read(const std::string& bytes, const TarLimits& limits = {}, std::size_t piece = 1024) {
  Got got;
  TarVisitor visitor;
  visitor.wanted = [](std::string_view name, std::uint64_t) { return name.ends_with(".yaml"); };
  visitor.file = [&](std::string name, std::string data) {
    got.files[std::move(name)] = std::move(data);
  };
  got.summary = ReadTar(Pieces(bytes, piece), limits, visitor);
  return got;
}

TEST(TarReader, GivesWantedFilesWhateverThePieces) {
  std::string bytes = BuildArchive({{".", "", AE_IFDIR},
                                    {"./a", "", AE_IFDIR},
                                    {"./a/one.yaml", "x: 1\n"},
                                    {"a/picture.png", std::string(5000, 'p')},
                                    {"b.yaml", std::string(100'000, 'y')},
                                    {"empty.yaml", ""}});
  for (std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{1024}, std::size_t{1} << 20}) {
    Got got = Read(bytes, {}, piece);
    ASSERT_TRUE(got.summary) << got.summary.error().message;
    EXPECT_EQ(got.files.size(), 3u);
    EXPECT_EQ(got.files["a/one.yaml"], "x: 1\n");
    EXPECT_EQ(got.files["b.yaml"], std::string(100'000, 'y'));
    EXPECT_EQ(got.files["empty.yaml"], "");
    EXPECT_EQ(got.summary->entries, 6u);
    EXPECT_EQ(got.summary->regular_files, 4u);
    EXPECT_EQ(got.summary->kept_files, 3u);
    EXPECT_EQ(got.summary->compressed_bytes, bytes.size());
  }
}

TEST(TarReader, WhatAFileHadBeforeIsNotCopied) {
  const std::string large(100'000, 'y');
  const std::map<std::string, std::string> before = {
      {"same.yaml", "x: 1\n"},    {"large.yaml", large}, {"shorter.yaml", "x"},
      {"other.yaml", "x: 1\n"},   {"end.yaml", large},   {"empty.yaml", ""},
      {"nothing.yaml", "x: 1\n"},
  };
  std::string end = large;
  end.back() = 'z';
  const std::string bytes = BuildArchive({{"new.yaml", "n"},
                                          {"same.yaml", "x: 1\n"},
                                          {"large.yaml", large},
                                          {"shorter.yaml", ""},
                                          {"other.yaml", "x: 2\n"},
                                          {"end.yaml", end},
                                          {"empty.yaml", ""}});
  for (std::size_t piece : {std::size_t{1}, std::size_t{1024}, std::size_t{1} << 20}) {
    std::map<std::string, std::string> files;
    std::vector<std::string> same;
    TarVisitor visitor;
    visitor.wanted = [](std::string_view, std::uint64_t) { return true; };
    visitor.file = [&](std::string name, std::string data) { files[std::move(name)] = data; };
    visitor.earlier = [&](std::string_view name) -> std::optional<std::string_view> {
      const auto found = before.find(std::string(name));
      return found == before.end() ? std::nullopt : std::optional<std::string_view>(found->second);
    };
    visitor.same = [&](std::string name) { same.push_back(std::move(name)); };
    const auto summary = ReadTar(Pieces(bytes, piece), {}, visitor);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->kept_files, 7u);
    EXPECT_THAT(same, testing::ElementsAre("same.yaml", "large.yaml", "empty.yaml"));
    EXPECT_EQ(
        files,
        (std::map<std::string, std::string>{
            {"new.yaml", "n"}, {"shorter.yaml", ""}, {"other.yaml", "x: 2\n"}, {"end.yaml", end}}));
  }
}

TEST(TarReader, PlainTarIsReadToo) {
  Got got = Read(BuildArchive({{"a.yaml", "x"}}, false));
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files["a.yaml"], "x");
}

TEST(TarReader, LongAndForeignNames) {
  std::string longer = std::string(90, 'd') + "/" + std::string(180, 'f') + ".yaml";
  Got got = Read(BuildArchive({{longer, "1"}, {"grüße/日本.yaml", "2"}}));
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files[longer], "1");
  EXPECT_EQ(got.files["grüße/日本.yaml"], "2");
}

// Of Go's readers: what stands where a header should, and where the end is.
TEST(TarReader, Ends) {
  const std::string one = BuildArchive({{"a.yaml", "1"}}, false);
  const std::string entry = one.substr(0, 1024), zero(512, '\0');
  for (const std::string& end : {std::string(), zero, zero + zero, zero + zero + "anything"}) {
    const Got got = Read(entry + end);
    ASSERT_TRUE(got.summary) << got.summary.error().message;
    EXPECT_EQ(got.files.size(), 1u);
  }
  EXPECT_EQ(Read(entry + zero + zero + entry).files.size(), 1u);
  EXPECT_EQ(Read(entry.substr(0, 513)).files.size(), 1u) << "only padding is missing";
  for (const std::string& cut :
       {entry.substr(0, 512), entry.substr(0, 511), entry + zero.substr(1)}) {
    const Got got = Read(cut);
    ASSERT_FALSE(got.summary);
    EXPECT_THAT(got.summary.error().message, HasSubstr("cut off"));
  }
  const Got got = Read(entry + zero + entry);
  ASSERT_FALSE(got.summary);
  EXPECT_THAT(got.summary.error().message, HasSubstr("after its end"));
}

TEST(TarReader, SparseFilesAreReadNowhereAndPassedOver) {
  std::string sparse = BuildArchive({{"a.bin", "1"}, {"b.yaml", "2"}}, false);
  // Of the first, a block of its map stands before its data.
  sparse[156] = 'S';
  sparse[482] = '\1';
  sparse.insert(512, 512, '\0');
  test::SumUp(sparse);
  Got got = Read(sparse);
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files, (std::map<std::string, std::string>{{"b.yaml", "2"}}));
  sparse[1536 + 156] = 'S';
  test::SumUp(sparse, 1536);
  got = Read(sparse);
  ASSERT_FALSE(got.summary);
  EXPECT_THAT(got.summary.error().message,
              HasSubstr("\"b.yaml\" is stored with its holes left out"));
}

TEST(TarReader, LinksAndDevicesArePassedOver) {
  Got got = Read(BuildArchive({{"a.yaml", "1"},
                               {"soft.yaml", "", AE_IFLNK, "a.yaml"},
                               {"d/up.yaml", "", AE_IFLNK, "../a.yaml"},
                               {"hard.yaml", "", 0, "a.yaml"},
                               {"fifo.yaml", "", AE_IFIFO},
                               {"chr.yaml", "", AE_IFCHR}}));
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files.size(), 1u);
}

TEST(TarReader, NamesNobodyWantsAreNobodysConcern) {
  Got got = Read(BuildArchive({{"a.yaml", "1"}, {"b\xff.png", "2"}, {"c\n.txt", "3"}}));
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files.size(), 1u);
}

TEST(TarReader, Refuses) {
  TarLimits small;
  small.max_entries = 3;
  small.max_file_bytes = 1000;
  small.max_kept_bytes = 1500;
  small.max_name_bytes = 50;
  small.max_inflated_bytes = 1u << 20;

  struct Case {
    const char* name;
    std::string bytes;
    ErrorCode code;
    const char* text;
  };

  std::string good = BuildArchive({{"a.yaml", std::string(20'000, 'x')}, {"b.yaml", "z"}});
  const Case cases[] = {
      {"escape", BuildArchive({{"../a.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "leaves the archive"},
      {"inner escape", BuildArchive({{"a/../../b.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "leaves the archive"},
      {"absolute", BuildArchive({{"/etc/a.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "is absolute"},
      {"not UTF-8", BuildArchive({{"a\xff.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "is not UTF-8"},
      {"overlong UTF-8", BuildArchive({{"a\xc0\xaf.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "is not UTF-8"},
      {"control character", BuildArchive({{"a\n.yaml", "1"}}), ErrorCode::kUnreadableSource,
       "control character"},
      {"symlink out", BuildArchive({{"a.yaml", "", AE_IFLNK, "../x"}}),
       ErrorCode::kUnreadableSource, "points out of"},
      {"symlink absolute", BuildArchive({{"d/a", "", AE_IFLNK, "/etc/passwd"}}),
       ErrorCode::kUnreadableSource, "points out of"},
      {"nothing", "", ErrorCode::kUnreadableSource, "archive is empty"},
      {"noise", std::string(4000, 'q'), ErrorCode::kUnreadableSource, "not a readable tar.gz"},
      {"truncated gzip", good.substr(0, good.size() / 2), ErrorCode::kUnreadableSource,
       "not a readable tar.gz"},
      {"entries", BuildArchive({{"1", ""}, {"2", ""}, {"3", ""}, {"4", ""}}), ErrorCode::kLimit,
       "more than 3 entries"},
      {"long name", BuildArchive({{std::string(60, 'n'), ""}}), ErrorCode::kLimit,
       "name longer than 50"},
      {"big file", BuildArchive({{"a.yaml", std::string(1001, 'x')}}), ErrorCode::kLimit,
       "1001 bytes"},
      {"much in all",
       BuildArchive({{"a.yaml", std::string(900, 'x')}, {"b.yaml", std::string(900, 'x')}}),
       ErrorCode::kLimit, "more than 1500 bytes in all"},
      {"bomb nobody wants", BuildArchive({{"a.bin", std::string(std::size_t{2} << 20, '\0')}}),
       ErrorCode::kLimit, "inflates to more than 1048576"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Got got = Read(c.bytes, std::string_view(c.name) == "truncated gzip" ? TarLimits{} : small);
    ASSERT_FALSE(got.summary);
    EXPECT_EQ(got.summary.error().code, c.code);
    EXPECT_THAT(got.summary.error().message, HasSubstr(c.text));
  }
}

TEST(TarReader, FluxRules) {
  TarLimits limits;
  limits.rules = TarRules::kFlux;
  Got got = Read(BuildArchive({{"./a.yaml", "1"},
                               {"out.yaml", "", AE_IFLNK, "../x"},
                               {"far.yaml", "", AE_IFLNK, "/etc/passwd"},
                               {"..b.yaml", "2"}}),
                 limits);
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files.size(), 2u);

  const std::pair<const char*, std::string> refused[] = {
      {"folded", BuildArchive({{"a/../b.yaml", "1"}})},
      {"leaving", BuildArchive({{"../b.yaml", "1"}})},
      {"absolute", BuildArchive({{"/b.yaml", "1"}})},
      {"backslash", BuildArchive({{"a\\b.yaml", "1"}})},
      {"fifo", BuildArchive({{"a.yaml", "", AE_IFIFO}})},
      {"control character", BuildArchive({{"a\n.yaml", "1"}})},
      {"plain tar", BuildArchive({{"a.yaml", "1"}}, false)},
  };
  for (const auto& [name, bytes] : refused) {
    SCOPED_TRACE(name);
    Got bad = Read(bytes, limits);
    ASSERT_FALSE(bad.summary);
    EXPECT_EQ(bad.summary.error().code, ErrorCode::kUnreadableSource);
  }
}

TEST(TarReader, StartOfALargeFile) {
  TarLimits limits;
  limits.rules = TarRules::kFlux;
  limits.max_file_bytes = 3;
  const std::string archive = BuildArchive({{"a.yaml", "12345678"}, {"b.yaml", "1"}});
  EXPECT_FALSE(Read(archive, limits).summary);
  limits.keep_start_of_large = true;
  Got got = Read(archive, limits);
  ASSERT_TRUE(got.summary) << got.summary.error().message;
  EXPECT_EQ(got.files["a.yaml"], "1234");
  EXPECT_EQ(got.files["b.yaml"], "1");
}

TEST(TarReader, NamesInAll) {
  TarLimits limits;
  limits.max_names_bytes = 10;
  EXPECT_TRUE(Read(BuildArchive({{"a.yaml", "1"}}), limits).summary);
  Got got = Read(BuildArchive({{"a.yaml", "1"}, {"b.yaml", "1"}}), limits);
  ASSERT_FALSE(got.summary);
  EXPECT_EQ(got.summary.error().code, ErrorCode::kLimit);
}

TEST(TarReader, BombByRatio) {
  TarLimits limits;
  Got got =
      Read(BuildArchive({{"a.bin", std::string(std::size_t{300} << 20, '\0')}}), limits, 1 << 16);
  ASSERT_FALSE(got.summary);
  EXPECT_THAT(got.summary.error().message, HasSubstr("decompression bomb"));
}

TEST(TarReader, SourceErrorComesBackUnchanged) {
  ByteSource broken = []() -> base::Result<std::string_view> {
    return base::Fail(ErrorCode::kCancelled, "the caller gave up");
  };
  TarVisitor visitor{[](std::string_view, std::uint64_t) { return true; },
                     [](std::string, std::string) {}};
  auto result = ReadTar(broken, {}, visitor);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(result.error().message, "the caller gave up");
}

TEST(TarReader, EveryCutAndFlipEndsInAnAnswer) {
  std::string good =
      BuildArchive({{"a.yaml", "x: 1\n"}, {"l", "", AE_IFLNK, "a.yaml"}, {"b.yaml", "y"}}, false);
  for (std::size_t i = 0; i < good.size(); i += 13) {
    Read(good.substr(0, i));
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x41);
    Read(flipped);
  }
}

TEST(CleanRelativePath, Cleans) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},        {".", ""},       {"./", ""},        {"./a//b/.", "a/b"},
      {"a/../b", "b"}, {"a/b/..", "a"}, {"..a/b", "..a/b"}};
  for (auto [in, want] : cases) {
    auto got = CleanRelativePath(in);
    ASSERT_TRUE(got) << in;
    EXPECT_EQ(*got, want) << in;
  }
  for (const char* bad : {"/", "/a", "..", "a/../..", "a\x7f"})
    EXPECT_FALSE(CleanRelativePath(bad)) << bad;
}

}  // namespace
}  // namespace openchoreo::artifact
