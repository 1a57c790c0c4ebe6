// The acceptance checklist of the plugin contract, over a real unix socket. Rendering is scripted
// (scripted_renderer.cc), so that what matters here can be made at will.
#include "argocd-cmp/server.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "argocd-cmp/commands.h"
#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/base/sha256.h"
#include "common/platform/service/log.h"
#include "test/support/archive_builder.h"

namespace openchoreo::argocd {
namespace {

using namespace std::chrono_literals;
using test::ArchiveEntry;
using test::BuildArchive;
using testing::HasSubstr;
using Stub = plugin::ConfigManagementPluginService::Stub;

struct Ask {
  std::string archive;
  std::string path = ".";
  std::vector<std::pair<std::string, std::string>> env = {};
  std::string checksum = "";
  std::size_t chunk = 1024;
  std::chrono::milliseconds deadline = 20s;
  std::size_t send_at_most = std::string::npos;  // bytes, then half-close
};

struct Answer {
  grpc::Status status;
  plugin::ManifestResponse response;
  std::chrono::milliseconds took{};
  bool all_sent = false;
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/cmp-server-XXXXXX";
    folder_ = mkdtemp(name);
    options_.socket = folder_ + "/openchoreo.sock";
    options_.grace = 2s;
    service::StartLog(service::LogLevel::kError);
  }

  void TearDown() override {
    server_.reset();
    EXPECT_NE(access(options_.socket.c_str(), F_OK), 0) << "the socket is left behind";
    std::error_code ignored;
    rmdir(folder_.c_str());
  }

  void Start(GenerationOptions generation = {}) {
    generation_ = std::make_unique<Generation>(generation, &git_, &kustomize_);
    server_ = std::make_unique<Server>(options_, generation_.get(), &contents_, &metrics_);
    auto started = server_->Start();
    ASSERT_TRUE(started) << started.error().message;
  }

  std::unique_ptr<Stub> Connect(const std::string& authority = "") {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    // Each channel its own connection, as repo-server has one per request.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    if (!authority.empty()) arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, authority);
    return plugin::ConfigManagementPluginService::NewStub(grpc::CreateCustomChannel(
        "unix:" + options_.socket, grpc::InsecureChannelCredentials(), arguments));
  }

  static void Fill(plugin::ManifestRequestMetadata* metadata, const Ask& ask) {
    metadata->set_appname("app");
    metadata->set_apprelpath(ask.path);
    metadata->set_checksum(ask.checksum.empty() ? base::Sha256Hex(ask.archive) : ask.checksum);
    metadata->set_size(static_cast<std::int64_t>(ask.archive.size()));
    for (const auto& [name, value] : ask.env) {
      auto* entry = metadata->add_env();
      entry->set_name(name);
      entry->set_value(value);
    }
  }

  Answer Generate(Stub& stub, const Ask& ask) {
    Answer answer;
    auto begin = std::chrono::steady_clock::now();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + ask.deadline);
    auto writer = stub.GenerateManifest(&context, &answer.response);
    plugin::AppStreamRequest message;
    Fill(message.mutable_metadata(), ask);
    answer.all_sent = writer->Write(message);
    std::size_t end = std::min(ask.send_at_most, ask.archive.size());
    for (std::size_t at = 0; at < end && answer.all_sent; at += ask.chunk) {
      message.mutable_file()->set_chunk(ask.archive.substr(at, std::min(ask.chunk, end - at)));
      answer.all_sent = writer->Write(message);
    }
    writer->WritesDone();
    answer.status = writer->Finish();
    answer.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return answer;
  }

  Answer Generate(const Ask& ask) { return Generate(*Connect(), ask); }

  static std::string Noise(std::size_t bytes) {
    std::string noise(bytes, '\0');
    std::uint32_t state = 1;
    for (char& c : noise) {
      state = state * 1664525u + 1013904223u;
      c = static_cast<char>(state >> 24);
    }
    return noise;
  }

  std::string folder_;
  ServerOptions options_;
  source::ContentStore contents_;
  GitSources git_{GitOptions{}, &contents_};
  process::KustomizeBuild kustomize_{"", "/tmp", {}};
  Metrics metrics_;
  std::unique_ptr<Generation> generation_;
  std::unique_ptr<Server> server_;
};

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
  std::thread busy([&] { Generate({.archive = BuildArchive({{"a.yaml", "sleep: 1500"}})}); });
  std::this_thread::sleep_for(300ms);
  std::string large = BuildArchive({{"a.yaml", "x"}, {"noise.bin", Noise(4 << 20)}});
  Answer answer = Generate({.archive = large, .chunk = 65536, .deadline = 800ms});
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("while waiting for a free worker"));
  EXPECT_TRUE(answer.all_sent);
  EXPECT_LE(answer.took, 750ms);
  busy.join();
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
  EXPECT_EQ(answer.status.error_message(), "release.yaml:1: cannot render: no such key");
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

TEST_F(ServerTest, StaleSocketIsReplacedALiveOneIsNot) {
  // Stale: bound, never listened on again.
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", options_.socket.c_str());
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(fd);
  Start();
  Server second(options_, generation_.get(), &contents_, &metrics_);
  auto started = second.Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("another server listens"));
  ServerOptions longer = options_;
  longer.socket = folder_ + "/" + std::string(120, 's');
  started = Server(longer, generation_.get(), &contents_, &metrics_).Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("longer than the 107 bytes"));
  ServerOptions file = options_;
  file.socket = folder_ + "/file";
  std::ofstream(file.socket) << "x";
  started = Server(file, generation_.get(), &contents_, &metrics_).Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("is no socket"));
  unlink(file.socket.c_str());
}

TEST_F(ServerTest, StopLetsRunningCallsEndAndAnswersTheRest) {
  options_.grace = 600ms;
  Start();
  Answer quick, slow;
  std::thread a([&] { quick = Generate({.archive = BuildArchive({{"a.yaml", "sleep: 400"}})}); });
  std::thread b([&] { slow = Generate({.archive = BuildArchive({{"b.yaml", "sleep: 30000"}})}); });
  std::this_thread::sleep_for(150ms);
  server_->Stop();
  a.join();
  b.join();
  EXPECT_TRUE(quick.status.ok()) << quick.status.error_message();
  EXPECT_EQ(slow.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(slow.status.error_message(), HasSubstr("being stopped"));
}

TEST_F(ServerTest, PingsAsArgoCdSendsThem) {
  options_.keepalive_min = 100ms;
  Start();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 200);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  auto stub = plugin::ConfigManagementPluginService::NewStub(grpc::CreateCustomChannel(
      "unix:" + options_.socket, grpc::InsecureChannelCredentials(), arguments));
  Answer answer = Generate(*stub, {.archive = BuildArchive({{"a.yaml", "sleep: 2500"}})});
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
}

// Two of one question render once; the metrics say which answer came from where.
TEST_F(ServerTest, TheSameQuestionIsRenderedOnce) {
  options_.workers = 8;
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> ok{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      ok += Generate({.archive = BuildArchive({{"a.yaml", "sleep: 500"}})}).status.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, 6);
  EXPECT_THAT(metrics_.Text(), HasSubstr(R"(answers_total{source="rendered"} 1)"));
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      auto stub = Connect();
      for (int i = 0; i < 20; ++i) {
        std::string text = std::to_string(t) + "-" + std::to_string(i % 5);
        Answer answer = Generate(*stub, {.archive = BuildArchive({{"a.yaml", text}})});
        if (!answer.status.ok() || answer.response.manifests_size() != 1 ||
            answer.response.manifests(0).find("\"text\":\"" + text + "\"") == std::string::npos) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace openchoreo::argocd
