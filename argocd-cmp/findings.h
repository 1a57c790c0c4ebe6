// Errors as the user of an Application sees them: one line each, reason first, no more than a
// condition holds.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "common/base/result.h"
#include "common/render/findings.h"
#include "common/render/renderer.h"

namespace openchoreo::argocd {

inline constexpr std::size_t kMaxFindingsBytes = 2048;

// The errors of a failed generation: "file:line:column: error[code]: text" per line, each with its
// notes and hint. Ends with "… and N more errors" when there are more than fit, and CountsLine.
std::string FindingsText(const render::Output& output);

// What was found, counted; "" if nothing was.
std::string CountsLine(const render::Output& output);

// INVALID_ARGUMENT for what the user can mend, INTERNAL for bugs.
grpc::StatusCode StatusCodeOf(base::ErrorCode code);

// `error` as a status; its hint on a line of its own.
grpc::Status ToStatus(const base::Error& error);

}  // namespace openchoreo::argocd
