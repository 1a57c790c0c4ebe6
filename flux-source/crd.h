// The CustomResourceDefinition of OpenChoreoSource, as install/base has it.
#pragma once

#include <string_view>

namespace openchoreo::flux {

// YAML, one document; lives as long as the program.
std::string_view CrdYaml();

}  // namespace openchoreo::flux
