#include "kustomize-fn/report.h"

#include <algorithm>
#include <utility>

#include "common/base/printable.h"

namespace openchoreo::kustomize_fn {

namespace {

const char* SeverityWord(base::Severity severity) {
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

// kpt prints results as they are, and standard error is a CI system's log.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::Printable(text);
}

// What was said, with all that belongs to it, for one line.
std::string FullMessage(const base::Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  for (const std::string& note : diagnostic.notes) text += " [" + note + "]";
  if (!diagnostic.hint.empty()) text += "; " + diagnostic.hint;
  return OneLine(std::move(text));
}

// The result without a place; `where` starts its line.
Result Unplaced(const base::Diagnostic& diagnostic) {
  Result result;
  result.severity = diagnostic.severity;
  result.message = FullMessage(diagnostic);
  result.rule = base::NameOf(diagnostic.code);
  return result;
}

void SetLine(const base::Diagnostic& diagnostic, const std::string& where, Result& result) {
  result.line = where.empty() ? std::string() : where + ": ";
  result.line +=
      std::string(SeverityWord(diagnostic.severity)) + "[" + result.rule + "]: " + result.message;
  if (!diagnostic.object.empty() && where.find(diagnostic.object) == std::string::npos) {
    result.line += " (" + diagnostic.object + ")";
  }
  result.line = OneLine(std::move(result.line));
  // Names and paths as tools compare them, unless they hold what steers a terminal: kpt prints
  // them.
  for (std::string* text : {&result.file, &result.field, &result.resource.api_version,
                            &result.resource.kind, &result.resource.ns, &result.resource.name}) {
    *text = base::Printable(*text);
  }
}

std::string Position(const std::string& path, std::uint32_t line, std::uint32_t column) {
  return path + ":" + std::to_string(line) + ":" + std::to_string(column);
}

ResourceRef RefTo(const value::Value& object) {
  const value::Value metadata = object.Get("metadata");
  return {std::string(object.Get("apiVersion").string_or_empty()),
          std::string(object.Get("kind").string_or_empty()),
          std::string(metadata.Get("namespace").string_or_empty()),
          std::string(metadata.Get("name").string_or_empty())};
}

}  // namespace

Result Reporter::ForRendering(const base::Diagnostic& diagnostic,
                              const resource::SourceTable& sources, const ItemTree& items) {
  if (diagnostic.place.known() && diagnostic.place.source < sources.size()) {
    const resource::SourceTable::File& file = sources.at(diagnostic.place.source);
    if (file.tree != &items) return ForFile(diagnostic, file);
    if (const auto item = items.ItemAt(file.path)) return ForItem(diagnostic, *item);
  }
  Result result = Unplaced(diagnostic);
  SetLine(diagnostic, "", result);
  return result;
}

Result Reporter::ForItem(const base::Diagnostic& diagnostic, std::size_t item) {
  Result result = Unplaced(diagnostic);
  PlaceInItem(diagnostic, list_.items[item], result);
  return result;
}

void Reporter::PlaceInItem(const base::Diagnostic& diagnostic, const Item& item, Result& result) {
  result.resource = {item.api_version, item.kind, item.ns, item.name};
  result.field = FieldPath(diagnostic.place.field);
  const ItemSource source = SourceOf(item);
  result.file = source.path;
  result.file_index = source.index;
  if (const auto found = FindItem(item, diagnostic.place, working_directory_, files_)) {
    if (result.file_index.empty()) result.file_index = std::to_string(found->document);
    SetLine(diagnostic, Position(found->path, found->line, found->column), result);
    return;
  }
  std::string where = Describe(item);
  if (!result.field.empty()) where += " " + result.field;
  if (!source.path.empty()) where = source.path + ": " + where;
  SetLine(diagnostic, where, result);
}

Result Reporter::ForFile(const base::Diagnostic& diagnostic,
                         const resource::SourceTable::File& file) {
  Result result = Unplaced(diagnostic);
  result.field = FieldPath(diagnostic.place.field);
  result.file = file.display_path;
  result.file_index = std::to_string(diagnostic.place.document);
  OpenedFile* const opened = files_.InSource(file);
  if (opened == nullptr) {
    SetLine(diagnostic, file.display_path, result);
    return result;
  }
  for (const yaml::Document& document : opened->documents()) {
    if (document.index == diagnostic.place.document) result.resource = RefTo(document.root);
  }
  const yaml::Location found = opened->Find(diagnostic.place);
  SetLine(diagnostic, Position(file.display_path, found.line, found.column), result);
  return result;
}

Result Reporter::ForFunctionConfig(const base::Diagnostic& diagnostic) {
  Result result = Unplaced(diagnostic);
  if (!list_.function_config.is_map()) {
    SetLine(diagnostic, "functionConfig", result);
    return result;
  }
  // A functionConfig is placed as an item is: by its own annotations.
  Item config;
  Identify(list_.function_config, config);
  PlaceInItem(diagnostic, config, result);
  return result;
}

Result Reporter::ForList(const base::Diagnostic& diagnostic) {
  Result result = Unplaced(diagnostic);
  SetLine(diagnostic, "", result);
  return result;
}

}  // namespace openchoreo::kustomize_fn
