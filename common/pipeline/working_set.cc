#include "common/pipeline/working_set.h"

#include "common/base/go_format.h"
#include "common/names/api_version.h"

namespace openchoreo::pipeline {

base::Result<void> AddResource(const value::Value& object, const ResourceTemplate& from,
                               const Scope& scope, WorkingSet& resources) {
  if (resources.size() >= scope.limits->max_resources_per_binding) {
    std::string message = "more objects than the limit of ";
    base::AppendUint(message, scope.limits->max_resources_per_binding);
    message += " (max_resources_per_binding)";
    return FailAt(base::ErrorCode::kLimit, std::move(message), scope, from.body);
  }
  resources.push_back({object, from.plane, &from.body, scope.place, {}});
  return {};
}

bool Matches(const WorkingResource& resource, const Target& target) {
  if (target.plane && resource.plane != *target.plane) return false;
  if (!target.kind.empty() && KindOf(resource.object) != target.kind) return false;
  const auto [group, version] = names::SplitApiVersion(ApiVersionOf(resource.object));
  if (!target.group.empty() && group != target.group) return false;
  return target.version.empty() || version == target.version;
}

const char* MissingField(const value::Value& object) {
  if (ApiVersionOf(object).empty()) return "apiVersion";
  if (KindOf(object).empty()) return "kind";
  if (!object.Get("metadata").is_map()) return "metadata";
  return object.Get("metadata", "name").string_or_empty().empty() ? "metadata.name" : nullptr;
}

std::string IdentityOf(const value::Value& object) {
  const std::string_view kind = KindOf(object);
  const std::string_view name = object.Get("metadata", "name").string_or_empty();
  if (kind.empty() && name.empty()) return "unknown resource";
  std::string identity(kind);
  identity += '/';
  identity += name;
  return identity;
}

}  // namespace openchoreo::pipeline
