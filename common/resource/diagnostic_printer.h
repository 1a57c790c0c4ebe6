// Diagnostics as text for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/diagnostic.h"
#include "common/resource/repository.h"
#include "common/yaml/locator.h"

namespace openchoreo::resource {

// Diagnostics sorted by place cost one reading of each file. `sources` must outlive it. Not
// thread-safe.
class DiagnosticPrinter {
 public:
  explicit DiagnosticPrinter(const SourceTable& sources) : sources_(sources) {}

  // "file.yaml:12:7: error[cel-compile]: message", the source line with a caret, hint and notes;
  // each line ends in a line feed.
  std::string Print(const base::Diagnostic& diagnostic);

 private:
  const std::string* ContentOf(std::uint32_t source);

  const SourceTable& sources_;
  std::uint32_t source_ = base::Place::kNoSource;  // whose text is held
  source::FileContent content_;
  std::optional<yaml::Locator> locator_;
};

}  // namespace openchoreo::resource
