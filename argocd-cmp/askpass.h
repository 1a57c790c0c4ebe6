// Git credentials from repo-server: our own program serves as GIT_ASKPASS and asks Argo CD's
// AskPassService.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::argocd {

// The path of this program.
std::string OwnProgram();

// "NAME=value" settings that make git call this program back for a user name or password.
std::vector<std::string> AskpassVariables(std::string_view nonce, std::string_view socket);

// Whether this process was started by git as GIT_ASKPASS.
bool IsAskpassCall();

// Answers git's prompt ("Username for …", "Password for …") on standard output. Returns the exit
// code. Follows argo-cd util/askpass: an unknown nonce is an error, credentials are never logged.
int AnswerAskpass(std::string_view prompt);

}  // namespace openchoreo::argocd
