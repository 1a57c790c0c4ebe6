#include "kustomize-fn/resource_list_writer.h"

#include <string_view>

#include "common/base/arena.h"
#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kustomize_fn {

namespace {

void AppendResults(std::string& out, bool flow, const Results& results) {
  base::Arena arena;
  value::ListBuilder entries(arena);
  for (const Result& result : results) entries.Add(result.entry);
  if (flow) {
    out += ",\"results\":";
    value::AppendJson(out, entries.Build());
  } else {
    emit::AppendYaml(out, value::MakeMap(arena, {{"results", entries.Build()}}));
  }
}

}  // namespace

std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated, const Results& results,
                              const std::map<std::size_t, std::string>& rewritten) {
  const bool flow = list.style == ListStyle::kFlow, stream = list.style == ListStyle::kStream;
  std::size_t bytes = 4096;
  for (const std::size_t i : kept) bytes += list.items[i].text.size() + 8;
  for (const GeneratedItem& item : generated) bytes += item.text.size() + 8;
  std::string out;
  out.reserve(bytes);
  if (flow) {
    out = "{\"apiVersion\":\"" + list.api_version + "\",\"kind\":\"ResourceList\",\"items\":[";
  } else if (!stream) {
    out = "apiVersion: " + list.api_version + "\nkind: ResourceList\nitems:";
    out += kept.empty() && generated.empty() ? " []\n" : "\n";
  }
  std::string_view before = stream ? "---\n" : flow ? "\n" : "";
  const auto append = [&](std::string_view text) {
    out.append(before).append(text);
    if (flow) before = ",\n";
    if (!flow && !out.ends_with('\n')) out += '\n';
  };
  const std::string dash = flow || stream ? "" : std::string(list.column, ' ') + "- ";
  for (const std::size_t i : kept) {
    const Item& item = list.items[i];
    if (const auto instead = rewritten.find(i); instead != rewritten.end()) {
      append(instead->second);
    } else if (item.expanded.empty()) {
      append(item.text);
    } else {
      append(dash + item.expanded);
    }
  }
  for (const GeneratedItem& item : generated) append(item.text);
  if (flow) out += ']';
  if (!stream && !results.empty()) AppendResults(out, flow, results);
  if (flow) out += "}\n";
  return out;
}

}  // namespace openchoreo::kustomize_fn
