#include "common/pipeline/apply_trait.h"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "common/patch/patch.h"
#include "common/pipeline/dialect_v012.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

// "trait storage patch #2"
std::string Label(const TraitRun& run, std::string_view what, std::size_t index) {
  std::string label = "trait ";
  label += run.name;
  label += ' ';
  label += what;
  label += " #";
  label += std::to_string(index);
  return label;
}

std::string Quoted(std::string_view before, std::string_view text, std::string_view after) {
  std::string message(before);
  message += " '";
  message += text;
  message += "' ";
  message += after;
  return message;
}

base::Result<void> CreateOne(const TraitRun& run, std::size_t index, const Scope& scope,
                             WorkingSet& resources) {
  const ResourceTemplate& create = run.templates.resources[index];
  if (!create.body) {
    return FailAt(
        base::ErrorCode::kTemplate,
        "create template must render to object for " + Label(run, "create", index) + ", got <nil>",
        scope, create.body);
  }
  auto object = Render(create.body, scope);
  if (!object) {
    return base::Wrap("failed to render create template for " + Label(run, "create", index) + ": ",
                      object.error());
  }
  if (!object->is_map()) {
    return FailAt(base::ErrorCode::kTemplate,
                  "create template must render to object for " + Label(run, "create", index) +
                      ", got " + value::GoTypeName(*object),
                  scope, create.body);
  }
  return AddResource(*object, create, scope, resources);
}

base::Result<void> ApplyCreate(const TraitRun& run, std::size_t index, WorkingSet& resources) {
  const ResourceTemplate& create = run.templates.resources[index];
  const auto include = ShouldInclude(create.include_when, run.scope);
  if (!include) {
    return base::Wrap("failed to evaluate includeWhen for " + Label(run, "create", index) + ": ",
                      include.error());
  }
  if (!*include) return {};
  if (!create.loop.for_each) return CreateOne(run, index, run.scope, resources);
  const auto items = LoopItems(create.loop, run.scope);
  if (!items) {
    return base::Wrap("failed to evaluate forEach for " + Label(run, "create", index) + ": ",
                      items.error());
  }
  for (const Value& item : *items) {
    OC_TRY_DONE(CreateOne(run, index, WithItem(run.scope, create.loop, item), resources));
  }
  return {};
}

// Whether `where` (if any) holds for one object. `label` is that of the patch or remove.
base::Result<bool> Holds(const TraitRun& run, const Target& target, const WorkingResource& resource,
                         const Scope& scope, std::string_view what, std::size_t index) {
  if (!target.where) return true;
  const auto result = Render(target.where, WithResource(scope, target, resource.object));
  if (!result) {
    return base::Wrap(Quoted("failed to evaluate where clause", target.where.text,
                             "for " + Label(run, what, index) + ": "),
                      result.error());
  }
  if (result->is_bool()) return result->as_bool();
  return FailAt(base::ErrorCode::kTemplate,
                Quoted("where clause", target.where.text,
                       "must evaluate to boolean for " + Label(run, what, index) + ", got " +
                           value::GoTypeName(*result)),
                scope, target.where);
}

base::Result<patch::Operation> RenderOperation(const TraitRun& run, const PatchOperation& operation,
                                               std::size_t patch_index, std::size_t index,
                                               const Scope& scope) {
  const auto label = [&] {
    return Label(run, "patch", patch_index) + " operation #" + std::to_string(index);
  };
  patch::Operation rendered;
  rendered.op = operation.op;
  if (operation.path) {
    const auto path = Render(operation.path, scope);
    if (!path) {
      return base::Wrap(
          Quoted("failed to render path", operation.path.text, "for " + label() + ": "),
          path.error());
    }
    if (!path->is_string()) {
      return FailAt(
          base::ErrorCode::kTemplate,
          Quoted("path", operation.path.text,
                 "must evaluate to string for " + label() + ", got " + value::GoTypeName(*path)),
          scope, operation.path);
    }
    rendered.path = path->as_string();
  }
  if (operation.value) {
    const auto value = Render(operation.value, scope);
    if (!value) return base::Wrap("failed to render value for " + label() + ": ", value.error());
    // A value that is wholly omitted stays upstream's sentinel, which encodes as {}.
    rendered.value = value->is_omit() ? Value::Map({}) : *value;
  }
  return rendered;
}

// The index of the operation a patch error is about ("operation #1 failed: …"), else 0.
std::size_t FailedOperation(std::string_view message, std::size_t operations) {
  static constexpr std::string_view kMark = "operation #";
  std::size_t index = 0;
  const std::size_t at = message.find(kMark);
  if (at != std::string_view::npos) {
    std::from_chars(message.data() + at + kMark.size(), message.data() + message.size(), index);
  }
  return index < operations ? index : 0;
}

base::Result<Value> ApplyOperations(const TraitRun& run,
                                    std::span<const patch::Operation> operations,
                                    const Value& object, const Scope& scope) {
  const bool old = run.style == ContextStyle::kV012;
  if (old) {
    std::string unsupported = v012::UnsupportedPath(operations);
    if (!unsupported.empty()) return base::Fail(base::ErrorCode::kPatch, std::move(unsupported));
  }
  auto patched = patch::Apply(object, operations, *scope.arena, *scope.limits);
  if (!patched && old) {
    std::string& message = patched.error().message;
    const std::size_t failed = FailedOperation(message, operations.size());
    message = v012::PatchErrorText(std::move(message), operations[failed].path);
  }
  return patched;
}

// Once, however many iterations of its forEach touch the object.
void NotePatch(std::size_t index, const Scope& scope, WorkingResource& resource) {
  base::Place place = PlaceBelow(*scope.place, "/patches/" + std::to_string(index));
  if (resource.patches.empty() || resource.patches.back().source != place.source ||
      resource.patches.back().document != place.document ||
      resource.patches.back().field != place.field) {
    resource.patches.push_back(std::move(place));
  }
}

base::Result<void> PatchOnce(const TraitRun& run, std::size_t index, const Scope& scope,
                             WorkingSet& resources) {
  const TraitPatch& trait_patch = run.templates.patches[index];
  base::Budget& budget = scope.arena->budget();
  if (!budget.Spend(1 + resources.size())) return base::Fail(base::ErrorOf(budget));
  bool any = false;
  std::vector<WorkingResource*> targets;
  for (WorkingResource& resource : resources) {
    if (!Matches(resource, trait_patch.target)) continue;
    any = true;
    OC_TRY(const bool holds, Holds(run, trait_patch.target, resource, scope, "patch", index));
    if (holds) targets.push_back(&resource);
  }
  if (!any) return {};

  // Rendered once, also where no target is left: what is wrong with them shows all the same.
  std::vector<patch::Operation> operations;
  operations.reserve(trait_patch.operations.size());
  for (std::size_t i = 0; i < trait_patch.operations.size(); ++i) {
    OC_TRY(operations.emplace_back(),
           RenderOperation(run, trait_patch.operations[i], index, i, scope));
  }
  if (operations.empty()) return {};
  for (WorkingResource* target : targets) {
    auto patched = ApplyOperations(run, operations, target->object, scope);
    if (!patched) {
      base::Error error = std::move(patched).error();
      const std::size_t failed = FailedOperation(error.message, operations.size());
      error = Placed(std::move(error), *scope.place, trait_patch.operations[failed].path.path);
      return base::Wrap("failed to apply patches to " + IdentityOf(target->object) + " for " +
                            Label(run, "patch", index) + ": ",
                        std::move(error));
    }
    target->object = *patched;
    if (scope.origins) NotePatch(index, scope, *target);
  }
  return {};
}

// Runs `once` in the scope of each iteration, or in the trait's own if there is no forEach.
template <typename Once>
base::Result<void> ForEachIteration(const TraitRun& run, const Loop& loop, std::string_view what,
                                    std::size_t index, const Once& once) {
  if (!loop.for_each) return once(run.scope);
  const auto result = Render(loop.for_each, run.scope);
  if (!result) {
    return base::Wrap(Quoted("failed to evaluate forEach expression", loop.for_each.text,
                             "for " + Label(run, what, index) + ": "),
                      result.error());
  }
  const auto items = ItemsOf(*result, loop, run.scope);
  if (!items) {
    return base::Wrap("invalid forEach result for " + Label(run, what, index) + ": ",
                      items.error());
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto done = once(WithItem(run.scope, loop, (*items)[i]));
    if (!done)
      return base::Wrap("forEach iteration " + std::to_string(i) + " failed: ", done.error());
  }
  return {};
}

base::Result<void> ApplyPatch(const TraitRun& run, std::size_t index, WorkingSet& resources) {
  auto done =
      ForEachIteration(run, run.templates.patches[index].loop, "patch", index,
                       [&](const Scope& scope) { return PatchOnce(run, index, scope, resources); });
  if (done) return {};
  return base::Wrap("failed to apply trait patch #" + std::to_string(index) + " for trait " +
                        std::string(run.name) + ": ",
                    done.error());
}

base::Result<void> MarkRemovals(const TraitRun& run, std::size_t index, const Scope& scope,
                                const WorkingSet& resources, std::vector<bool>& removed) {
  const Target& target = run.templates.removes[index].target;
  base::Budget& budget = scope.arena->budget();
  if (!budget.Spend(1 + resources.size())) return base::Fail(base::ErrorOf(budget));
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (!Matches(resources[i], target)) continue;
    OC_TRY(const bool holds, Holds(run, target, resources[i], scope, "remove", index));
    if (holds) removed[i] = true;
  }
  return {};
}

// Every entry looks at the same set; what any of them matched then goes at once.
base::Result<void> ApplyRemoves(const TraitRun& run, WorkingSet& resources) {
  if (run.templates.removes.empty()) return {};
  std::vector<bool> removed(resources.size());
  for (std::size_t index = 0; index < run.templates.removes.size(); ++index) {
    auto done = ForEachIteration(
        run, run.templates.removes[index].loop, "remove", index,
        [&](const Scope& scope) { return MarkRemovals(run, index, scope, resources, removed); });
    if (!done) {
      return base::Wrap("failed to apply trait remove #" + std::to_string(index) + " for trait " +
                            std::string(run.name) + ": ",
                        done.error());
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (!removed[i]) resources[kept++] = resources[i];
  }
  resources.resize(kept);
  return {};
}

}  // namespace

base::Result<void> ApplyTrait(const TraitRun& run, WorkingSet& resources) {
  for (std::size_t i = 0; i < run.templates.resources.size(); ++i) {
    OC_TRY_DONE(ApplyCreate(run, i, resources));
  }
  for (std::size_t i = 0; i < run.templates.patches.size(); ++i) {
    OC_TRY_DONE(ApplyPatch(run, i, resources));
  }
  return ApplyRemoves(run, resources);
}

}  // namespace openchoreo::pipeline
