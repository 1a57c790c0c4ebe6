#include "common/pipeline/dialect_v012.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/k8s_name.h"
#include "common/pipeline/component_context.h"
#include "common/pipeline/configuration_names.h"
#include "common/pipeline/configurations.h"
#include "common/pipeline/effective_workload.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline::v012 {

namespace {

using value::ListBuilder;
using value::MakeMap;
using value::MapBuilder;
using value::NonEmpty;
using value::Value;

// A container by name with what its configuration was taken apart into.
struct Container {
  std::string_view name;
  Configurations configurations;
};

std::string Name(std::string_view prefix, const Container& container, std::string_view suffix) {
  return base::GenerateK8sName(base::kMaxResourceName, {prefix, container.name, suffix});
}

std::string FileName(std::string_view prefix, const Container& container, std::string_view what,
                     std::string_view file) {
  return base::GenerateK8sName(base::kMaxResourceName,
                               {prefix, container.name, what, DashedFileName(file)});
}

std::string VolumeNameOf(const Container& container, const ConfigurationItem& file) {
  return std::string(container.name) + "-" + VolumeName(file);
}

// Builds the views of `derived`; all of them walk the containers in order of their names, where
// upstream's order is that of a Go map.
class DerivedViews {
 public:
  DerivedViews(const std::vector<Container>& containers, std::string_view prefix,
               base::Arena& arena)
      : containers_(containers), prefix_(prefix), arena_(arena) {}

  Value Build() const {
    return MakeMap(arena_, {{"configEnvs", EnvsByContainer(false)},
                            {"configFileList", FileList(false)},
                            {"configVolumeMounts", MountsByContainer()},
                            {"configVolumes", Volumes()},
                            {"containerEnvFrom", EnvFromByContainer()},
                            {"secretEnvs", EnvsByContainer(true)},
                            {"secretFileList", FileList(true)}});
  }

 private:
  Value Stored(std::string_view text) const { return Value::String(arena_.CopyString(text)); }

  static const std::vector<ConfigurationItem>& EnvsOf(const Container& container, bool secret) {
    return secret ? container.configurations.secret_envs : container.configurations.config_envs;
  }

  static const std::vector<ConfigurationItem>& FilesOf(const Container& container, bool secret) {
    return secret ? container.configurations.secret_files : container.configurations.config_files;
  }

  Value EnvsByContainer(bool secret) const {
    ListBuilder list(arena_);
    for (const Container& container : containers_) {
      const auto& envs = EnvsOf(container, secret);
      if (envs.empty()) continue;
      const std::string name = Name(prefix_, container, secret ? "env-secrets" : "env-configs");
      list.Add(MakeMap(arena_, {{"container", Value::String(container.name)},
                                {"envs", EnvList(envs, secret, EmptyValues::kDropped, arena_)},
                                {"resourceName", Stored(name)}}));
    }
    return list.Build();
  }

  Value FileList(bool secret) const {
    ListBuilder list(arena_);
    for (const Container& container : containers_) {
      for (const ConfigurationItem& file : FilesOf(container, secret)) {
        const std::string name =
            FileName(prefix_, container, secret ? "secret" : "config", file.name);
        list.Add(
            MakeMap(arena_, {{"mountPath", Value::String(file.mount_path)},
                             {"name", Value::String(file.name)},
                             {"remoteRef", secret ? ToValue(file.remote, arena_) : Value::Omit()},
                             {"resourceName", Stored(name)},
                             {"value", secret ? Value::Omit() : Value::String(file.value)}}));
      }
    }
    return list.Build();
  }

  Value EnvFromByContainer() const {
    MapBuilder by_container(arena_);
    for (const Container& container : containers_) {
      ListBuilder list(arena_);
      const auto add = [&](bool secret, std::string_view key, std::string_view suffix) {
        if (EnvsOf(container, secret).empty()) return;
        const Value name = MakeMap(arena_, {{"name", Stored(Name(prefix_, container, suffix))}});
        list.Add(MakeMap(arena_, {{key, name}}));
      };
      add(false, "configMapRef", "env-configs");
      add(true, "secretRef", "env-secrets");
      by_container.Add(container.name, list.Build());
    }
    return by_container.Build();
  }

  Value MountsByContainer() const {
    MapBuilder by_container(arena_);
    for (const Container& container : containers_) {
      ListBuilder list(arena_);
      for (bool secret : {false, true}) {
        for (const ConfigurationItem& file : FilesOf(container, secret)) {
          const std::string path = std::string(file.mount_path) + "/" + std::string(file.name);
          list.Add(MakeMap(arena_, {{"mountPath", Stored(path)},
                                    {"name", Stored(VolumeNameOf(container, file))},
                                    {"subPath", Value::String(file.name)}}));
        }
      }
      by_container.Add(container.name, list.Build());
    }
    return by_container.Build();
  }

  // Upstream's order is random; this one is by name.
  Value Volumes() const {
    MapBuilder by_name(arena_);
    for (const Container& container : containers_) {
      for (bool secret : {false, true}) {
        for (const ConfigurationItem& file : FilesOf(container, secret)) {
          const Value name = Stored(VolumeNameOf(container, file));
          const Value object =
              Stored(FileName(prefix_, container, secret ? "secret" : "config", file.name));
          const Value source = MakeMap(arena_, {{secret ? "secretName" : "name", object}});
          by_name.Add(name.as_string(),
                      secret ? MakeMap(arena_, {{"name", name}, {"secret", source}})
                             : MakeMap(arena_, {{"configMap", source}, {"name", name}}));
        }
      }
    }
    ListBuilder list(arena_);
    const Value volumes = by_name.Build();
    for (const auto& [name, volume] : volumes.as_map()) list.Add(volume);
    return list.Build();
  }

  const std::vector<Container>& containers_;
  const std::string_view prefix_;
  base::Arena& arena_;
};

Value DataPlane(const Value& spec, base::Arena& arena) {
  const Value reference = spec.Get("observabilityPlaneRef");
  const std::string_view plane =
      reference.is_string() ? reference.as_string() : reference.Get("name").string_or_empty();
  return MakeMap(arena,
                 {{"observabilityPlaneRef", NonEmpty(plane)},
                  {"publicVirtualHost", NonEmpty(resource::PublicVirtualHost(spec))},
                  {"secretStore", NonEmpty(spec.Get("secretStoreRef", "name").string_or_empty())}});
}

Value Endpoints(const Value& endpoints, base::Arena& arena) {
  MapBuilder map(arena);
  if (!endpoints.is_map()) return map.Build();
  for (const auto& [name, endpoint] : endpoints.as_map()) {
    const Value schema = endpoint.Get("schema");
    const Value shown =
        schema.is_map()
            ? MakeMap(arena, {{"content", NonEmpty(schema.Get("content").string_or_empty())},
                              {"type", NonEmpty(schema.Get("type").string_or_empty())}})
            : Value::Omit();
    const Value port = endpoint.Get("port");
    map.Add(name.as_string(),
            MakeMap(arena, {{"port", port.is_null() ? Value::Double(0)
                                                    : value::NumbersAsDoubles(arena, port)},
                            {"schema", shown},
                            {"type", Value::String(endpoint.Get("type").string_or_empty())}}));
  }
  return map.Build();
}

}  // namespace

Slots BuildSharedSlots(const ComponentInput& input, base::Arena& arena) {
  Slots slots;
  const Value containers =
      EffectiveContainers(input.workload.Get("containers"),
                          input.binding.Get("workloadOverrides", "containers"), arena);
  MapBuilder container_values(arena), configuration_values(arena);
  std::vector<Container> views;
  if (containers.is_map()) {
    for (const auto& [name, container] : containers.as_map()) {
      views.push_back({name.as_string(), ExtractConfigurations(container, input.secret_references,
                                                               EmptyValues::kDropped)});
      container_values.Add(name.as_string(), ContainerValue(container, arena));
      configuration_values.Add(name.as_string(),
                               ToValue(views.back().configurations, EmptyValues::kDropped, arena));
    }
  }
  slots[kMetadata] =
      value::WithoutKey(arena, MetadataValue(input.metadata, arena), "componentNamespace");
  slots[kDataPlane] = DataPlane(input.data_plane, arena);
  slots[kWorkload] =
      MakeMap(arena, {{"containers", container_values.Build()},
                      {"endpoints", Endpoints(input.workload.Get("endpoints"), arena)}});
  slots[kConfigurations] = configuration_values.Build();
  const std::string prefix = std::string(input.metadata.component_name) + "-" +
                             std::string(input.metadata.environment_name);
  slots[kDerived] = DerivedViews(views, prefix, arena).Build();
  return slots;
}

Value ForcedLabels(const Metadata& metadata, base::Arena& arena) {
  return MakeMap(arena, {{"openchoreo.dev/component", Value::String(metadata.component_name)},
                         {"openchoreo.dev/environment", Value::String(metadata.environment_name)},
                         {"openchoreo.dev/project", Value::String(metadata.project_name)}});
}

std::string PatchErrorText(std::string message) {
  static constexpr std::string_view kNew = " contains a filter or wildcard but matched";
  const std::size_t at = message.find(kNew);
  if (at != std::string::npos) message.replace(at, kNew.size(), " contains a filter but matched");
  return message;
}

}  // namespace openchoreo::pipeline::v012
