// Environment variables and files of a container, taken apart into plain configuration and secrets.
// Follows openchoreo internal/pipeline/component/context/configuration.go (v1.x and v0.12.0).
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// SecretReference specs by name.
using SecretReferences = std::span<const std::pair<std::string_view, value::Value>>;

// Where an external secret store keeps a secret.
struct RemoteRef {
  std::string_view key, property, version;
};

struct ConfigurationItem {
  std::string_view name;
  std::string_view mount_path;  // files only
  std::string_view value;       // configs only
  RemoteRef remote;             // secrets only
};

struct Configurations {
  std::vector<ConfigurationItem> config_envs, config_files, secret_envs, secret_files;
};

// What makes an entry without usable secret reference: v1.x takes it as a literal, even if empty;
// v0.12 takes an entry with a text as a literal, and drops what is neither.
enum class EmptyValues : std::uint8_t { kLiteral, kDropped };

// In workload order. Secrets that no SecretReference resolves are left out.
Configurations ExtractConfigurations(const value::Value& container, SecretReferences secrets,
                                     EmptyValues empty, base::Budget& budget);

// {configs: {envs, files}, secrets: {envs, files}} as templates see it. `empty` decides whether an
// empty value is there ("") or absent.
value::Value ToValue(const Configurations& configurations, EmptyValues empty, base::Arena& arena);

// {key, property?, version?}
value::Value ToValue(const RemoteRef& remote, base::Arena& arena);

// The envs of one of the lists, as in ToValue.
value::Value EnvList(std::span<const ConfigurationItem> envs, bool secret, EmptyValues empty,
                     base::Arena& arena);

}  // namespace openchoreo::pipeline
