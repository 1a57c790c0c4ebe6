#include "kustomize-fn/guard.h"

#include <string>
#include <utility>

#include "common/base/arena.h"
#include "common/base/sha256.h"
#include "common/value/json_reader.h"

namespace openchoreo::kustomize_fn {

namespace {

// What follows the kind and version of each guard; % stands for the name. An empty map of labels
// is there so that a patch which adds one to everything does not fail here.
constexpr std::string_view kNamespace =
    R"("RoleBinding","metadata":{"annotations":{"config.kubernetes.io/local-config":"true"},
"labels":{},"name":"%"},"subjects":["OpenChoreo: `namespace:` in this kustomization would move what )"
    "OpenChoreoRender has rendered to another namespace. Set it in a kustomization below the one "
    "that lists OpenChoreoRender under transformers:, or, for a generator, as spec.namespace of "
    R"(OpenChoreoRender"]})";

constexpr std::string_view kLabels =
    R"("ReplicationController","metadata":{"annotations":{"config.kubernetes.io/local-config":"true"},
"labels":{},"name":"%"},"spec":{"selector":"OpenChoreo: `commonLabels:` in this kustomization would )"
    "change the selectors of what OpenChoreoRender has rendered. Write `labels: [{pairs: {...}}]`, "
    "which leaves selectors alone, or set it in a kustomization below the one that lists "
    R"(OpenChoreoRender"}})";

// @ stands for the affix, ^ for the field that sets it. A Node names a ConfigMap; they are so only
// by what they say they were, and no patch that is meant for those kinds finds them.
constexpr std::string_view kRenaming =
    R"("Name","metadata":{"annotations":{"config.kubernetes.io/local-config":"true",
"internal.config.kubernetes.io/@es":"-","internal.config.kubernetes.io/previousKinds":"Node,ConfigMap",
"internal.config.kubernetes.io/previousNames":"%,%",
"internal.config.kubernetes.io/previousNamespaces":"default,default"},
"labels":{},"name":"%-@"},"spec":{"configSource":{"configMap":"%"},"refused":"OpenChoreo: `^:` )"
    "around OpenChoreoRender would rename what it has rendered, but not the addresses, routes and "
    "records that name it. Set it in a kustomization below the one that lists OpenChoreoRender, "
    "or let it through with `guard: false` in the spec of OpenChoreoRender and list "
    R"(openchoreo-kustomizeconfig.yaml under configurations:, for references kustomize does not know"}})";

constexpr std::string_view kRenamed =
    R"("Name","metadata":{"annotations":{"config.kubernetes.io/local-config":"true",
"internal.config.kubernetes.io/previousKinds":"ConfigMap",
"internal.config.kubernetes.io/previousNames":"%",
"internal.config.kubernetes.io/previousNamespaces":"default"},"labels":{},"name":"%"}})";

struct Guard {
  std::string_view text, affix, field;
};

constexpr Guard kGuards[] = {{kNamespace, "", ""},
                             {kLabels, "", ""},
                             {kRenaming, "prefix", "namePrefix"},
                             {kRenaming, "suffix", "nameSuffix"},
                             {kRenamed, "", ""}};

std::string TextOf(const Guard& guard, std::string_view name) {
  std::string text;
  for (const char& c : guard.text) {
    text += c == '%'   ? name
            : c == '@' ? guard.affix
            : c == '^' ? guard.field
                       : std::string_view(&c, 1);
  }
  return text;
}

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
  std::vector<GeneratedItem> guards;
  for (const Guard& guard : kGuards) {
    const std::string json =
        R"({"apiVersion":")" + std::string(kGuardApiVersion) + R"(","kind":)" + TextOf(guard, name);
    OC_TRY(const value::Value object, value::ReadJson(json, arena));
    GeneratedItem item{Identify(object)};
    OC_TRY(item.text, ItemText(object, list));
    guards.push_back(std::move(item));
  }
  return guards;
}

}  // namespace openchoreo::kustomize_fn
