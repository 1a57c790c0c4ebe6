// HTTP calls to other servers: the API server, sources of artifacts, notification endpoints.
//
// One Client per process serves all threads: libcurl's multi interface on a thread of its own, so
// that calls to one server share connections (HTTP/2 where offered). Whoever calls waits on its own
// thread. Every call ends: each has deadlines, a bound on its body and a Cancel.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"

namespace openchoreo::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Whom to trust and who we are. PEM texts; all empty: the system's authorities, no client
// certificate.
struct Tls {
  std::string authorities;  // certificates that servers must descend from
  std::string certificate;  // ours, with its chain
  std::string key;          // its private key
  std::string server_name;  // looked for in the server's certificate instead of the URL's host
  bool skip_verification = false;  // insecure-skip-tls-verify of a kubeconfig
};

struct Call {
  std::string method = "GET";
  std::string url;  // http and https only
  Headers headers;
  std::string body;
  std::string proxy;               // "" = as the environment says (HTTPS_PROXY, NO_PROXY …)
  std::shared_ptr<const Tls> tls;  // null: as an empty Tls
  std::size_t max_body_bytes = 16u << 20;     // of an answer that Send collects, or of a refusal
  std::chrono::milliseconds connect{10'000};  // until a connection stands
  std::chrono::milliseconds answer{30'000};   // until the headers of the answer are there
  std::chrono::milliseconds whole{60'000};    // until its last byte; 0: as long as it takes
  std::chrono::milliseconds stall{30'000};  // between two bytes of the body; 0: as long as it takes
  unsigned max_redirects = 0;               // followed within one host and never from https to http
};

struct Reply {
  int status = 0;
  Headers headers;  // names in lower case; those of the last answer
  std::string body;

  // The value of a header; "" if it is not there. `name` in lower case.
  std::string_view Header(std::string_view name) const;
};

// What a stream tells its reader. Both are called on the thread that called Stream.
struct StreamReader {
  // The headers, once, before the first byte. False: enough. May be empty.
  std::function<bool(const Reply&)> started;
  // Bytes as they come. False: enough. While it works the server is held back.
  std::function<bool(std::string_view)> take;
};

struct ClientOptions {
  std::string user_agent = "openchoreo-gitops";
  std::size_t max_connections = 256;
};

// Thread-safe. Errors of all calls: kUnavailable (no connection, broken off, a deadline passed),
// kLimit (body over max_body_bytes), kCancelled, kUsage (a URL that is none of ours to call).
// Messages name the URL without user, password and query.
class Client {
 public:
  explicit Client(ClientOptions options = {});
  // No call may be under way.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The whole answer, whatever its status.
  base::Result<Reply> Send(const Call& call, const base::Cancel& cancel);

  // An answer as it comes. A status other than 2xx does not stream: its Reply comes back with a
  // body of at most max_body_bytes (cut there). Otherwise the Reply comes back without a body when
  // the server has sent all or the reader had enough.
  base::Result<Reply> Stream(const Call& call, const StreamReader& reader,
                             const base::Cancel& cancel);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// `url` without user, password, query and fragment, for messages.
std::string UrlForMessages(std::string_view url);

}  // namespace openchoreo::http
