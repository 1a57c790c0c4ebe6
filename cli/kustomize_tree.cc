#include "cli/kustomize_tree.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace openchoreo::cli {

namespace {

class BuiltTree : public source::FileTree {
 public:
  BuiltTree(std::string name, std::string content)
      : name_(std::move(name)), content_(std::make_shared<const std::string>(std::move(content))) {}

  std::string_view display_name() const override { return ""; }

  base::Result<std::vector<std::string>> List() override { return std::vector<std::string>{name_}; }

  base::Result<source::FileContent> Read(std::string_view) override { return content_; }

 private:
  std::string name_;
  source::FileContent content_;
};

base::Result<std::string> Capture(const char* program, const std::string& folder) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0)
    return base::Fail(base::ErrorCode::kUnreadableSource, std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  std::string name = program;
  std::string build = "build";
  std::string target = folder;
  char* arguments[] = {name.data(), build.data(), target.data(), nullptr};
  pid_t child = 0;
  const int failure = posix_spawnp(&child, program, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  std::string output;
  if (failure == 0) {
    char buffer[65536];
    for (ssize_t count; (count = read(pipe_ends[0], buffer, sizeof(buffer))) != 0;) {
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) break;
      output.append(buffer, static_cast<std::size_t>(count));
    }
  }
  close(pipe_ends[0]);
  if (failure != 0) {
    base::Error error;
    error.code = base::ErrorCode::kUnreadableSource;
    error.message = std::string("cannot run ") + program + ": " + std::strerror(failure);
    error.hint = "install kustomize, or set KUSTOMIZE to the program";
    return base::Fail(std::move(error));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return base::Fail(base::ErrorCode::kUnreadableSource,
                      std::string(program) + " build " + folder + " failed");
  }
  return output;
}

}  // namespace

base::Result<std::unique_ptr<source::FileTree>> BuildKustomization(const std::string& folder) {
  const char* named = std::getenv("KUSTOMIZE");
  OC_TRY(std::string output, Capture(named && *named ? named : "kustomize", folder));
  return std::make_unique<BuiltTree>("kustomize build " + folder, std::move(output));
}

}  // namespace openchoreo::cli
