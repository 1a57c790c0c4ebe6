// The acceptance checklist of the plugin contract, over a real unix socket.
#include "argocd-cmp/server.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "argocd-cmp/commands.h"
#include "argocd-cmp/server_for_tests.h"
#include "test/support/archive_builder.h"

namespace openchoreo::argocd {
namespace {

using namespace std::chrono_literals;
using test::ArchiveEntry;
using test::BuildArchive;
using testing::HasSubstr;

TEST_F(ServerTest, ChecksConfiguration) {
  Start();
  grpc::ClientContext context;
  plugin::CheckPluginConfigurationResponse response;
  ASSERT_TRUE(Connect()->CheckPluginConfiguration(&context, {}, &response).ok());
  EXPECT_FALSE(response.isdiscoveryconfigured());
  EXPECT_FALSE(response.providegitcreds());
  EXPECT_EQ(RunHealth(options_.socket), 0);
}

// Checklist 1: chunk sizes, .git in the archive and left out, shrunk root, percent-encoded
// authority.
TEST_F(ServerTest, GeneratesWhateverTheChunks) {
  Start();
  std::vector<ArchiveEntry> files = {{".git/objects/x.yaml", Noise(300'000)},
                                     {"apps/one/a.yaml", "kind: A\n"},
                                     {"apps/two/b.yaml", "kind: B\n"}};
  for (std::size_t chunk : {std::size_t{1024}, std::size_t{4} << 20}) {
    Answer answer = Generate({.archive = BuildArchive(files),
                              .path = "apps/one",
                              .env = {{"ARGOCD_APP_NAMESPACE", "dest"}},
                              .chunk = chunk});
    ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
    ASSERT_EQ(answer.response.manifests_size(), 1);
    EXPECT_EQ(answer.response.manifests(0),
              R"({"file":"apps/one/a.yaml","namespace":"dest","text":"kind: A\n"})");
  }
  files.erase(files.begin());
  EXPECT_EQ(Generate({.archive = BuildArchive(files), .path = "."}).response.manifests_size(), 2);
  // Shrunk root: the archive begins at apps/.
  Answer shrunk =
      Generate({.archive = BuildArchive({{"one/a.yaml", "kind: A\n"}}), .path = "./one"});
  EXPECT_EQ(shrunk.response.manifests_size(), 1);
}

TEST_F(ServerTest, AcceptsTheAuthorityGoSends) {
  Start();
  auto stub = Connect("%2Fhome%2Fargocd%2Fcmp-server%2Fplugins%2Fopenchoreo.sock");
  Answer answer = Generate(*stub, {.archive = BuildArchive({{"a.yaml", "x"}})});
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
}

// Checklist 2: the error is ours, and the client could send everything before it came.
TEST_F(ServerTest, EarlyErrorsDrainTheStream) {
  Start();
  std::string large = BuildArchive({{"a.yaml", "x"}, {"noise.bin", Noise(20 << 20)}});
  Answer answer = Generate({.archive = large,
                            .env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"nope"}])"}},
                            .chunk = 65536});
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("unknown parameter \"nope\""));
  EXPECT_TRUE(answer.all_sent);
  answer = Generate({.archive = large, .checksum = std::string(64, '0'), .chunk = 65536});
  EXPECT_THAT(answer.status.error_message(), HasSubstr("file checksum validation error"));
  EXPECT_TRUE(answer.all_sent);
}

TEST_F(ServerTest, AnswersBeforeTheDeadlineNamingThePhase) {
  Start();
  for (int sleep : {5'000, 60'000}) {
    Answer answer = Generate(
        {.archive = BuildArchive({{"a.yaml", "sleep: " + std::to_string(sleep)}}), .deadline = 1s});
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    EXPECT_THAT(answer.status.error_message(), HasSubstr("exceeded while rendering"));
    EXPECT_THAT(answer.status.error_message(), HasSubstr("controller.repo.server.timeout.seconds"));
    EXPECT_LE(answer.took, 950ms);
  }
}

TEST_F(ServerTest, DeadlineWhileWaitingForAWorker) {
  options_.workers = 1;
  Start();
  const auto occupy = [&] {
    Generate({.archive = BuildArchive({{"a.yaml", "sleep: 60000"}}), .deadline = 3s});
  };
  std::thread one(occupy), other(occupy);
  while (server_->waiting() == 0) std::this_thread::sleep_for(1ms);
  std::string large = BuildArchive({{"a.yaml", "x"}, {"noise.bin", Noise(4 << 20)}});
  Answer answer = Generate({.archive = large, .chunk = 65536, .deadline = 800ms});
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("while waiting for a free worker"));
  EXPECT_TRUE(answer.all_sent);
  EXPECT_LE(answer.took, 750ms);
  one.join();
  other.join();
}

TEST_F(ServerTest, QueueIsBounded) {
  options_.workers = 1;
  options_.max_waiting = 1;
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> busy{0}, done{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      Answer answer = Generate({.archive = BuildArchive({{"a.yaml", "sleep: 2000"}})});
      if (answer.status.ok()) ++done;
      if (answer.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++busy;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(done, 1);
  EXPECT_GE(busy, 1);
  EXPECT_EQ(done + busy, 6);
}

TEST_F(ServerTest, CancelledWorkStops) {
  options_.workers = 1;
  Start();
  auto stub = Connect();
  grpc::ClientContext context;
  plugin::ManifestResponse response;
  auto writer = stub->GenerateManifest(&context, &response);
  Ask ask{.archive = BuildArchive({{"a.yaml", "sleep: 60000"}})};
  plugin::AppStreamRequest message;
  Fill(message.mutable_metadata(), ask);
  writer->Write(message);
  message.mutable_file()->set_chunk(ask.archive);
  writer->Write(message);
  writer->WritesDone();
  std::this_thread::sleep_for(200ms);
  context.TryCancel();
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // The one worker is free again.
  EXPECT_TRUE(Generate({.archive = BuildArchive({{"a.yaml", "x"}}), .deadline = 5s}).status.ok());
}

TEST_F(ServerTest, TruncatedStreams) {
  Start();
  std::string archive = BuildArchive({{"a.yaml", Noise(50'000)}});
  for (std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{5000}, archive.size() - 1}) {
    Answer answer = Generate({.archive = archive, .send_at_most = bytes});
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(answer.status.error_message(), HasSubstr("file checksum validation error"));
  }
}

// Checklist 3: the same tree and environment give the same bytes, however the archive was made.
TEST_F(ServerTest, SameTreeSameBytesAndItsOwnOnly) {
  Start();
  Ask one{.archive = BuildArchive({{"b.yaml", "2"}, {"a.yaml", "1"}}),
          .env = {{"PARAM_X", "1"}, {"PARAM_Y", "2"}}};
  Ask two{.archive = BuildArchive({{"a.yaml", "1"}, {"z.txt", "?"}, {"b.yaml", "2"}}),
          .env = {{"PARAM_Y", "2"}, {"PARAM_X", "1"}}};
  std::string first = Generate(one).response.SerializeAsString();
  EXPECT_EQ(first, Generate(two).response.SerializeAsString());
  EXPECT_THAT(metrics_.Text(), HasSubstr(R"(answers_total{source="cache"} 1)"));
  // Another namespace, another content, another path: never another's answer.
  Ask namespaced = one;
  namespaced.env.emplace_back("ARGOCD_APP_NAMESPACE", "other");
  EXPECT_NE(first, Generate(namespaced).response.SerializeAsString());
  EXPECT_NE(first, Generate({.archive = BuildArchive({{"b.yaml", "2"}, {"a.yaml", "x"}})})
                       .response.SerializeAsString());
  EXPECT_NE(first, Generate({.archive = BuildArchive({{"b.yaml", "2"}, {"c.yaml", "1"}})})
                       .response.SerializeAsString());
  server_.reset();
  Start();
  EXPECT_EQ(first, Generate(one).response.SerializeAsString());
}

// Checklist 4.
TEST_F(ServerTest, TooLargeAnswersSaySo) {
  GenerationOptions generation;
  generation.max_response_bytes = 100u << 20;
  Start(generation);
  Answer answer = Generate({.archive = BuildArchive({{"a.yaml", "objects: 101 1048576"}})});
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(),
              HasSubstr("the 101 rendered manifests have 101.0 MiB, more than the 100.0 MiB one "
                        "answer may have"));
  EXPECT_THAT(answer.status.error_message(), HasSubstr("ARGOCD_GRPC_MAX_SIZE_MB"));
  answer = Generate({.archive = BuildArchive({{"a.yaml", "objects: 99 1048576"}})});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.response.manifests_size(), 99);
}

// Checklist 5.
TEST_F(ServerTest, HostileArchives) {
  options_.receive.limits.max_entries = 90'000;
  options_.receive.limits.max_inflated_bytes = 300u << 20;
  Start();
  std::vector<ArchiveEntry> many(100'000, ArchiveEntry{"f", ""});
  const std::pair<std::string, const char*> cases[] = {
      {BuildArchive({{"../a.yaml", "x"}}), "leaves the archive"},
      {BuildArchive({{"/a.yaml", "x"}}), "is absolute"},
      {BuildArchive({{"l.yaml", "", AE_IFLNK, "../../etc/passwd"}}), "points out of the archive"},
      {BuildArchive({{"a\xff\xfe.yaml", "x"}}), "is not UTF-8"},
      {BuildArchive({{"bomb.bin", std::string(400u << 20, '\0')}}), "inflates to more than"},
      {BuildArchive(many), "more than 90000 entries"},
      {"no archive", "not a readable tar.gz"},
  };
  for (const auto& [archive, want] : cases) {
    Answer answer = Generate({.archive = archive, .chunk = 65536});
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << want;
    EXPECT_THAT(answer.status.error_message(), HasSubstr(want));
    EXPECT_TRUE(answer.all_sent);
  }
  EXPECT_TRUE(Generate({.archive = BuildArchive({{"a.yaml", "x"}})}).status.ok());
}

TEST_F(ServerTest, FindingsComeFirstAndAreBounded) {
  Start();
  Answer answer =
      Generate({.archive = BuildArchive({{"release.yaml", "fail: cannot render: no such key"}})});
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(answer.status.error_message(),
            "release.yaml:1: cannot render: no such key\n1 error; 0 bindings read");
  std::vector<ArchiveEntry> files;
  for (int i = 0; i < 100; ++i)
    files.push_back({std::to_string(i) + ".yaml", "fail: " + std::string(90, 'e')});
  answer = Generate({.archive = BuildArchive(files)});
  EXPECT_LE(answer.status.error_message().size(), 2048u);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("… and "));
}

TEST_F(ServerTest, EmptyResultIsAnErrorUnlessAllowed) {
  Start();
  Ask ask{.archive = BuildArchive({{"readme.md", "x"}})};
  EXPECT_EQ(Generate(ask).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ask.env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"allowEmpty","string":"true"}])"}};
  Answer answer = Generate(ask);
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.response.manifests_size(), 0);
}

TEST_F(ServerTest, KustomizationWithoutKustomizeSaysWhatIsMissing) {
  Start();
  Ask ask{.archive = BuildArchive({{"app/Kustomization", "resources: []"}, {"app/a.yaml", "x"}}),
          .path = "app"};
  EXPECT_TRUE(Generate(ask).status.ok());
  ask.env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"kustomize","string":"true"}])"}};
  Answer answer = Generate(ask);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("this image has no kustomize"));
  ask.path = ".";
  EXPECT_THAT(Generate(ask).status.error_message(), HasSubstr("holds no kustomization.yaml"));
}

TEST_F(ServerTest, SourcesOfTheSameRepository) {
  Start();
  Ask ask{.archive =
              BuildArchive({{"platform/p.yaml", "p"}, {"apps/a.yaml", "a"}, {"other/o.yaml", "o"}}),
          .path = "apps",
          .env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"sources","array":["/platform"]}])"}}};
  Answer answer = Generate(ask);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.response.manifests_size(), 2);
  EXPECT_THAT(answer.response.manifests(1), HasSubstr("platform/p.yaml"));
  ask.env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"sources","array":["/absent"]}])"}};
  EXPECT_THAT(Generate(ask).status.error_message(), HasSubstr("no folder \"/absent\""));
  ask.env = {{"ARGOCD_APP_PARAMETERS",
              R"([{"name":"sources","array":["https://h/p?ref=)" + std::string(40, 'a') + "\"]}]"}};
  EXPECT_THAT(Generate(ask).status.error_message(), HasSubstr("--allow-source"));
}

TEST_F(ServerTest, AnnouncesParametersWithWhatTheTreeHolds) {
  Start();
  auto stub = Connect();
  grpc::ClientContext context;
  plugin::ParametersAnnouncementResponse response;
  auto writer = stub->GetParametersAnnouncement(&context, &response);
  Ask ask{.archive = BuildArchive({{"dev.yaml", "x"}})};
  plugin::AppStreamRequest message;
  Fill(message.mutable_metadata(), ask);
  writer->Write(message);
  message.mutable_file()->set_chunk(ask.archive);
  writer->Write(message);
  writer->WritesDone();
  ASSERT_TRUE(writer->Finish().ok());
  ASSERT_GT(response.parameterannouncements_size(), 10);
  const auto& environments = response.parameterannouncements(1);
  EXPECT_EQ(environments.name(), "environments");
  EXPECT_EQ(environments.title(), "Environments");
  EXPECT_EQ(environments.collectiontype(), "array");
  ASSERT_EQ(environments.array_size(), 1);
  EXPECT_EQ(environments.array(0), "dev.yaml");
}

}  // namespace
}  // namespace openchoreo::argocd
