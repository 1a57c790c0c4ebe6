#include "kustomize-fn/former_output.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/base/arena.h"
#include "common/record/record.h"
#include "kustomize-fn/guard.h"
#include "kustomize-fn/item_place.h"

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

// Whether a record's binding is one the selection names. Its data plane is not recorded.
bool IsSelected(const Item& item, const ResourceList& list, const render::Options& selection) {
  if (!selection.dataplanes.empty()) return false;
  base::Arena arena;
  const auto root = ReadItem(item, list, arena);
  if (!root) return false;
  const auto read =
      record::ReadRecord(root->Get("data", record::kDataKey).string_or_empty(), arena);
  if (!read) return false;
  const auto passes = [](const std::vector<std::string>& wanted, std::string_view name) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
  };
  return passes(selection.environments, read->environment) &&
         passes(selection.projects, read->owner.Get("projectName").string_or_empty()) &&
         passes(selection.components, read->owner.Get("componentName").string_or_empty());
}

}  // namespace

std::vector<Clash> ReplaceFormerOutput(const ResourceList& list, std::vector<std::size_t>& kept,
                                       std::vector<GeneratedItem>& generated) {
  std::map<Identity, std::vector<std::size_t>> made;
  for (std::size_t i = 0; i < generated.size(); ++i) made[IdentityOf(generated[i])].push_back(i);
  std::vector<Clash> clashes;
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
      clashes.push_back({index, Describe(item) + " is rendered from " +
                                    Binding(list, same.binding) +
                                    " and is among the resources too" + FileOf(item)});
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
  const bool all = selection.environments.empty() && selection.projects.empty() &&
                   selection.components.empty() && selection.dataplanes.empty();
  std::set<std::string> selected;  // folders
  for (const GeneratedItem& item : generated) selected.insert(FolderOf(item.path));
  for (const Item& item : list.items) {
    if (!all && item.release == kRecordRelease && IsSelected(item, list, selection))
      selected.insert(FolderOf(item.annotations.path));
  }
  std::erase_if(kept, [&](std::size_t index) {
    const Item& item = list.items[index];
    const std::string folder = FolderOf(item.annotations.path);
    return item.stamped && !folder.empty() && (all || selected.contains(folder));
  });
}

}  // namespace openchoreo::kustomize_fn
