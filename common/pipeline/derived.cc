#include "common/pipeline/derived.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/base/go_format.h"
#include "common/pipeline/configuration_names.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::ListBuilder;
using value::MakeList;
using value::MakeMap;
using value::Value;

constexpr std::size_t kMaxPortName = 15;

Value Stored(std::string_view text, base::Arena& arena) {
  return Value::String(arena.CopyString(text));
}

Value ConfigFiles(const DerivedInput& input, base::Arena& arena) {
  ListBuilder list(arena);
  for (const ConfigurationItem& file : input.configurations.config_files) {
    list.Add(
        MakeMap(arena, {{"mountPath", Value::String(file.mount_path)},
                        {"name", Value::String(file.name)},
                        {"resourceName", Stored(ConfigFileName(input.prefix, file.name), arena)},
                        {"value", Value::String(file.value)}}));
  }
  return list.Build();
}

Value SecretFiles(const DerivedInput& input, base::Arena& arena) {
  ListBuilder list(arena);
  for (const ConfigurationItem& file : input.configurations.secret_files) {
    list.Add(MakeMap(arena, {{"mountPath", Value::String(file.mount_path)},
                             {"name", Value::String(file.name)},
                             {"remoteRef", ToValue(file.remote, arena)},
                             {"resourceName", Stored(SecretFileName(input.prefix, file), arena)}}));
  }
  return list.Build();
}

void AddMounts(const std::vector<ConfigurationItem>& files, ListBuilder& list, base::Arena& arena) {
  for (const ConfigurationItem& file : files) {
    std::string path(file.mount_path);
    path += '/';
    path += file.name;
    list.Add(MakeMap(arena, {{"mountPath", Stored(path, arena)},
                             {"name", Stored(VolumeName(file), arena)},
                             {"subPath", value::NonEmpty(file.name)}}));
  }
}

Value VolumeMounts(const Configurations& configurations, base::Arena& arena) {
  ListBuilder list(arena);
  AddMounts(configurations.config_files, list, arena);
  AddMounts(configurations.secret_files, list, arena);
  return list.Build();
}

// Sorted by name; of two files on one volume name the secret wins.
Value Volumes(const DerivedInput& input, base::Arena& arena) {
  std::map<std::string, Value> by_name;
  for (const ConfigurationItem& file : input.configurations.config_files) {
    const std::string name = VolumeName(file);
    const Value source =
        MakeMap(arena, {{"name", Stored(ConfigFileName(input.prefix, file.name), arena)}});
    by_name[name] = MakeMap(arena, {{"configMap", source}, {"name", Stored(name, arena)}});
  }
  for (const ConfigurationItem& file : input.configurations.secret_files) {
    const std::string name = VolumeName(file);
    const Value source =
        MakeMap(arena, {{"secretName", Stored(SecretFileName(input.prefix, file), arena)}});
    by_name[name] = MakeMap(arena, {{"name", Stored(name, arena)}, {"secret", source}});
  }
  ListBuilder list(arena);
  for (const auto& [name, volume] : by_name) list.Add(volume);
  return list.Build();
}

// The views on environment variables; one object name serves envFrom and the list by container.
struct EnvViews {
  Value env_from, configs, secrets;
};

EnvViews Envs(const DerivedInput& input, base::Arena& arena) {
  const Configurations& configurations = input.configurations;
  ListBuilder env_from(arena), configs(arena), secrets(arena);
  if (!configurations.config_envs.empty()) {
    const Value name = Stored(ConfigEnvName(input.prefix), arena);
    const Value envs = EnvList(configurations.config_envs, false, EmptyValues::kLiteral, arena);
    env_from.Add(MakeMap(arena, {{"configMapRef", MakeMap(arena, {{"name", name}})}}));
    configs.Add(MakeMap(arena, {{"envs", envs}, {"resourceName", name}}));
  }
  if (!configurations.secret_envs.empty()) {
    const Value name = Stored(SecretEnvName(input.prefix, configurations.secret_envs), arena);
    const Value envs = EnvList(configurations.secret_envs, true, EmptyValues::kLiteral, arena);
    env_from.Add(MakeMap(arena, {{"secretRef", MakeMap(arena, {{"name", name}})}}));
    secrets.Add(MakeMap(arena, {{"envs", envs}, {"resourceName", name}}));
  }
  return {env_from.Build(), configs.Build(), secrets.Build()};
}

// What a Kubernetes port name may hold: lower-case letters, digits, dashes; at most 15 characters.
std::string SanitizedPortName(std::string_view endpoint) {
  std::string name;
  for (char c : endpoint) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') name += c;
  }
  const std::size_t begin = name.find_first_not_of('-');
  if (begin == std::string::npos) return {};
  name = name.substr(begin, name.find_last_not_of('-') - begin + 1);
  if (name.size() > kMaxPortName) {
    name.resize(kMaxPortName);
    name.resize(name.find_last_not_of('-') + 1);
  }
  return name;
}

std::string UniquePortName(std::string_view endpoint, std::int64_t port,
                           const std::set<std::string>& used, base::Budget& budget) {
  std::string base_name = SanitizedPortName(endpoint);
  if (base_name.empty()) {
    base_name = "port-";
    base::AppendInt(base_name, port);
  }
  std::string name = base_name;
  for (int counter = 2; used.contains(name) && budget.Spend(16); ++counter) {
    const std::string suffix = "-" + std::to_string(counter);
    name = base_name + suffix;
    if (name.size() > kMaxPortName)
      name = base_name.substr(0, kMaxPortName - suffix.size()) + suffix;
  }
  return name;
}

std::int64_t WholeNumber(const Value& number) {
  return number.is_double() ? static_cast<std::int64_t>(number.as_double()) : 0;
}

}  // namespace

Value ServicePorts(const Value& endpoints, base::Arena& arena) {
  ListBuilder ports(arena);
  std::set<std::string> used;
  std::set<std::pair<std::int64_t, bool>> seen;
  for (const auto& [name, endpoint] : endpoints.as_map()) {
    const bool udp = endpoint.Get("type").string_or_empty() == "UDP";
    const std::int64_t port = WholeNumber(endpoint.Get("port"));
    if (!seen.emplace(port, udp).second) continue;
    const auto unique =
        used.insert(UniquePortName(name.as_string(), port, used, arena.budget())).first;
    ports.Add(MakeMap(arena, {{"name", Stored(*unique, arena)},
                              {"port", endpoint.Get("port")},
                              {"protocol", Value::String(udp ? "UDP" : "TCP")},
                              {"targetPort", endpoint.Get("targetPort")}}));
  }
  return ports.Build();
}

Value BuildDerived(const DerivedInput& input, base::Arena& arena) {
  const EnvViews envs = Envs(input, arena);
  return MakeMap(arena, {{"configEnvs", envs.configs},
                         {"configFileList", ConfigFiles(input, arena)},
                         {"configVolumeMounts", VolumeMounts(input.configurations, arena)},
                         {"configVolumes", Volumes(input, arena)},
                         {"containerEnvFrom", envs.env_from},
                         {"dependencyEnvVars", input.dependencies.Get("envVars")},
                         {"dependencyVolumeMounts", input.dependencies.Get("volumeMounts")},
                         {"dependencyVolumes", input.dependencies.Get("volumes")},
                         {"endpointResources", input.endpoint_resources},
                         {"secretEnvs", envs.secrets},
                         {"secretFileList", SecretFiles(input, arena)},
                         {"servicePorts", ServicePorts(input.endpoints, arena)}});
}

}  // namespace openchoreo::pipeline
