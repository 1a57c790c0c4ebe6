#include "common/pipeline/post_process.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "common/names/fnv32a.h"
#include "common/value/go_dump.h"
#include "common/value/map_builder.h"
#include "common/value/overlay.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

constexpr std::string_view kHashAnnotation = "openchoreo.dev/dp-resource-hash";

tl::unexpected<base::Error> FailAtOrigin(std::string message, const WorkingResource& resource) {
  base::Error error;
  error.code = base::ErrorCode::kRender;
  error.message = std::move(message);
  if (resource.origin) error = Placed(std::move(error), *resource.place, resource.origin->path);
  return base::Fail(std::move(error));
}

struct SortKey {
  std::string_view kind, api_version, ns, name;
  std::size_t index;

  bool operator<(const SortKey& other) const {
    return std::tie(kind, api_version, ns, name) <
           std::tie(other.kind, other.api_version, other.ns, other.name);
  }
};

// Indexes of the chosen resources in order.
template <typename Chosen>
std::vector<SortKey> Sorted(const WorkingSet& resources, const Chosen& chosen) {
  std::vector<SortKey> keys;
  keys.reserve(resources.size());
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (!chosen(resources[i])) continue;
    const Value& object = resources[i].object;
    const Value metadata = object.Get("metadata");
    keys.push_back({KindOf(object), ApiVersionOf(object),
                    metadata.Get("namespace").string_or_empty(),
                    metadata.Get("name").string_or_empty(), i});
  }
  std::stable_sort(keys.begin(), keys.end());
  return keys;
}

// `object` with spec.template.metadata.annotations[kHashAnnotation] set; maps that are missing are
// made.
Value Annotated(const Value& object, const Value& hash, base::Arena& arena) {
  const auto map_at = [](const Value& owner, std::string_view key) {
    const Value value = owner.Get(key);
    return value.is_map() ? value : Value::Map({});
  };
  const Value spec = object.Get("spec");
  const Value pod_template = map_at(spec, "template");
  const Value metadata = map_at(pod_template, "metadata");
  const Value annotations =
      value::WithKey(arena, map_at(metadata, "annotations"), kHashAnnotation, hash);
  const Value new_metadata = value::WithKey(arena, metadata, "annotations", annotations);
  const Value new_template = value::WithKey(arena, pod_template, "metadata", new_metadata);
  return value::WithKey(arena, object, "spec",
                        value::WithKey(arena, spec, "template", new_template));
}

}  // namespace

base::Result<void> AddLabels(const Value& labels, WorkingSet& resources, base::Arena& arena) {
  const Value added = labels.is_map() ? labels : Value::Map({});
  for (WorkingResource& resource : resources) {
    const Value metadata = resource.object.Get("metadata");
    if (!metadata.is_map()) {
      return FailAtOrigin("failed to add labels: resource missing metadata", resource);
    }
    const Value existing = metadata.Get("labels");
    const Value merged = existing.is_map() ? value::Overlaid(arena, existing, added) : added;
    resource.object = value::WithKey(arena, resource.object, "metadata",
                                     value::WithKey(arena, metadata, "labels", merged));
  }
  return {};
}

base::Result<void> AnnotateResourceHash(std::string_view workload_type, WorkingSet& resources,
                                        base::Arena& arena) {
  std::string_view main_kind;
  if (workload_type == "deployment") main_kind = "Deployment";
  if (workload_type == "statefulset") main_kind = "StatefulSet";
  if (main_kind.empty()) return {};
  const auto keys = Sorted(resources, [&](const WorkingResource& resource) {
    return resource.plane == TargetPlane::kData && KindOf(resource.object) != main_kind;
  });
  if (keys.empty()) return {};
  std::vector<Value> hashed;
  hashed.reserve(keys.size());
  for (const SortKey& key : keys) hashed.push_back(resources[key.index].object);
  for (WorkingResource& resource : resources) {
    if (KindOf(resource.object) != main_kind) continue;
    if (!resource.object.Get("spec").is_map()) {
      return FailAtOrigin(
          "failed to add dp-resource-hash annotation: failed to add annotation to " +
              std::string(main_kind) + ": resource missing spec",
          resource);
    }
    const std::string hash =
        names::SafeEncode(value::HashGoDump(hashed, "metadata", arena.budget()));
    resource.object = Annotated(resource.object, Value::String(arena.CopyString(hash)), arena);
    break;
  }
  return {};
}

base::Result<void> CheckObjects(const WorkingSet& resources) {
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const Value& object = resources[i].object;
    const char* missing = MissingField(object);
    if (missing == nullptr) continue;
    std::string message = "resource #" + std::to_string(i);
    if (!KindOf(object).empty()) message += " (" + std::string(KindOf(object)) + ")";
    return FailAtOrigin(message + " missing " + missing, resources[i]);
  }
  return {};
}

void SortObjects(WorkingSet& resources) {
  const auto keys = Sorted(resources, [](const WorkingResource&) { return true; });
  WorkingSet sorted;
  sorted.reserve(resources.size());
  for (const SortKey& key : keys) sorted.push_back(resources[key.index]);
  resources = std::move(sorted);
}

}  // namespace openchoreo::pipeline
