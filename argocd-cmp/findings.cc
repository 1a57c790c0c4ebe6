#include "argocd-cmp/findings.h"

namespace openchoreo::argocd {

std::string FindingsText(const render::Output& output) {
  std::string text = render::FindingsText(output.diagnostics, output.sources.get(),
                                          kMaxFindingsBytes, render::Door::kArgoCd);
  if (text.empty()) return "the generation failed";
  return text + "\n" + CountsLine(output);
}

std::string CountsLine(const render::Output& output) {
  return render::CountsLine(output.diagnostics, output.bindings_read, output.follow_ups.size());
}

grpc::StatusCode StatusCodeOf(base::ErrorCode code) {
  if (code == base::ErrorCode::kCancelled) return grpc::StatusCode::CANCELLED;
  // A source that cannot be read is the user's to mend as well: a wrong URL, a missing key.
  return base::ClassOf(code) == base::ErrorClass::kBug ? grpc::StatusCode::INTERNAL
                                                       : grpc::StatusCode::INVALID_ARGUMENT;
}

grpc::Status ToStatus(const base::Error& error) {
  return {StatusCodeOf(error.code), render::ErrorText(error, kMaxFindingsBytes)};
}

}  // namespace openchoreo::argocd
