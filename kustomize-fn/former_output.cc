#include "kustomize-fn/former_output.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/record/record.h"
#include "common/render/selected_by.h"
#include "kustomize-fn/guard.h"
#include "kustomize-fn/report.h"

namespace openchoreo::kustomize_fn {

namespace {

// Group, kind, namespace, name: what the API server tells objects apart by. No namespace is
// "default", as kustomize has it.
using Identity = std::tuple<std::string, std::string, std::string, std::string>;

template <typename Object>
Identity IdentityOf(const Object& object) {
  const std::size_t slash = object.api_version.find('/');
  return {slash == std::string::npos ? std::string() : object.api_version.substr(0, slash),
          object.kind, object.ns == "default" ? std::string() : object.ns, object.name};
}

bool IsNamespace(const Item& item) { return item.api_version == "v1" && item.kind == "Namespace"; }

// "releases/cart-dev/deployment-cart.yaml" → "cart-dev"
std::string FolderOf(const std::string& path) {
  constexpr std::string_view kFolder = "releases/";
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with(kFolder) || slash < kFolder.size()) return {};
  return path.substr(kFolder.size(), slash - kFolder.size());
}

std::string FileOf(const Item& item) {
  const ItemSource source = SourceOf(item);
  return source.path.empty() ? std::string() : " (" + source.path + ")";
}

// "ReleaseBinding acme/cart-dev (shop/cart-dev.yaml)"
std::string Binding(const ResourceList& list, const std::string& binding) {
  const auto item = std::find_if(list.items.begin(), list.items.end(), [&](const Item& candidate) {
    return IsOpenChoreo(candidate) && Describe(candidate) == binding;
  });
  return item == list.items.end() ? binding : binding + FileOf(*item);
}

// Files that one binding's rendering has written: their folder and the binding's organization, for
// two organizations may have bindings of one name.
using Part = std::pair<std::string, std::string>;

// `object`: "acme/orders-development", or that with a kind and a space before it.
Part PartOf(const std::string& path, std::string_view object) {
  object.remove_prefix(object.find(' ') + 1);  // npos + 1 is 0
  return {FolderOf(path), std::string(object.substr(0, object.find('/')))};
}

// Whether the selection names a record's binding. Its data plane is not recorded.
bool IsSelected(const record::Record& told, const render::Options& selection) {
  const auto kind = names::KindNamed(told.binding.kind);
  if (!kind || !selection.dataplanes.empty()) return false;
  const auto owner = [&](std::string_view field) {
    return told.owner.Get(field).string_or_empty();
  };
  const std::string_view component = owner("componentName");
  return render::Takes(selection, {*kind, told.binding.ns, told.environment, owner("projectName"),
                                   component.empty() ? owner("resourceName") : component});
}

}  // namespace

ItemFaults ReplaceFormerOutput(const ResourceList& list, std::vector<std::size_t>& kept,
                               std::vector<GeneratedItem>& generated) {
  std::map<Identity, std::vector<std::size_t>> made;
  for (std::size_t i = 0; i < generated.size(); ++i) made[IdentityOf(generated[i])].push_back(i);
  ItemFaults clashes;
  std::vector<bool> provided(generated.size());
  std::erase_if(kept, [&](std::size_t index) {
    const Item& item = list.items[index];
    const auto found = made.find(IdentityOf(item));
    if (found == made.end()) return false;
    for (const std::size_t i : found->second) {
      const GeneratedItem& same = generated[i];
      if (item.api_version == kGuardApiVersion) return true;
      const bool is_file = !same.path.empty() && item.annotations.path == same.path;
      if (is_file || (item.stamped && item.release == same.release)) return true;
      if (same.added_namespace && IsNamespace(item)) {
        provided[i] = true;
        continue;
      }
      clashes.emplace_back(
          index, Fault(base::ErrorCode::kDuplicateObject,
                       Describe(item) + " is rendered from " + Binding(list, same.binding) +
                           " and is among the resources too" + FileOf(item),
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
  std::set<Part> selected;
  std::map<std::size_t, Part> records;
  for (const GeneratedItem& item : generated) selected.insert(PartOf(item.path, item.binding));
  for (std::size_t i = 0; !all && i < list.items.size(); ++i) {
    const Item& item = list.items[i];
    if (item.release != kRecordRelease) continue;
    base::Arena arena;
    const auto root = ReadItem(item, list, arena);
    if (!root) continue;
    const auto read =
        record::ReadRecord(root->Get("data", record::kDataKey).string_or_empty(), arena);
    if (!read) continue;
    records[i] = PartOf(item.annotations.path, std::string(read->binding.ns) + "/");
    if (IsSelected(*read, selection)) selected.insert(records[i]);
  }
  std::erase_if(kept, [&](std::size_t index) {
    const Item& item = list.items[index];
    const auto known = records.find(index);
    const Part part =
        known == records.end() ? PartOf(item.annotations.path, item.release) : known->second;
    return item.stamped && !part.first.empty() && (all || selected.contains(part));
  });
}

}  // namespace openchoreo::kustomize_fn
