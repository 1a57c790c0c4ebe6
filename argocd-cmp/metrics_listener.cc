#include "argocd-cmp/metrics_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;

namespace {

void SendAll(int connection, std::string_view text) {
  while (!text.empty()) {
    ssize_t n = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

MetricsListener::~MetricsListener() {
  Stop();
  if (listener_ >= 0) close(listener_);
}

void MetricsListener::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

base::Result<bool> MetricsListener::Bind(const std::string& address) {
  std::size_t colon = address.rfind(':');
  std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  std::string_view digits =
      std::string_view(address).substr(colon == std::string::npos ? 0 : colon + 1);
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  if (host.empty()) host = "0.0.0.0";
  if (error != std::errc() || end != digits.data() + digits.size() ||
      inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1) {
    return Fail(ErrorCode::kUsage, "\"" + address + "\" is no address such as 127.0.0.1:9090");
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  socklen_t size = sizeof where;
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0 ||
      listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) != 0) {
    return Fail(ErrorCode::kUsage, "cannot listen on " + address + ": " + std::strerror(errno));
  }
  port_ = ntohs(where.sin_port);
  return true;
}

void MetricsListener::Start(std::function<std::string()> metrics, std::function<bool()> healthy) {
  metrics_ = std::move(metrics);
  healthy_ = std::move(healthy);
  thread_ = std::thread([this] { Serve(); });
}

void MetricsListener::Serve() {
  while (!stopping_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 200) <= 0) continue;
    int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    Answer(connection);
    close(connection);
  }
}

void MetricsListener::Answer(int connection) {
  timeval second{1, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
  std::string request;
  std::array<char, 2048> buffer;
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < 8192) {
    ssize_t n = recv(connection, buffer.data(), buffer.size(), 0);
    if (n <= 0) return;
    request.append(buffer.data(), static_cast<std::size_t>(n));
  }
  std::string status = "404 Not Found", body = "not found\n";
  if (request.starts_with("GET /metrics ")) {
    status = "200 OK";
    body = metrics_();
  } else if (request.starts_with("GET /healthz ")) {
    bool healthy = healthy_();
    status = healthy ? "200 OK" : "503 Service Unavailable";
    body = healthy ? "ok\n" : "stopping\n";
  }
  SendAll(connection,
          "HTTP/1.1 " + status +
              "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nConnection: close\r\n"
              "Content-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
}

}  // namespace openchoreo::argocd
