#include "kustomize-fn/guard.h"

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/base/arena.h"
#include "common/base/sha256.h"
#include "common/value/map_builder.h"

namespace openchoreo::kustomize_fn {

namespace {

using value::Value;

constexpr std::string_view kNamespaceMessage =
    "OpenChoreo: `namespace:` in this kustomization would move what OpenChoreoRender has rendered "
    "to another namespace. Set it in a kustomization below the one that lists OpenChoreoRender "
    "under transformers:, or, for a generator, as spec.namespace of OpenChoreoRender";

constexpr std::string_view kSelectorMessage =
    "OpenChoreo: `commonLabels:` in this kustomization would change the selectors of what "
    "OpenChoreoRender has rendered. Write `labels: [{pairs: {...}}]`, which leaves selectors "
    "alone, or set it in a kustomization below the one that lists OpenChoreoRender";

constexpr std::string_view kPart = "openchoreo-part-";

// Tells one set of rendered objects from every other.
std::string NameOf(const std::vector<GeneratedItem>& generated, bool part) {
  std::string identities;
  for (const GeneratedItem& item : generated) {
    identities += item.api_version + ' ' + item.kind + ' ' + item.ns + ' ' + item.name + ' ' +
                  item.binding + '\n';
  }
  return std::string(part ? kPart : "openchoreo-") + base::Sha256Hex(identities).substr(0, 16);
}

}  // namespace

bool TellsOfPart(const Item& item) {
  return item.api_version == kGuardApiVersion && item.name.find(kPart) != std::string::npos;
}

base::Result<std::vector<GeneratedItem>> MakeGuards(const std::vector<GeneratedItem>& generated,
                                                    bool part, const ResourceList& list) {
  base::Arena arena;
  const std::string name = NameOf(generated, part);
  const Value subjects = value::MakeList(arena, {Value::String(kNamespaceMessage)});
  const Value spec = value::MakeMap(arena, {{"selector", Value::String(kSelectorMessage)}});
  // An empty map of labels, so that a patch which adds one to everything does not fail here.
  const Value metadata = value::MakeMap(
      arena,
      {{"annotations",
        value::MakeMap(arena, {{"config.kubernetes.io/local-config", Value::String("true")}})},
       {"labels", Value::Map({})},
       {"name", Value::String(name)}});
  std::vector<GeneratedItem> guards;
  for (const auto& [kind, field, content] : {std::tuple("RoleBinding", "subjects", subjects),
                                             std::tuple("ReplicationController", "spec", spec)}) {
    const Value guard = value::MakeMap(arena, {{"apiVersion", Value::String(kGuardApiVersion)},
                                               {"kind", Value::String(kind)},
                                               {"metadata", metadata},
                                               {field, content}});
    GeneratedItem item{Identify(guard)};
    OC_TRY(item.text, ItemText(guard, list));
    guards.push_back(std::move(item));
  }
  return guards;
}

}  // namespace openchoreo::kustomize_fn
