// The controller as a process: what is started, in which order, and how it ends.
#pragma once

#include "flux-source/settings.h"

namespace openchoreo::flux {

// Runs until SIGTERM or SIGINT; the exit code.
int RunController(const Settings& settings);

}  // namespace openchoreo::flux
