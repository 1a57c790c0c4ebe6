#include "kustomize-fn/report.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/base/printable.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::kustomize_fn {

namespace {

using value::Value;

// kpt prints results as they are, and standard error is a CI system's log.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::Printable(text);
}

// `placed` with all that was said, for one line; `where` starts that.
Result Told(const base::Diagnostic& diagnostic, Result placed = {}, const std::string& where = {}) {
  Result result = std::move(placed);
  result.severity = diagnostic.severity;
  result.rule = base::NameOf(diagnostic.code);
  std::string text = diagnostic.message;
  for (const std::string& note : diagnostic.notes) text += " [" + note + "]";
  if (!diagnostic.hint.empty()) text += "; " + diagnostic.hint;
  result.message = OneLine(std::move(text));

  result.line = where.empty() ? std::string() : where + ": ";
  result.line.append(resource::NameOf(diagnostic.severity)).append("[" + result.rule + "]: ");
  result.line += result.message;
  if (!diagnostic.object.empty() && where.find(diagnostic.object) == std::string::npos)
    result.line += " (" + diagnostic.object + ")";
  result.line = OneLine(std::move(result.line));
  // Names and paths as tools compare them, unless they hold what steers a terminal: kpt prints
  // them.
  for (std::string* name : {&result.file, &result.field, &result.resource.api_version,
                            &result.resource.kind, &result.resource.ns, &result.resource.name}) {
    *name = base::Printable(*name);
  }
  return result;
}

std::string Position(const std::string& path, std::uint32_t line, std::uint32_t column) {
  return path + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Value ToValue(const Result& result, base::Arena& arena) {
  value::MapBuilder members(arena);
  members.Add("message", Value::String(result.message));
  const bool note = result.severity == base::Severity::kNote;
  members.Add("severity", Value::String(note ? "info" : resource::NameOf(result.severity)));
  if (!result.resource.kind.empty()) {
    value::MapBuilder ref(arena);
    ref.Add("apiVersion", Value::String(result.resource.api_version));
    ref.Add("kind", Value::String(result.resource.kind));
    ref.Add("name", Value::String(result.resource.name));
    ref.AddNonEmpty("namespace", result.resource.ns);
    members.Add("resourceRef", ref.Build());
    if (!result.field.empty())
      members.Add("field", value::MakeMap(arena, {{"path", Value::String(result.field)}}));
  }
  if (!result.file.empty()) {
    std::int64_t index = 0;
    const std::string& text = result.file_index;
    std::from_chars(text.data(), text.data() + text.size(), index);
    members.Add("file", value::MakeMap(arena, {{"index", Value::Int(index)},
                                               {"path", Value::String(result.file)}}));
  }
  if (!result.rule.empty())
    members.Add("tags", value::MakeMap(arena, {{"rule", Value::String(result.rule)}}));
  return members.Build();
}

}  // namespace

Value ResultsAsValue(const Results& results, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const Result& result : results) list.Add(ToValue(result, arena));
  return list.Build();
}

Result Reporter::ForRendering(const base::Diagnostic& diagnostic,
                              const resource::SourceTable& sources, const ItemTree& items) {
  if (diagnostic.place.known() && diagnostic.place.source < sources.size()) {
    const resource::SourceTable::File& file = sources.at(diagnostic.place.source);
    if (file.tree != &items) return ForFile(diagnostic, file);
    if (const auto item = items.ItemAt(file.path)) return ForItem(diagnostic, *item);
  }
  return Told(diagnostic);
}

Result Reporter::ForItem(const base::Diagnostic& diagnostic, std::size_t item) {
  return InItem(diagnostic, list_.items[item]);
}

Result Reporter::InItem(const base::Diagnostic& diagnostic, const Item& item) {
  Result result;
  result.resource = {item.api_version, item.kind, item.ns, item.name};
  result.field = resource::Dotted(diagnostic.place.field);
  const ItemSource source = SourceOf(item);
  result.file = source.path;
  result.file_index = source.index;
  std::string where;
  if (const auto found = FindItem(item, diagnostic.place, working_directory_, files_)) {
    if (result.file_index.empty()) result.file_index = std::to_string(found->document);
    where = Position(source.path, found->line, found->column);
  } else {
    where = (source.path.empty() ? "" : source.path + ": ") + Describe(item);
    if (!result.field.empty()) where += " " + result.field;
  }
  return Told(diagnostic, std::move(result), where);
}

Result Reporter::ForFile(const base::Diagnostic& diagnostic,
                         const resource::SourceTable::File& file) {
  Result result;
  result.field = resource::Dotted(diagnostic.place.field);
  result.file = file.display_path;
  result.file_index = std::to_string(diagnostic.place.document);
  std::string where = file.display_path;
  if (resource::OpenedFile* const opened = files_.InSource(file)) {
    for (const yaml::Document& document : opened->documents()) {
      if (document.index != diagnostic.place.document) continue;
      Item item;
      Identify(document.root, item);
      result.resource = {item.api_version, item.kind, item.ns, item.name};
    }
    const yaml::Location found = opened->Find(diagnostic.place);
    where = Position(file.display_path, found.line, found.column);
  }
  return Told(diagnostic, std::move(result), where);
}

Result Reporter::ForFunctionConfig(const base::Diagnostic& diagnostic) {
  if (!list_.function_config.is_map()) return Told(diagnostic, {}, "functionConfig");
  // A functionConfig is placed as an item is: by its own annotations.
  Item config;
  Identify(list_.function_config, config);
  return InItem(diagnostic, config);
}

Result Reporter::ForList(const base::Diagnostic& diagnostic) { return Told(diagnostic); }

}  // namespace openchoreo::kustomize_fn
