#include "common/artifact/tar_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/artifact/tar_reader.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {
namespace {

using base::ErrorCode;
using testing::ElementsAre;

std::string Tar(const Files& files) {
  std::string out;
  auto written = WriteTar(ViewsOf(files), [&](std::string_view piece) { out += piece; });
  EXPECT_TRUE(written) << written.error().message;
  return out;
}

// "<type><mode> <name> <size> <uid> <mtime>" of each entry, as another reader sees it.
std::vector<std::string> Listing(std::string_view bytes) {
  std::vector<std::string> lines;
  archive* a = archive_read_new();
  archive_read_support_format_tar(a);
  archive_read_support_filter_gzip(a);
  archive_read_set_options(a, "tar:hdrcharset=BINARY");
  EXPECT_EQ(archive_read_open_memory(a, bytes.data(), bytes.size()), ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
    char line[64];
    std::snprintf(line, sizeof line, "%c%o ", archive_entry_filetype(entry) == AE_IFDIR ? 'd' : '-',
                  static_cast<unsigned>(archive_entry_perm(entry)));
    lines.push_back(line + std::string(archive_entry_pathname(entry)) + " " +
                    std::to_string(archive_entry_size(entry)) + " " +
                    std::to_string(archive_entry_uid(entry) + archive_entry_gid(entry)) + " " +
                    std::to_string(archive_entry_mtime(entry)));
  }
  archive_read_free(a);
  return lines;
}

TEST(TarWriter, WalksFoldersBeforeTheirSiblings) {
  EXPECT_THAT(Listing(Tar({{"a/z.yaml", "1"}, {"a.yaml", "22"}, {"a/b/c", ""}, {"B", "x"}})),
              ElementsAre("d750 . 0 0 0", "-600 B 1 0 0", "d750 a 0 0 0", "d750 a/b 0 0 0",
                          "-600 a/b/c 0 0 0", "-600 a/z.yaml 1 0 0", "-600 a.yaml 2 0 0"));
  EXPECT_THAT(Listing(Tar({})), ElementsAre("d750 . 0 0 0"));
}

TEST(TarWriter, HeaderBytesAreGos) {
  const std::string tar = Tar({{"f", "hi"}});
  ASSERT_EQ(tar.size(), 5 * 512u);  // two headers, one block of content, two of zeros
  const std::string root = tar.substr(0, 512), file = tar.substr(512, 512);
  using namespace std::string_literals;
  EXPECT_EQ(root.substr(0, 2), ".\0"s);
  EXPECT_EQ(root.substr(100, 24),
            "0000750\0"
            "0000000\0"
            "0000000\0"s);
  EXPECT_EQ(root.substr(124, 24),
            "00000000000\0"
            "00000000000\0"s);
  EXPECT_EQ(root[156], '5');
  EXPECT_EQ(root.substr(257, 8),
            "ustar\0"
            "00"s);
  EXPECT_EQ(root.substr(329, 16),
            "0000000\0"
            "0000000\0"s);
  EXPECT_EQ(file.substr(100, 8), "0000600\0"s);
  EXPECT_EQ(file.substr(124, 12), "00000000002\0"s);
  EXPECT_EQ(file[156], '0');
  EXPECT_EQ(tar.substr(1024, 3), "hi\0"s);
  EXPECT_EQ(tar.substr(1536), std::string(1024, '\0'));
}

TEST(TarWriter, LongAndForeignNamesComeBack) {
  const std::string split = std::string(60, 'd') + "/" + std::string(90, 'f');
  const std::string deep = std::string(60, 'd') + "/" + std::string(200, 'f');
  const std::string foreign = "grüße/日本.yaml";
  const std::string tar = Tar({{split, "1"}, {deep, "2"}, {foreign, "3"}});
  std::size_t at = 0;
  Files found;
  TarVisitor visitor{[](std::string_view, std::uint64_t) { return true; },
                     [&](std::string name, std::string bytes) { found[name] = bytes; }};
  auto read = ReadTar(
      [&]() -> base::Result<std::string_view> {
        const std::string_view piece = std::string_view(tar).substr(at, 1000);
        at += piece.size();
        return piece;
      },
      {}, visitor);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(found, (Files{{split, "1"}, {deep, "2"}, {foreign, "3"}}));
  EXPECT_NE(tar.find("28 path=" + foreign + "\n"), std::string::npos);
  EXPECT_EQ(tar.find(" path=" + split + "\n"), std::string::npos) << "ustar holds it";
}

// What Go 1.26's archive/tar writes for the same entries, modes and times.
TEST(TarWriter, BytesAreGos) {
  const std::string folder(60, 'd');
  const std::string tar = Tar({{"a.yaml", "x: 1\n"},
                               {folder + "/" + std::string(90, 'e'), "1"},
                               {folder + "/" + std::string(200, 'f'), "2"},
                               {"grüße/日本.yaml", "3"}});
  EXPECT_EQ(tar.size(), 9728u);
  EXPECT_EQ(base::Sha256Hex(tar),
            "a14ff6c2a0ec7d52ef1dc7b4d6febe37913f6aa0a534157f43514fa4e3623c5d");
}

TEST(TarWriter, RefusesWhatIsNoPath) {
  for (const char* bad : {"", "/a", "a//b", "./a", "a/../b", "..", "a/"}) {
    auto written = WriteTar({{bad, {}}}, [](std::string_view) {});
    ASSERT_FALSE(written) << bad;
    EXPECT_EQ(written.error().code, ErrorCode::kUsage);
  }
  EXPECT_FALSE(WriteTar({{"a", {}}, {"a/b", {}}}, [](std::string_view) {}));
}

TEST(Pack, IsGzipWithoutTimeAndName) {
  const Files files = {{"a/b.yaml", std::string(100'000, 'y')}, {"c.yaml", "c: 1\n"}};
  auto packed = Pack(ViewsOf(files), {1 << 20});
  ASSERT_TRUE(packed) << packed.error().message;
  using namespace std::string_literals;
  EXPECT_EQ(packed->bytes.substr(0, 10), "\x1f\x8b\x08\0\0\0\0\0\0\xff"s);
  EXPECT_EQ(packed->digest, "sha256:" + base::Sha256Hex(packed->bytes));
  EXPECT_EQ(packed->tar_digest, "sha256:" + base::Sha256Hex(Tar(files)));
  const FileViews views = ViewsOf(files);
  EXPECT_EQ(Packer::Of(views, nullptr)->TarDigest(), packed->tar_digest);
  EXPECT_EQ(Listing(packed->bytes), Listing(Tar(files)));
  EXPECT_EQ(Pack(ViewsOf(files), {1 << 20})->bytes, packed->bytes);
  auto refused = Pack(ViewsOf(files), {100});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
}

TEST(Pack, TakesFilesLargerThanAGzipMember) {
  std::string large;
  for (std::uint64_t i = 0; large.size() < (7 << 19); ++i) large += std::to_string(i * 7919);
  const Files files = {{"a.yaml", large}, {"b.yaml", "b: 1\n"}, {"c.yaml", large}};
  for (const unsigned jobs : {1u, 3u}) {
    auto packed = Pack(ViewsOf(files), {8 << 20, jobs});
    ASSERT_TRUE(packed) << packed.error().message;
    EXPECT_EQ(Listing(packed->bytes), Listing(Tar(files)));
  }
}

TEST(Pack, OfALittleChangeOnlyALittleIsCompressedAndTheBytesAreTheSame) {
  Files files;
  for (int i = 0; i < 500; ++i) {
    files["p/" + std::to_string(i) + ".yaml"] = std::string(1000, 'a') + std::to_string(i * 7919);
  }
  PieceCache pieces(1 << 20);
  for (const char* change : {"", "x", "x", "y"}) {
    files["p/250.yaml"] += change;
    const auto anew = Pack(ViewsOf(files), {1 << 20});
    ASSERT_TRUE(anew) << anew.error().message;
    for (const unsigned jobs : {1u, 4u}) {
      const auto packed = Pack(ViewsOf(files), {1 << 20, jobs, &pieces});
      ASSERT_TRUE(packed) << packed.error().message;
      EXPECT_EQ(packed->bytes, anew->bytes);
      EXPECT_EQ(packed->tar_digest, anew->tar_digest);
    }
    EXPECT_EQ(Listing(anew->bytes), Listing(Tar(files)));
  }
  // The first archive has a dozen pieces or more, each of three changes one.
  const PieceCache::Stats stats = pieces.stats();
  EXPECT_GT(stats.misses, 10u);
  EXPECT_EQ(stats.hits, 7 * (stats.misses - 3) - 3);
}

// Which file changes, how often, and what it is known by: the digest is that of the bytes.
TEST(Packer, HashesAnArchiveFromItsFirstChangeOn) {
  Files files;
  for (int i = 0; i < 500; ++i) files["p/" + std::to_string(i) + ".yaml"] = std::string(700, 'a');
  PieceCache pieces(1 << 20);
  for (const int changed : {0, 499, 499, 1, 250, 0}) {
    files["p/" + std::to_string(changed) + ".yaml"] += "x";
    for (const bool identities : {true, false}) {
      FileViews views = ViewsOf(files);
      for (auto& [path, view] : views) {
        if (identities) view.identity = base::Sha256(files[path]);
      }
      auto packer = Packer::Of(views, &pieces);
      ASSERT_TRUE(packer);
      EXPECT_EQ(packer->TarDigest(), "sha256:" + base::Sha256Hex(Tar(files)));
      const auto packed = packer->Pack(1 << 20, 2);
      ASSERT_TRUE(packed);
      EXPECT_EQ(packed->bytes, Pack(ViewsOf(files), {1 << 20})->bytes);
    }
  }
  const PieceCache::Stats stats = pieces.stats();
  EXPECT_GT(stats.hashed_hits, 20u);
  EXPECT_EQ(stats.hashed_misses, 12u);  // one each: where something changed
}

TEST(Packer, LooksAtNoBytesThatAnIdentityNames) {
  PieceCache pieces(1 << 20);
  FileViews views;
  views["a.yaml"] = FileView({"a: 1\n"}, base::Sha256("a"));
  const std::string first = Packer::Of(views, &pieces)->TarDigest();
  views["a.yaml"].pieces = {"b: 1\n"};  // which nobody must do
  EXPECT_EQ(Packer::Of(views, &pieces)->TarDigest(), first);
  views["a.yaml"].identity = base::Sha256("b");
  EXPECT_NE(Packer::Of(views, &pieces)->TarDigest(), first);
}

}  // namespace
}  // namespace openchoreo::artifact
