#include "argocd-cmp/findings.h"

namespace openchoreo::argocd {

std::string FindingsText(const render::Output& output) {
  std::string text =
      render::FindingsText(output.diagnostics, output.sources.get(), kMaxFindingsBytes);
  return text.empty() ? "the generation failed" : text;
}

grpc::StatusCode StatusCodeOf(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInternal:
    case base::ErrorCode::kNone:
      return grpc::StatusCode::INTERNAL;
    case base::ErrorCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    default:
      return grpc::StatusCode::INVALID_ARGUMENT;
  }
}

grpc::Status ToStatus(const base::Error& error) {
  std::string text = render::CutBytes(error.message, kMaxFindingsBytes);
  if (!error.hint.empty()) text += "\n  hint: " + render::CutBytes(error.hint, 300);
  return {StatusCodeOf(error.code), text};
}

}  // namespace openchoreo::argocd
