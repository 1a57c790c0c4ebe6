// Names of the objects and volumes that carry a container's configuration.
// Follows openchoreo internal/pipeline/component/context/derived.go.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/pipeline/configurations.h"

namespace openchoreo::pipeline {

// "file-mount-<hash of mountPath/file>"
std::string VolumeName(const ConfigurationItem& file);

// The ConfigMap of a file; `prefix` is component-environment.
std::string ConfigFileName(std::string_view prefix, std::string_view file);

// The Secret of a file, of all secret variables: changed references give new names, so that pods
// roll.
std::string SecretFileName(std::string_view prefix, const ConfigurationItem& file);
std::string SecretEnvName(std::string_view prefix, std::span<const ConfigurationItem> envs);

std::string ConfigEnvName(std::string_view prefix);

// A file name as names use it: dots become dashes.
std::string DashedFileName(std::string_view file);

}  // namespace openchoreo::pipeline
