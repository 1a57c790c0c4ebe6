// Errors as the users of an operator see them, in a condition or a status message: one line each,
// reason first, no more than the place holds.
#pragma once

#include <optional>
#include <string>

#include "common/base/diagnostic.h"
#include "common/resource/diagnostic_printer.h"

namespace openchoreo::render {

inline constexpr std::size_t kMaxFindings = 20;

// The errors among `diagnostics`: "file:line:column: error[code]: text (object)" per line, each
// with its hint below, at most kMaxFindings and `max_bytes`, then "… and N more errors". ""
// if there are none. `sources` may be null.
std::string FindingsText(const base::Diagnostics& diagnostics, const resource::SourceTable* sources,
                         std::size_t max_bytes);

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

// At most `bytes` of `text`, cut at a character's border, with "…" if something is missing.
std::string CutBytes(std::string_view text, std::size_t bytes);

}  // namespace openchoreo::render
