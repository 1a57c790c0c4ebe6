// Another program, run to its end: argv, environment, folder in; output and exit code out.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"

namespace openchoreo::process {

struct Command {
  std::vector<std::string> arguments;    // [0] is looked up in PATH unless it holds a '/'
  std::vector<std::string> environment;  // "NAME=value", all of it
  std::string folder;                    // "" = ours
  std::size_t max_output_bytes = 256u << 20;
  std::chrono::milliseconds max_time{std::chrono::minutes(5)};
  base::Cancel cancel;  // asked about ten times a second
};

struct CommandResult {
  int exit_code = 0;  // 128 + signal where a signal ended it
  std::string output;
  std::string errors;  // the last 64 KiB of standard error
};

// Standard input is empty. The program gets its own process group, which is killed as a whole when
// it is cancelled, takes too long or prints too much. Errors: kUnreadableSource (cannot be
// started), kCancelled, kLimit.
base::Result<CommandResult> RunCommand(const Command& command);

// The path of `name` in PATH; "" if there is none.
std::string FindProgram(const std::string& name);

}  // namespace openchoreo::process
