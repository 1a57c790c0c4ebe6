#include "kustomize-fn/results.h"

#include <charconv>
#include <string_view>

#include "common/value/map_builder.h"

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

using value::Value;

Value ToValue(const Result& result, base::Arena& arena) {
  value::MapBuilder members(arena), ref(arena);
  members.Add("message", Value::String(result.message));
  members.Add("severity", Value::String(SeverityName(result.severity)));
  if (!result.resource.empty()) {
    ref.Add("apiVersion", Value::String(result.resource.api_version));
    ref.Add("kind", Value::String(result.resource.kind));
    ref.Add("name", Value::String(result.resource.name));
    ref.AddNonEmpty("namespace", result.resource.ns);
    members.Add("resourceRef", ref.Build());
    if (!result.field.empty()) {
      members.Add("field", value::MakeMap(arena, {{"path", Value::String(result.field)}}));
    }
  }
  if (!result.file.empty()) {
    std::int64_t index = 0;
    std::from_chars(result.file_index.data(), result.file_index.data() + result.file_index.size(),
                    index);
    members.Add("file", value::MakeMap(arena, {{"index", Value::Int(index)},
                                               {"path", Value::String(result.file)}}));
  }
  if (!result.rule.empty())
    members.Add("tags", value::MakeMap(arena, {{"rule", Value::String(result.rule)}}));
  return members.Build();
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

Value ResultsAsValue(const Results& results, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const Result& result : results) list.Add(ToValue(result, arena));
  return list.Build();
}

}  // namespace openchoreo::kustomize_fn
