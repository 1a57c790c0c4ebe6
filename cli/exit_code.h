// What `openchoreo-gitops` returns to its caller: the codes of every program that runs once.
#pragma once

#include "common/base/exit_code.h"

namespace openchoreo::cli {

using base::ExitCode;
using base::ExitCodeOf;
using enum base::ExitCode;

}  // namespace openchoreo::cli
