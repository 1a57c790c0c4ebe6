// Diagnostics as text for people.
#pragma once

#include <string>
#include <string_view>

#include "common/base/diagnostic.h"
#include "common/resource/opened_file.h"
#include "common/resource/repository.h"

namespace openchoreo::resource {

// "error", "warning", "note"
std::string_view NameOf(base::Severity severity);

// Diagnostics sorted by place cost one reading of each file. `sources` must outlive it. Not
// thread-safe.
class DiagnosticPrinter {
 public:
  explicit DiagnosticPrinter(const SourceTable& sources) : sources_(sources) {}

  // "file.yaml:12:7: error[cel-compile]: message", the source line with a caret, hint and notes;
  // each line ends in a line feed.
  std::string Print(const base::Diagnostic& diagnostic);

 private:
  const SourceTable& sources_;
  FileOpener files_;
};

}  // namespace openchoreo::resource
