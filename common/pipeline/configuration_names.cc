#include "common/pipeline/configuration_names.h"

#include <algorithm>

#include "common/names/fnv32a.h"
#include "common/names/k8s_name.h"

namespace openchoreo::pipeline {

namespace {

constexpr std::string_view kNul("\0", 1);

}  // namespace

std::string VolumeName(const ConfigurationItem& file) {
  const std::uint32_t hash =
      names::Fnv32a(file.name, names::Fnv32a("/", names::Fnv32a(file.mount_path)));
  return "file-mount-" + names::Hex8(hash);
}

std::string DashedFileName(std::string_view file) {
  std::string name(file);
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

std::string ConfigFileName(std::string_view prefix, std::string_view file) {
  return names::GenerateK8sName(names::kMaxResourceName, {prefix, "config", DashedFileName(file)});
}

std::string SecretFileName(std::string_view prefix, const ConfigurationItem& file) {
  std::uint32_t hash = names::Fnv32a(file.remote.key);
  hash = names::Fnv32a(file.remote.property, names::Fnv32a(kNul, hash));
  hash = names::Fnv32a(file.remote.version, names::Fnv32a(kNul, hash));
  return names::GenerateK8sName(names::kMaxResourceName,
                                {prefix, "secret", DashedFileName(file.name)}, names::Hex8(hash));
}

std::string SecretEnvName(std::string_view prefix, std::span<const ConfigurationItem> envs) {
  std::uint32_t hash = names::kFnv32aSeed;
  for (const ConfigurationItem& env : envs) {
    for (std::string_view part :
         {env.name, env.remote.key, env.remote.property, env.remote.version}) {
      hash = names::Fnv32a(kNul, names::Fnv32a(part, hash));
    }
  }
  return names::GenerateK8sName(names::kMaxResourceName, {prefix, "env-secrets"},
                                names::Hex8(hash));
}

std::string ConfigEnvName(std::string_view prefix) {
  return names::GenerateK8sName(names::kMaxResourceName, {prefix, "env-configs"});
}

}  // namespace openchoreo::pipeline
