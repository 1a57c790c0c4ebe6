// What a binding gets from others: connections to their endpoints, outputs of resources. Follows
// openchoreo internal/controller/releasebinding (controller_connections.go,
// controller_resourcedependencies.go).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/record/record.h"
#include "common/render/binding_list.h"
#include "common/render/endpoints.h"
#include "common/render/resource_outputs.h"
#include "common/value/value.h"

namespace openchoreo::render {

// What others can take from one rendered binding.
struct Provided {
  Endpoints endpoints;
  std::vector<ResourceOutput> outputs;
  bool ready = false;  // a ResourceReleaseBinding that rendered and resolved all its outputs

  bool operator==(const Provided&) const = default;
};

struct PendingDependency {
  enum class Kind : std::uint8_t { kConnection, kResource, kOutputs };

  Kind kind = Kind::kConnection;
  std::string pointer;  // below Workload.spec; "" if it is no dependency of the workload
  std::string reason;   // upstream's text
  // What it depends on: component and its endpoint, or resource; "" for kOutputs.
  std::string project, name, endpoint;
  // The binding that should give it, which did not; kNoProvider if there is none.
  std::uint32_t provider = kNoProvider;

  static constexpr std::uint32_t kNoProvider = 0xffffffff;
};

// "connection", "resource dependency" or "outputs".
std::string_view NameOf(PendingDependency::Kind kind);

struct Dependencies {
  value::Value connections;  // list, as upstream's ConnectionItem JSON; null if none are declared
  // The same connections in the same order, with the URL of each that is resolved; its strings
  // point into what was provided.
  std::vector<record::Connection> targets;
  value::Value resources;  // list of those that are resolved; null if none is declared
  std::vector<PendingDependency> pending;
};

// Indexes of the bindings whose results `binding` can use; itself too, if it names itself.
// `workload` is the release's Workload spec.
std::vector<std::uint32_t> ProvidersOf(const BindingList& list, const Binding& binding,
                                       const value::Value& workload);

// `provided` is indexed like list.bindings().
Dependencies ResolveDependencies(const BindingList& list, const Binding& binding,
                                 const value::Value& workload,
                                 const std::vector<Provided>& provided, base::Arena& arena);

}  // namespace openchoreo::render
