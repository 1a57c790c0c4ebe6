#include "common/render/findings.h"

#include <algorithm>

#include "common/base/printable.h"
#include "common/base/secret.h"

namespace openchoreo::render {

std::string CutBytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes)) + "…";
}

FindingPrinter::FindingPrinter(const resource::SourceTable* sources) {
  if (sources != nullptr) printer_.emplace(*sources);
}

std::string FindingPrinter::Line(const base::Diagnostic& diagnostic) {
  std::string line;
  if (printer_ && diagnostic.place.known()) {
    std::string printed = printer_->Print(diagnostic);
    line = printed.substr(0, printed.find('\n'));
  } else {
    line = base::Printable(diagnostic.message, base::LineBreaks::kKeepQuoted);
    line.resize(std::min(line.find('\n'), line.size()));
  }
  const std::string object = base::Printable(diagnostic.object);
  if (!object.empty() && line.find(object) == std::string::npos) line += " (" + object + ")";
  return CutBytes(line, 600);
}

namespace {

// A condition has room for every place; only what is too much is told by its causes.
base::Diagnostics ToldInFull(const base::Diagnostics& diagnostics, Door door) {
  base::Diagnostics errors;
  for (const base::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != base::Severity::kError) continue;
    errors.push_back(diagnostic);
    if (errors.size() > kMaxFindings) return Told(diagnostics, door);
    errors.back().message = InWordsOf(diagnostic.message, door);
    errors.back().hint = InWordsOf(diagnostic.hint, door);
  }
  return errors;
}

}  // namespace

std::string FindingsText(const base::Diagnostics& diagnostics, const resource::SourceTable* sources,
                         std::size_t max_bytes, Door door) {
  std::string text;
  std::size_t shown = 0, errors = 0;
  FindingPrinter printer(sources);
  for (const base::Diagnostic& diagnostic :
       door == Door::kFlux ? ToldInFull(diagnostics, door) : Told(diagnostics, door)) {
    if (diagnostic.severity != base::Severity::kError) break;
    ++errors;
    if (shown < errors - 1) continue;  // something was left out already
    std::string line = printer.Line(diagnostic);
    for (const std::string& note : diagnostic.notes) {
      if (door != Door::kFlux) line += "\n  note: " + CutBytes(base::Printable(note), 300);
    }
    if (!diagnostic.hint.empty()) {
      line += "\n  hint: " + CutBytes(base::Printable(diagnostic.hint), 300);
    }
    if (shown >= kMaxFindings || text.size() + line.size() + 1 > max_bytes - 40) continue;
    if (!text.empty()) text += '\n';
    text += line;
    ++shown;
  }
  if (shown < errors) text += "\n… and " + std::to_string(errors - shown) + " more errors";
  return text;
}

std::string ErrorText(const base::Error& error, std::size_t max_bytes) {
  std::string text = base::Printable(error.message, base::LineBreaks::kKeepQuoted);
  for (const std::string& note : error.notes) text += "\n" + base::Printable(note);
  text = CutBytes(base::WithoutSecrets(text), max_bytes);
  if (!error.hint.empty()) {
    text += "\n  hint: " + CutBytes(base::WithoutSecrets(base::Printable(error.hint)), 300);
  }
  return text;
}

}  // namespace openchoreo::render
