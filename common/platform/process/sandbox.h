// Gives up what a program of ours never needs, before the first byte of a repository is read.
//
//  - no_new_privs: no set-uid program can raise us or a child.
//  - seccomp: system calls for kernel administration, tracing, namespaces, keys and the like fail
//  with EPERM; so do
//    starting programs and every socket that is not a unix socket, unless they are declared needed.
//  - Landlock, where the kernel has it: only the listed folders can be written, only system folders
//  and the listed
//    ones read.
// What the kernel lacks is left out and named in the report.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace openchoreo::process {

struct SandboxOptions {
  bool start_programs = false;
  bool network = false;
  std::vector<std::string> writable;  // folders, with what lies below
  std::vector<std::string> readable;  // besides the system's
};

// For this thread and every one it starts: call it before any other thread exists. Returns what is
// in force, for the log. Errors: kInternal if the kernel refuses what it claims to have.
base::Result<std::string> EnterSandbox(const SandboxOptions& options);

}  // namespace openchoreo::process
