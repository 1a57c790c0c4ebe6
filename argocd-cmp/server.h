// The plugin's gRPC service on its unix socket, in place of argocd-cmp-server.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "argocd-cmp/call.h"
#include "argocd-cmp/generation.h"
#include "argocd-cmp/metrics.h"
#include "common/base/result.h"

namespace openchoreo::argocd {

struct ServerOptions {
  std::string socket;              // path
  unsigned workers = 4;            // renderings at once
  std::size_t max_waiting = 1000;  // calls that wait for a worker; more are refused
  std::chrono::milliseconds keepalive_min{10'000};  // pings closer than this end a connection
  std::chrono::milliseconds grace{20'000};  // for calls that run when the server is told to stop
  bool offer_git_credentials = false;       // provideGitCreds
  ReceiveOptions receive;
  Call::Limits call;
};

// Thread-safe.
class Server {
 public:
  // All must outlive the server.
  Server(ServerOptions options, Generation* generation, source::ContentStore* contents,
         Metrics* metrics);
  ~Server();

  // Binds the socket; a stale one of a server that is gone is removed first. Errors: kUsage (no
  // such folder, a path over the 107 bytes a socket may have, another server listens there), kLimit
  // (no thread is to be had).
  base::Result<bool> Start();

  // No new calls; what runs may end within the grace, but for its last part (half a second of 20):
  // then it is answered with UNAVAILABLE and told to stop. Removes the socket.
  void Stop();

  std::size_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openchoreo::argocd
