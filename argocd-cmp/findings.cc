#include "argocd-cmp/findings.h"

#include "common/base/utf8.h"
#include "common/resource/repository.h"

namespace openchoreo::argocd {

namespace {

// Cut at a character's border, so that the status message stays UTF-8.
std::string Cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace

std::string FindingLine(const base::Diagnostic& diagnostic, const resource::SourceTable* sources) {
  std::string line;
  if (sources != nullptr && diagnostic.place.known()) {
    std::string printed = resource::Print(diagnostic, *sources);
    line = printed.substr(0, printed.find('\n'));
  } else {
    line = diagnostic.message;
  }
  if (!diagnostic.object.empty() && line.find(diagnostic.object) == std::string::npos) {
    line += " (" + diagnostic.object + ")";
  }
  return Cut(line, 600);
}

std::string FindingsText(const render::Output& output) {
  std::string text;
  std::size_t shown = 0, errors = 0;
  for (const base::Diagnostic& diagnostic : output.diagnostics) {
    if (diagnostic.severity != base::Severity::kError) continue;
    ++errors;
    if (shown < errors - 1) continue;  // something was left out already
    std::string line = FindingLine(diagnostic, output.sources.get());
    if (!diagnostic.hint.empty()) line += "\n  hint: " + Cut(diagnostic.hint, 300);
    if (shown >= kMaxFindings || text.size() + line.size() + 1 > kMaxFindingsBytes - 40) continue;
    if (!text.empty()) text += '\n';
    text += line;
    ++shown;
  }
  if (errors == 0) return "the generation failed";
  if (shown < errors) text += "\n… and " + std::to_string(errors - shown) + " more errors";
  return text;
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
  std::string text = Cut(error.message, kMaxFindingsBytes);
  if (!error.hint.empty()) text += "\n  hint: " + Cut(error.hint, 300);
  return {StatusCodeOf(error.code), text};
}

grpc::Status ToStatus(const render::Output& failed) {
  base::ErrorCode code = base::ErrorCode::kInternal;
  for (const base::Diagnostic& diagnostic : failed.diagnostics) {
    if (diagnostic.severity != base::Severity::kError) continue;
    code = diagnostic.code;
    break;
  }
  return {StatusCodeOf(code), FindingsText(failed)};
}

}  // namespace openchoreo::argocd
