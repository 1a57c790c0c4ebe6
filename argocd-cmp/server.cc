#include "argocd-cmp/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include "argocd-cmp/findings.h"
#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "argocd-cmp/render_queue.h"
#include "common/base/out_of_memory.h"
#include "common/platform/service/heap.h"
#include "common/platform/service/log.h"
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

// Whose a request is, as Argo CD says it.
Call::Facts FactsOf(const RequestMetadata& metadata) {
  Call::Facts facts;
  constexpr std::pair<const char*, std::string_view> kVariables[] = {
      {"app", "ARGOCD_APP_NAME"},
      {"project", "ARGOCD_APP_PROJECT_NAME"},
      {"revision", "ARGOCD_APP_REVISION"}};
  for (const auto& [name, variable] : kVariables)
    facts.emplace_back(name, std::string(Lookup(metadata.environment, variable)));
  facts.emplace_back("path", metadata.app_path);
  return facts;
}

void AddFacts(service::LogLine& line, const Call::Facts& facts) {
  for (const auto& fact : facts)
    std::visit([&](const auto& value) { line.Add(fact.first, value); }, fact.second);
}

grpc::Status ToStatus(const Refusal& refusal) { return {StatusCodeOf(refusal.code), refusal.text}; }

}  // namespace

struct Server::State : public Base {
  State(ServerOptions o, Generation* g, source::ContentStore* c, Metrics* m)
      : options(std::move(o)),
        generation(g),
        contents(c),
        metrics(m),
        renderers(options.workers, options.max_waiting),
        receivers(Waiters(options.workers), options.max_waiting),
        fetchers(Waiters(options.workers), options.max_waiting) {}

  // Receiving and fetching are waiting most of the time: a thread costs little, and slow senders
  // and slow repositories hold many.
  static unsigned Waiters(unsigned workers) { return std::clamp(4 * workers, 16u, 64u); }

  Reactor* GenerateManifest(grpc::CallbackServerContext* context,
                            grpc::ByteBuffer* response) override {
    return Begin("GenerateManifest", context, response,
                 [this](const auto& call) { Generate(call); });
  }

  Reactor* MatchRepository(grpc::CallbackServerContext* context,
                           grpc::ByteBuffer* response) override {
    return Begin("MatchRepository", context, response, [this](const auto& call) { Match(*call); });
  }

  Reactor* GetParametersAnnouncement(grpc::CallbackServerContext* context,
                                     grpc::ByteBuffer* response) override {
    return Begin("GetParametersAnnouncement", context, response,
                 [this](const auto& call) { AnnounceParameters(*call); });
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
                 std::function<void(const std::shared_ptr<Call>&)> work) {
    metrics->CallStarted();
    auto done = [this, rpc](const grpc::Status& status, Call::Clock::duration took,
                            const Call::Facts& facts) {
      metrics->CallEnded(rpc, CodeName(status.error_code()), took);
      if (status.ok()) return;
      service::LogLine line(status.error_code() == grpc::StatusCode::INTERNAL
                                ? service::LogLevel::kError
                                : service::LogLevel::kInfo,
                            "call refused");
      line.Add("rpc", rpc).Add("code", CodeName(status.error_code()));
      AddFacts(line, facts);
      line.Add("ms", std::chrono::duration<double, std::milli>(took).count())
          .Add("reason", status.error_message());
    };
    auto [call, reactor] = Call::Start(context, response, &timer, options.call, std::move(done));
    Guarded(*call, [&, call = call] {
      {
        std::lock_guard lock(mutex);
        std::erase_if(calls, [](const std::weak_ptr<Call>& c) { return c.expired(); });
        calls.push_back(call);
      }
      bool queued = receivers.Submit([call, work = std::move(work)] {
        if (!call->cancel().is_set()) Guarded(*call, [&] { work(call); });
      });
      if (!queued) call->Finish(Busy());
    });
    return reactor;
  }

  // Runs `work` for `call`; what it throws is the end of that call alone.
  template <typename Work>
  static void Guarded(Call& call, Work&& work) {
    try {
      try {
        work();
      } catch (const std::bad_alloc&) {
        // What the call held is given back: now there is memory for its answer.
        const base::Error error = base::OutOfMemory();
        call.Finish(
            {grpc::StatusCode::RESOURCE_EXHAUSTED, error.message + "\n  hint: " + error.hint});
      } catch (const std::exception& error) {
        call.Finish({grpc::StatusCode::INTERNAL, error.what()});
      }
    } catch (const std::bad_alloc&) {
      // Not even for that: its deadline ends the call.
    }
  }

  grpc::Status Busy() const {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED,
            "the plugin is busy: " + std::to_string(options.max_waiting) + " calls wait already"};
  }

  // Receives the repository for `call`; the call is answered if that fails.
  bool ReceiveFor(Call& call, Request& request, Parameters& parameters) {
    call.SetPhase("receiving the repository");
    ReceiveOptions receive = options.receive;
    auto received = Receive(call, *contents, receive,
                            [&](const RequestMetadata& metadata) -> base::Result<FileFilter> {
                              call.Tell(FactsOf(metadata));
                              OC_TRY(parameters, ReadParameters(metadata.environment));
                              if (!parameters.kustomize) receive.keep_archive_bytes = 0;
                              return generation->WantedFiles(metadata, parameters);
                            });
    if (!received) {
      call.Finish(argocd::ToStatus(received.error()));
      return false;
    }
    request = *std::move(received);
    call.Tell({{"archive_bytes", static_cast<std::uint64_t>(request.archive.compressed_bytes)},
               {"files", std::uint64_t{request.files.size()}}});
    metrics->Received(request.archive.compressed_bytes, request.archive.inflated_bytes,
                      request.files.size());
    return true;
  }

  // A GenerateManifest call on its way from the receivers to the renderers.
  struct Job {
    std::shared_ptr<Call> call;
    RequestMetadata metadata;
    Parameters parameters;
    Question question;
    std::size_t archive_bytes = 0, files = 0;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    double received_ms = 0;

    double ms() const {
      return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
          .count();
    }

    std::string_view Variable(std::string_view name) const {
      return Lookup(metadata.environment, name);
    }

    Progress progress() const {
      return {[this](const char* phase) { call->SetPhase(phase); }, call->cancel()};
    }
  };

  // First part, on a receiver's thread.
  void Generate(const std::shared_ptr<Call>& call) {
    auto job = std::make_shared<Job>();
    job->call = call;
    auto request = std::make_shared<Request>();
    if (!ReceiveFor(*call, *request, job->parameters)) return;
    job->received_ms = job->ms();
    job->archive_bytes = static_cast<std::size_t>(request->archive.compressed_bytes);
    job->files = request->files.size();
    if (!generation->MustFetch(*request, job->parameters)) return Prepare(job, *request);
    call->SetPhase("waiting for others' extra sources");
    bool queued = fetchers.Submit([this, job, request] {
      if (!job->call->cancel().is_set()) Guarded(*job->call, [&] { Prepare(job, *request); });
    });
    if (!queued) call->Finish(Busy());
  }

  // Second part: everything but rendering, on a thread of those that fetch if there is something
  // to fetch. Takes what it needs of `request`.
  void Prepare(const std::shared_ptr<Job>& job, Request& request) {
    const std::shared_ptr<Call>& call = job->call;
    auto question = generation->Prepare(request, job->parameters, job->progress());
    job->metadata = std::move(request.metadata);
    request = {};
    if (!question) return call->Finish(ToStatus(question.error()));
    job->question = *std::move(question);
    if (auto known = generation->Known(job->question)) return Reply(*job, *known);
    call->SetPhase("waiting for a free worker");
    std::string tenant;
    for (const char* name : {"ARGOCD_APP_PROJECT_NAME", "ARGOCD_APP_NAME",
                             "ARGOCD_APP_SOURCE_REPO_URL", "ARGOCD_APP_SOURCE_PATH"}) {
      tenant.append(job->Variable(name)).push_back('\n');
    }
    bool queued = renderers.Submit({std::move(tenant), job->question.key,
                                    [this, job] { Guarded(*job->call, [&] { Render(*job); }); },
                                    call->cancel()});
    if (!queued) call->Finish(Busy());
  }

  // Last part, on a renderer's thread.
  void Render(const Job& job) {
    if (job.call->cancel().is_set()) return;
    const service::HeapGivenBack heap;
    if (auto generated = generation->Answer(job.question, job.parameters, job.progress())) {
      Reply(job, *generated);
    } else {
      job.call->Finish(ToStatus(generated.error()));
    }
  }

  void Reply(const Job& job, const Generated& generated) {
    const EncodedResponse& response = generated.response;
    {
      service::LogLine line(service::LogLevel::kInfo, "generated");
      AddFacts(line, FactsOf(job.metadata));
      line.Add("ms", job.ms())
          .Add("receive_ms", job.received_ms)
          .Add("archive_bytes", job.archive_bytes)
          .Add("files", job.files)
          .Add("cached", generated.cached)
          .Add("bindings", generated.bindings)
          .Add("manifests", response.manifests)
          .Add("bytes", response.bytes->size());
    }
    for (const std::string& warning : generated.warnings) {
      service::LogLine(service::LogLevel::kWarn, "finding")
          .Add("app", job.Variable("ARGOCD_APP_NAME"))
          .Add("text", warning);
    }
    metrics->Answered(generated.cached, response.manifests, response.bytes->size());
    job.call->Finish(grpc::Status::OK, ToByteBuffer(response.bytes));
  }

  void Match(Call& call) {
    service::LogLine(
        service::LogLevel::kWarn,
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
    for (const source::SourceFile& file : request.files) {
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
  source::ContentStore* contents;
  Metrics* metrics;
  std::mutex mutex;
  std::vector<std::weak_ptr<Call>> calls;
  RenderQueue renderers;
  service::WorkerPool receivers;  // hands over to the fetchers and the renderers
  service::WorkerPool fetchers;   // hands over to the renderers
  std::unique_ptr<grpc::Server> server;
  service::Timer timer;  // last, so that its thread ends first: its callbacks use what stands above
};

Server::Server(ServerOptions options, Generation* generation, source::ContentStore* contents,
               Metrics* metrics)
    : state_(std::make_unique<State>(std::move(options), generation, contents, metrics)) {}

Server::~Server() { Stop(); }

base::Result<bool> Server::Start() {
  const ServerOptions& options = state_->options;
  if (state_->receivers.threads() == 0 || state_->fetchers.threads() == 0 ||
      state_->renderers.threads() == 0) {
    return Fail(ErrorCode::kLimit, "not one worker could be started: no thread is to be had");
  }
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
  // A part of the grace is left for the answers to get out and for the workers to see them.
  const std::chrono::milliseconds grace = state_->options.grace;
  const auto answers = std::min(grace / 5, std::chrono::milliseconds(500));
  state_->timer.At(service::Timer::Clock::now() + grace - answers, [state = state_.get()] {
    std::vector<std::shared_ptr<Call>> running;
    {
      std::lock_guard lock(state->mutex);
      for (auto& weak : state->calls) {
        if (auto call = weak.lock()) running.push_back(std::move(call));
      }
    }
    for (auto& call : running)
      call->Abort({grpc::StatusCode::UNAVAILABLE, "the plugin is being stopped"});
  });
  state_->server->Shutdown(std::chrono::system_clock::now() + grace - answers / 2);
  state_->receivers.Stop();
  state_->fetchers.Stop();
  state_->renderers.Stop();
  state_->server.reset();
}

std::size_t Server::waiting() const {
  return state_->receivers.waiting() + state_->fetchers.waiting() + state_->renderers.waiting();
}

}  // namespace openchoreo::argocd
