// Would k8s.io/apimachinery convert this untyped object to the Go type upstream's rule works on?
// Follows apimachinery pkg/runtime/converter.go fromUnstructured over the types of k8s.io/api
// apps/v1, batch/v1 and core/v1: unknown fields and null fit everything, whole floats fit integers,
// texts fit neither, times must be RFC 3339. Sources of volumes, scheduling rules, probes and
// security settings of pods are not looked into. Internal to this room.
#pragma once

#include "common/value/value.h"

namespace openchoreo::health {

struct Shape;  // a Go type

extern const Shape kDeploymentShape;
extern const Shape kStatefulSetShape;
extern const Shape kCronJobShape;
extern const Shape kPodShape;

// Walks `object` once, no deeper than the shape goes.
bool Converts(const value::Value& object, const Shape& shape);

}  // namespace openchoreo::health
