#include "kustomize-fn/resource_list_writer.h"

#include <string_view>

namespace openchoreo::kustomize_fn {

namespace {

std::size_t BytesOf(const ResourceList& list, const std::vector<std::size_t>& kept,
                    const std::vector<GeneratedItem>& generated) {
  std::size_t bytes = 4096;
  for (const std::size_t i : kept)
    bytes += list.items[i].text.size() + list.items[i].expanded.size() + 4;
  for (const GeneratedItem& item : generated) bytes += item.text.size() + 1;
  return bytes;
}

void AppendBlockItem(std::string& out, const Item& item) {
  if (item.expanded.empty()) {
    out += item.text;
  } else {
    out.append(item.column, ' ').append("- ").append(item.expanded);
  }
  if (out.back() != '\n') out += '\n';
}

std::string WriteBlock(const ResourceList& list, const std::vector<std::size_t>& kept,
                       const std::vector<GeneratedItem>& generated, const Results& results) {
  std::string out;
  out.reserve(BytesOf(list, kept, generated));
  out += "apiVersion: " + list.api_version + "\nkind: ResourceList\n";
  out += kept.empty() && generated.empty() ? "items: []\n" : "items:\n";
  for (const std::size_t i : kept) AppendBlockItem(out, list.items[i]);
  for (const GeneratedItem& item : generated) out += item.text;
  return out + ResultsAsYaml(results);
}

std::string WriteFlow(const ResourceList& list, const std::vector<std::size_t>& kept,
                      const std::vector<GeneratedItem>& generated, const Results& results) {
  std::string out;
  out.reserve(BytesOf(list, kept, generated));
  out += "{\"apiVersion\":\"" + list.api_version + "\",\"kind\":\"ResourceList\",\"items\":[";
  std::string_view separator = "\n";
  const auto append = [&](std::string_view text) {
    out += separator;
    out += text;
    separator = ",\n";
  };
  for (const std::size_t i : kept)
    append(list.items[i].expanded.empty() ? list.items[i].text : list.items[i].expanded);
  for (const GeneratedItem& item : generated) append(item.text);
  out += "]";
  if (!results.empty()) out += "," + ResultsAsJson(results);
  return out + "}\n";
}

}  // namespace

std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated, const Results& results) {
  return list.style == ListStyle::kFlow ? WriteFlow(list, kept, generated, results)
                                        : WriteBlock(list, kept, generated, results);
}

}  // namespace openchoreo::kustomize_fn
