// Errors as the user of an Application sees them: one line each, reason first, no more than a
// condition holds.
#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/render/renderer.h"
#include "common/resource/diagnostic_printer.h"

namespace openchoreo::argocd {

inline constexpr std::size_t kMaxFindings = 20;
inline constexpr std::size_t kMaxFindingsBytes = 2048;

// The errors of a failed generation: "file:line:column: error[code]: text" per line, then hints.
// Ends with "… and N more errors" when there are more than fit.
std::string FindingsText(const render::Output& output);

// Diagnostics as lines of a log; sorted by place they cost one reading of each file. Not
// thread-safe.
class FindingPrinter {
 public:
  // `sources` may be null, and must outlive it.
  explicit FindingPrinter(const resource::SourceTable* sources);

  std::string Line(const base::Diagnostic& diagnostic);

 private:
  std::optional<resource::DiagnosticPrinter> printer_;
};

// INVALID_ARGUMENT for what the user can mend, INTERNAL for bugs.
grpc::StatusCode StatusCodeOf(base::ErrorCode code);

// `error` as a status; its hint on a line of its own.
grpc::Status ToStatus(const base::Error& error);

}  // namespace openchoreo::argocd
