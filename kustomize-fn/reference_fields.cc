#include "kustomize-fn/reference_fields.h"

#include <iterator>

#include "common/base/diagnostic.h"
#include "common/value/map_builder.h"

namespace openchoreo::kustomize_fn {

namespace {

using names::Kind;
using value::Value;

enum class Form {
  kName,  // the name itself
  kRef,   // {kind, name}, or the name alone in the older dialect; a prefix up to the last '/' is no
          // part of it
};

// Path segments below the root; "*" stands for every item or member.
struct ReferenceField {
  Kind from;
  const char* path;
  Kind target;
  Form form;
};

constexpr ReferenceField kFields[] = {
    {Kind::kComponent, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kComponent, "spec/componentType", Kind::kComponentType, Form::kRef},
    {Kind::kComponent, "spec/traits/*", Kind::kTrait, Form::kRef},
    {Kind::kWorkload, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kWorkload, "spec/owner/componentName", Kind::kComponent, Form::kName},
    {Kind::kComponentType, "spec/traits/*", Kind::kTrait, Form::kRef},
    {Kind::kComponentType, "spec/allowedTraits/*", Kind::kTrait, Form::kRef},
    {Kind::kClusterComponentType, "spec/traits/*", Kind::kClusterTrait, Form::kRef},
    {Kind::kClusterComponentType, "spec/allowedTraits/*", Kind::kClusterTrait, Form::kRef},
    {Kind::kComponentRelease, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kComponentRelease, "spec/owner/componentName", Kind::kComponent, Form::kName},
    {Kind::kReleaseBinding, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kReleaseBinding, "spec/owner/componentName", Kind::kComponent, Form::kName},
    {Kind::kReleaseBinding, "spec/owner/project", Kind::kProject, Form::kName},
    {Kind::kReleaseBinding, "spec/owner/component", Kind::kComponent, Form::kName},
    {Kind::kReleaseBinding, "spec/environment", Kind::kEnvironment, Form::kName},
    {Kind::kReleaseBinding, "spec/releaseName", Kind::kComponentRelease, Form::kName},
    {Kind::kEnvironment, "spec/dataPlaneRef", Kind::kDataPlane, Form::kRef},
    {Kind::kDataPlane, "spec/observabilityPlaneRef", Kind::kObservabilityPlane, Form::kRef},
    {Kind::kClusterDataPlane, "spec/observabilityPlaneRef", Kind::kClusterObservabilityPlane,
     Form::kRef},
    {Kind::kObservabilityAlertsNotificationChannel, "spec/environment", Kind::kEnvironment,
     Form::kName},
    {Kind::kDeploymentPipeline, "spec/promotionPaths/*/sourceEnvironmentRef", Kind::kEnvironment,
     Form::kRef},
    {Kind::kDeploymentPipeline, "spec/promotionPaths/*/targetEnvironmentRefs/*", Kind::kEnvironment,
     Form::kRef},
    {Kind::kProject, "spec/deploymentPipelineRef", Kind::kDeploymentPipeline, Form::kRef},
    {Kind::kProject, "spec/type", Kind::kProjectType, Form::kRef},
    {Kind::kProjectRelease, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kProjectReleaseBinding, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kProjectReleaseBinding, "spec/environment", Kind::kEnvironment, Form::kName},
    {Kind::kProjectReleaseBinding, "spec/projectRelease", Kind::kProjectRelease, Form::kName},
    {Kind::kResource, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kResource, "spec/type", Kind::kResourceType, Form::kRef},
    {Kind::kResourceRelease, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kResourceRelease, "spec/owner/resourceName", Kind::kResource, Form::kName},
    {Kind::kResourceReleaseBinding, "spec/owner/projectName", Kind::kProject, Form::kName},
    {Kind::kResourceReleaseBinding, "spec/owner/resourceName", Kind::kResource, Form::kName},
    {Kind::kResourceReleaseBinding, "spec/environment", Kind::kEnvironment, Form::kName},
    {Kind::kResourceReleaseBinding, "spec/resourceRelease", Kind::kResourceRelease, Form::kName},
};

// Where a workload's fields stand, whole or as overrides.
struct WorkloadPlace {
  Kind from;
  const char* path;
};

constexpr WorkloadPlace kWorkloads[] = {{Kind::kWorkload, "spec"},
                                        {Kind::kComponentRelease, "spec/workload"},
                                        {Kind::kReleaseBinding, "spec/workloadOverrides"}};

constexpr ReferenceField kWorkloadFields[] = {
    {Kind::kWorkload, "container/env/*/valueFrom/secretKeyRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "container/env/*/valueFrom/secretRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "container/files/*/valueFrom/secretKeyRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "container/files/*/valueFrom/secretRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "containers/*/env/*/valueFrom/secretRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "containers/*/files/*/valueFrom/secretRef/name", Kind::kSecretReference,
     Form::kName},
    {Kind::kWorkload, "dependencies/endpoints/*/project", Kind::kProject, Form::kName},
    {Kind::kWorkload, "dependencies/endpoints/*/component", Kind::kComponent, Form::kName},
    {Kind::kWorkload, "dependencies/resources/*/ref", Kind::kResource, Form::kName},
};

class Rewriter {
 public:
  Rewriter(const NameVisitor& visit, base::Arena& arena) : visit_(visit), arena_(arena) {}

  Value Rewrite(const Value& node, std::string_view path, const ReferenceField& field,
                const std::string& pointer) {
    if (path.empty()) return RewriteReference(node, field, pointer);
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    const std::string_view rest = path.substr(std::min(slash + 1, path.size()));
    if (segment != "*") return RewriteMember(node, segment, rest, field, pointer);
    if (node.is_map()) {
      Value result = node;
      for (const value::MapEntry& entry : node.as_map()) {
        result = RewriteMember(result, entry.key.as_string(), rest, field, pointer);
      }
      return result;
    }
    return node.is_list() ? RewriteItems(node, rest, field, pointer) : node;
  }

 private:
  Value RewriteMember(const Value& map, std::string_view key, std::string_view rest,
                      const ReferenceField& field, const std::string& pointer) {
    const Value* member = map.is_map() ? map.Find(key) : nullptr;
    if (member == nullptr) return map;
    const Value rewritten = Rewrite(*member, rest, field, base::JoinPointer(pointer, key));
    return value::JsonEquals(rewritten, *member) ? map
                                                 : value::WithKey(arena_, map, key, rewritten);
  }

  Value RewriteItems(const Value& list, std::string_view rest, const ReferenceField& field,
                     const std::string& pointer) {
    value::ListBuilder items(arena_);
    for (std::size_t i = 0; i < list.size(); ++i) {
      items.Add(Rewrite(list.as_list()[i], rest, field, base::JoinPointer(pointer, i)));
    }
    return items.Build();
  }

  Value RewriteReference(const Value& node, const ReferenceField& field,
                         const std::string& pointer) {
    if (node.is_string()) {
      const std::string_view text = node.as_string();
      std::size_t name_begin = 0;
      if (field.form == Form::kRef) name_begin = text.rfind('/') + 1;  // npos + 1 is 0
      const auto renamed = visit_(pointer, field.target, text.substr(name_begin));
      if (!renamed) return node;
      return Value::String(arena_.CopyString(std::string(text.substr(0, name_begin)) + *renamed));
    }
    if (field.form != Form::kRef || !node.is_map()) return node;
    ReferenceField named = field;
    const std::string_view kind = node.Get("kind").string_or_empty();
    if (!kind.empty()) {
      const auto target = names::KindNamed(kind);
      if (!target) return node;
      named.target = *target;
    }
    return RewriteMember(node, "name", "", named, pointer);
  }

  const NameVisitor& visit_;
  base::Arena& arena_;
};

}  // namespace

Value RewriteReferences(Kind kind, const Value& root, const NameVisitor& visit,
                        base::Arena& arena) {
  Rewriter rewriter(visit, arena);
  Value result = root;
  for (const ReferenceField& field : kFields) {
    if (field.from == kind) result = rewriter.Rewrite(result, field.path, field, "");
  }
  for (const WorkloadPlace& place : kWorkloads) {
    if (place.from != kind) continue;
    for (const ReferenceField& field : kWorkloadFields) {
      result = rewriter.Rewrite(result, std::string(place.path) + "/" + field.path, field, "");
    }
  }
  return result;
}

}  // namespace openchoreo::kustomize_fn
