// Names and identities every pipeline's templates see as `metadata`.
#pragma once

#include <string_view>

#include "common/value/value.h"

namespace openchoreo::pipeline {

// As upstream's MetadataContext; all views outlive the rendering.
struct Metadata {
  std::string_view name, ns;             // base name and target namespace of generated objects
  std::string_view component_namespace;  // the control-plane namespace, in all three pipelines
  std::string_view component_name, component_uid;
  std::string_view project_name, project_uid;
  std::string_view data_plane_name, data_plane_uid;
  std::string_view environment_name, environment_uid;
  value::Value labels, annotations, pod_selectors;  // string maps
};

}  // namespace openchoreo::pipeline
