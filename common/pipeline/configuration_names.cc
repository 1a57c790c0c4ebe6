#include "common/pipeline/configuration_names.h"

#include <algorithm>

#include "common/base/fnv32a.h"
#include "common/base/k8s_name.h"

namespace openchoreo::pipeline {

namespace {

constexpr std::string_view kNul("\0", 1);

}  // namespace

std::string VolumeName(const ConfigurationItem& file) {
  const std::uint32_t hash =
      base::Fnv32a(file.name, base::Fnv32a("/", base::Fnv32a(file.mount_path)));
  return "file-mount-" + base::Hex8(hash);
}

std::string DashedFileName(std::string_view file) {
  std::string name(file);
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

std::string ConfigFileName(std::string_view prefix, std::string_view file) {
  return base::GenerateK8sName(base::kMaxResourceName, {prefix, "config", DashedFileName(file)});
}

std::string SecretFileName(std::string_view prefix, const ConfigurationItem& file) {
  std::uint32_t hash = base::Fnv32a(file.remote.key);
  hash = base::Fnv32a(file.remote.property, base::Fnv32a(kNul, hash));
  hash = base::Fnv32a(file.remote.version, base::Fnv32a(kNul, hash));
  return base::GenerateK8sName(base::kMaxResourceName,
                               {prefix, "secret", DashedFileName(file.name)}, base::Hex8(hash));
}

std::string SecretEnvName(std::string_view prefix, std::span<const ConfigurationItem> envs) {
  std::uint32_t hash = base::kFnv32aSeed;
  for (const ConfigurationItem& env : envs) {
    for (std::string_view part :
         {env.name, env.remote.key, env.remote.property, env.remote.version}) {
      hash = base::Fnv32a(kNul, base::Fnv32a(part, hash));
    }
  }
  return base::GenerateK8sName(base::kMaxResourceName, {prefix, "env-secrets"}, base::Hex8(hash));
}

std::string ConfigEnvName(std::string_view prefix) {
  return base::GenerateK8sName(base::kMaxResourceName, {prefix, "env-configs"});
}

}  // namespace openchoreo::pipeline
