// Component → ComponentRelease, step by step as the component controller takes them.
#include <algorithm>
#include <map>
#include <set>

#include "common/base/go_quote.h"
#include "common/release/release_name.h"
#include "common/release/snapshot.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::release {
namespace {

using base::ErrorCode;
using base::GoQuote;
using names::Dialect;
using names::Kind;
using resource::Object;
using value::Value;

std::string_view Text(const Value& map, std::string_view key) {
  return map.Get(key).string_or_empty();
}

// Go's %v of a []string.
std::string List(const std::vector<std::string>& items) {
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) text.append(i ? " " : "").append(items[i]);
  return text + "]";
}

base::Error At(const Object& object, std::string_view pointer, ErrorCode code, std::string message,
               std::string hint) {
  base::Error error;
  error.code = code;
  error.message = std::move(message);
  error.place = resource::PlaceOf(object, pointer);
  error.hint = std::move(hint);
  return error;
}

// Everything a derivation goes through, for one Component.
class Derivation {
 public:
  Derivation(const Object& component, const OwnerIndex& owners, Lookup& lookup, base::Arena& arena)
      : component_(component),
        spec_(component.spec()),
        owners_(owners),
        lookup_(lookup),
        arena_(arena) {}

  base::Result<ComponentDerivation> Run() {
    OC_TRY(const Object* type, FindType());
    if (component_.dialect == Dialect::kV1 && type->dialect == Dialect::kV1) {
      if (auto error = CheckWorkflow(*type)) return base::Fail(std::move(*error));
    }
    OC_TRY(const Object* workload, FindWorkload());
    OC_TRY(const Dialect dialect, DialectOf(*type, *workload));
    if (dialect == Dialect::kV1) {
      if (auto error = CheckTraits(*type)) return base::Fail(std::move(*error));
    }
    if (auto error = FindTraits(*type, dialect)) return base::Fail(std::move(*error));
    OC_TRY(const std::string_view environment, FindRootEnvironment());

    ComponentDerivation result;
    result.root_environment = environment;
    Snapshot& snapshot = result.snapshot;
    snapshot.kind = Kind::kComponentRelease;
    snapshot.dialect = dialect;
    snapshot.ns = component_.ns;
    snapshot.owner = &component_;
    snapshot.type = type;
    snapshot.workload = workload;
    for (const auto& [key, trait] : traits_) snapshot.traits.push_back(trait);
    snapshot.spec = BuildSpec(*type, *workload, dialect);
    snapshot.name = ReleaseName(Kind::kComponentRelease, dialect, component_.name,
                                dialect == Dialect::kV012 ? OldSpec(snapshot.spec) : snapshot.spec);
    FindBinding(result);
    snapshot.reads = lookup_.reads();
    return result;
  }

 private:
  base::Error Missing(std::string message, std::string_view pointer, Kind kind,
                      std::string_view name) const {
    return MissingReference(lookup_.repository(), std::move(message),
                            resource::PlaceOf(component_, pointer), kind, component_.ns, name);
  }

  base::Result<const Object*> FindType() {
    const resource::Target target = resource::TargetOf(component_, "spec/componentType");
    const std::string_view reference = target.name;
    const std::size_t slash = reference.find('/');
    if (slash == std::string_view::npos) {
      return base::Fail(At(component_, "/spec/componentType", ErrorCode::kInvalidResource,
                           "Invalid componentType format: invalid componentType format: expected "
                           "{workloadType}/{name}, got " +
                               std::string(reference),
                           "write the workload type before the name, for instance deployment/" +
                               std::string(reference)));
    }
    const std::string_view workload_type = reference.substr(0, slash),
                           name = reference.substr(slash + 1);
    const std::string kind_name(names::NameOf(target.kind));
    const Object* type = lookup_.Find(target.kind, target.ns, name);
    if (!type) {
      return base::Fail(Missing(kind_name + " " + GoQuote(name) + " not found",
                                "/spec/componentType/name", target.kind, name));
    }
    const std::string_view has = Text(type->spec(), "workloadType");
    if (has != workload_type) {
      return base::Fail(At(component_, "/spec/componentType/name", ErrorCode::kMismatchedReference,
                           "WorkloadType mismatch: component specifies " +
                               std::string(workload_type) + " but " + kind_name + " has " +
                               std::string(has),
                           "write " + std::string(has) + "/" + std::string(name)));
    }
    return type;
  }

  std::optional<base::Error> CheckWorkflow(const Object& type) {
    const Value workflow = spec_.Get("workflow");
    if (!workflow.is_map()) return std::nullopt;
    const std::string_view name = Text(workflow, "name"), kind = Text(workflow, "kind");
    const Value allowed = type.spec().Get("allowedWorkflows");
    if (!allowed.is_list() || allowed.size() == 0) {
      return At(component_, "/spec/workflow", ErrorCode::kMismatchedReference,
                "No workflows are allowed by ComponentType " + GoQuote(type.name) +
                    ", but component specifies workflow " + GoQuote(name),
                "add it to spec.allowedWorkflows of the type, or remove spec.workflow");
    }
    bool found = false;
    std::vector<std::string> names;
    for (const Value& reference : allowed.as_list()) {
      found = found || (Text(reference, "kind") == kind && Text(reference, "name") == name);
      names.push_back("{" + std::string(Text(reference, "kind")) + " " +
                      std::string(Text(reference, "name")) + "}");
    }
    if (!found) {
      return At(component_, "/spec/workflow", ErrorCode::kMismatchedReference,
                "Workflow " + GoQuote(name) + " (kind " + std::string(kind) +
                    ") is not allowed by ComponentType " + GoQuote(type.name) +
                    "; allowed workflows: " + List(names),
                "use one of the allowed workflows, or allow this one in the type");
    }
    const resource::Target target = resource::TargetOf(component_, "spec/workflow");
    if (!lookup_.Find(target)) {
      return Missing("Workflow " + GoQuote(name) + " (kind " + std::string(kind) + ") not found",
                     "/spec/workflow/name", target.kind, name);
    }
    return std::nullopt;
  }

  base::Result<const Object*> FindWorkload() {
    const auto workloads = owners_.WorkloadsOf(
        component_.ns, Text(spec_.Get("owner"), "projectName"), component_.name);
    if (workloads.empty()) {
      return base::Fail(At(component_, "", ErrorCode::kMissingReference,
                           "Workload for component " + GoQuote(component_.name) +
                               " not found, waiting for workload to be created",
                           "add a Workload whose spec.owner names this component and its project"));
    }
    if (workloads.size() > 1) {
      base::Error error = At(component_, "", ErrorCode::kMismatchedReference,
                             "Multiple Workloads found for component " + GoQuote(component_.name) +
                                 " (expected exactly 1)",
                             "keep one of them");
      for (const Object* workload : workloads)
        error.notes.push_back("one is " + resource::Describe(*workload));
      return base::Fail(std::move(error));
    }
    const Object* workload = workloads.front();
    // By name once more, so that the read is recorded.
    return lookup_.Find(Kind::kWorkload, workload->ns, workload->name);
  }

  // What type and workload are written for decides how the binding renders.
  base::Result<Dialect> DialectOf(const Object& type, const Object& workload) const {
    const bool type_tells = !type.dialect_evidence.empty(),
               workload_tells = !workload.dialect_evidence.empty();
    if (type_tells && workload_tells && type.dialect != workload.dialect) {
      const bool old_type = type.dialect == Dialect::kV012;
      return base::Fail(At(
          workload, workload.dialect_evidence, ErrorCode::kDialectConflict,
          resource::Describe(workload) + " (" + resource::Dotted(workload.dialect_evidence) +
              ") and " + resource::Describe(type) + " (" + resource::Dotted(type.dialect_evidence) +
              ") are written for different releases of OpenChoreo",
          std::string("write both in one form: the type is that of ") +
              (old_type ? "v0.9 to v0.17" : "v1.x")));
    }
    if (type_tells) return type.dialect;
    if (workload_tells) return workload.dialect;
    return component_.dialect;
  }

  std::optional<base::Error> CheckTraits(const Object& type) const {
    const Value traits = spec_.Get("traits"), embedded = type.spec().Get("traits");
    const std::string context = "ComponentType " + GoQuote(type.name) + ": ";
    const auto refuse = [&](const std::string& message, std::string hint) {
      return At(component_, "/spec/traits", ErrorCode::kMismatchedReference, context + message,
                std::move(hint));
    };
    if (traits.size() > 0) {
      const Value allowed = type.spec().Get("allowedTraits");
      if (allowed.size() == 0) {
        return refuse("no traits are allowed, but component has " + std::to_string(traits.size()) +
                          " trait(s)",
                      "list them in spec.allowedTraits of the type, or remove them");
      }
      const auto key = [](const Value& reference) {
        return std::string(Text(reference, "kind")) + ":" + std::string(Text(reference, "name"));
      };
      std::vector<std::string> allowed_keys, disallowed;
      for (const Value& reference : allowed.as_list()) allowed_keys.push_back(key(reference));
      for (const Value& trait : traits.as_list()) {
        if (std::find(allowed_keys.begin(), allowed_keys.end(), key(trait)) == allowed_keys.end()) {
          disallowed.push_back(key(trait));
        }
      }
      if (!disallowed.empty()) {
        return refuse(
            "traits " + List(disallowed) + " are not in the allowed list " + List(allowed_keys),
            "list them in spec.allowedTraits of the type, or remove them");
      }
    }
    std::set<std::string_view> seen;
    std::vector<std::string> repeated;
    const auto collect = [&](const Value& list, std::set<std::string_view>& names) {
      if (!list.is_list()) return;
      for (const Value& item : list.as_list()) {
        if (!names.insert(Text(item, "instanceName")).second)
          repeated.emplace_back(Text(item, "instanceName"));
      }
    };
    const std::string rename = "give each trait its own instanceName";
    collect(embedded, seen);
    if (!repeated.empty())
      return refuse("duplicate trait instance names " + List(repeated) + " in embedded traits",
                    rename);
    std::set<std::string_view> own;
    collect(traits, own);
    if (!repeated.empty())
      return refuse("duplicate trait instance names " + List(repeated) + " in component traits",
                    rename);
    if (traits.is_list()) {
      for (const Value& trait : traits.as_list()) {
        if (seen.count(Text(trait, "instanceName")))
          repeated.emplace_back(Text(trait, "instanceName"));
      }
    }
    if (!repeated.empty())
      return refuse("trait instance names " + List(repeated) + " collide with embedded traits",
                    rename);
    return std::nullopt;
  }

  std::optional<base::Error> FindTraits(const Object& type, Dialect dialect) {
    const auto add = [&](const Object& at) -> std::optional<base::Error> {
      const Value list = at.spec().Get("traits");
      if (!list.is_list()) return std::nullopt;
      std::size_t index = 0;
      for (const Value& reference : list.as_list()) {
        const resource::Target target = resource::TargetOf(at, "spec/traits/*", reference);
        const Kind kind = target.kind;
        const std::string_view name = target.name;
        const bool cluster = names::IsClusterScoped(kind);
        const Object*& trait = traits_[{names::NameOf(kind), name}];
        if (!trait) {
          trait = lookup_.Find(kind, cluster ? std::string_view() : component_.ns, name);
          if (!trait) {
            return MissingReference(
                lookup_.repository(), "Trait " + GoQuote(name) + " not found",
                resource::PlaceOf(at, "/spec/traits/" + std::to_string(index) + "/name"), kind,
                component_.ns, name);
          }
        }
        ++index;
      }
      return std::nullopt;
    };
    if (dialect == Dialect::kV1) {
      if (auto error = add(type)) return error;
    }
    return add(component_);
  }

  base::Result<std::string_view> FindRootEnvironment() {
    const resource::Target owner = resource::TargetOf(component_, "spec/owner/projectName");
    const std::string_view name = owner.name;
    const Object* project = lookup_.Find(owner);
    if (!project) {
      return base::Fail(Missing("Project " + GoQuote(name) + " not found",
                                "/spec/owner/projectName", Kind::kProject, name));
    }
    const resource::Target target = resource::TargetOf(*project, "spec/deploymentPipelineRef");
    if (target.name.empty()) {
      return base::Fail(At(*project, "/spec", ErrorCode::kInvalidResource,
                           "Project " + GoQuote(name) + " has empty deploymentPipelineRef",
                           "name a DeploymentPipeline in spec.deploymentPipelineRef"));
    }
    const Object* pipeline = lookup_.Find(target);
    if (!pipeline) {
      return base::Fail(MissingReference(
          lookup_.repository(), "DeploymentPipeline " + GoQuote(target.name) + " not found",
          resource::PlaceOf(*project, "/spec/deploymentPipelineRef"), target.kind, target.ns,
          target.name));
    }
    auto environment = RootEnvironment(*pipeline);
    if (!environment)
      return base::Wrap("Invalid deployment pipeline configuration: ",
                        std::move(environment).error());
    return *environment;
  }

  // Follows internal/componentrelease BuildSpec and ClusterComponentTypeSpec.ToComponentTypeSpec:
  // which lists are empty and which are absent shows in the hash.
  Value BuildSpec(const Object& type, const Object& workload, Dialect dialect) {
    value::MapBuilder owner(arena_);
    owner.Add("projectName", spec_.Get("owner", "projectName"));
    owner.Add("componentName", Value::String(component_.name));

    Value type_spec = type.spec();
    if (type.kind == Kind::kClusterComponentType) {
      for (std::string_view list : {"allowedWorkflows", "traits", "allowedTraits"}) {
        if (!type_spec.Find(list))
          type_spec = value::WithKey(arena_, type_spec, list, Value::List({}));
      }
    }
    value::MapBuilder component_type(arena_);
    component_type.Add("kind", Value::String(names::NameOf(type.kind)));
    component_type.Add("name", spec_.Get("componentType", "name"));
    component_type.Add("spec", type_spec);

    value::ListBuilder traits(arena_);
    for (const auto& [key, trait] : traits_) {
      value::MapBuilder entry(arena_);
      entry.Add("kind", Value::String(key.first));
      entry.Add("name", Value::String(key.second));
      entry.Add("spec", trait->spec());
      traits.Add(entry.Build());
    }

    value::MapBuilder release(arena_);
    release.Add("owner", owner.Build());
    release.Add("componentType", component_type.Build());
    release.Add("traits", traits.Build());
    const Value parameters = spec_.Get("parameters"), own_traits = spec_.Get("traits");
    if (!parameters.is_null() || own_traits.size() > 0 || dialect == Dialect::kV012) {
      value::MapBuilder profile(arena_);
      if (!parameters.is_null()) profile.Add("parameters", parameters);
      if (own_traits.is_list()) {
        profile.Add("traits", own_traits);
      } else if (dialect == Dialect::kV1) {
        profile.Add("traits", Value::List({}));
      }
      release.Add("componentProfile", profile.Build());
    }
    release.Add("workload", value::WithoutKey(arena_, workload.spec(), "owner"));
    return release.Build();
  }

  // The form v0.12 hashes: the bare type, traits by name (absent if there are none).
  Value OldSpec(const Value& spec) {
    value::MapBuilder old(arena_);
    old.Add("componentType", spec.Get("componentType", "spec"));
    if (!traits_.empty()) {
      value::MapBuilder traits(arena_);
      for (const auto& [key, trait] : traits_) traits.Add(key.second, trait->spec());
      old.Add("traits", traits.Build());
    }
    old.Add("componentProfile", spec.Get("componentProfile"));
    old.Add("workload", spec.Get("workload"));
    return old.Build();
  }

  void FindBinding(ComponentDerivation& result) {
    const auto bindings = owners_.BindingsOf(component_.ns, Text(spec_.Get("owner"), "projectName"),
                                             component_.name, result.root_environment);
    if (bindings.size() == 1) {
      result.binding = bindings.front();
    } else if (bindings.size() > 1) {
      result.binding_error =
          "Failed to handle autoDeploy: found multiple ReleaseBinding objects for environment " +
          GoQuote(result.root_environment);
    }
  }

  const Object& component_;
  const Value spec_;
  const OwnerIndex& owners_;
  Lookup& lookup_;
  base::Arena& arena_;
  std::map<std::pair<std::string_view, std::string_view>, const Object*>
      traits_;  // by (kind, name)
};

}  // namespace

base::Result<std::string_view> RootEnvironment(const Object& pipeline) {
  const Value paths = pipeline.spec().Get("promotionPaths");
  if (paths.size() == 0) {
    return base::Fail(
        At(pipeline, "/spec", ErrorCode::kInvalidResource,
           "deployment pipeline " + std::string(pipeline.name) + " has no promotion paths defined",
           "add a promotion path with the first environment as its source"));
  }
  std::set<std::string_view> targets;
  for (const Value& path : paths.as_list()) {
    const Value references = path.Get("targetEnvironmentRefs");
    if (!references.is_list()) continue;
    for (const Value& target : references.as_list()) targets.insert(Text(target, "name"));
  }
  for (const Value& path : paths.as_list()) {
    const std::string_view source = Text(path.Get("sourceEnvironmentRef"), "name");
    if (!source.empty() && targets.count(source) == 0) return source;
  }
  return base::Fail(At(pipeline, "/spec/promotionPaths", ErrorCode::kInvalidResource,
                       "deployment pipeline " + std::string(pipeline.name) +
                           " has no root environment (all sources are also targets)",
                       "let one environment be a source only"));
}

base::Result<ComponentDerivation> DeriveComponentRelease(const Object& component,
                                                         const OwnerIndex& owners, Lookup& lookup,
                                                         base::Arena& arena) {
  return Derivation(component, owners, lookup, arena).Run();
}

}  // namespace openchoreo::release
