// Errors as the users of an operator see them, in a condition or a status message: one line each,
// reason first, no more than the place holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/diagnostic.h"
#include "common/base/result.h"
#include "common/resource/diagnostic_printer.h"

namespace openchoreo::render {

// Whose words a text is to be in.
enum class Door : std::uint8_t { kCommandLine, kArgoCd, kFunction, kFlux };

// `text` with options, and ways to add a source, as users of `door` write them: "--on-pending warn"
// is "onPending: warn" for all but the command line.
std::string InWordsOf(std::string_view text, Door door);

// What is told of `diagnostics`: errors, then warnings, then notes; each cause once, with the
// objects it meets ("… in 12 bindings: a, b, c …"); hints in the door's words. In the order given
// otherwise.
base::Diagnostics Told(const base::Diagnostics& diagnostics, Door door);

// "3 errors, 1 warning in 2 files; 18 bindings read": the last line of a run that found something;
// "" for one that did not. `not_shown` is how many findings that only follow from these were left
// out.
std::string CountsLine(const base::Diagnostics& diagnostics, std::size_t bindings_read,
                       std::size_t not_shown = 0);

inline constexpr std::size_t kMaxFindings = 20;

// The errors among `diagnostics`, as Told gives them: "file:line:column: error[code]: text
// (object)" per line, each with its hint below, at most kMaxFindings and `max_bytes`, then "… and N
// more errors". For kFlux up to kMaxFindings errors are told one by one. "" if there are none.
// `sources` may be null.
std::string FindingsText(const base::Diagnostics& diagnostics, const resource::SourceTable* sources,
                         std::size_t max_bytes, Door door = Door::kFlux);

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

// One error that has no place in a tree, for a status message: its text, its notes and its hint,
// each on a line of its own, at most `max_bytes`. Printable, and without secrets.
std::string ErrorText(const base::Error& error, std::size_t max_bytes);

// At most `bytes` of `text`, cut at a character's border, with "…" if something is missing.
std::string CutBytes(std::string_view text, std::size_t bytes);

}  // namespace openchoreo::render
