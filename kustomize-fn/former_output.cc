#include "kustomize-fn/former_output.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "common/base/arena.h"
#include "common/names/api_version.h"
#include "common/names/kind.h"
#include "common/record/record.h"
#include "common/render/selected_by.h"
#include "kustomize-fn/guard.h"
#include "kustomize-fn/report.h"

namespace openchoreo::kustomize_fn {

namespace {

// Group, kind, namespace, name: what the API server tells objects apart by. No namespace is
// "default", as kustomize has it.
using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key KeyOf(const Identity& object) {
  return {std::string(names::GroupOf(object.api_version)), object.kind,
          object.ns == "default" ? std::string() : object.ns, object.name};
}

constexpr std::string_view kReleases = "releases/";  // the folder of what is rendered

std::string FileOf(const Item& item, ItemSources& sources) {
  const ItemSource source = sources.Of(item);
  return source.path.empty() ? std::string() : " (" + source.path + ")";
}

// "ReleaseBinding acme/cart-dev (shop/cart-dev.yaml)"
std::string Binding(const ResourceList& list, ItemSources& sources, const std::string& binding) {
  const auto item = std::find_if(list.items.begin(), list.items.end(), [&](const Item& candidate) {
    return IsOpenChoreo(candidate) && Describe(candidate) == binding;
  });
  return item == list.items.end() ? binding : binding + FileOf(*item, sources);
}

// The releases that the objects of a recorded binding name, if the binding is this rendering's: one
// of `bindings`, or one the selection names (its data plane is not recorded). `item` is the record.
std::optional<std::vector<std::string>> OwnReleases(const Item& item,
                                                    const render::Options& selection,
                                                    const std::set<std::string>& bindings) {
  base::Arena arena;
  const auto root = ReadItem(item, arena);
  if (!root) return std::nullopt;
  const auto read =
      record::ReadRecord(root->Get("data", record::kDataKey).string_or_empty(), arena);
  const auto kind = read ? names::KindNamed(read->binding.kind) : std::nullopt;
  if (!kind) return std::nullopt;
  const auto own = [&](std::string_view field) { return read->owner.Get(field).string_or_empty(); };
  const std::string_view component = own("componentName"), project = own("projectName"),
                         owner = component.empty() ? own("resourceName") : component;
  const record::BindingRef& ref = read->binding;
  const render::SelectedBy binding{*kind, ref.ns, read->environment, project, owner};
  const bool selected = selection.dataplanes.empty() && render::Takes(selection, binding);
  const std::string name =
      std::string(ref.kind) + " " + std::string(ref.ns) + "/" + std::string(ref.name);
  if (!selected && !bindings.contains(name)) return std::nullopt;
  return render::ReleasesOf(binding);
}

}  // namespace

ItemFaults ReplaceFormerOutput(const ResourceList& list, ItemSources& sources,
                               std::vector<std::size_t>& kept,
                               std::vector<GeneratedItem>& generated) {
  std::map<Key, std::vector<std::size_t>> made;
  for (std::size_t i = 0; i < generated.size(); ++i) made[KeyOf(generated[i])].push_back(i);
  ItemFaults clashes;
  std::vector<bool> provided(generated.size());
  std::erase_if(kept, [&](std::size_t index) {
    const Item& item = list.items[index];
    const auto found = made.find(KeyOf(item));
    if (found == made.end()) return false;
    for (const std::size_t i : found->second) {
      const GeneratedItem& same = generated[i];
      if (item.api_version == kGuardApiVersion) return true;
      const bool is_file = !same.path.empty() && item.annotations.path == same.path;
      if (is_file || (item.stamped && item.release == same.release)) return true;
      if (same.added_namespace && item.api_version == "v1" && item.kind == "Namespace") {
        provided[i] = true;
        continue;
      }
      clashes.emplace_back(
          index,
          Fault(base::ErrorCode::kDuplicateObject,
                Describe(item) + " is rendered from " + Binding(list, sources, same.binding) +
                    " and is among the resources too" + FileOf(item, sources),
                "take one of them out"));
      return false;
    }
    return false;
  });
  std::size_t i = 0;
  std::erase_if(generated, [&](const GeneratedItem&) { return provided[i++]; });
  return clashes;
}

void DropStaleFiles(const ResourceList& list, const render::Options& selection,
                    const std::vector<GeneratedItem>& generated, std::vector<std::size_t>& kept) {
  const bool all = !render::Selects(selection);
  // What this rendering is the owner of: bindings, and releases of their objects.
  std::set<std::string> bindings, releases;
  for (const GeneratedItem& item : generated) {
    bindings.insert(item.binding);
    releases.insert(item.release);
  }
  releases.erase(std::string(kRecordRelease));
  std::set<std::size_t> records;
  for (std::size_t i = 0; !all && i < list.items.size(); ++i) {
    if (list.items[i].release != kRecordRelease) continue;
    const auto own = OwnReleases(list.items[i], selection, bindings);
    if (!own) continue;
    records.insert(i);
    releases.insert(own->begin(), own->end());
  }
  std::erase_if(kept, [&](std::size_t index) {
    const Item& item = list.items[index];
    return item.stamped && item.annotations.path.starts_with(kReleases) &&
           (all || records.contains(index) || releases.contains(item.release));
  });
}

}  // namespace openchoreo::kustomize_fn
