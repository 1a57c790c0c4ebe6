#include "common/resource/dialect_v0_12.h"

#include <charconv>

#include "common/base/diagnostic.h"
#include "common/base/json_pointer.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::resource {
namespace {

using value::Value;

constexpr std::string_view kOldGatewayName = "gateway-default";
constexpr std::string_view kOldGatewayNamespace = "openchoreo-data-plane";

Value Reference(base::Arena& arena, std::string_view kind, const Value& name) {
  value::MapBuilder reference(arena);
  reference.Add("kind", Value::String(kind));
  reference.Add("name", name);
  return reference.Build();
}

// `map` with entry `key` put through `change`, if it is there.
template <typename Change>
Value Changed(base::Arena& arena, const Value& map, std::string_view key, Change change) {
  const Value* found = map.Find(key);
  return found ? WithKey(arena, map, key, change(*found)) : map;
}

// A list or map with every item put through `change`.
template <typename Change>
Value EachItem(base::Arena& arena, const Value& list, Change change) {
  if (!list.is_list()) return list;
  value::ListBuilder items(arena);
  for (const Value& item : list.as_list()) items.Add(change(item));
  return items.Build();
}

template <typename Change>
Value EachValue(base::Arena& arena, const Value& map, Change change) {
  if (!map.is_map()) return map;
  value::MapBuilder entries(arena);
  for (const value::MapEntry& entry : map.as_map()) {
    entries.Add(entry.key.as_string(), change(entry.value));
  }
  return entries.Build();
}

Value Renamed(base::Arena& arena, const Value& map, std::string_view from, std::string_view to) {
  const Value* found = map.Find(from);
  if (!found) return map;
  return WithKey(arena, WithoutKey(arena, map, from), to, *found);
}

Value TextToReference(base::Arena& arena, const Value& map, std::string_view key,
                      std::string_view kind) {
  return Changed(arena, map, key, [&](const Value& text) {
    return text.is_string() ? Reference(arena, kind, text) : text;
  });
}

Value WithTraitKind(base::Arena& arena, const Value& trait) {
  return trait.is_map() && !trait.Find("kind")
             ? WithKey(arena, trait, "kind", Value::String("Trait"))
             : trait;
}

Value WithTraitKinds(base::Arena& arena, const Value& traits) {
  return EachItem(arena, traits, [&](const Value& trait) { return WithTraitKind(arena, trait); });
}

Value Container(base::Arena& arena, const Value& container) {
  Value result = container;
  for (const std::string_view list : {"env", "files"}) {
    result = Changed(arena, result, list, [&](const Value& entries) {
      return EachItem(arena, entries, [&](const Value& entry) {
        return Changed(arena, entry, "valueFrom", [&](const Value& source) {
          return Renamed(arena, source, "secretRef", "secretKeyRef");
        });
      });
    });
  }
  return result;
}

// Of a Workload, a released workload or workloadOverrides.
Value Containers(base::Arena& arena, const Value& owner) {
  const auto convert = [&](const Value& container) { return Container(arena, container); };
  const Value changed = Changed(arena, owner, "container", convert);
  return Changed(arena, changed, "containers",
                 [&](const Value& containers) { return EachValue(arena, containers, convert); });
}

Value Type(base::Arena& arena, const Value& spec) {
  const Value changed = Changed(arena, spec, "allowedTraits", [&](const Value& traits) {
    return EachItem(arena, traits, [&](const Value& trait) {
      return trait.is_string() ? Reference(arena, "Trait", trait) : WithTraitKind(arena, trait);
    });
  });
  return Changed(arena, changed, "traits", [&](const Value& traits) {
    return EachItem(arena, WithTraitKinds(arena, traits), [&](const Value& trait) {
      return Renamed(arena, trait, "envOverrides", "environmentConfigs");
    });
  });
}

// One side of an old gateway ("public" or "organization") in the newer shape; null without a host.
Value GatewayEndpoint(base::Arena& arena, const Value& gateway, std::string_view side,
                      std::int64_t http_port, std::int64_t https_port) {
  const auto field = [&](std::string_view suffix) {
    std::string name(side);
    name += suffix;
    return gateway.Get(name);
  };
  const Value host = field("VirtualHost");
  if (host.string_or_empty().empty()) return Value();
  const auto listener = [&](const Value& port, std::int64_t fallback) {
    value::MapBuilder entries(arena);
    entries.Add("host", host);
    entries.Add("port", port.is_int() ? port : Value::Int(fallback));
    return entries.Build();
  };
  const auto text = [&](std::string_view suffix, std::string_view fallback) {
    const Value given = field(suffix);
    return given.is_string() ? given : Value::String(fallback);
  };
  value::MapBuilder endpoint(arena);
  endpoint.Add("name", text("GatewayName", kOldGatewayName));
  endpoint.Add("namespace", text("GatewayNamespace", kOldGatewayNamespace));
  endpoint.Add("http", listener(field("HTTPPort"), http_port));
  endpoint.Add("https", listener(field("HTTPSPort"), https_port));
  return endpoint.Build();
}

// `spec` with what its gateway says added as gateway.ingress.
Value WithIngress(base::Arena& arena, const Value& spec) {
  return Changed(arena, spec, "gateway", [&](const Value& gateway) {
    value::MapBuilder ingress(arena);
    const Value external = GatewayEndpoint(arena, gateway, "public", 19080, 19443);
    if (!external.is_null()) ingress.Add("external", external);
    const Value internal = GatewayEndpoint(arena, gateway, "organization", 19081, 19444);
    if (!internal.is_null()) ingress.Add("internal", internal);
    return ingress.empty() ? gateway : WithKey(arena, gateway, "ingress", ingress.Build());
  });
}

Value Pipeline(base::Arena& arena, const Value& spec) {
  return Changed(arena, spec, "promotionPaths", [&](const Value& paths) {
    return EachItem(arena, paths, [&](const Value& path) {
      const Value changed = TextToReference(arena, path, "sourceEnvironmentRef", "Environment");
      return Changed(arena, changed, "targetEnvironmentRefs", [&](const Value& targets) {
        return EachItem(arena, targets, [&](const Value& target) {
          return Reference(arena, "Environment", target.Get("name"));
        });
      });
    });
  });
}

Value Release(base::Arena& arena, const Value& spec) {
  Value changed = Changed(arena, spec, "componentType", [&](const Value& type) {
    value::MapBuilder wrapped(arena);
    wrapped.Add("kind", Value::String("ComponentType"));
    wrapped.Add("name", Value::String(""));
    wrapped.Add("spec", Type(arena, type));
    return wrapped.Build();
  });
  changed = Changed(arena, changed, "traits", [&](const Value& traits) {
    if (!traits.is_map()) return traits;
    value::ListBuilder list(arena);
    for (const value::MapEntry& entry : traits.as_map()) {
      value::MapBuilder trait(arena);
      trait.Add("kind", Value::String("Trait"));
      trait.Add("name", entry.key);
      trait.Add("spec", entry.value);
      list.Add(trait.Build());
    }
    return list.Build();
  });
  changed = Changed(arena, changed, "componentProfile", [&](const Value& profile) {
    return Changed(arena, profile, "traits",
                   [&](const Value& traits) { return WithTraitKinds(arena, traits); });
  });
  return Changed(arena, changed, "workload",
                 [&](const Value& workload) { return Containers(arena, workload); });
}

Value Binding(base::Arena& arena, const Value& spec) {
  const Value renamed = Renamed(
      arena, Renamed(arena, spec, "componentTypeEnvOverrides", "componentTypeEnvironmentConfigs"),
      "traitOverrides", "traitEnvironmentConfigs");
  return Changed(arena, renamed, "workloadOverrides",
                 [&](const Value& overrides) { return Containers(arena, overrides); });
}

Value Spec(names::Kind kind, const Value& spec, base::Arena& arena) {
  switch (kind) {
    case names::Kind::kEnvironment:
      return WithIngress(arena, TextToReference(arena, spec, "dataPlaneRef", "DataPlane"));
    case names::Kind::kDataPlane:
    case names::Kind::kClusterDataPlane:
      return WithIngress(
          arena, TextToReference(arena, spec, "observabilityPlaneRef", "ObservabilityPlane"));
    case names::Kind::kProject:
      return TextToReference(arena, spec, "deploymentPipelineRef", "DeploymentPipeline");
    case names::Kind::kDeploymentPipeline:
      return Pipeline(arena, spec);
    case names::Kind::kComponent:
      return Changed(arena, TextToReference(arena, spec, "componentType", "ComponentType"),
                     "traits", [&](const Value& traits) { return WithTraitKinds(arena, traits); });
    case names::Kind::kComponentType:
    case names::Kind::kClusterComponentType:
      return Type(arena, spec);
    case names::Kind::kWorkload:
      return Containers(arena, spec);
    case names::Kind::kComponentRelease:
      return Release(arena, spec);
    case names::Kind::kReleaseBinding:
      return Binding(arena, spec);
    default:
      return spec;
  }
}

// Replaces the prefix `from` of `pointer` (whole segments) by `to`.
bool Rebase(std::string& pointer, std::string_view from, std::string_view to) {
  if (!pointer.starts_with(from)) return false;
  if (pointer.size() > from.size() && pointer[from.size()] != '/') return false;
  pointer.replace(0, from.size(), to);
  return true;
}

// "/spec/traits/2/spec/…" of a release was "/spec/traits/<name>/…".
void RebaseReleasedTrait(std::string& pointer, const Value& root) {
  constexpr std::string_view kTraits = "/spec/traits/";
  if (!pointer.starts_with(kTraits)) return;
  std::size_t index = 0;
  const char* begin = pointer.data() + kTraits.size();
  const auto [end, error] = std::from_chars(begin, pointer.data() + pointer.size(), index);
  const Value traits = root.Get("spec", "traits");
  if (error != std::errc() || !traits.is_list() || index >= traits.size()) return;
  const std::string_view name = traits.as_list()[index].Get("name").string_or_empty();
  const std::string item = pointer.substr(0, static_cast<std::size_t>(end - pointer.data()));
  const std::string written = base::JoinPointer("/spec/traits", name);
  if (!Rebase(pointer, item + "/spec", written)) Rebase(pointer, item, written);
}

}  // namespace

Value ToV1Model(names::Kind kind, const Value& root, base::Arena& arena) {
  return Changed(arena, root, "spec",
                 [&](const Value& spec) { return spec.is_map() ? Spec(kind, spec, arena) : spec; });
}

std::string PointerAsWritten(names::Kind kind, const Value& root, std::string_view pointer) {
  std::string written(pointer);
  switch (kind) {
    case names::Kind::kComponentRelease:
      if (!Rebase(written, "/spec/componentType/spec", "/spec/componentType")) {
        RebaseReleasedTrait(written, root);
      }
      break;
    case names::Kind::kReleaseBinding:
      if (!Rebase(written, "/spec/componentTypeEnvironmentConfigs",
                  "/spec/componentTypeEnvOverrides")) {
        Rebase(written, "/spec/traitEnvironmentConfigs", "/spec/traitOverrides");
      }
      break;
    case names::Kind::kEnvironment:
      Rebase(written, "/spec/dataPlaneRef/name", "/spec/dataPlaneRef");
      break;
    case names::Kind::kProject:
      Rebase(written, "/spec/deploymentPipelineRef/name", "/spec/deploymentPipelineRef");
      break;
    case names::Kind::kComponent:
      Rebase(written, "/spec/componentType/name", "/spec/componentType");
      break;
    case names::Kind::kDataPlane:
    case names::Kind::kClusterDataPlane:
      Rebase(written, "/spec/observabilityPlaneRef/name", "/spec/observabilityPlaneRef");
      break;
    default:
      break;
  }
  if (const std::size_t at = written.find("/secretKeyRef"); at != std::string::npos) {
    written.replace(at, std::string_view("/secretKeyRef").size(), "/secretRef");
  }
  return written;
}

std::string Dotted(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // '/'
    const std::size_t slash = pointer.find('/');
    const std::string_view segment = pointer.substr(0, slash);
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    if (!segment.empty() && segment.find_first_not_of("0123456789") == std::string_view::npos) {
      path += '[';
      path += segment;
      path += ']';
      continue;
    }
    if (!path.empty()) path += '.';
    base::AppendPointerText(path, segment);
  }
  return path;
}

std::string_view PublicVirtualHost(const Value& data_plane_spec) {
  const Value gateway = data_plane_spec.Get("gateway");
  const std::string_view old = gateway.Get("publicVirtualHost").string_or_empty();
  if (!old.empty()) return old;
  const Value external = gateway.Get("ingress", "external");
  const std::string_view http = external.Get("http", "host").string_or_empty();
  return !http.empty() ? http : external.Get("https", "host").string_or_empty();
}

std::string_view OrganizationVirtualHost(const Value& data_plane_spec) {
  const Value gateway = data_plane_spec.Get("gateway");
  const std::string_view old = gateway.Get("organizationVirtualHost").string_or_empty();
  if (!old.empty()) return old;
  const Value internal = gateway.Get("ingress", "internal");
  const std::string_view http = internal.Get("http", "host").string_or_empty();
  return !http.empty() ? http : internal.Get("https", "host").string_or_empty();
}

}  // namespace openchoreo::resource
