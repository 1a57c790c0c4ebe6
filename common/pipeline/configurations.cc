#include "common/pipeline/configurations.h"

#include <optional>

#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::MakeMap;
using value::NonEmpty;
using value::Value;

std::span<const Value> ItemsOf(const Value& list) {
  return list.is_list() ? list.as_list() : std::span<const Value>();
}

std::string_view Text(const Value& owner, std::string_view key) {
  return owner.Get(key).string_or_empty();
}

std::optional<RemoteRef> Resolve(const Value& secret_key_ref, SecretReferences secrets,
                                 base::Budget& budget) {
  const std::string_view name = Text(secret_key_ref, "name");
  const std::string_view key = Text(secret_key_ref, "key");
  if (!budget.Spend(1 + secrets.size())) return std::nullopt;
  for (const auto& [reference_name, spec] : secrets) {
    if (reference_name != name) continue;
    if (!budget.Spend(1 + 4 * spec.Get("data").size())) return std::nullopt;
    for (const Value& source : ItemsOf(spec.Get("data"))) {
      if (Text(source, "secretKey") != key) continue;
      const Value remote = source.Get("remoteRef");
      return RemoteRef{Text(remote, "key"), Text(remote, "property"), Text(remote, "version")};
    }
    return std::nullopt;
  }
  return std::nullopt;
}

void Sort(const Value& entry, SecretReferences secrets, EmptyValues empty,
          std::vector<ConfigurationItem>& configs, std::vector<ConfigurationItem>& secret_items,
          base::Budget& budget) {
  ConfigurationItem item;
  item.name = Text(entry, "key");
  item.mount_path = Text(entry, "mountPath");
  const std::string_view literal = Text(entry, "value");
  const Value reference = entry.Get("valueFrom", "secretKeyRef");
  const bool literal_first = empty == EmptyValues::kDropped && !literal.empty();
  if (reference.is_map() && !literal_first) {
    const auto remote = Resolve(reference, secrets, budget);
    if (!remote) return;
    item.remote = *remote;
    secret_items.push_back(item);
    return;
  }
  if (empty == EmptyValues::kDropped && literal.empty()) return;
  item.value = literal;
  configs.push_back(item);
}

// One of the four lists. Only files have a mount path.
Value ListOf(std::span<const ConfigurationItem> items, bool files, bool secret, EmptyValues empty,
             base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const ConfigurationItem& item : items) {
    list.Add(
        MakeMap(arena, {{"mountPath", files ? Value::String(item.mount_path) : Value::Omit()},
                        {"name", Value::String(item.name)},
                        {"remoteRef", secret ? ToValue(item.remote, arena) : Value::Omit()},
                        {"value", empty == EmptyValues::kDropped ? NonEmpty(item.value)
                                                                 : Value::String(item.value)}}));
  }
  return list.Build();
}

}  // namespace

Configurations ExtractConfigurations(const Value& container, SecretReferences secrets,
                                     EmptyValues empty, base::Budget& budget) {
  Configurations result;
  for (const Value& env : ItemsOf(container.Get("env"))) {
    Sort(env, secrets, empty, result.config_envs, result.secret_envs, budget);
  }
  for (const Value& file : ItemsOf(container.Get("files"))) {
    Sort(file, secrets, empty, result.config_files, result.secret_files, budget);
  }
  return result;
}

Value ToValue(const RemoteRef& remote, base::Arena& arena) {
  return MakeMap(arena, {{"key", Value::String(remote.key)},
                         {"property", NonEmpty(remote.property)},
                         {"version", NonEmpty(remote.version)}});
}

Value EnvList(std::span<const ConfigurationItem> envs, bool secret, EmptyValues empty,
              base::Arena& arena) {
  return ListOf(envs, false, secret, empty, arena);
}

Value ToValue(const Configurations& configurations, EmptyValues empty, base::Arena& arena) {
  const auto items = [&](const auto& envs, const auto& files, bool secret) {
    return MakeMap(arena, {{"envs", EnvList(envs, secret, empty, arena)},
                           {"files", ListOf(files, true, secret, empty, arena)}});
  };
  return MakeMap(
      arena, {{"configs", items(configurations.config_envs, configurations.config_files, false)},
              {"secrets", items(configurations.secret_envs, configurations.secret_files, true)}});
}

}  // namespace openchoreo::pipeline
