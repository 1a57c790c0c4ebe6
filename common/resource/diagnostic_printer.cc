#include "common/resource/diagnostic_printer.h"

#include <algorithm>

#include "common/base/printable.h"
#include "common/resource/dialect.h"
#include "common/resource/source_line.h"

namespace openchoreo::resource {

namespace {

void AppendLine(std::string& out, std::string_view label, std::string_view text) {
  out += label;
  out += base::Printable(text);
  out += '\n';
}

// What must not be shown of the line around `begin`; of a very long one only the part near it.
base::TextRanges HiddenNear(const std::string& content, std::size_t begin,
                            const SecretValues& secrets) {
  constexpr std::size_t kNear = 8192;
  begin = std::min(begin, content.size());
  const std::size_t feed = begin == 0 ? std::string::npos : content.rfind('\n', begin - 1);
  const std::size_t line_begin =
      std::max(feed + 1, begin - std::min(begin, kNear));  // npos + 1 is 0
  const std::size_t line_end = std::min({content.find('\n', begin), content.size(), begin + kNear});
  base::TextRanges hidden = SecretsOfLine(content, line_begin, line_end);
  const std::string_view line = std::string_view(content).substr(line_begin, line_end - line_begin);
  for (const auto& [from, to] : secrets.Find(line)) {
    hidden.emplace_back(from + line_begin, to + line_begin);
  }
  std::sort(hidden.begin(), hidden.end());
  return hidden;
}

}  // namespace

std::string_view NameOf(base::Severity severity) {
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

std::string DiagnosticPrinter::Print(const base::Diagnostic& diagnostic) {
  std::string out;
  std::string source_line;
  bool exact = true;
  const base::Place& place = diagnostic.place;
  if (place.known() && place.source < sources_.size()) {
    out += base::Printable(sources_.at(place.source).display_path);
    if (OpenedFile* const file = files_.InSource(sources_.at(place.source))) {
      const yaml::Location location = file->Find(place);
      exact = location.exact;
      out += ':' + std::to_string(location.line) + ':' + std::to_string(location.column);
      source_line = RenderSourceLine(file->text(), location.begin, location.end, location.line,
                                     HiddenNear(file->text(), location.begin, sources_.secrets()));
    }
    out += ": ";
  }
  out += NameOf(diagnostic.severity);
  out += '[';
  out += base::NameOf(diagnostic.code);
  out += "]: ";
  out += base::Printable(diagnostic.message, base::LineBreaks::kKeepQuoted);
  out += '\n';
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
