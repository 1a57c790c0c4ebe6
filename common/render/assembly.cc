#include "common/render/assembly.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "common/render/binding_facts.h"
#include "common/render/foreign_objects.h"
#include "common/render/openchoreo_objects.h"
#include "common/render/plan.h"
#include "common/render/shared_objects.h"

namespace openchoreo::render {
namespace {

using names::Kind;
using resource::Repository;

auto SortKey(const base::Diagnostic& diagnostic) {
  const base::Place& place = diagnostic.place;
  return std::tie(place.source, place.document, place.byte_offset, place.field, place.text_begin,
                  diagnostic.severity, diagnostic.object, diagnostic.message);
}

void Sort(base::Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const auto& a, const auto& b) { return SortKey(a) < SortKey(b); });
}

Group GroupOf(const BindingFacts& facts, std::size_t binding) {
  Group group;
  group.kind = facts.kind;
  group.ns = facts.ns;
  group.name = facts.name;
  group.environment = facts.environment;
  group.project = facts.project;
  group.component = facts.component;
  group.binding = binding;
  return group;
}

// Objects with several contents that no binding reads harm nobody, but somebody will wonder.
void WarnOfConflicts(const Repository& repository, const std::set<const resource::Object*>& read,
                     base::Diagnostics& diagnostics) {
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    for (const resource::Object* object : repository.All(static_cast<names::Kind>(kind))) {
      if (object->conflicts.empty() || read.count(object)) continue;
      base::Diagnostic warning;
      warning.severity = base::Severity::kWarning;
      warning.code = base::ErrorCode::kDuplicateObject;
      warning.message = resource::Describe(*object) +
                        " is defined more than once, with different content; no binding reads it";
      warning.place = object->place;
      warning.object = resource::Describe(*object);
      warning.hint = "keep one of them";
      diagnostics.push_back(std::move(warning));
    }
  }
}

void AddNote(base::Diagnostics& diagnostics, base::Severity severity, std::string message) {
  base::Diagnostic note;
  note.severity = severity;
  note.message = std::move(message);
  diagnostics.push_back(std::move(note));
}

// What is known of a binding; takes what its result has for that.
BindingFacts FactsOf(const Repository& repository, const Binding& binding, BindingResult& result) {
  BindingFacts facts;
  facts.kind = names::NameOf(binding.kind);
  facts.ns = binding.ns;
  facts.name = binding.name;
  facts.environment = binding.environment;
  facts.project = binding.project;
  if (binding.kind == Kind::kReleaseBinding) facts.component = binding.owner;
  if (binding.kind == Kind::kResourceReleaseBinding) facts.resource = binding.owner;
  SetDataPlane(repository, binding.ns, binding.environment, facts);
  facts.failed = result.failed;
  facts.error = std::move(result.error);
  facts.undeploy = binding.undeploy;
  facts.dialect = result.output.dialect;
  facts.namespaces = std::move(result.output.namespaces);
  facts.provided_namespaces = std::move(result.output.provided_namespaces);
  return facts;
}

class Assembly {
 public:
  Assembly(const Tree& tree, const Selection& selection, const Options& options, RenderRun& run,
           Output& output)
      : list_(tree.bindings()),
        selection_(selection),
        options_(options),
        run_(run),
        results_(run.results()),
        output_(output) {}

  void Run() {
    for (const BindingList::DerivationError* error : SelectedDerivationErrors(list_, options_))
      underived_.insert(error->component);
    std::vector<std::uint32_t> emitted;  // binding of each of output_.bindings
    for (std::uint32_t i = 0; i < results_.size(); ++i) {
      if (selection_.emits(i)) emitted.push_back(i);
    }
    output_.bindings.reserve(emitted.size());
    for (const std::uint32_t i : emitted) {
      TakeDiagnostics(i);
      TakeCounts(results_[i]);
      output_.bindings.push_back(FactsOf(list_.repository(), list_.bindings()[i], results_[i]));
      output_.bindings.back().adds_namespaces = selection_.adds_namespaces(i);
    }
    WarnOfSharedObjects(emitted);
    WarnOfConflicts(list_.repository(), run_.conflicts_read(), output_.diagnostics);
    AddNotes();
    if (options_.format == Format::kPlan) return AddPlan(emitted);
    AddNamespaces();
    output_.groups.reserve(output_.groups.size() + emitted.size());
    for (std::size_t b = 0; b < emitted.size(); ++b) {
      BindingResult& result = results_[emitted[b]];
      if (!result.output.text || result.output.ends.empty()) continue;
      Group group = GroupOf(output_.bindings[b], b);
      group.text = std::move(result.output.text);
      group.ends = std::move(result.output.ends);
      group.identity = result.output.identity;
      output_.groups.push_back(std::move(group));
    }
  }

 private:
  void TakeDiagnostics(std::uint32_t i) {
    const Binding& binding = list_.bindings()[i];
    BindingResult& result = results_[i];
    base::Diagnostics& own = IsUnderived(binding) ? output_.follow_ups : output_.diagnostics;
    std::move(result.diagnostics.begin(), result.diagnostics.end(), std::back_inserter(own));
    for (auto& [cause, diagnostic] : result.follow_ups) {
      const bool told = results_[cause].failed && selection_.emits(cause);
      (told ? output_.follow_ups : output_.diagnostics).push_back(std::move(diagnostic));
    }
  }

  // Whether it waits for a release that could not be derived, or whose Component is refused: the
  // Component's error says why.
  bool IsUnderived(const Binding& binding) const {
    if (binding.kind != Kind::kReleaseBinding || !binding.release.empty()) return false;
    const resource::Repository& repository = list_.repository();
    const resource::Object* const component =
        repository.Find(Kind::kComponent, binding.ns, binding.owner);
    if (component) return underived_.count(component) > 0;
    return repository.FindRefused(Kind::kComponent, binding.ns, binding.owner) != nullptr;
  }

  void WarnOfSharedObjects(const std::vector<std::uint32_t>& emitted) {
    if (options_.format == Format::kPlan) return;
    std::vector<EmittedObjects> objects;
    objects.reserve(emitted.size());
    for (const std::uint32_t i : emitted) {
      const BindingOutput& output = results_[i].output;
      if (output.text)
        objects.push_back({&list_.bindings()[i], *output.text, output.ends, output.objects});
    }
    base::Diagnostics found =
        FindSharedObjects(objects, options_.format, options_.strict, list_.repository().sources());
    std::move(found.begin(), found.end(), std::back_inserter(output_.diagnostics));
  }

  void TakeCounts(const BindingResult& result) {
    ++output_.selected_bindings;
    output_.failed_bindings += result.failed;
    output_.other_plane_objects += result.output.other_plane_objects;
    dropped_ += result.output.dropped_objects;
  }

  void AddNotes() {
    if (output_.other_plane_objects > 0) {
      AddNote(
          output_.diagnostics, base::Severity::kNote,
          std::to_string(output_.other_plane_objects) +
              " objects for the other plane are left out; --plane all gives both planes' objects");
    }
    if (dropped_ > 0) {
      AddNote(
          output_.diagnostics, base::Severity::kWarning,
          std::to_string(dropped_) +
              " observability objects are left out: their data plane has no observability plane");
    }
    if (run_.cancelled()) {
      output_.diagnostics.push_back(Cancelled());
      output_.failed = true;
    }
  }

  void AddPlan(const std::vector<std::uint32_t>& emitted) {
    for (std::size_t b = 0; b < emitted.size(); ++b) {
      BindingResult& result = results_[emitted[b]];
      if (!result.done) continue;
      Group group = GroupOf(output_.bindings[b], b);
      if (result.failed) {
        auto text = std::make_shared<std::string>();
        AppendFailedPlan(*text, list_.bindings()[emitted[b]], output_.bindings[b].error);
        group.ends.push_back(text->size());
        group.text = std::move(text);
      } else {
        group.text = std::move(result.output.text);
        group.ends = std::move(result.output.ends);
      }
      output_.groups.push_back(std::move(group));
    }
  }

  // Those of emitted bindings, and with the project's part those of the bindings that others emit.
  void AddNamespaces() {
    if (selection_.leaves_namespaces()) NoteLeftNamespaces();
    std::vector<BindingFacts> others;
    for (std::uint32_t i = 0; i < results_.size(); ++i) {
      if (!selection_.adds_namespaces(i) || selection_.emits(i)) continue;
      const Binding& binding = list_.bindings()[i];
      BindingFacts facts = FactsOf(list_.repository(), binding, results_[i]);
      if (facts.failed && !binding.target_namespace.empty() && !binding.undeploy)
        facts.namespaces = {binding.target_namespace};
      others.push_back(std::move(facts));
    }
    GiveToProjects(others);
    std::vector<const BindingFacts*> needs;
    for (const std::vector<BindingFacts>* some : {&output_.bindings, &others}) {
      for (const BindingFacts& facts : *some) needs.push_back(&facts);
    }
    output_.groups = AddedNamespaces(needs, options_.format);
  }

  // A part of the result that holds the project's binding stands alone with all its Namespaces.
  void GiveToProjects(std::vector<BindingFacts>& others) {
    if (others.empty()) return;
    using Part = std::tuple<std::string_view, std::string_view, std::string_view>;
    std::map<Part, std::vector<std::string>*> projects;
    for (BindingFacts& project : output_.bindings) {
      if (project.kind == names::NameOf(Kind::kProjectReleaseBinding))
        projects.try_emplace(Part(project.ns, project.project, project.environment),
                             &project.namespaces);
    }
    for (BindingFacts& facts : others) {
      const auto project = projects.find(Part(facts.ns, facts.project, facts.environment));
      if (project == projects.end()) continue;
      project->second->insert(project->second->end(), facts.namespaces.begin(),
                              facts.namespaces.end());
      facts.namespaces.clear();
    }
    for (const auto& [part, namespaces] : projects) {
      std::sort(namespaces->begin(), namespaces->end());
      namespaces->erase(std::unique(namespaces->begin(), namespaces->end()), namespaces->end());
    }
  }

  void NoteLeftNamespaces() {
    std::set<std::string_view> needed;
    for (const BindingFacts& facts : output_.bindings)
      needed.insert(facts.namespaces.begin(), facts.namespaces.end());
    for (const BindingFacts& facts : output_.bindings) {
      for (const std::string& provided : facts.provided_namespaces) needed.erase(provided);
    }
    if (needed.empty()) return;
    AddNote(output_.diagnostics, base::Severity::kNote,
            std::to_string(needed.size()) +
                " Namespaces are left to whoever renders the project's part; --namespaces=true "
                "adds them here");
  }

  const BindingList& list_;
  const Selection& selection_;
  const Options& options_;
  RenderRun& run_;
  std::vector<BindingResult>& results_;
  Output& output_;
  std::set<const resource::Object*> underived_;
  std::size_t dropped_ = 0;
};

// As diagnostics name it.
std::string Describe(const BindingFacts& facts) {
  return facts.kind + " " + facts.ns + "/" + facts.name;
}

// Whom each diagnostic is about.
void FindSubjects(Output& output) {
  std::unordered_map<std::string, std::size_t> known;
  std::size_t index = 0;
  for (const std::vector<BindingFacts>* some : {&output.bindings, &output.underived}) {
    for (const BindingFacts& facts : *some) known.try_emplace(Describe(facts), index++);
  }
  output.subjects.clear();
  for (const base::Diagnostic& diagnostic : output.diagnostics) {
    const auto found = known.find(diagnostic.object);
    output.subjects.push_back(found == known.end() ? kNobody : found->second);
  }
}

// Looked for only where somebody wants to know.
void AddForeignObjects(const Tree& tree, const Options& options, Output& output) {
  if (!options.passthrough && !options.verbose) return;
  ForeignObjects foreign = FindForeignObjects(tree.trees(), options);
  std::move(foreign.errors.begin(), foreign.errors.end(), std::back_inserter(output.diagnostics));
  std::move(foreign.groups.begin(), foreign.groups.end(), std::back_inserter(output.groups));
  if (!options.passthrough && foreign.count > 0) {
    AddNote(
        output.diagnostics, base::Severity::kNote,
        std::to_string(foreign.count) + " other objects are left alone; --passthrough emits them");
  }
}

}  // namespace

base::Error Cancelled() {
  base::Error error;
  error.code = base::ErrorCode::kCancelled;
  error.message = "the work was cancelled";
  return error;
}

void AddLoadDiagnostics(const Tree& tree, const Selection& selection, const Options& options,
                        Output& output) {
  output.bindings_read = tree.bindings().bindings().size();
  output.environments = SelectedEnvironments(tree.repository(), options);
  output.diagnostics = SelectedLoadDiagnostics(tree.bindings(), selection);
  for (const BindingList::DerivationError* failed :
       SelectedDerivationErrors(tree.bindings(), options)) {
    const resource::Object& component = *failed->component;
    BindingFacts facts;
    facts.kind = names::NameOf(component.kind);
    facts.ns = component.ns;
    facts.name = component.name;
    facts.environment = failed->environment;
    facts.project = component.spec().Get("owner", "projectName").string_or_empty();
    facts.component = component.name;
    facts.failed = true;
    SetDataPlane(tree.repository(), component.ns, failed->environment, facts);
    output.underived.push_back(std::move(facts));
    output.diagnostics.push_back(failed->error);
  }
}

void TakeRun(const Tree& tree, const Selection& selection, const Options& options, RenderRun& run,
             Output& output) {
  Assembly(tree, selection, options, run, output).Run();
}

void AddObjects(const Tree& tree, const Selection& selection, const Options& options,
                Output& output) {
  if (options.format == Format::kPlan) return;
  std::unordered_map<std::string, std::size_t> reports;
  for (std::size_t i = 0; i < output.bindings.size(); ++i)
    reports.emplace(Describe(output.bindings[i]), i);
  for (Group& group : OpenChoreoObjects(tree, selection, options)) {
    const auto report = reports.find(group.kind + " " + group.ns + "/" + group.name);
    if (report != reports.end()) group.binding = report->second;
    output.groups.push_back(std::move(group));
  }
  AddForeignObjects(tree, options, output);
}

void Conclude(const Options& options, const base::Diagnostics& selection_errors, Output& output) {
  output.diagnostics.insert(output.diagnostics.end(), selection_errors.begin(),
                            selection_errors.end());
  const bool nothing_left =
      output.selected_bindings > 0 && output.failed_bindings == output.selected_bindings;
  if (!selection_errors.empty() || (output.has_error() && (!options.skip_broken || nothing_left))) {
    output.failed = true;
  }
  Sort(output.diagnostics);
  Sort(output.follow_ups);
  FindSubjects(output);
  if (output.failed && options.format != Format::kPlan) output.groups.clear();
}

}  // namespace openchoreo::render
