#include "argocd-cmp/askpass.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "argocd-cmp/proto/askpass.grpc.pb.h"

namespace openchoreo::argocd {
namespace {

class RepoServer final : public askpass::AskPassService::Service {
 public:
  grpc::Status GetCredentials(grpc::ServerContext*, const askpass::CredentialsRequest* request,
                              askpass::CredentialsResponse* response) override {
    if (request->nonce() != "nonce-1") return {grpc::StatusCode::NOT_FOUND, "unknown nonce"};
    response->set_username("robot");
    response->set_password("word with spaces");
    return grpc::Status::OK;
  }
};

struct Outcome {
  int code;
  std::string out, err;
};

Outcome Ask(const char* prompt) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  int code = AnswerAskpass(prompt);
  std::fflush(stdout);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(Askpass, AsksTheServiceForEachPrompt) {
  std::string socket = "/tmp/askpass-" + std::to_string(getpid()) + ".sock";
  RepoServer service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  ASSERT_TRUE(server);
  for (const std::string& variable : AskpassVariables("nonce-1", socket)) {
    std::size_t equals = variable.find('=');
    setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  EXPECT_TRUE(IsAskpassCall());
  EXPECT_STRNE(getenv("GIT_ASKPASS"), "");
  Outcome user = Ask("Username for 'https://host': ");
  EXPECT_EQ(user.code, 0) << user.err;
  EXPECT_EQ(user.out, "robot\n");
  EXPECT_EQ(Ask("Password for 'https://robot@host': ").out, "word with spaces\n");
  EXPECT_EQ(Ask("Enter passphrase for key: ").code, 1);
  setenv("ARGOCD_GIT_ASKPASS_NONCE", "other", 1);
  Outcome refused = Ask("Password for 'https://host': ");
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, testing::HasSubstr("unknown nonce"));
  for (const char* name :
       {"OPENCHOREO_ASKPASS", "ARGOCD_GIT_ASKPASS_NONCE", "ARGOCD_ASK_PASS_SOCK", "GIT_ASKPASS"}) {
    unsetenv(name);
  }
  EXPECT_FALSE(IsAskpassCall());
}

}  // namespace
}  // namespace openchoreo::argocd
