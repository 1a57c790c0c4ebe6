#include "common/platform/http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace openchoreo::http {

using base::ErrorCode;
using base::Fail;

namespace {

struct Where {
  sockaddr_storage address{};
  socklen_t size = 0;
};

bool Resolve(std::string host, std::uint16_t port, Where& where) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&where.address);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&where.address);
  if (host.empty() || inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    where.size = sizeof *v6;
    return true;
  }
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) != 1) return false;
  v4->sin_family = AF_INET;
  v4->sin_port = htons(port);
  where.size = sizeof *v4;
  return true;
}

}  // namespace

base::Result<Listener> Listen(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  const std::string_view digits =
      std::string_view(address).substr(colon == std::string::npos ? 0 : colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  Where where;
  if (error != std::errc() || end != digits.data() + digits.size() ||
      (host.find(':') != std::string::npos && !host.starts_with('[')) ||
      !Resolve(host, port, where)) {
    return Fail(ErrorCode::kUsage,
                "\"" + address + "\" is no address such as :8080, 127.0.0.1:8080 or [::1]:8080");
  }
  Listener listener;
  listener.fd = socket(where.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener.fd < 0 && host.empty()) {
    // A machine without IPv6.
    Resolve("0.0.0.0", port, where);
    listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  }
  int on = 1, off = 0;
  if (listener.fd >= 0) {
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (where.address.ss_family == AF_INET6)
      setsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, host.empty() ? &off : &on, sizeof off);
  }
  auto* raw = reinterpret_cast<sockaddr*>(&where.address);
  if (listener.fd < 0 || bind(listener.fd, raw, where.size) != 0 ||
      listen(listener.fd, SOMAXCONN) != 0 || getsockname(listener.fd, raw, &where.size) != 0) {
    const int failed = errno;
    if (listener.fd >= 0) close(listener.fd);
    return Fail(failed == EADDRINUSE ? ErrorCode::kUnavailable : ErrorCode::kUsage,
                "cannot listen on " + address + ": " + std::strerror(failed));
  }
  listener.port =
      ntohs(where.address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(raw)->sin6_port
                                                : reinterpret_cast<sockaddr_in*>(raw)->sin_port);
  return listener;
}

}  // namespace openchoreo::http
