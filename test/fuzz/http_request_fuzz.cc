// Any bytes sent to our HTTP server: it answers or closes, and still serves the next client. What
// stands in Range and If-None-Match never leads outside the file.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/platform/http/conditional.h"
#include "common/platform/http/server.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;

int StartServer() {
  static http::Server server;
  server.Handle("/files/", [](const http::Request& request) {
    http::Response response;
    Require(request.path.starts_with("/files/"), "a path that is not the handler's");
    response.body = "0123456789";
    response.etag = "digest";
    return response;
  });
  http::ServerOptions options;
  options.address = "127.0.0.1:0";
  options.threads = 1;
  options.request_deadline = std::chrono::milliseconds(100);
  options.idle = std::chrono::milliseconds(100);
  Require(server.Bind(options).has_value() && server.Start().has_value(), "no server");
  return server.port();
}

std::string Ask(int port, std::string_view request) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // A port that was used rests for a minute: clients come from one address after the other.
  static std::uint32_t clients = 0;
  const int later = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + ++clients % 4096);
  Require(bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0, "no address");
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Require(connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0, "nobody listens");
  while (!request.empty()) {
    const ssize_t n = send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    request.remove_prefix(static_cast<std::size_t>(n));
  }
  shutdown(fd, SHUT_WR);
  std::string answer;
  char bytes[4096];
  for (ssize_t n = 0; (n = recv(fd, bytes, sizeof bytes, 0)) > 0;)
    answer.append(bytes, static_cast<std::size_t>(n));
  close(fd);
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t length : {0u, 1u, 10u, 5'000'000u}) {
    const http::ByteRange range = http::ReadRange(text, "", "digest", length);
    if (range.kind == http::ByteRange::kPart)
      Require(range.first <= range.last && range.last < length, "a range outside the file");
  }
  (void)http::NamesEtag(text, "digest");
  static const int port = StartServer();
  const std::string answer = Ask(port, text);
  Require(answer.empty() || answer.starts_with("HTTP/1."), "an answer that is no HTTP");
  // The deadline is short, and a busy machine may keep us from sending within it.
  std::string next;
  for (int tries = 0; tries < 50 && next.empty(); ++tries) {
    next = Ask(port, "GET /files/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  }
  Require(next.starts_with("HTTP/1.1 200 ") && next.ends_with("\r\n\r\n0123456789"),
          "the next client is not served");
  return 0;
}
