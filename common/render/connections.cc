#include "common/render/connections.h"

#include <algorithm>

#include "common/base/go_quote.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using base::GoQuote;
using value::Value;

Value Declared(const Value& workload, std::string_view kind) {
  return workload.Get("dependencies", kind);
}

struct Target {
  std::string_view project, component, endpoint, visibility;
};

Target TargetOf(const Value& connection, const Binding& binding) {
  Target target{
      connection.Get("project").string_or_empty(), connection.Get("component").string_or_empty(),
      connection.Get("name").string_or_empty(), connection.Get("visibility").string_or_empty()};
  if (target.project.empty()) target.project = binding.project;
  return target;
}

const EndpointUrl* UrlFor(const Endpoint& endpoint, std::string_view visibility) {
  if (visibility == "project" || visibility == "namespace")
    return endpoint.service ? &*endpoint.service : nullptr;
  if (visibility == "external" && endpoint.external) {
    const GatewayUrls& urls = *endpoint.external;
    for (const auto* url : {&urls.https, &urls.http, &urls.tls}) {
      if (*url) return &**url;
    }
  }
  return nullptr;
}

// The URL a connection gets; nullptr, and `pending` says why, if there is none yet.
// `provider` is set where another result of its binding could have given it.
const EndpointUrl* Resolve(const BindingList& list, const Binding& binding, const Target& target,
                           const std::vector<Provided>& provided, std::string& pending,
                           std::uint32_t& provider) {
  const auto providers =
      list.ComponentBindings(binding.ns, target.project, target.component, binding.environment);
  const std::string component = std::string(target.project) + "/" + std::string(target.component);
  if (providers.empty()) {
    pending = "ReleaseBinding not found for component " + component;
    return nullptr;
  }
  if (providers.size() > 1) {
    pending = "multiple ReleaseBindings found for component " + component + " in environment " +
              std::string(binding.environment);
    return nullptr;
  }
  if (list.bindings()[providers[0]].undeploy) {
    pending = "component is undeployed";
    return nullptr;
  }
  for (const Endpoint& endpoint : provided[providers[0]].endpoints) {
    if (endpoint.name != target.endpoint) continue;
    const EndpointUrl* url = UrlFor(endpoint, target.visibility);
    if (!url) {
      pending = "endpoint " + GoQuote(target.endpoint) + " has no URL for visibility " +
                std::string(target.visibility);
    }
    return url;
  }
  provider = providers[0];
  pending = "endpoint " + GoQuote(target.endpoint) + " not yet resolved";
  return nullptr;
}

Value EnvVars(const Value& bindings, const EndpointUrl& url, base::Arena& arena) {
  value::ListBuilder list(arena);
  const auto add = [&](std::string_view key, std::string_view text) {
    const std::string_view name = bindings.Get(key).string_or_empty();
    if (name.empty()) return;
    value::MapBuilder entry(arena);
    entry.Add("name", Value::String(name));
    entry.AddNonEmpty("value", arena.CopyString(text));
    list.Add(entry.Build());
  };
  add("address", FormatAddress(url));
  add("host", url.host);
  add("port", url.port != 0 ? std::to_string(url.port) : std::string());
  add("basePath", url.path);
  return list.Build();
}

Value Connections(const BindingList& list, const Binding& binding, const Value& declared,
                  const std::vector<Provided>& provided, base::Arena& arena,
                  std::vector<record::Connection>& targets,
                  std::vector<PendingDependency>& pending) {
  if (declared.size() == 0) return Value();
  value::ListBuilder items(arena);
  std::size_t index = 0;
  for (const Value& connection : declared.as_list()) {
    const Target target = TargetOf(connection, binding);
    std::string why;
    std::uint32_t provider = PendingDependency::kNoProvider;
    const EndpointUrl* url = Resolve(list, binding, target, provided, why, provider);
    if (!url) {
      pending.push_back({PendingDependency::Kind::kConnection,
                         "/dependencies/endpoints/" + std::to_string(index), std::move(why),
                         std::string(target.project), std::string(target.component),
                         std::string(target.endpoint), provider});
    }
    targets.push_back({target.project, target.component, target.endpoint, target.visibility,
                       url ? ToValue(*url, arena) : Value()});
    value::MapBuilder item(arena);
    item.Add("namespace", Value::String(binding.ns));
    item.Add("project", Value::String(target.project));
    item.Add("component", Value::String(target.component));
    item.Add("endpoint", Value::String(target.endpoint));
    item.Add("visibility", Value::String(target.visibility));
    item.Add("envVars", url ? EnvVars(connection.Get("envBindings"), *url, arena) : Value());
    items.Add(item.Build());
    ++index;
  }
  return items.Build();
}

Value Resources(const BindingList& list, const Binding& binding, const Value& declared,
                const std::vector<Provided>& provided, base::Arena& arena,
                std::vector<PendingDependency>& pending) {
  if (declared.size() == 0) return Value();
  value::ListBuilder items(arena);
  std::size_t index = 0;
  for (const Value& dependency : declared.as_list()) {
    const std::string_view ref = dependency.Get("ref").string_or_empty();
    const auto providers =
        list.ResourceBindings(binding.ns, binding.project, ref, binding.environment);
    const std::string where = std::string(binding.project) + "/" + std::string(ref) +
                              " in environment " + std::string(binding.environment);
    std::string why;
    if (providers.empty()) {
      why = "ResourceReleaseBinding not found for " + where;
    } else if (providers.size() > 1) {
      why = "multiple ResourceReleaseBindings found for " + where;
    } else if (!provided[providers[0]].ready) {
      why = "ResourceReleaseBinding " + GoQuote(list.bindings()[providers[0]].name) + " not ready";
    } else if (auto item = BuildResourceDependency(dependency, provided[providers[0]].outputs,
                                                   arena, why)) {
      items.Add(*item);
    }
    if (!why.empty()) {
      pending.push_back({PendingDependency::Kind::kResource,
                         "/dependencies/resources/" + std::to_string(index), std::move(why),
                         std::string(binding.project), std::string(ref), "",
                         providers.size() == 1 ? providers[0] : PendingDependency::kNoProvider});
    }
    ++index;
  }
  return items.Build();
}

}  // namespace

std::string_view NameOf(PendingDependency::Kind kind) {
  switch (kind) {
    case PendingDependency::Kind::kConnection:
      return "connection";
    case PendingDependency::Kind::kResource:
      return "resource dependency";
    case PendingDependency::Kind::kOutputs:
      break;
  }
  return "outputs";
}

std::vector<std::uint32_t> ProvidersOf(const BindingList& list, const Binding& binding,
                                       const Value& workload) {
  std::vector<std::uint32_t> providers;
  const Value connections = Declared(workload, "endpoints"),
              resources = Declared(workload, "resources");
  if (connections.is_list()) {
    for (const Value& connection : connections.as_list()) {
      const Target target = TargetOf(connection, binding);
      const auto found =
          list.ComponentBindings(binding.ns, target.project, target.component, binding.environment);
      if (found.size() == 1) providers.push_back(found[0]);
    }
  }
  if (resources.is_list()) {
    for (const Value& dependency : resources.as_list()) {
      const auto found =
          list.ResourceBindings(binding.ns, binding.project,
                                dependency.Get("ref").string_or_empty(), binding.environment);
      if (found.size() == 1) providers.push_back(found[0]);
    }
  }
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  return providers;
}

Dependencies ResolveDependencies(const BindingList& list, const Binding& binding,
                                 const Value& workload, const std::vector<Provided>& provided,
                                 base::Arena& arena) {
  Dependencies result;
  result.connections = Connections(list, binding, Declared(workload, "endpoints"), provided, arena,
                                   result.targets, result.pending);
  result.resources =
      Resources(list, binding, Declared(workload, "resources"), provided, arena, result.pending);
  return result;
}

}  // namespace openchoreo::render
