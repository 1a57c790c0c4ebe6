#include "kustomize-fn/report.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "common/base/printable.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/dialect.h"
#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;
using value::Value;

// kpt prints results as they are, and standard error is a CI system's log.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::Printable(text);
}

std::string Position(const std::string& path, const yaml::Location& at) {
  return path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

// The document that holds the item, under one of its names; nullptr if none does.
const yaml::Document* DocumentWith(const Item& item, resource::OpenedFile& file) {
  const std::vector<std::string> names = NamesOf(item);
  for (const yaml::Document& document : file.documents()) {
    const Item candidate = Identify(document.root);
    if (candidate.kind == item.kind &&
        std::find(names.begin(), names.end(), candidate.name) != names.end()) {
      return &document;
    }
  }
  return nullptr;
}

}  // namespace

base::Diagnostic Fault(base::ErrorCode code, std::string message, std::string hint,
                       base::Severity severity) {
  base::Diagnostic fault;
  fault.severity = severity;
  fault.code = code;
  fault.message = std::move(message);
  fault.hint = std::move(hint);
  return fault;
}

void Reporter::Tell(const base::Diagnostic& diagnostic, const Item& item, const ItemSource& source,
                    const std::string& where) {
  std::string said = diagnostic.message;
  for (const std::string& note : diagnostic.notes) said += " [" + note + "]";
  if (!diagnostic.hint.empty()) said += "; " + diagnostic.hint;
  const std::string_view severity = resource::NameOf(diagnostic.severity);
  const std::string_view rule = base::NameOf(diagnostic.code);

  std::string line = where.empty() ? std::string() : where + ": ";
  line.append(severity).append("[").append(rule).append("]: ").append(said);
  if (!diagnostic.object.empty() && where.find(diagnostic.object) == std::string::npos)
    line += " (" + diagnostic.object + ")";
  if (diagnostic.severity != base::Severity::kNote) lines_ += OneLine(std::move(line)) + "\n";
  severities_.insert(diagnostic.severity);

  // Names and paths as tools compare them, unless they hold what steers a terminal.
  const auto text = [this](const std::string& from) {
    return value::NonEmpty(arena_.CopyString(base::Printable(from)));
  };
  value::MapBuilder entry(arena_);
  entry.Add("message", text(OneLine(std::move(said))));
  entry.Add("severity", Value::String(severity == "note" ? "info" : severity));
  entry.Add("tags", value::MakeMap(arena_, {{"rule", Value::String(rule)}}));
  if (!item.kind.empty()) {
    entry.Add("resourceRef", value::MakeMap(arena_, {{"apiVersion", text(item.api_version)},
                                                     {"kind", text(item.kind)},
                                                     {"name", text(item.name)},
                                                     {"namespace", text(item.ns)}}));
    const std::string field = resource::Dotted(diagnostic.place.field);
    if (!field.empty()) entry.Add("field", value::MakeMap(arena_, {{"path", text(field)}}));
  }
  if (!source.path.empty()) {
    std::int64_t index = 0;
    std::from_chars(source.index.data(), source.index.data() + source.index.size(), index);
    entry.Add("file",
              value::MakeMap(arena_, {{"index", Value::Int(index)}, {"path", text(source.path)}}));
  }
  results_.Add(entry.Build());
}

std::string Reporter::FindItem(const Item& item, const base::Place& place, ItemSource& source) {
  if (source.path.empty() || !source.repo.empty()) return {};
  resource::OpenedFile* const file = files_.OnDisk(fs::path(working_directory_) / source.path);
  const yaml::Document* const document = file ? DocumentWith(item, *file) : nullptr;
  if (document == nullptr) return {};
  base::Place there = place;
  there.document = document->index;
  there.byte_offset = -1;
  if (source.index.empty()) source.index = std::to_string(document->index);
  return Position(source.path, file->Find(there));
}

std::string Reporter::WhereIs(const Item& item, const base::Place& place, ItemSource& source) {
  std::string where = FindItem(item, place, source);
  if (!where.empty()) return where;
  const std::string field = resource::Dotted(place.field);
  where = (source.path.empty() ? "" : source.path + ": ") + Describe(item);
  return field.empty() ? where : where + " " + field;
}

void Reporter::TellOfItem(const base::Diagnostic& diagnostic, const Item& item) {
  ItemSource source = sources_.Of(item);
  const std::string where = WhereIs(item, diagnostic.place, source);
  Tell(diagnostic, item, source, where);
}

void Reporter::TellOfItems(const ItemFaults& faults) {
  for (const auto& [item, fault] : faults) TellOfItem(fault, list_.items[item]);
}

std::string Reporter::WithPlaces(std::string text, const source::PlainTree& items) {
  constexpr std::string_view kDocument = ", document 1";  // an item is one
  for (std::size_t at = 0; (at = text.find(kItemFile, at)) != std::string::npos;) {
    const std::size_t begin = text.find_last_of(" (", at) + 1;  // npos + 1 is 0
    std::size_t end = std::min(text.find_first_of(" ,)", at), text.size());
    const auto item = ItemAt(items, std::string_view(text).substr(begin, end - begin));
    at = end;
    if (!item) continue;
    if (text.compare(end, kDocument.size(), kDocument) == 0) end += kDocument.size();
    ItemSource source = sources_.Of(list_.items[*item]);
    const std::string where = WhereIs(list_.items[*item], {}, source);
    text.replace(begin, end - begin, where);
    at = begin + where.size();
  }
  return text;
}

void Reporter::TellOfFile(const base::Diagnostic& diagnostic,
                          const resource::SourceTable::File& file) {
  Item item;
  std::string where = file.display_path;
  if (resource::OpenedFile* const opened = files_.InSource(file)) {
    for (const yaml::Document& document : opened->documents()) {
      if (document.index == diagnostic.place.document) item = Identify(document.root);
    }
    where = Position(file.display_path, opened->Find(diagnostic.place));
  }
  const std::string index = std::to_string(diagnostic.place.document);
  Tell(diagnostic, item, {file.display_path, index, {}}, where);
}

void Reporter::TellOfRendering(base::Diagnostic diagnostic, const resource::SourceTable& sources,
                               const source::PlainTree& items) {
  diagnostic.message = WithPlaces(std::move(diagnostic.message), items);
  for (std::string& note : diagnostic.notes) note = WithPlaces(std::move(note), items);
  if (diagnostic.place.known() && diagnostic.place.source < sources.size()) {
    const resource::SourceTable::File& file = sources.at(diagnostic.place.source);
    if (file.tree != &items) return TellOfFile(diagnostic, file);
    if (const auto item = ItemAt(items, file.path))
      return TellOfItem(diagnostic, list_.items[*item]);
  }
  TellOfList(diagnostic);
}

void Reporter::TellOfConfig(const base::Diagnostics& diagnostics) {
  for (const base::Diagnostic& diagnostic : diagnostics) {
    if (list_.function_config.is_map()) {
      // It is placed as an item is: by its own annotations.
      TellOfItem(diagnostic, Identify(list_.function_config));
    } else {
      Tell(diagnostic, {}, {}, "functionConfig");
    }
  }
}

}  // namespace openchoreo::kustomize_fn
