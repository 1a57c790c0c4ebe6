#include "common/render/selection.h"

#include <algorithm>
#include <set>

#include "common/render/selected_by.h"
#include "common/render/stamp.h"
#include "common/resource/references.h"

namespace openchoreo::render {
namespace {

using names::Kind;
using resource::Object;

using Names = std::vector<std::string>;

constexpr std::string_view kDefaultPlane = "default";

bool Holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Passes(const Names& wanted, std::string_view name) {
  return wanted.empty() || Holds(wanted, name);
}

bool PassesDataPlane(const resource::Repository& repository, std::string_view ns,
                     std::string_view environment_name, const Names& wanted) {
  if (wanted.empty()) return true;
  BindingFacts facts;
  SetDataPlane(repository, ns, environment_name, facts);
  return facts.data_plane.empty() || Holds(wanted, facts.data_plane);
}

// The word for a binding's kind in Options::bindings.
std::string_view WordFor(Kind kind) {
  if (kind == Kind::kProjectReleaseBinding) return "project";
  return kind == Kind::kResourceReleaseBinding ? "resource" : "component";
}

// Whether the selection by names takes a binding, whatever its kind.
bool TakesNames(const Options& options, const SelectedBy& binding) {
  return Passes(options.organizations, binding.ns) &&
         Passes(options.environments, binding.environment) &&
         Passes(options.projects, binding.project) &&
         (options.components.empty() ||
          (binding.kind == Kind::kReleaseBinding && Holds(options.components, binding.owner)));
}

std::string Joined(const Names& names) {
  constexpr std::size_t kShown = 30;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
    text.append(i == 0 ? "" : ", ").append(names[i]);
  if (names.size() > kShown) text += ", … (" + std::to_string(names.size()) + " in all)";
  return text.empty() ? "none" : text;
}

class Checks {
 public:
  Checks(const Tree& tree, const Selection& selection, const Options& options)
      : tree_(tree), selection_(selection), options_(options) {}

  base::Diagnostics Run() {
    if (options_.allow_empty) return {};
    if (tree_.bindings().bindings().empty()) {
      if (!options_.include.openchoreo || HoldsNothing()) NoBindings();
      return std::move(errors_);
    }
    if (!Selects(options_)) return {};  // everything is selected
    CheckNames();
    if (errors_.empty() && selection_.count() == 0 && !options_.allow_empty_selection)
      MatchesNone();
    return std::move(errors_);
  }

 private:
  bool HoldsNothing() const {
    for (int kind = 0; kind < names::kKindCount; ++kind) {
      if (!tree_.repository().All(static_cast<Kind>(kind)).empty()) return false;
    }
    return true;
  }

  void NoBindings() {
    Fail(
        "nothing to render: the sources hold no ReleaseBinding, ProjectReleaseBinding or "
        "ResourceReleaseBinding",
        "add one; to take the last one away, set its state: Undeploy first, or allow an empty "
        "result (--allow-empty)");
  }

  void CheckNames() {
    const Inventory inventory = tree_.inventory();
    CheckNames(options_.organizations, inventory.namespaces, "organization");
    CheckNames(options_.environments, inventory.environments, "environment");
    CheckNames(options_.projects, inventory.projects, "project");
    CheckNames(options_.components, inventory.components, "component");
    CheckNames(options_.dataplanes, inventory.dataplanes, "data plane");
  }

  void CheckNames(const Names& wanted, const Names& there, std::string_view what) {
    for (const std::string& name : wanted) {
      if (Holds(there, name)) continue;
      Fail("the sources have no " + std::string(what) + " \"" + name + "\"",
           "there is: " + Joined(there));
    }
  }

  void MatchesNone() {
    Fail("nothing to render: the selection matches none of the " +
             std::to_string(tree_.bindings().bindings().size()) + " bindings",
         "select something else; where the last binding is to go, set its state: Undeploy before "
         "deleting it, or allow an empty selection (--allow-empty-selection)");
  }

  void Fail(std::string message, std::string hint) {
    base::Diagnostic error;
    error.code = base::ErrorCode::kEmptyResult;
    error.message = std::move(message);
    error.hint = std::move(hint);
    errors_.push_back(std::move(error));
  }

  const Tree& tree_;
  const Selection& selection_;
  const Options& options_;
  base::Diagnostics errors_;
};

}  // namespace

bool Selects(const Options& options) {
  return !options.organizations.empty() || !options.environments.empty() ||
         !options.projects.empty() || !options.components.empty() || !options.dataplanes.empty() ||
         !options.bindings.empty();
}

std::vector<std::string> ReleasesOf(const SelectedBy& binding) {
  const std::string name =
      RenderedReleaseName(binding.kind, binding.project, binding.owner, binding.environment);
  const std::string ns = NameLabel(binding.ns) + "/";
  return {ns + ReleaseLabel(name, false), ns + ReleaseLabel(name, true)};
}

bool Takes(const Options& options, const SelectedBy& binding) {
  return TakesNames(options, binding) && Passes(options.bindings, WordFor(binding.kind));
}

Selection::Selection(const BindingList& list, const Options& options)
    : marks_(list.bindings().size()) {
  const bool project_part = options.components.empty() &&
                            (options.bindings.empty() || Holds(options.bindings, "project"));
  leaves_namespaces_ = options.namespaces && !project_part && !options.namespaces_given;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const Binding& binding = list.bindings()[i];
    const SelectedBy by{binding.kind, binding.ns, binding.environment, binding.project,
                        binding.owner};
    if (!TakesNames(options, by) ||
        !PassesDataPlane(list.repository(), binding.ns, binding.environment, options.dataplanes)) {
      continue;
    }
    const bool emitted = Passes(options.bindings, WordFor(binding.kind));
    if (emitted) {
      marks_[i] |= kEmitted;
      ++count_;
    }
    if (options.namespaces && (project_part || (emitted && options.namespaces_given)))
      marks_[i] |= kNamespaces;
  }
}

void SetDataPlane(const resource::Repository& repository, std::string_view ns,
                  std::string_view environment, BindingFacts& facts) {
  const Object* object = repository.Find(Kind::kEnvironment, ns, environment);
  if (!object) return;
  const auto [kind, plane_ns, name] = resource::TargetOf(*object, "spec/dataPlaneRef");
  bool cluster = kind == Kind::kClusterDataPlane;
  if (object->spec().Get("dataPlaneRef").is_null() &&
      !repository.Find(Kind::kDataPlane, ns, kDefaultPlane))
    cluster = repository.Find(Kind::kClusterDataPlane, {}, kDefaultPlane) != nullptr;
  facts.data_plane = name.empty() ? kDefaultPlane : name;
  facts.data_plane_id = cluster ? "ClusterDataPlane " + facts.data_plane
                                : "DataPlane " + std::string(ns) + "/" + facts.data_plane;
}

std::vector<EnvironmentFacts> SelectedEnvironments(const resource::Repository& repository,
                                                   const Options& options) {
  std::vector<EnvironmentFacts> environments;
  for (const Object* object : repository.All(Kind::kEnvironment)) {
    if (Passes(options.organizations, object->ns) && Passes(options.environments, object->name) &&
        PassesDataPlane(repository, object->ns, object->name, options.dataplanes)) {
      environments.push_back({std::string(object->ns), std::string(object->name)});
    }
  }
  return environments;
}

std::vector<const BindingList::DerivationError*> SelectedDerivationErrors(const BindingList& list,
                                                                          const Options& options) {
  std::vector<const BindingList::DerivationError*> errors;
  if (!Passes(options.bindings, "component")) return errors;
  for (const BindingList::DerivationError& failed : list.derivation_errors()) {
    const Object& component = *failed.component;
    const bool selected =
        Passes(options.organizations, component.ns) &&
        Passes(options.projects, component.spec().Get("owner", "projectName").string_or_empty()) &&
        Passes(options.components, component.name) &&
        (failed.environment.empty() || Passes(options.environments, failed.environment)) &&
        PassesDataPlane(list.repository(), component.ns, failed.environment, options.dataplanes);
    if (selected) errors.push_back(&failed);
  }
  return errors;
}

base::Diagnostics SelectedLoadDiagnostics(const BindingList& list, const Selection& selection) {
  std::set<std::string> left_out;
  for (std::size_t i = 0; i < list.bindings().size(); ++i) {
    const Binding& binding = list.bindings()[i];
    if (binding.refused && !selection.emits(i))
      left_out.insert(resource::Describe(*binding.object));
  }
  base::Diagnostics diagnostics = list.repository().diagnostics();
  if (left_out.empty()) return diagnostics;
  for (base::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == base::Severity::kError &&
        diagnostic.code == base::ErrorCode::kInvalidResource && left_out.count(diagnostic.object)) {
      diagnostic.severity = base::Severity::kWarning;
    }
  }
  return diagnostics;
}

base::Diagnostics CheckSelection(const Tree& tree, const Selection& selection,
                                 const Options& options) {
  return Checks(tree, selection, options).Run();
}

}  // namespace openchoreo::render
