// A listening socket.
#pragma once

#include <string>

#include "common/base/result.h"

namespace openchoreo::http {

struct Listener {
  int fd = -1;
  int port = 0;
};

// `address` as ServerOptions has it. Errors: kUsage; kUnavailable where somebody else
// listens there.
base::Result<Listener> Listen(const std::string& address);

}  // namespace openchoreo::http
