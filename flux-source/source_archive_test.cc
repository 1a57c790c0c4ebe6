#include "flux-source/source_archive.h"

#include <gtest/gtest.h>

#include "test/support/archive_builder.h"

namespace openchoreo::flux {
namespace {

using test::ArchiveEntry;

class SourceArchiveTest : public testing::Test {
 protected:
  std::shared_ptr<const SourceFiles> Read(const std::vector<ArchiveEntry>& items,
                                          const SourceFiles* former = nullptr) {
    auto files = ReadSourceArchive(test::BuildArchive(items), former, contents_,
                                   {std::uint64_t{1} << 30, 10'000});
    EXPECT_TRUE(files) << files.error().message;
    return files ? *files : nullptr;
  }

  source::ContentStore contents_;
};

// More than is hashed at once, so that some of it is while the rest is read.
TEST_F(SourceArchiveTest, FilesOfALargeSourceAreInOrderWithTheirDigests) {
  std::vector<ArchiveEntry> items;
  for (int i = 0; i < 120; ++i) {
    items.push_back({std::to_string(1000 + i) + ".yaml",
                     std::to_string(i) + std::string(100'000, static_cast<char>('a' + i % 26))});
  }
  const auto first = Read(items);
  ASSERT_TRUE(first);
  items[77].bytes += "more";
  const auto second = Read(items, first.get());
  ASSERT_TRUE(second);
  ASSERT_EQ(second->files.size(), items.size());
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const source::SourceFile& file = second->files[i];
    EXPECT_EQ(file.path, items[i].name);
    EXPECT_EQ(*file.content, items[i].bytes);
    EXPECT_EQ(file.digest, base::Sha256(items[i].bytes));
    EXPECT_EQ(file.content == first->files[i].content, i != 77) << i;
    bytes += file.content->size();
  }
  EXPECT_EQ(second->bytes, bytes);
}

// As whoever unpacks an archive has it, also where one of them is known already.
TEST_F(SourceArchiveTest, OfTwoFilesOfOneNameTheLastCounts) {
  const auto known = Read({{"a.yaml", "known"}});
  ASSERT_TRUE(known);
  for (const char* last : {"known", "other"}) {
    for (const char* first : {"known", "new"}) {
      const auto files = Read({{"a.yaml", first}, {"b.yaml", "b"}, {"a.yaml", last}}, known.get());
      ASSERT_TRUE(files);
      ASSERT_EQ(files->files.size(), 2u);
      EXPECT_EQ(*files->files[0].content, last) << first;
      EXPECT_EQ(*files->files[1].content, "b");
    }
  }
}

}  // namespace
}  // namespace openchoreo::flux
