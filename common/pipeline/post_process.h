// What happens to the final set of objects: labels, the resource hash, last checks, order.
// Follows openchoreo internal/pipeline/component/pipeline.go.
#pragma once

#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/pipeline/working_set.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// Merges `labels` (a string map) into metadata.labels of every object; they win.
// Error: "failed to add labels: resource missing metadata".
base::Result<void> AddLabels(const value::Value& labels, WorkingSet& resources, base::Arena& arena);

// Puts the hash of all other data-plane objects (without their metadata, sorted) on the pod
// template of the first Deployment or StatefulSet, if the workload type is that. Nothing else to
// hash: no annotation.
base::Result<void> AnnotateResourceHash(std::string_view workload_type, WorkingSet& resources,
                                        base::Arena& arena);

// apiVersion, kind, metadata and metadata.name of every object.
base::Result<void> CheckObjects(const WorkingSet& resources);

// By kind, apiVersion, namespace and name, in byte order; equal ones keep their order.
void SortObjects(WorkingSet& resources);

}  // namespace openchoreo::pipeline
