#include "argocd-cmp/askpass.h"

#include <grpcpp/grpcpp.h>
#include <limits.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "argocd-cmp/proto/askpass.grpc.pb.h"

namespace openchoreo::argocd {

namespace {

constexpr const char* kMode = "OPENCHOREO_ASKPASS";
constexpr const char* kNonce = "ARGOCD_GIT_ASKPASS_NONCE";
constexpr const char* kSocket = "ARGOCD_ASK_PASS_SOCK";

std::string Variable(const char* name, std::string_view value) {
  return std::string(name) + "=" + std::string(value);
}

std::string Get(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string OwnProgram() {
  char path[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  return n > 0 ? std::string(path, static_cast<std::size_t>(n)) : std::string();
}

std::vector<std::string> AskpassVariables(std::string_view nonce, std::string_view socket) {
  return {Variable("GIT_ASKPASS", OwnProgram()), Variable(kMode, "1"), Variable(kNonce, nonce),
          Variable(kSocket, socket)};
}

bool IsAskpassCall() { return Get(kMode) == "1"; }

int AnswerAskpass(std::string_view prompt) {
  bool username = prompt.starts_with("Username");
  if (!username && !prompt.starts_with("Password")) {
    std::fprintf(stderr, "unknown credential prompt\n");
    return 1;
  }
  auto channel = grpc::CreateChannel("unix:" + Get(kSocket), grpc::InsecureChannelCredentials());
  auto stub = askpass::AskPassService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  askpass::CredentialsRequest request;
  request.set_nonce(Get(kNonce));
  askpass::CredentialsResponse response;
  grpc::Status status = stub->GetCredentials(&context, request, &response);
  if (!status.ok()) {
    std::fprintf(stderr, "repo-server gives no credentials: %s\n", status.error_message().c_str());
    return 1;
  }
  std::printf("%s\n", (username ? response.username() : response.password()).c_str());
  return 0;
}

}  // namespace openchoreo::argocd
