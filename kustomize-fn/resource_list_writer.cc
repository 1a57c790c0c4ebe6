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

using Texts = std::vector<std::string_view>;

std::size_t BytesOf(const Texts& texts) {
  std::size_t bytes = 4096;
  for (const std::string_view text : texts) bytes += text.size() + 8;
  return bytes;
}

std::string WriteBlock(const ResourceList& list, const Texts& items, const Results& results) {
  std::string out;
  out.reserve(BytesOf(items));
  out += "apiVersion: " + list.api_version + "\nkind: ResourceList\n";
  out += items.empty() ? "items: []\n" : "items:\n";
  for (const std::string_view text : items) {
    out += text;
    if (out.back() != '\n') out += '\n';
  }
  if (results.empty()) return out;
  base::Arena arena;
  emit::AppendYaml(out, value::MakeMap(arena, {{"results", ResultsAsValue(results, arena)}}));
  return out;
}

std::string WriteFlow(const ResourceList& list, const Texts& items, const Results& results) {
  std::string out;
  out.reserve(BytesOf(items));
  out += "{\"apiVersion\":\"" + list.api_version + "\",\"kind\":\"ResourceList\",\"items\":[";
  std::string_view separator = "\n";
  for (const std::string_view text : items) {
    out += separator;
    out += text;
    separator = ",\n";
  }
  out += "]";
  if (!results.empty()) {
    base::Arena arena;
    out += ",\"results\":";
    value::AppendJson(out, ResultsAsValue(results, arena));
  }
  return out + "}\n";
}

std::string WriteStream(const Texts& items) {
  std::string out;
  out.reserve(BytesOf(items));
  for (const std::string_view text : items) {
    out += "---\n";
    out += text;
    if (out.back() != '\n') out += '\n';
  }
  return out;
}

}  // namespace

std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated, const Results& results,
                              const std::map<std::size_t, std::string>& rewritten) {
  Texts texts;
  std::vector<std::string> expanded;
  expanded.reserve(kept.size());
  for (const std::size_t i : kept) {
    const Item& item = list.items[i];
    if (const auto found = rewritten.find(i); found != rewritten.end()) {
      texts.push_back(found->second);
    } else if (!item.expanded.empty() && list.style == ListStyle::kBlock) {
      texts.push_back(expanded.emplace_back(std::string(item.column, ' ') + "- " + item.expanded));
    } else {
      texts.push_back(item.expanded.empty() ? item.text : item.expanded);
    }
  }
  for (const GeneratedItem& item : generated) texts.push_back(item.text);
  if (list.style == ListStyle::kStream) return WriteStream(texts);
  return list.style == ListStyle::kFlow ? WriteFlow(list, texts, results)
                                        : WriteBlock(list, texts, results);
}

}  // namespace openchoreo::kustomize_fn
