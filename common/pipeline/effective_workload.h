// The workload a binding really runs: the release's, with the binding's workloadOverrides laid over
// it. Follows openchoreo internal/pipeline/component/context/workload.go.
#pragma once

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// `container` with its env and files merged with those of `overrides` (null: none) by key: an entry
// of the same key is replaced in place as a whole, the others are appended in their order.
value::Value EffectiveContainer(const value::Value& container, const value::Value& overrides,
                                base::Arena& arena);

// The same for v0.12's containers by name; overrides of unknown containers are ignored.
value::Value EffectiveContainers(const value::Value& containers, const value::Value& overrides,
                                 base::Arena& arena);

}  // namespace openchoreo::pipeline
