#include "flux-source/source_fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "common/artifact/digest.h"
#include "common/artifact/tar_writer.h"
#include "common/platform/http/server.h"

namespace openchoreo::flux {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const SourceKey kKey{"GitRepository", "ns", "repo"};

class SourceFetchTest : public testing::Test {
 protected:
  SourceFetchTest() {
    auto packed = artifact::Pack(
        {{"a/b/one.yaml", {"x: 1\n"}}, {"a/readme.md", {"words"}}, {"two.yaml", {"y"}}}, {1 << 20});
    EXPECT_TRUE(packed);
    archive_ = packed->bytes;
    artifact_.digest = packed->digest;
    artifact_.revision = "main@sha1:1";
    server_.Handle("/", [this](const http::Request& request) {
      ++hits_;
      http::Response response;
      response.status = failures_ > 0 ? (--failures_, 503) : request.path == "/gone" ? 404 : 200;
      response.body = response.status == 200 ? archive_ : "no";
      return response;
    });
    http::ServerOptions options;
    options.address = "127.0.0.1:0";
    EXPECT_TRUE(server_.Bind(options));
    EXPECT_TRUE(server_.Start());
    artifact_.url = "http://127.0.0.1:" + std::to_string(server_.port()) + "/x.tar.gz";
    options_.first_wait = milliseconds(1);
  }

  base::Result<std::shared_ptr<const SourceFiles>> Get(const SourceKey& key = kKey) {
    {
      const std::lock_guard lock(making_);
      if (!fetcher_) fetcher_ = std::make_unique<SourceFetcher>(client_, contents_, options_);
    }
    return fetcher_->Get(key, artifact_,
                         std::chrono::steady_clock::now() + std::chrono::seconds(30), {});
  }

  std::string archive_;
  std::atomic<int> hits_{0}, failures_{0};
  http::Server server_;
  http::Client client_;
  source::ContentStore contents_;
  FetchOptions options_;
  std::mutex making_;
  std::unique_ptr<SourceFetcher> fetcher_;  // made by the first Get, with the options of then
  Artifact artifact_;
};

TEST_F(SourceFetchTest, GivesFilesThatMayMatterAndAllFolders) {
  auto files = Get();
  ASSERT_TRUE(files) << files.error().message;
  std::vector<std::string> paths;
  for (const source::SourceFile& file : (*files)->files) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("a/b/one.yaml", "two.yaml"));
  for (const char* folder : {"", "a", "a/b"}) EXPECT_TRUE((*files)->HasFolder(folder)) << folder;
  for (const char* folder : {"b", "a/", "a/b/c", "two.yaml", "a/b/one.yaml"}) {
    EXPECT_FALSE((*files)->HasFolder(folder)) << folder;
  }
}

TEST_F(SourceFetchTest, OnceForAllWhoAskOfOneObject) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { EXPECT_TRUE(Get()); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hits_, 1);
  EXPECT_TRUE(Get({"GitRepository", "other", "repo"}));
  EXPECT_EQ(hits_, 2) << "another object's archive is its own, though the digest is one";
  artifact_.url += "?again";
  EXPECT_TRUE(Get());
  EXPECT_EQ(hits_, 3);
}

TEST_F(SourceFetchTest, WhatDidNotChangeIsSharedWithTheFormerArchive) {
  const auto former = Get();
  ASSERT_TRUE(former) << former.error().message;
  const auto packed = artifact::Pack(
      {{"a/b/one.yaml", {"x: 1\n"}}, {"new.yaml", {"n"}}, {"two.yaml", {"z"}}}, {1 << 20});
  ASSERT_TRUE(packed);
  archive_ = packed->bytes;
  artifact_.digest = packed->digest;
  const auto now = Get();
  ASSERT_TRUE(now) << now.error().message;
  const auto& files = (*now)->files;
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].content, (*former)->files[0].content);
  EXPECT_EQ(files[0].digest, base::Sha256("x: 1\n"));
  EXPECT_EQ(*files[1].content + *files[2].content, "nz");
  EXPECT_EQ(files[2].digest, base::Sha256("z"));
  EXPECT_EQ((*now)->bytes, 7u);
}

TEST_F(SourceFetchTest, KeepsNoMoreThanItMay) {
  options_.keep_bytes = 0;
  EXPECT_TRUE(Get());
  EXPECT_EQ(fetcher_->kept_bytes(), 0u);
  EXPECT_TRUE(Get());
  EXPECT_EQ(hits_, 2);
}

TEST_F(SourceFetchTest, TriesAgainWhereThatMayHelp) {
  failures_ = 3;
  EXPECT_TRUE(Get());
  EXPECT_EQ(hits_, 4);
  failures_ = 100;
  auto refused = Get({"Bucket", "ns", "b"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(hits_, 8);
  failures_ = 0;
  hits_ = 0;
  artifact_.url.replace(artifact_.url.find("x.tar.gz"), 8, "gone");
  EXPECT_THAT(Get({"Bucket", "ns", "c"}).error().message, HasSubstr("404"));
  EXPECT_EQ(hits_, 1);
}

TEST_F(SourceFetchTest, ChecksTheDigestBeforeAnythingIsRead) {
  artifact::DigestStream sha512(artifact::DigestAlgorithm::kSha512);
  sha512.Update(archive_);
  artifact_.digest = artifact::ToString(sha512.Finish());
  EXPECT_TRUE(Get());
  artifact_.digest.back() = artifact_.digest.back() == '0' ? '1' : '0';
  auto refused = Get();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the digest of"));
  artifact_.digest = "sha1:" + std::string(40, '0');
  EXPECT_THAT(Get().error().message, HasSubstr("unsupported digest algorithm"));
}

TEST_F(SourceFetchTest, BoundsSizeAndFiles) {
  options_.max_bytes = 20;
  auto refused = Get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_THAT(refused.error().message, HasSubstr("--source-max-size"));
  fetcher_.reset();
  options_.max_bytes = 1 << 20;
  options_.max_files = 4;
  refused = Get();
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_THAT(refused.error().message, HasSubstr("the largest folders so far: a (5 bytes)"));
}

TEST_F(SourceFetchTest, EndsWithItsTime) {
  SourceFetcher fetcher(client_, contents_, options_);
  auto late = fetcher.Get(kKey, artifact_, std::chrono::steady_clock::now(), {});
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("spec.timeout"));
  EXPECT_EQ(hits_, 0);
}

}  // namespace
}  // namespace openchoreo::flux
