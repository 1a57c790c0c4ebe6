#include "common/platform/process/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/platform/process/descriptor.h"

namespace openchoreo::process {

using base::ErrorCode;
using base::Fail;

namespace {

constexpr std::size_t kMaxErrorBytes = 64u << 10;

bool Pipe(Descriptor& read_end, Descriptor& write_end) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return false;
  read_end = Descriptor(fds[0]);
  write_end = Descriptor(fds[1]);
  return true;
}

std::vector<char*> Pointers(const std::vector<std::string>& items) {
  std::vector<char*> pointers;
  pointers.reserve(items.size() + 1);
  for (const std::string& item : items) pointers.push_back(const_cast<char*>(item.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// What posix_spawn needs, freed again.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }

  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }

  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

// False at the end of the stream.
bool ReadSome(int fd, std::string& out) {
  std::array<char, 65536> buffer;
  ssize_t n = read(fd, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  out.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0;
}

}  // namespace

std::string FindProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
  for (;;) {
    std::size_t colon = rest.find(':');
    std::string candidate(rest.substr(0, colon));
    candidate += '/';
    candidate += name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    if (colon == std::string_view::npos) return "";
    rest.remove_prefix(colon + 1);
  }
}

base::Result<CommandResult> RunCommand(const Command& command) {
  std::string program = FindProgram(command.arguments.at(0));
  if (program.empty()) {
    return Fail(ErrorCode::kUnreadableSource,
                "the program " + command.arguments[0] + " is not installed");
  }
  Descriptor out_read, out_write, err_read, err_write;
  if (!Pipe(out_read, out_write) || !Pipe(err_read, err_write)) {
    return Fail(ErrorCode::kUnreadableSource,
                std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  SpawnPlan plan;
  posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.actions, out_write.get(), 1);
  posix_spawn_file_actions_adddup2(&plan.actions, err_write.get(), 2);
  if (!command.folder.empty())
    posix_spawn_file_actions_addchdir_np(&plan.actions, command.folder.c_str());
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv = Pointers(command.arguments), envp = Pointers(command.environment);
  pid_t child = 0;
  int error = posix_spawn(&child, program.c_str(), &plan.actions, &plan.attributes, argv.data(),
                          envp.data());
  if (error != 0) {
    return Fail(ErrorCode::kUnreadableSource,
                "cannot start " + program + ": " + std::strerror(error));
  }
  out_write.Close();
  err_write.Close();

  CommandResult result;
  base::Error stopped;
  auto stop = [&](ErrorCode code, std::string why) {
    stopped.code = code;
    stopped.message = command.arguments[0] + " " + std::move(why);
    kill(-child, SIGKILL);
  };
  auto end = std::chrono::steady_clock::now() + command.max_time;
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    pollfd fds[2] = {{out_open ? out_read.get() : -1, POLLIN, 0},
                     {err_open ? err_read.get() : -1, POLLIN, 0}};
    poll(fds, 2, 100);
    if (out_open && fds[0].revents != 0) out_open = ReadSome(out_read.get(), result.output);
    if (err_open && fds[1].revents != 0) err_open = ReadSome(err_read.get(), result.errors);
    if (result.errors.size() > 2 * kMaxErrorBytes)
      result.errors.erase(0, result.errors.size() - kMaxErrorBytes);
    if (stopped.code != ErrorCode::kNone) {
      // Killed: a grandchild that left the group may hold the pipes open, so do not wait for them.
      break;
    }
    if (command.cancel.is_set()) {
      stop(ErrorCode::kCancelled, "was stopped: the caller gave up");
    } else if (std::chrono::steady_clock::now() > end) {
      stop(ErrorCode::kLimit,
           "took longer than " + std::to_string(command.max_time.count() / 1000) + " s");
    } else if (result.output.size() > command.max_output_bytes) {
      stop(ErrorCode::kLimit,
           "printed more than " + std::to_string(command.max_output_bytes) + " bytes");
    }
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (stopped.code != ErrorCode::kNone) return Fail(std::move(stopped));
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (result.errors.size() > kMaxErrorBytes)
    result.errors.erase(0, result.errors.size() - kMaxErrorBytes);
  return result;
}

}  // namespace openchoreo::process
