#include "common/render/binding_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/base/go_quote.h"
#include "common/names/k8s_name.h"
#include "common/render/old_release_check.h"
#include "common/render/rendered_release_check.h"
#include "common/resource/dialect.h"
#include "common/resource/references.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using names::Kind;
using release::OwnerKey;
using release::Snapshot;
using resource::Object;
using value::Value;

bool IsTrue(const Value& value) { return value.is_bool() && value.as_bool(); }

// What upstream's component controller says of an object whose name the API server refuses.
base::Error TooLong(const Object& component, std::string_view kind, std::string refused) {
  base::Error error;
  error.code = base::ErrorCode::kInvalidResource;
  error.message = "Failed to handle autoDeploy: failed to create " + std::string(kind) + ": " +
                  std::move(refused);
  error.place = resource::PlaceOf(component, "/metadata/name");
  error.hint = "shorten the component's name";
  return error;
}

// Components of v0.8's form name no ComponentType; upstream leaves them to its older controllers.
bool IsLegacy(const Object& component) { return component.spec().Get("componentType").is_null(); }

}  // namespace

std::string RenderedReleaseName(Kind kind, std::string_view project, std::string_view owner,
                                std::string_view environment) {
  if (kind == Kind::kReleaseBinding) return std::string(owner) + "-" + std::string(environment);
  const std::string whose = kind == Kind::kProjectReleaseBinding ? "p_" + std::string(project)
                                                                 : "r_" + std::string(owner);
  return names::GenerateK8sName(names::kMaxResourceName, {whose, environment});
}

std::string Describe(const Binding& binding) {
  return std::string(names::NameOf(binding.kind)) + " " + binding.ns + "/" + binding.name;
}

BindingList::BindingList(const resource::Repository& repository)
    : repository_(repository), owners_(repository), arena_(1 << 16) {
  DeriveProjects();
  DeriveResources();
  DeriveComponents();
  AddTreeBindings();
  Finish();
}

const Snapshot* BindingList::FindDerived(Kind kind, std::string_view ns,
                                         std::string_view name) const {
  if (derived_.empty()) return nullptr;
  const auto found = derived_.find(OwnerKey({names::NameOf(kind), ns, name}));
  return found == derived_.end() ? nullptr : found->second;
}

const base::Error* BindingList::ProjectReleaseError(std::string_view ns,
                                                    std::string_view project) const {
  const auto found = project_errors_.find(OwnerKey({ns, project}));
  return found == project_errors_.end() ? nullptr : &found->second;
}

BindingList::Indexes BindingList::At(const IndexMap& index, const std::string& key) {
  const auto found = index.find(key);
  return found == index.end() ? Indexes() : Indexes(found->second);
}

BindingList::Indexes BindingList::ComponentBindings(std::string_view ns, std::string_view project,
                                                    std::string_view component,
                                                    std::string_view environment) const {
  return At(component_bindings_.Get([this] { return IndexedBindings(Kind::kReleaseBinding); }),
            OwnerKey({ns, project, component, environment}));
}

BindingList::Indexes BindingList::ResourceBindings(std::string_view ns, std::string_view project,
                                                   std::string_view name,
                                                   std::string_view environment) const {
  return At(
      resource_bindings_.Get([this] { return IndexedBindings(Kind::kResourceReleaseBinding); }),
      OwnerKey({ns, project, name, environment}));
}

bool BindingList::Knows(Kind kind, std::string_view ns, std::string_view project,
                        std::string_view name) const {
  return known_owners_.Get([this] { return KnownOwners(); })
             .count(OwnerKey({names::NameOf(kind), ns, project, name})) > 0;
}

BindingList::IndexMap BindingList::IndexedBindings(Kind kind) const {
  IndexMap index;
  index.reserve(bindings_.size());
  for (std::uint32_t i = 0; i < bindings_.size(); ++i) {
    const Binding& binding = bindings_[i];
    if (binding.refused || binding.kind != kind) continue;
    index[OwnerKey({binding.ns, binding.project, binding.owner, binding.environment})].push_back(i);
  }
  return index;
}

BindingList::Names BindingList::KnownOwners() const {
  Names known;
  const auto add = [&](Kind kind, std::string_view ns, std::string_view project,
                       std::string_view name) {
    known.insert(OwnerKey({names::NameOf(kind), ns, project, name}));
  };
  for (const Kind kind : {Kind::kComponent, Kind::kResource}) {
    for (const Object* object : repository_.All(kind))
      add(kind, object->ns, object->spec().Get("owner", "projectName").string_or_empty(),
          object->name);
  }
  for (const auto& [kind, owner, key] :
       {std::tuple(Kind::kWorkload, Kind::kComponent, "componentName"),
        std::tuple(Kind::kComponentRelease, Kind::kComponent, "componentName"),
        std::tuple(Kind::kResourceRelease, Kind::kResource, "resourceName")}) {
    for (const Object* object : repository_.All(kind)) {
      const Value names = object->spec().Get("owner");
      add(owner, object->ns, names.Get("projectName").string_or_empty(),
          names.Get(key).string_or_empty());
    }
  }
  for (const Binding& binding : bindings_) {
    if (binding.kind == Kind::kProjectReleaseBinding) continue;
    add(names::BindingFieldsOf(binding.kind)->owner, binding.ns, binding.project, binding.owner);
  }
  return known;
}

// A project without spec.type has no release; that matters only to a binding that names none.
void BindingList::DeriveProjects() {
  for (const Object* project : repository_.All(Kind::kProject)) {
    if (project->spec().Get("type").is_null()) continue;
    release::Lookup lookup(repository_);
    auto snapshot = release::DeriveProjectRelease(*project, lookup, arena_);
    const std::string key = OwnerKey({project->ns, project->name});
    if (!snapshot) {
      project_errors_.emplace(key, std::move(snapshot).error());
      continue;
    }
    const Snapshot& kept = snapshots_.emplace_back(std::move(*snapshot));
    project_releases_.emplace(key, &kept);
    // A release of that name in the tree stays what it is.
    if (!repository_.Find(Kind::kProjectRelease, kept.ns, kept.name)) {
      derived_.emplace(OwnerKey({names::NameOf(kept.kind), kept.ns, kept.name}), &kept);
    }
  }
}

void BindingList::DeriveResources() {
  for (const Object* owner : repository_.All(Kind::kResource)) {
    release::Lookup lookup(repository_);
    auto snapshot = release::DeriveResourceRelease(*owner, lookup, arena_);
    if (!snapshot) continue;  // nothing carries it: a binding names its release itself
    if (repository_.Find(Kind::kResourceRelease, snapshot->ns, snapshot->name)) continue;
    const Snapshot& kept = snapshots_.emplace_back(std::move(*snapshot));
    derived_.emplace(OwnerKey({names::NameOf(kept.kind), kept.ns, kept.name}), &kept);
  }
}

void BindingList::DeriveComponents() {
  for (const Object* component : repository_.All(Kind::kComponent)) {
    if (!IsTrue(component->spec().Get("autoDeploy")) || IsLegacy(*component)) continue;
    release::Lookup lookup(repository_);
    auto derived = release::DeriveComponentRelease(*component, owners_, lookup, arena_);
    const auto report = [&](base::Error error) {
      error.object = resource::Describe(*component);
      derivation_errors_.push_back({component, FirstEnvironment(*component), std::move(error)});
    };
    if (!derived) {
      report(std::move(derived).error());
      continue;
    }
    if (std::string refused = CheckNameLength("ComponentRelease", derived->snapshot.name);
        !refused.empty()) {
      report(TooLong(*component, "ComponentRelease", std::move(refused)));
      continue;
    }
    if (derived->snapshot.dialect == names::Dialect::kV012) {
      if (auto denied = CheckOldRelease(derived->snapshot)) {
        report(std::move(*denied));
        continue;
      }
    }
    const Snapshot& kept = snapshots_.emplace_back(std::move(derived->snapshot));
    // Upstream puts a changed release of that name right again.
    derived_[OwnerKey({names::NameOf(kept.kind), kept.ns, kept.name})] = &kept;
    if (!derived->binding_error.empty()) {
      base::Error error;
      error.code = base::ErrorCode::kMismatchedReference;
      error.message = std::move(derived->binding_error);
      error.place = resource::PlaceOf(*component, "");
      error.hint = "keep one ReleaseBinding of the component for that environment";
      report(std::move(error));
      continue;
    }
    if (derived->binding) {
      managed_.emplace(derived->binding, AutoDeploy{component, &kept});
      continue;
    }
    std::string name = std::string(component->name) + "-" + derived->root_environment;
    if (repository_.FindRefused(Kind::kReleaseBinding, component->ns, name))
      continue;  // its own error tells
    if (std::string refused = CheckNameLength("ReleaseBinding", name); !refused.empty()) {
      report(TooLong(*component, "ReleaseBinding", std::move(refused)));
      continue;
    }
    if (repository_.Find(Kind::kReleaseBinding, component->ns, name)) {
      base::Error error;
      error.code = base::ErrorCode::kMismatchedReference;
      error.message =
          "Failed to handle autoDeploy: failed to create ReleaseBinding: "
          "releasebindings.openchoreo.dev " +
          base::GoQuote(name) + " already exists";
      error.place = resource::PlaceOf(*component, "");
      error.hint =
          "rename the ReleaseBinding " + name + ", which is another component's or environment's";
      report(std::move(error));
      continue;
    }
    value::MapBuilder spec(arena_);
    spec.Add("owner", kept.spec.Get("owner"));
    spec.Add("releaseName", Value::String(kept.name));
    spec.Add("environment", Value::String(arena_.CopyString(derived->root_environment)));
    spec.Add("state", Value::String("Active"));
    Binding binding;
    binding.kind = Kind::kReleaseBinding;
    binding.ns = component->ns;
    binding.name = std::move(name);
    binding.component = component;
    binding.spec = spec.Build();
    bindings_.push_back(std::move(binding));
  }
}

std::string_view BindingList::FirstEnvironment(const Object& component) const {
  const Object* project = resource::Follow(repository_, component, "spec/owner/projectName");
  if (!project) return {};
  const Object* pipeline = resource::Follow(repository_, *project, "spec/deploymentPipelineRef");
  if (!pipeline) return {};
  const auto environment = release::RootEnvironment(*pipeline);
  return environment ? *environment : std::string_view();
}

void BindingList::AddTreeBindings() {
  bindings_.reserve(bindings_.size() + repository_.All(Kind::kReleaseBinding).size() +
                    repository_.All(Kind::kProjectReleaseBinding).size() +
                    repository_.All(Kind::kResourceReleaseBinding).size());
  for (const Kind kind :
       {Kind::kReleaseBinding, Kind::kProjectReleaseBinding, Kind::kResourceReleaseBinding}) {
    for (const Object* object : repository_.All(kind)) AddTreeBinding(*object, false);
    for (const Object* object : repository_.Refused(kind)) AddTreeBinding(*object, true);
  }
}

void BindingList::AddTreeBinding(const Object& object, bool refused) {
  Binding binding;
  binding.kind = object.kind;
  binding.ns = object.ns;
  binding.name = object.name;
  binding.object = &object;
  binding.refused = refused;
  binding.spec = object.spec();
  if (const auto managed = managed_.find(&object); managed != managed_.end()) {
    binding.component = managed->second.component;
    binding.spec = value::WithKey(arena_, binding.spec, "releaseName",
                                  Value::String(managed->second.snapshot->name));
  }
  if (object.kind == Kind::kProjectReleaseBinding &&
      binding.spec.Get("projectRelease").string_or_empty().empty()) {
    const auto release = project_releases_.find(
        OwnerKey({object.ns, binding.spec.Get("owner", "projectName").string_or_empty()}));
    if (release != project_releases_.end()) {
      binding.spec = value::WithKey(arena_, binding.spec, "projectRelease",
                                    Value::String(release->second->name));
    }
  }
  bindings_.push_back(std::move(binding));
}

void BindingList::Finish() {
  std::unordered_map<std::string, std::string> namespaces;  // by what makes their names
  const Binding* former = nullptr;
  for (Binding& binding : bindings_) {
    const Value owner = binding.spec.Get("owner");
    binding.project = owner.Get("projectName").string_or_empty();
    binding.environment = binding.spec.Get("environment").string_or_empty();
    const std::string_view project = binding.project, environment = binding.environment;
    const names::BindingFields& fields = *names::BindingFieldsOf(binding.kind);
    if (fields.owner != Kind::kProject)
      binding.owner = owner.Get(fields.owner_field).string_or_empty();
    binding.release = binding.spec.Get(fields.release_field).string_or_empty();
    binding.undeploy = binding.kind == Kind::kReleaseBinding &&
                       binding.spec.Get("state").string_or_empty() == "Undeploy";
    binding.rendered_release =
        RenderedReleaseName(binding.kind, project, binding.owner, environment);
    if (former && former->ns == binding.ns && former->project == project &&
        former->environment == environment) {
      binding.target_namespace = former->target_namespace;
    } else if (!project.empty() && !environment.empty()) {
      std::string& name = namespaces[OwnerKey({binding.ns, project, environment})];
      if (name.empty()) {
        name =
            names::GenerateK8sName(names::kMaxLabelName, {"dp", binding.ns, project, environment});
      }
      binding.target_namespace = name;
    }
    former = &binding;
  }
  const auto before = [](const Binding& a, const Binding& b) {
    return std::tuple(names::NameOf(a.kind), std::string_view(a.ns), std::string_view(a.name)) <
           std::tuple(names::NameOf(b.kind), std::string_view(b.ns), std::string_view(b.name));
  };
  // In order as they come, unless kinds mix or some are derived or refused.
  if (!std::is_sorted(bindings_.begin(), bindings_.end(), before))
    std::sort(bindings_.begin(), bindings_.end(), before);
}

}  // namespace openchoreo::render
