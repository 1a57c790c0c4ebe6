// Outputs of ResourceReleaseBindings, and what a workload that depends on one gets. Follows
// openchoreo internal/pipeline/component/context BuildResourceDependencyItem.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::render {

struct ResourceOutput {
  enum class Kind : std::uint8_t { kValue, kSecretKey, kConfigMapKey };

  std::string name;
  Kind kind = Kind::kValue;
  std::string value;        // kValue
  std::string source, key;  // name of the Secret or ConfigMap, key in it

  bool operator==(const ResourceOutput&) const = default;
};

// From the list RenderResource gives; owns its texts.
// Fewer once `budget` is spent.
std::vector<ResourceOutput> ToOutputs(const value::Value& outputs, base::Budget& budget);

// The dependency's entry of the component context, made in `arena`; nothing, and `pending` says
// why, if an output is missing or cannot be mounted. `dependency` is one entry of
// Workload.spec.dependencies.resources.
std::optional<value::Value> BuildResourceDependency(const value::Value& dependency,
                                                    const std::vector<ResourceOutput>& outputs,
                                                    base::Arena& arena, std::string& pending);

}  // namespace openchoreo::render
