// A server on a unix socket of its own, and a client that asks it, for tests. Rendering is scripted
// (scripted_renderer.cc), so that what matters can be made at will.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "argocd-cmp/server.h"
#include "common/base/sha256.h"
#include "common/platform/service/log.h"

namespace openchoreo::argocd {

using PluginStub = plugin::ConfigManagementPluginService::Stub;

struct Ask {
  std::string archive;
  std::string path = ".";
  std::vector<std::pair<std::string, std::string>> env = {};
  std::string checksum = "";
  std::size_t chunk = 1024;
  std::chrono::milliseconds deadline = std::chrono::seconds(20);
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
    options_.grace = std::chrono::seconds(2);
    service::StartLog(service::LogLevel::kError);
  }

  void TearDown() override {
    server_.reset();
    EXPECT_NE(access(options_.socket.c_str(), F_OK), 0) << "the socket is left behind";
    std::error_code ignored;
    rmdir(folder_.c_str());
  }

  void Start(GenerationOptions generation = {}, GitSources* git = nullptr) {
    generation_ = std::make_unique<Generation>(generation, git ? git : &git_, &kustomize_);
    server_ = std::make_unique<Server>(options_, generation_.get(), &contents_, &metrics_);
    auto started = server_->Start();
    ASSERT_TRUE(started) << started.error().message;
  }

  std::unique_ptr<PluginStub> Connect(const std::string& authority = "") {
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

  Answer Generate(PluginStub& stub, const Ask& ask) {
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

}  // namespace openchoreo::argocd
