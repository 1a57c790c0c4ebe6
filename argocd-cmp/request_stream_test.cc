#include "argocd-cmp/request_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/base/sha256.h"
#include "test/support/archive_builder.h"

namespace openchoreo::argocd {
namespace {

using base::ErrorCode;
using test::BuildArchive;
using testing::HasSubstr;

class Script final : public MessageSource {
 public:
  void Add(const plugin::AppStreamRequest& message) {
    std::string bytes = message.SerializeAsString();
    grpc::Slice slice(bytes);
    messages_.emplace_back(&slice, 1);
  }

  void AddRaw(const std::string& bytes) {
    grpc::Slice slice(bytes);
    messages_.emplace_back(&slice, 1);
  }

  base::Result<std::vector<grpc::ByteBuffer>> Next() override {
    std::vector<grpc::ByteBuffer> batch;
    for (int i = 0; i < 3 && !messages_.empty(); ++i) {
      batch.push_back(std::move(messages_.front()));
      messages_.pop_front();
    }
    if (batch.empty()) ended_ = true;
    return batch;
  }

  bool ended() const { return ended_; }

 private:
  std::deque<grpc::ByteBuffer> messages_;
  bool ended_ = false;
};

void AddArchive(Script& script, const std::string& archive, std::size_t chunk = 100) {
  for (std::size_t at = 0; at < archive.size(); at += chunk) {
    plugin::AppStreamRequest message;
    message.mutable_file()->set_chunk(archive.substr(at, chunk));
    script.Add(message);
  }
}

plugin::AppStreamRequest Metadata(const std::string& archive, const std::string& path = "app") {
  plugin::AppStreamRequest message;
  auto* metadata = message.mutable_metadata();
  metadata->set_appname("app");
  metadata->set_apprelpath(path);
  metadata->set_checksum(base::Sha256Hex(archive));
  metadata->set_size(static_cast<std::int64_t>(archive.size()));
  auto* entry = metadata->add_env();
  entry->set_name("A");
  entry->set_value("1");
  return message;
}

base::Result<Request> RunScript(Script& script, ReceiveOptions options = {}) {
  source::ContentStore contents;
  return Receive(script, contents, options, [](const RequestMetadata&) -> base::Result<FileFilter> {
    return FileFilter([](std::string_view path) { return path.ends_with(".yaml"); });
  });
}

std::string Good() {
  return BuildArchive({{"app/a.yaml", "one"}, {"app/b.txt", "two"}, {"c.yaml", "three"}});
}

TEST(RequestStream, ReadsMetadataAndFiles) {
  const std::string archive = Good();  // made once: its entries carry the time
  for (std::size_t chunk : {std::size_t{1}, std::size_t{100}, std::size_t{1} << 20}) {
    Script script;
    script.Add(Metadata(archive, "./app/"));
    AddArchive(script, archive, chunk);
    ReceiveOptions options;
    options.keep_archive_bytes = 1 << 20;
    auto request = RunScript(script, options);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->metadata.app_path, "app");
    EXPECT_EQ(Lookup(request->metadata.environment, "A"), "1");
    ASSERT_EQ(request->files.size(), 2u);
    EXPECT_EQ(request->files[0].path, "app/a.yaml");
    EXPECT_EQ(*request->files[0].content, "one");
    EXPECT_EQ(request->files[1].path, "c.yaml");
    ASSERT_TRUE(request->archive_bytes);
    EXPECT_TRUE(*request->archive_bytes == archive);
    EXPECT_TRUE(script.ended());
  }
}

// What nobody wants is no reason to refuse all else.
TEST(RequestStream, AFileOverTheLimitIsKeptAsFarAsItMustBeToldOf) {
  const std::string ours = "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\n";
  ReceiveOptions options;
  options.limits.max_file_bytes = 1000;
  const std::string archive = BuildArchive({{"data.yaml", "{" + std::string(5000, ' ') + "}"},
                                            {"ours.yaml", ours + std::string(5000, '#')},
                                            {"small.yaml", "a: 1\n"}});
  Script script;
  script.Add(Metadata(archive));
  AddArchive(script, archive, 1 << 20);
  const auto request = RunScript(script, options);
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->files.size(), 3u);
  EXPECT_EQ(request->files[0].content->size(), 1001u);
  EXPECT_EQ(request->files[1].content->size(), 1001u);
  EXPECT_TRUE(request->files[1].content->starts_with(ours));
  EXPECT_EQ(*request->files[2].content, "a: 1\n");
}

TEST(RequestStream, ArchiveBeyondWhatMayBeKeptIsNotKept) {
  Script script;
  script.Add(Metadata(Good()));
  AddArchive(script, Good());
  ReceiveOptions options;
  options.keep_archive_bytes = 10;
  auto request = RunScript(script, options);
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->archive_bytes);
}

TEST(RequestStream, LaterEntryOfOneNameWins) {
  std::string archive = BuildArchive({{"a.yaml", "old"}, {"b.yaml", "b"}, {"./a.yaml", "new"}});
  Script script;
  script.Add(Metadata(archive));
  AddArchive(script, archive);
  auto request = RunScript(script);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->files.size(), 2u);
  EXPECT_EQ(*request->files[0].content, "new");
}

TEST(RequestStream, Refuses) {
  struct Case {
    const char* name;
    std::function<void(Script&)> fill;
    ErrorCode code;
    const char* text;
  };

  const std::string good = Good();
  const std::string hostile = BuildArchive({{"../a.yaml", "one"}});
  const Case cases[] = {
      {"nothing", [](Script&) {}, ErrorCode::kUnreadableSource, "does not begin with its metadata"},
      {"no metadata", [&](Script& s) { AddArchive(s, good); }, ErrorCode::kUnreadableSource,
       "does not begin"},
      {"not protobuf", [](Script& s) { s.AddRaw("\xff\xff\xff"); }, ErrorCode::kUnreadableSource,
       "cannot be parsed"},
      {"metadata twice",
       [&](Script& s) {
         s.Add(Metadata(good));
         s.Add(Metadata(good));
       },
       ErrorCode::kUnreadableSource, "something else than file pieces"},
      {"checksum",
       [&](Script& s) {
         auto m = Metadata(good);
         m.mutable_metadata()->set_checksum(std::string(64, '0'));
         s.Add(m);
         AddArchive(s, good);
       },
       ErrorCode::kUnreadableSource, "file checksum validation error"},
      {"truncated",
       [&](Script& s) {
         s.Add(Metadata(good));
         AddArchive(s, good.substr(0, good.size() - 30));
       },
       ErrorCode::kUnreadableSource, "file checksum validation error"},
      {"no archive at all", [&](Script& s) { s.Add(Metadata(good)); }, ErrorCode::kUnreadableSource,
       "validation error"},
      {"empty archive", [&](Script& s) { s.Add(Metadata("")); }, ErrorCode::kUnreadableSource,
       "archive is empty"},
      {"intact but hostile",
       [&](Script& s) {
         s.Add(Metadata(hostile));
         AddArchive(s, hostile);
       },
       ErrorCode::kUnreadableSource, "leaves the archive"},
      {"path out of the repository", [&](Script& s) { s.Add(Metadata(good, "../x")); },
       ErrorCode::kUsage, "illegal appPath: out of workDir bound"},
      {"absolute path", [&](Script& s) { s.Add(Metadata(good, "/etc")); }, ErrorCode::kUsage,
       "illegal appPath"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Script script;
    c.fill(script);
    auto request = RunScript(script);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().code, c.code);
    EXPECT_THAT(request.error().message, HasSubstr(c.text));
  }
}

TEST(RequestStream, EnvironmentIsBounded) {
  auto message = Metadata(Good());
  for (int i = 0; i < 100; ++i) {
    auto* entry = message.mutable_metadata()->add_env();
    entry->set_name("N" + std::to_string(i));
    entry->set_value(std::string(1000, 'v'));
  }
  Script script;
  script.Add(message);
  ReceiveOptions options;
  options.max_environment_bytes = 50'000;
  auto request = RunScript(script, options);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::kLimit);
}

TEST(ContentStore, SharesAndForgets) {
  source::ContentStore store;
  source::SourceFile a = store.Intern("a", "same"), b = store.Intern("b", "same"),
                     c = store.Intern("c", "other");
  EXPECT_EQ(a.content, b.content);
  EXPECT_NE(a.content, c.content);
  for (int i = 0; i < 10'000; ++i) store.Intern("x", std::to_string(i));
  EXPECT_LT(store.size(), 5000u);
}

}  // namespace
}  // namespace openchoreo::argocd
