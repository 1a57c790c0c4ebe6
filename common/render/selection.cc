#include "common/render/selection.h"

#include <algorithm>
#include <set>

namespace openchoreo::render {
namespace {

using names::Kind;
using resource::Object;

using Names = std::vector<std::string>;

bool Holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Passes(const Names& wanted, std::string_view name) {
  return wanted.empty() || Holds(wanted, name);
}

bool PassesDataPlane(const resource::Repository& repository, std::string_view ns,
                     std::string_view environment_name, const Names& wanted) {
  if (wanted.empty()) return true;
  const Object* environment = repository.Find(Kind::kEnvironment, ns, environment_name);
  if (!environment) return true;
  const std::string_view name = environment->spec().Get("dataPlaneRef", "name").string_or_empty();
  return Holds(wanted, name.empty() ? "default" : name);
}

void AddKind(const BindingList& list, Kind kind, std::set<std::string>& names) {
  for (const Object* object : list.repository().All(kind)) names.emplace(object->name);
}

Names ToNames(const std::set<std::string>& names) {
  Names result(names.begin(), names.end());
  std::erase(result, "");
  return result;
}

std::string Joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text.empty() ? "none" : text;
}

}  // namespace

void Select(BindingList& list, const Options& options) {
  for (Binding& binding : list.mutable_bindings()) {
    const bool component = binding.kind == Kind::kReleaseBinding;
    binding.selected =
        Passes(options.environments, binding.environment) &&
        Passes(options.projects, binding.project) &&
        (options.components.empty() || (component && Holds(options.components, binding.owner))) &&
        PassesDataPlane(list.repository(), binding.ns, binding.environment, options.dataplanes);
  }
}

bool SelectsEnvironment(const resource::Repository& repository, std::string_view ns,
                        std::string_view name, const Options& options) {
  return Passes(options.environments, name) &&
         PassesDataPlane(repository, ns, name, options.dataplanes);
}

base::Diagnostics SelectedDerivationErrors(const BindingList& list, const Options& options) {
  base::Diagnostics errors;
  for (const BindingList::DerivationError& failed : list.derivation_errors()) {
    const Object& component = *failed.component;
    const bool selected =
        Passes(options.projects, component.spec().Get("owner", "projectName").string_or_empty()) &&
        Passes(options.components, component.name) &&
        (failed.environment.empty() || Passes(options.environments, failed.environment)) &&
        PassesDataPlane(list.repository(), component.ns, failed.environment, options.dataplanes);
    if (selected) errors.push_back(failed.error);
  }
  return errors;
}

base::Diagnostics SelectedLoadDiagnostics(const BindingList& list) {
  std::set<std::string> left_out;
  for (const Binding& binding : list.bindings()) {
    if (binding.refused && !binding.selected) left_out.insert(resource::Describe(*binding.object));
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

base::Diagnostics CheckSelection(const BindingList& list, const Options& options) {
  base::Diagnostics errors;
  if (options.allow_empty) return errors;
  const auto fail = [&](std::string message, std::string hint) {
    base::Diagnostic error;
    error.code = base::ErrorCode::kEmptyResult;
    error.message = std::move(message);
    error.hint = std::move(hint);
    errors.push_back(std::move(error));
  };
  if (list.bindings().empty()) {
    fail(
        "nothing to render: the sources hold no ReleaseBinding, ProjectReleaseBinding or "
        "ResourceReleaseBinding",
        "add one, or allow an empty result (--allow-empty)");
    return errors;
  }
  const bool any_selector = !options.environments.empty() || !options.projects.empty() ||
                            !options.components.empty() || !options.dataplanes.empty();
  if (!any_selector) return errors;  // everything is selected
  const Inventory inventory = TakeInventory(list);
  const auto check = [&](const Names& wanted, const Names& there, std::string_view what) {
    for (const std::string& name : wanted) {
      if (Holds(there, name)) continue;
      fail("the sources have no " + std::string(what) + " \"" + name + "\"",
           "there is: " + Joined(there));
    }
  };
  check(options.environments, inventory.environments, "environment");
  check(options.projects, inventory.projects, "project");
  check(options.components, inventory.components, "component");
  check(options.dataplanes, inventory.dataplanes, "data plane");
  if (!errors.empty()) return errors;
  const auto bindings = list.bindings();
  if (std::none_of(bindings.begin(), bindings.end(),
                   [](const Binding& binding) { return binding.selected; })) {
    fail("nothing to render: the selection matches none of the " + std::to_string(bindings.size()) +
             " bindings",
         "select something else, or allow an empty result (--allow-empty)");
  }
  return errors;
}

Inventory TakeInventory(const BindingList& list) {
  std::set<std::string> environments, projects, components, dataplanes, namespaces;
  for (const Binding& binding : list.bindings()) {
    environments.emplace(binding.environment);
    projects.emplace(binding.project);
    namespaces.emplace(binding.ns);
    if (binding.kind == Kind::kReleaseBinding) components.emplace(binding.owner);
  }
  AddKind(list, Kind::kEnvironment, environments);
  AddKind(list, Kind::kProject, projects);
  AddKind(list, Kind::kComponent, components);
  AddKind(list, Kind::kDataPlane, dataplanes);
  AddKind(list, Kind::kClusterDataPlane, dataplanes);
  for (const Object* environment : list.repository().All(Kind::kEnvironment)) {
    const std::string_view name = environment->spec().Get("dataPlaneRef", "name").string_or_empty();
    if (!name.empty()) dataplanes.emplace(name);
  }
  return {ToNames(environments), ToNames(projects), ToNames(components), ToNames(dataplanes),
          ToNames(namespaces)};
}

}  // namespace openchoreo::render
