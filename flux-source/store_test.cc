#include "flux-source/store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/base/sha256.h"

namespace openchoreo::flux {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::ElementsAre;

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "/store-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    Open();
  }

  ~StoreTest() override { fs::remove_all(root_); }

  void Open() {
    auto opened = Store::Open(root_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  std::string Put(const Owner& owner, const std::string& bytes) {
    auto path = store_->Put(owner, bytes, "sha256:" + base::Sha256Hex(bytes));
    EXPECT_TRUE(path) << path.error().message;
    return path ? *path : "";
  }

  std::string Read(const std::string& path) {
    auto opened = store_->OpenVerified(path);
    if (!opened) return "-";
    std::string bytes(opened->size, '\0');
    EXPECT_EQ(::read(opened->descriptor, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
    ::close(opened->descriptor);
    return bytes;
  }

  void Overwrite(const std::string& path, const std::string& bytes) {
    std::ofstream(root_ + "/" + path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string root_;
  std::unique_ptr<Store> store_;
  const Owner owner_{"ns", "app-development"};
};

TEST_F(StoreTest, PutsUnderItsDigest) {
  const std::string path = Put(owner_, "one");
  EXPECT_EQ(path, "externalartifact/ns/app-development/" + base::Sha256Hex("one") + ".tar.gz");
  EXPECT_EQ(Read(path), "one");
  EXPECT_EQ(Put(owner_, "one"), path);
  EXPECT_EQ(store_->usage().files, 1u);
  EXPECT_EQ(store_->usage().bytes, 3u);
}

TEST_F(StoreTest, OtherBytesAreNeverGivenAndMendedByPut) {
  const std::string path = Put(owner_, "one");
  EXPECT_EQ(Read(path), "one");
  Overwrite(path, "two");
  EXPECT_EQ(Read(path), "-");
  EXPECT_FALSE(store_->Holds(path));
  Open();
  EXPECT_EQ(Read(path), "-") << "after a start";
  EXPECT_EQ(Put(owner_, "one"), path);
  EXPECT_EQ(Read(path), "one");
}

TEST_F(StoreTest, HalfWrittenFilesGoAtTheStart) {
  const std::string path = Put(owner_, "one");
  Overwrite("externalartifact/ns/app-development/.openchoreo-gitops-12.tmp", "on");
  EXPECT_EQ(store_->usage().files, 2u);
  Open();
  EXPECT_EQ(store_->usage().files, 1u);
  EXPECT_EQ(Read(path), "one");
}

TEST_F(StoreTest, CollectsByAgeAndNumber) {
  std::vector<std::string> paths;
  for (int i = 0; i < 6; ++i) {
    paths.push_back(Put(owner_, std::to_string(i)));
    timespec times[2] = {{1'700'000'000 + i, 0}, {1'700'000'000 + i, 0}};
    ::utimensat(AT_FDCWD, (root_ + "/" + paths.back()).c_str(), times, 0);
  }
  // 0 is announced; 4 and 5 have just been retired, the others long ago.
  store_->Retire(paths[4]);
  store_->Retire(paths[5]);
  EXPECT_EQ(store_->Collect(owner_, {paths[0]}, seconds(600), 5), 3u);
  EXPECT_TRUE(store_->Holds(paths[0]));
  EXPECT_FALSE(store_->Holds(paths[1]));
  EXPECT_TRUE(store_->Holds(paths[4]));
  EXPECT_EQ(store_->Collect(owner_, {paths[0]}, seconds(600), 1), 1u);
  EXPECT_EQ(store_->usage().files, 2u);
  EXPECT_EQ(store_->Collect(owner_, {}, seconds(0), 0), 2u);
  EXPECT_TRUE(store_->Owners().empty()) << "empty folders go";
}

TEST_F(StoreTest, RemovesAnOwner) {
  const std::string path = Put(owner_, "one");
  const std::string other = Put({"ns", "other"}, "one");
  EXPECT_THAT(store_->Owners(), ElementsAre(owner_, Owner{"ns", "other"}));
  store_->Remove(owner_);
  EXPECT_EQ(Read(path), "-");
  EXPECT_EQ(Read(other), "one");
}

TEST_F(StoreTest, ADiskThatRefusesIsAnError) {
  Put(owner_, "one");
  if (::geteuid() != 0) {
    ::chmod((root_ + "/externalartifact").c_str(), 0500);
    EXPECT_FALSE(store_->Put({"ns2", "x"}, "one", "sha256:" + base::Sha256Hex("one")));
    ::chmod((root_ + "/externalartifact").c_str(), 0700);
  }
  std::ofstream(root_ + "/externalartifact/file") << "in the way";
  auto refused = store_->Put({"file", "x"}, "one", "sha256:" + base::Sha256Hex("one"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnreadableSource);
  EXPECT_FALSE(Store::Open(root_ + "/missing"));
}

TEST(StorePath, OnlyExactlyThatForm) {
  const std::string hex(64, 'a');
  const auto good = ParseStorePath("externalartifact/ns/a.b-c/" + hex + ".tar.gz");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->owner, (Owner{"ns", "a.b-c"}));
  EXPECT_EQ(good->hex, hex);
  for (const std::string& bad :
       {std::string(""), std::string("externalartifact"),
        "/externalartifact/ns/a/" + hex + ".tar.gz", "externalartifact/ns/a/" + hex + ".tar.gz/",
        "externalartifact/ns/../" + hex + ".tar.gz", "externalartifact/ns/.a/" + hex + ".tar.gz",
        "externalartifact//a/" + hex + ".tar.gz", "externalartifact/ns/a/b/" + hex + ".tar.gz",
        "externalartifact/ns/a/" + hex + ".tar.gz.lock",
        "externalartifact/ns/a/" + std::string(64, 'A') + ".tar.gz",
        "externalartifact/ns/a%2f/" + hex + ".tar.gz", "gitrepository/ns/a/" + hex + ".tar.gz"}) {
    EXPECT_FALSE(ParseStorePath(bad)) << bad;
  }
}

TEST(StorePath, IsOfOneOwnerAndDigest) {
  const std::string hex(64, 'a');
  const Owner owner{"ns", "app"};
  const std::string path = StorePath(owner, "sha256:" + hex);
  EXPECT_TRUE(IsStorePathOf(owner, "sha256:" + hex, path));
  EXPECT_FALSE(IsStorePathOf({"ns", "other"}, "sha256:" + hex, path));
  EXPECT_FALSE(IsStorePathOf({"other", "app"}, "sha256:" + hex, path));
  for (const std::string& digest : {"sha256:" + std::string(64, 'b'), "sha512:" + hex, hex,
                                    std::string(), "sha256:" + hex + "a"}) {
    EXPECT_FALSE(IsStorePathOf(owner, digest, path)) << digest;
  }
  EXPECT_FALSE(IsStorePathOf(owner, "sha256:" + hex, ""));
}

}  // namespace
}  // namespace openchoreo::flux
