// Answers HTTP: pages of a program (metrics, probes) and files of any size. GET and HEAD only.
//
// One client never holds up another: a request must be received whole within a deadline, however
// its bytes drip in; an answer may take as long as it likes but not stand still; where connections
// run out, those go first that have waited longest for their client.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/platform/http/client.h"

namespace openchoreo::http {

struct ServerOptions {
  // "host:port", numeric; "" for all addresses, IPv4 and IPv6; "[::1]:0" a free port of one.
  std::string address;
  unsigned threads = 4;
  unsigned max_connections = 256;
  std::size_t max_header_bytes = 14'336;  // kept per connection: a size allocators round up least
  std::chrono::milliseconds request_deadline{5'000};  // from a request's first byte to its last
  std::chrono::milliseconds idle{60'000};             // a connection without any request
  std::chrono::seconds stall{30};                     // an answer of which the client takes nothing
};

// `path` and `query` as sent, not decoded; valid during the call.
struct Request {
  std::string_view method;  // "GET" or "HEAD"
  std::string_view path;
  std::string_view query;  // without the '?'
};

// An open file that is sent; owns its descriptor.
class OpenFile {
 public:
  OpenFile() = default;

  OpenFile(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(size_, other.size_);
    return *this;
  }

  ~OpenFile();

  explicit operator bool() const { return fd_ >= 0; }

  std::uint64_t size() const { return size_; }

  // The descriptor, now the caller's.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  Headers headers;
  std::string body;
  OpenFile file;  // instead of body
  // Of a 200: without quotes; If-None-Match and If-Range are then answered here, and one Range of
  // it.
  std::string etag;
};

// What became of a request, for metrics.
struct Answered {
  std::string_view handler;  // the prefix that Handle was told; "" where none answered
  int status = 0;
  std::uint64_t body_bytes = 0;  // of the answer; 0 for HEAD
  bool whole = false;            // the client took all of it
};

// Handle, then Bind, then Start; Stop ends it for good. Handlers run on the server's threads,
// several at once: they should be short, and may be called until Stop returns.
class Server {
 public:
  Server();
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // A `prefix` that ends in '/' takes every path below it, another just itself; the longest counts.
  void Handle(std::string prefix, std::function<Response(const Request&)> handler);
  // Told of every request; any thread.
  void OnAnswered(std::function<void(const Answered&)> told);

  // Takes the address; no thread yet, so that it can be done before a sandbox forbids it. Errors:
  // kUsage; kUnavailable where somebody else listens there.
  base::Result<void> Bind(const ServerOptions& options);
  // Errors: kInternal.
  base::Result<void> Start();
  // No new connection; requests under way are answered, for at most `grace`.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

  // That of the address; the one that was free where it said 0.
  int port() const;
  // Connections open now.
  unsigned connections() const;

 private:
  class Daemon;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace openchoreo::http
