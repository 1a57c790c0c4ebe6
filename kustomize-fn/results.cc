#include "kustomize-fn/results.h"

#include <string_view>
#include <utility>

#include "common/value/json_writer.h"

namespace openchoreo::kustomize_fn {

namespace {

const char* SeverityName(base::Severity severity) {
  switch (severity) {
    case base::Severity::kError:
      return "error";
    case base::Severity::kWarning:
      return "warning";
    case base::Severity::kNote:
      return "info";
  }
  return "error";
}

// Key and value pairs of one object, the value already written (JSON is YAML in flow style).
using Members = std::vector<std::pair<std::string_view, std::string>>;

std::string Quoted(std::string_view text) {
  std::string out;
  value::AppendJsonString(out, text);
  return out;
}

std::string AsJson(const Members& members) {
  std::string out = "{";
  for (const auto& [key, text] : members) {
    if (out.size() > 1) out += ',';
    out += Quoted(key) + ':' + text;
  }
  return out + '}';
}

Members MembersOf(const Result& result) {
  Members members = {{"message", Quoted(result.message)},
                     {"severity", Quoted(SeverityName(result.severity))}};
  if (!result.resource.empty()) {
    Members ref = {{"apiVersion", Quoted(result.resource.api_version)},
                   {"kind", Quoted(result.resource.kind)},
                   {"name", Quoted(result.resource.name)}};
    if (!result.resource.ns.empty()) ref.emplace_back("namespace", Quoted(result.resource.ns));
    members.emplace_back("resourceRef", AsJson(ref));
    if (!result.field.empty())
      members.emplace_back("field", AsJson({{"path", Quoted(result.field)}}));
  }
  if (!result.file.empty()) {
    members.emplace_back("file",
                         AsJson({{"path", Quoted(result.file)},
                                 {"index", result.file_index.empty() ? "0" : result.file_index}}));
  }
  if (!result.rule.empty()) members.emplace_back("tags", AsJson({{"rule", Quoted(result.rule)}}));
  return members;
}

bool IsIndex(std::string_view segment) {
  return !segment.empty() && segment.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string FieldPath(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string segment;
    for (std::size_t i = 0; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end) {
        segment += pointer[++i] == '1' ? '/' : '~';
      } else {
        segment += pointer[i];
      }
    }
    pointer.remove_prefix(end);
    if (IsIndex(segment)) {
      path += '[' + segment + ']';
    } else {
      if (!path.empty()) path += '.';
      path += segment;
    }
  }
  return path;
}

std::string ResultsAsYaml(const Results& results) {
  if (results.empty()) return {};
  std::string out = "results:\n";
  for (const Result& result : results) {
    const char* lead = "- ";
    for (const auto& [key, text] : MembersOf(result)) {
      out += lead;
      out += key;
      out += ": " + text + '\n';
      lead = "  ";
    }
  }
  return out;
}

std::string ResultsAsJson(const Results& results) {
  if (results.empty()) return {};
  std::string out = "\"results\":[";
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i > 0) out += ',';
    out += AsJson(MembersOf(results[i]));
  }
  return out + ']';
}

}  // namespace openchoreo::kustomize_fn
