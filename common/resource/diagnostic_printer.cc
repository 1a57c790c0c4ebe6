#include "common/resource/diagnostic_printer.h"

#include "common/resource/dialect.h"
#include "common/resource/source_line.h"

namespace openchoreo::resource {

namespace {

const char* NameOf(base::Severity severity) {
  switch (severity) {
    case base::Severity::kError:
      return "error";
    case base::Severity::kWarning:
      return "warning";
    case base::Severity::kNote:
      return "note";
  }
  return "error";
}

void AppendLine(std::string& out, std::string_view label, std::string_view text) {
  out += label;
  out += SafeForTerminal(text);
  out += '\n';
}

}  // namespace

// The file's text, read once for diagnostics that follow one another.
const std::string* DiagnosticPrinter::ContentOf(std::uint32_t source) {
  if (source_ == source) return content_.get();
  source_ = source;
  locator_.reset();
  content_ = sources_.at(source).Content();
  if (content_) locator_.emplace(*content_);
  return content_.get();
}

std::string DiagnosticPrinter::Print(const base::Diagnostic& diagnostic) {
  std::string out;
  std::string source_line;
  bool exact = true;
  const base::Place& place = diagnostic.place;
  if (place.known() && place.source < sources_.size()) {
    out += SafeForTerminal(sources_.at(place.source).display_path);
    if (const std::string* const content = ContentOf(place.source)) {
      const yaml::Location location = locator_->Find(place);
      exact = location.exact;
      out += ':' + std::to_string(location.line) + ':' + std::to_string(location.column);
      source_line = RenderSourceLine(*content, location.begin, location.end, location.line);
    }
    out += ": ";
  }
  out += NameOf(diagnostic.severity);
  out += '[';
  out += base::NameOf(diagnostic.code);
  out += "]: ";
  AppendLine(out, "", diagnostic.message);
  out += source_line;
  if (!diagnostic.hint.empty()) AppendLine(out, "hint: ", diagnostic.hint);
  if (!diagnostic.object.empty() &&
      diagnostic.message.find(diagnostic.object) == std::string::npos) {
    AppendLine(out, "note: in ", diagnostic.object);
  }
  if (!exact && !place.field.empty()) AppendLine(out, "note: at ", Dotted(place.field));
  for (const std::string& note : diagnostic.notes) AppendLine(out, "note: ", note);
  return out;
}

}  // namespace openchoreo::resource
