#include "argocd-cmp/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "argocd-cmp/findings.h"
#include "argocd-cmp/log.h"
#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/platform/service/worker_pool.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;

namespace {

namespace cmp = ::plugin;
using PluginService = cmp::ConfigManagementPluginService;
using Base = PluginService::WithRawCallbackMethod_GenerateManifest<
    PluginService::WithRawCallbackMethod_MatchRepository<
        PluginService::WithRawCallbackMethod_GetParametersAnnouncement<
            PluginService::WithCallbackMethod_CheckPluginConfiguration<PluginService::Service>>>>;
using Reactor = grpc::ServerReadReactor<grpc::ByteBuffer>;

const char* CodeName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return "OK";
    case grpc::StatusCode::CANCELLED:
      return "Canceled";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "InvalidArgument";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "DeadlineExceeded";
    case grpc::StatusCode::FAILED_PRECONDITION:
      return "FailedPrecondition";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "ResourceExhausted";
    case grpc::StatusCode::UNAVAILABLE:
      return "Unavailable";
    default:
      return "Internal";
  }
}

// A socket that somebody answers on; a stale one refuses.
bool SomeoneListens(const sockaddr_un& address) {
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  bool connected = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return connected;
}

base::Result<bool> ClearSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Fail(ErrorCode::kUsage, "the socket path \"" + path + "\" is longer than the " +
                                       std::to_string(sizeof address.sun_path - 1) +
                                       " bytes a socket may have");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);

  struct stat info {};

  if (lstat(path.c_str(), &info) != 0) return true;
  if (!S_ISSOCK(info.st_mode))
    return Fail(ErrorCode::kUsage, "\"" + path + "\" exists and is no socket");
  if (SomeoneListens(address))
    return Fail(ErrorCode::kUsage, "another server listens on \"" + path + "\"");
  if (unlink(path.c_str()) != 0) {
    return Fail(ErrorCode::kUsage,
                "cannot remove the stale socket \"" + path + "\": " + std::strerror(errno));
  }
  return true;
}

grpc::Status ToStatus(const Refusal& refusal) { return {StatusCodeOf(refusal.code), refusal.text}; }

}  // namespace

struct Server::State : public Base {
  State(ServerOptions o, Generation* g, ContentStore* c, Metrics* m)
      : options(std::move(o)),
        generation(g),
        contents(c),
        metrics(m),
        pool(std::make_unique<service::WorkerPool>(options.workers, options.max_waiting)) {}

  Reactor* GenerateManifest(grpc::CallbackServerContext* context,
                            grpc::ByteBuffer* response) override {
    return Begin("GenerateManifest", context, response, [this](Call& call) { Generate(call); });
  }

  Reactor* MatchRepository(grpc::CallbackServerContext* context,
                           grpc::ByteBuffer* response) override {
    return Begin("MatchRepository", context, response, [this](Call& call) { Match(call); });
  }

  Reactor* GetParametersAnnouncement(grpc::CallbackServerContext* context,
                                     grpc::ByteBuffer* response) override {
    return Begin("GetParametersAnnouncement", context, response,
                 [this](Call& call) { AnnounceParameters(call); });
  }

  grpc::ServerUnaryReactor* CheckPluginConfiguration(
      grpc::CallbackServerContext* context, const google::protobuf::Empty*,
      cmp::CheckPluginConfigurationResponse* response) override {
    // Discovery would cost a second copy of the repository per request, and one for every untyped
    // Application.
    response->set_isdiscoveryconfigured(false);
    response->set_providegitcreds(options.offer_git_credentials);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  Reactor* Begin(const char* rpc, grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
                 std::function<void(Call&)> work) {
    metrics->CallStarted();
    auto done = [this, rpc](const grpc::Status& status, std::chrono::steady_clock::duration took) {
      metrics->CallEnded(rpc, CodeName(status.error_code()), took);
      if (status.ok()) return;
      LogLine(
          status.error_code() == grpc::StatusCode::INTERNAL ? LogLevel::kError : LogLevel::kInfo,
          "call refused")
          .Add("rpc", rpc)
          .Add("code", CodeName(status.error_code()))
          .Add("ms", std::chrono::duration<double, std::milli>(took).count())
          .Add("reason", status.error_message());
    };
    auto [call, reactor] = Call::Start(context, response, &timer, options.call, std::move(done));
    {
      std::lock_guard lock(mutex);
      std::erase_if(calls, [](const std::weak_ptr<Call>& c) { return c.expired(); });
      calls.push_back(call);
    }
    bool queued = pool->Submit([call = call, work = std::move(work)] {
      if (!call->cancelled()) work(*call);
    });
    if (!queued) {
      call->Finish(
          {grpc::StatusCode::RESOURCE_EXHAUSTED,
           "the plugin is busy: " + std::to_string(options.max_waiting) + " calls wait already"});
    }
    return reactor;
  }

  // Receives the repository for `call`; the call is answered if that fails.
  bool ReceiveFor(Call& call, Request& request, Parameters& parameters) {
    call.SetPhase("receiving the repository");
    ReceiveOptions receive = options.receive;
    auto received = Receive(call, *contents, receive,
                            [&](const RequestMetadata& metadata) -> base::Result<FileFilter> {
                              OC_TRY(parameters, ReadParameters(metadata.environment));
                              if (!parameters.kustomize) receive.keep_archive_bytes = 0;
                              return generation->WantedFiles(metadata, parameters);
                            });
    if (!received) {
      call.Finish(argocd::ToStatus(received.error()));
      return false;
    }
    request = *std::move(received);
    metrics->Received(request.archive.compressed_bytes, request.archive.inflated_bytes,
                      request.files.size());
    return true;
  }

  void Generate(Call& call) {
    auto started = std::chrono::steady_clock::now();
    auto ms = [&] {
      return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
          .count();
    };
    Request request;
    Parameters parameters;
    if (!ReceiveFor(call, request, parameters)) return;
    double received = ms();
    Progress progress;
    progress.phase = [&](const char* phase) { call.SetPhase(phase); };
    progress.cancelled = [&] { return call.cancelled(); };
    auto generated = generation->Generate(request, parameters, progress);
    const Environment& environment = request.metadata.environment;
    if (!generated) {
      LogLine(LogLevel::kInfo, "generation failed")
          .Add("app", Lookup(environment, "ARGOCD_APP_NAME"))
          .Add("revision", Lookup(environment, "ARGOCD_APP_REVISION"))
          .Add("path", request.metadata.app_path)
          .Add("ms", ms());
      call.Finish(ToStatus(generated.error()));
      return;
    }
    const EncodedResponse& response = generated->response;
    LogLine(LogLevel::kInfo, "generated")
        .Add("app", Lookup(environment, "ARGOCD_APP_NAME"))
        .Add("project", Lookup(environment, "ARGOCD_APP_PROJECT_NAME"))
        .Add("revision", Lookup(environment, "ARGOCD_APP_REVISION"))
        .Add("path", request.metadata.app_path)
        .Add("ms", ms())
        .Add("receive_ms", received)
        .Add("archive_bytes", static_cast<std::size_t>(request.archive.compressed_bytes))
        .Add("files", request.files.size())
        .Add("cached", generated->cached)
        .Add("bindings", generated->bindings)
        .Add("manifests", response.manifests)
        .Add("bytes", response.bytes->size());
    for (const std::string& warning : generated->warnings) {
      LogLine(LogLevel::kWarn, "finding")
          .Add("app", Lookup(environment, "ARGOCD_APP_NAME"))
          .Add("text", warning);
    }
    metrics->Answered(generated->cached, response.manifests, response.bytes->size());
    call.Finish(grpc::Status::OK, ToByteBuffer(response.bytes));
  }

  void Match(Call& call) {
    LogLine(LogLevel::kWarn,
            "MatchRepository was called, though this plugin announces no discovery: name it in "
            "source.plugin.name, for discovery costs a copy of the repository each time");
    Request request;
    Parameters parameters;
    if (!ReceiveFor(call, request, parameters)) return;
    cmp::RepositoryResponse response;
    response.set_issupported(HoldsOpenChoreo(request));
    response.set_isdiscoveryenabled(true);
    Send(call, response);
  }

  void AnnounceParameters(Call& call) {
    Request request;
    Parameters parameters;
    if (!ReceiveFor(call, request, parameters)) return;
    call.SetPhase("reading the repository");
    cmp::ParametersAnnouncementResponse response;
    for (Announcement& a : Announce(generation->TakeInventory(request, parameters))) {
      auto* out = response.add_parameterannouncements();
      out->set_name(std::move(a.name));
      out->set_title(std::move(a.title));
      out->set_tooltip(std::move(a.tooltip));
      out->set_itemtype("string");
      out->set_collectiontype(std::move(a.collection_type));
      out->set_string(std::move(a.text));
      for (std::string& item : a.items) out->add_array(std::move(item));
    }
    Send(call, response);
  }

  static bool HoldsOpenChoreo(const Request& request) {
    for (const SourceFile& file : request.files) {
      if (file.content->find("openchoreo.dev/") != std::string::npos) return true;
    }
    return false;
  }

  static void Send(Call& call, const google::protobuf::Message& message) {
    call.Finish(grpc::Status::OK,
                ToByteBuffer(std::make_shared<const std::string>(message.SerializeAsString())));
  }

  const ServerOptions options;
  Generation* generation;
  ContentStore* contents;
  Metrics* metrics;
  service::Timer timer;
  std::mutex mutex;
  std::vector<std::weak_ptr<Call>> calls;
  std::unique_ptr<service::WorkerPool> pool;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(ServerOptions options, Generation* generation, ContentStore* contents,
               Metrics* metrics)
    : state_(std::make_unique<State>(std::move(options), generation, contents, metrics)) {}

Server::~Server() { Stop(); }

base::Result<bool> Server::Start() {
  const ServerOptions& options = state_->options;
  OC_TRY(bool clear, ClearSocket(options.socket));
  (void)clear;
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + options.socket, grpc::InsecureServerCredentials());
  builder.RegisterService(state_.get());
  builder.SetMaxReceiveMessageSize(128 << 20);
  builder.SetMaxSendMessageSize(-1);
  // Argo CD's client pings every 20 s, also while no call runs; the defaults would end its
  // connection.
  auto keepalive = static_cast<int>(options.keepalive_min.count());
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, keepalive);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 5);
  state_->server = builder.BuildAndStart();
  if (!state_->server)
    return Fail(ErrorCode::kUsage, "cannot listen on \"" + options.socket + "\"");
  // repo-server runs as the same user; nobody else needs to ask.
  chmod(options.socket.c_str(), 0770);
  return true;
}

void Server::Stop() {
  if (!state_->server) return;
  if (auto* health = state_->server->GetHealthCheckService()) health->SetServingStatus(false);
  // Name first: a new server may bind it at once.
  unlink(state_->options.socket.c_str());
  std::thread last_chance([this] {
    auto end = std::chrono::steady_clock::now() + state_->options.grace;
    for (;;) {
      std::vector<std::shared_ptr<Call>> running;
      {
        std::lock_guard lock(state_->mutex);
        for (auto& weak : state_->calls) {
          if (auto call = weak.lock()) running.push_back(std::move(call));
        }
      }
      if (running.empty()) return;
      if (std::chrono::steady_clock::now() >= end) {
        for (auto& call : running)
          call->Abort({grpc::StatusCode::UNAVAILABLE, "the plugin is being stopped"});
        return;
      }
      running.clear();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  state_->server->Shutdown(std::chrono::system_clock::now() + state_->options.grace +
                           std::chrono::seconds(1));
  last_chance.join();
  state_->pool->Stop();
  state_->server.reset();
}

std::size_t Server::waiting() const { return state_->pool->waiting(); }

}  // namespace openchoreo::argocd
