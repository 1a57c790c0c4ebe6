#include "argocd-cmp/findings.h"

#include "common/base/utf8.h"

namespace openchoreo::argocd {

namespace {

// Cut at a character's border, so that the status message stays UTF-8.
std::string Cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace

FindingPrinter::FindingPrinter(const resource::SourceTable* sources) {
  if (sources != nullptr) printer_.emplace(*sources);
}

std::string FindingPrinter::Line(const base::Diagnostic& diagnostic) {
  std::string line;
  if (printer_ && diagnostic.place.known()) {
    std::string printed = printer_->Print(diagnostic);
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
  FindingPrinter printer(output.sources.get());
  for (const base::Diagnostic& diagnostic : output.diagnostics) {
    if (diagnostic.severity != base::Severity::kError) continue;
    ++errors;
    if (shown < errors - 1) continue;  // something was left out already
    std::string line = printer.Line(diagnostic);
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

}  // namespace openchoreo::argocd
