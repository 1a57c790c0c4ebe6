#include "common/platform/http/server.h"

#include <microhttpd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "common/platform/http/conditional.h"
#include "common/platform/http/listener.h"
#include "common/platform/http/watchdog.h"

namespace openchoreo::http {

using base::ErrorCode;
using base::Fail;
using std::chrono::milliseconds;

OpenFile::~OpenFile() {
  if (fd_ >= 0) close(fd_);
}

namespace {

std::string_view HeaderOf(MHD_Connection* connection, const char* name) {
  const char* text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return text != nullptr ? text : std::string_view();
}

bool HasBody(MHD_Connection* connection) {
  const std::string_view length = HeaderOf(connection, "Content-Length");
  return !HeaderOf(connection, "Transfer-Encoding").empty() || (!length.empty() && length != "0");
}

void AddHeader(MHD_Response* response, const std::string& name, const std::string& value) {
  MHD_add_response_header(response, name.c_str(), value.c_str());
}

void LogNothing(void*, const char*, va_list) {}

}  // namespace

class Server::Daemon {
 public:
  ~Daemon() { Stop(milliseconds(0)); }

  base::Result<void> Bind(const ServerOptions& options) {
    options_ = options;
    OC_TRY(listener_, Listen(options.address));
    return {};
  }

  base::Result<void> Start() {
    std::sort(handlers_.begin(), handlers_.end(),
              [](const Handler& a, const Handler& b) { return a.prefix.size() > b.prefix.size(); });
    watchdog_.Start({options_.request_deadline, options_.idle, options_.max_connections});
    const unsigned threads = std::max(1u, std::min(options_.threads, options_.max_connections));
    std::vector<MHD_OptionItem> more;
    if (threads > 1) more.push_back({MHD_OPTION_THREAD_POOL_SIZE, threads, nullptr});
    more.push_back({MHD_OPTION_END, 0, nullptr});
    daemon_ = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, nullptr,
        nullptr, &Daemon::OnRequest, this, MHD_OPTION_EXTERNAL_LOGGER, LogNothing, nullptr,
        MHD_OPTION_LISTEN_SOCKET, listener_.fd, MHD_OPTION_CONNECTION_LIMIT,
        options_.max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        static_cast<unsigned>(
            std::max<std::int64_t>(options_.stall.count(), (options_.idle.count() + 999) / 1000)),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options_.max_header_bytes, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_NOTIFY_CONNECTION, &Daemon::OnConnection, this, MHD_OPTION_NOTIFY_COMPLETED,
        &Daemon::OnCompleted, this, MHD_OPTION_URI_LOG_CALLBACK, &Daemon::OnTarget, this,
        MHD_OPTION_UNESCAPE_CALLBACK, &Daemon::Unescape, nullptr, MHD_OPTION_ARRAY, more.data(),
        MHD_OPTION_END);
    if (daemon_ == nullptr) return Fail(ErrorCode::kInternal, "cannot start the HTTP server");
    return {};
  }

  void Stop(milliseconds grace) {
    if (daemon_ != nullptr) {
      MHD_quiesce_daemon(daemon_);
      const auto end = std::chrono::steady_clock::now() + grace;
      while (watchdog_.answering() > 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(milliseconds(5));
      watchdog_.Stop();
      MHD_stop_daemon(daemon_);
      daemon_ = nullptr;
    }
    if (listener_.fd >= 0) close(std::exchange(listener_.fd, -1));
  }

  struct Handler {
    std::string prefix;
    std::function<Response(const Request&)> handle;

    bool Takes(std::string_view path) const {
      return prefix.ends_with('/') ? path.starts_with(prefix) : path == prefix;
    }
  };

  std::vector<Handler> handlers_;
  std::function<void(const Answered&)> told_;

  int port() const { return listener_.port; }

  unsigned connections() const { return watchdog_.connections(); }

 private:
  // One request on its way; MHD keeps the pointer.
  struct Exchange {
    std::string target;  // as sent, with the query
    Answered answered;
    bool asked = false;
  };

  static void OnConnection(void* self, MHD_Connection* connection, void** watched,
                           MHD_ConnectionNotificationCode code) {
    Watchdog& watchdog = static_cast<Daemon*>(self)->watchdog_;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
      const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
      *watched = watchdog.Opened(info->connect_fd);
    } else {
      watchdog.Closed(static_cast<Watchdog::Watched*>(*watched));
    }
  }

  static Watchdog::Watched* WatchedOf(MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return static_cast<Watchdog::Watched*>(info->socket_context);
  }

  static void* OnTarget(void*, const char* target, MHD_Connection*) {
    auto* exchange = new Exchange;
    exchange->target = target;
    return exchange;
  }

  // Paths are compared as they were sent: what is escaped is no path of ours.
  static std::size_t Unescape(void*, MHD_Connection*, char* text) { return std::strlen(text); }

  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char*,
                              const char* method, const char*, const char*, std::size_t* size,
                              void** context) {
    auto* daemon = static_cast<Daemon*>(self);
    auto* exchange = static_cast<Exchange*>(*context);
    if (exchange == nullptr) return MHD_NO;
    // An answer to the first call, that of the headers, closes the connection: right only where a
    // body follows, which nobody wants to read.
    if (!std::exchange(exchange->asked, true) && !HasBody(connection)) return MHD_YES;
    Watchdog::Received(WatchedOf(connection));
    *size = 0;
    return daemon->Answer(connection, method, *exchange);
  }

  static void OnCompleted(void* self, MHD_Connection* connection, void** context,
                          MHD_RequestTerminationCode code) {
    auto* daemon = static_cast<Daemon*>(self);
    std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*context));
    *context = nullptr;
    Watchdog::Answered(WatchedOf(connection));
    if (!exchange || exchange->answered.status == 0 || !daemon->told_) return;
    exchange->answered.whole = code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
    daemon->told_(exchange->answered);
  }

  MHD_Result Answer(MHD_Connection* connection, std::string_view method, Exchange& exchange) {
    const std::string_view target = exchange.target;
    const std::size_t mark = target.find('?');
    Request request{method, target.substr(0, mark),
                    mark == std::string_view::npos ? "" : target.substr(mark + 1)};
    Response response;
    const bool get = method == "GET", head = method == "HEAD";
    const auto handler = std::find_if(handlers_.begin(), handlers_.end(),
                                      [&](const Handler& h) { return h.Takes(request.path); });
    if (!get && !head) {
      response.status = 405;
      response.body = "method not allowed\n";
      response.headers.emplace_back("Allow", "GET, HEAD");
    } else if (handler == handlers_.end()) {
      response.status = 404;
      response.body = "not found\n";
    } else {
      exchange.answered.handler = handler->prefix;
      response = handler->handle(request);
    }
    return Send(connection, std::move(response), get, exchange.answered);
  }

  MHD_Result Send(MHD_Connection* connection, Response response, bool get, Answered& answered) {
    const std::uint64_t size = response.file ? response.file.size() : response.body.size();
    ByteRange range;
    if (response.status == 200 && !response.etag.empty()) {
      response.headers.emplace_back("ETag", "\"" + response.etag + "\"");
      response.headers.emplace_back("Accept-Ranges", "bytes");
      if (NamesEtag(HeaderOf(connection, "If-None-Match"), response.etag)) {
        response.status = 304;
      } else if (get) {
        range = ReadRange(HeaderOf(connection, "Range"), HeaderOf(connection, "If-Range"),
                          response.etag, size);
      }
    }
    std::uint64_t first = 0, length = size;
    if (range.kind == ByteRange::kPart) {
      response.status = 206;
      first = range.first;
      length = range.last - range.first + 1;
      response.headers.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" +
                                                         std::to_string(range.last) + "/" +
                                                         std::to_string(size));
    } else if (range.kind == ByteRange::kUnsatisfiable) {
      response.status = 416;
      response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    }
    const bool empty = response.status == 304 || response.status == 416;
    MHD_Response* answer = nullptr;
    if (empty) {
      answer = MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
      length = 0;
    } else if (response.file) {
      answer = MHD_create_response_from_fd_at_offset64(length, response.file.Release(), first);
    } else {
      answer = MHD_create_response_from_buffer(
          length, const_cast<char*>(response.body.data() + first), MHD_RESPMEM_MUST_COPY);
    }
    if (answer == nullptr) return MHD_NO;
    if (!empty) AddHeader(answer, "Content-Type", response.content_type);
    AddHeader(answer, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) AddHeader(answer, name, value);
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned>(response.status), answer);
    MHD_destroy_response(answer);
    answered.status = response.status;
    answered.body_bytes = get ? length : 0;
    return queued;
  }

  ServerOptions options_;
  Listener listener_;
  MHD_Daemon* daemon_ = nullptr;
  Watchdog watchdog_;
};

Server::Server() : daemon_(std::make_unique<Daemon>()) {}

Server::~Server() = default;

void Server::Handle(std::string prefix, std::function<Response(const Request&)> handler) {
  daemon_->handlers_.push_back({std::move(prefix), std::move(handler)});
}

void Server::OnAnswered(std::function<void(const Answered&)> told) {
  daemon_->told_ = std::move(told);
}

base::Result<void> Server::Bind(const ServerOptions& options) { return daemon_->Bind(options); }

base::Result<void> Server::Start() { return daemon_->Start(); }

void Server::Stop(milliseconds grace) { daemon_->Stop(grace); }

int Server::port() const { return daemon_->port(); }

unsigned Server::connections() const { return daemon_->connections(); }

}  // namespace openchoreo::http
