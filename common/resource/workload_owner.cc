#include "common/resource/workload_owner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/value/map_builder.h"

namespace openchoreo::resource {
namespace {

using value::Value;

constexpr std::string_view kRefusal =
    "spec.owner: Required value; <nil>: Invalid value: null: some validation rules were not "
    "checked "
    "because the object was invalid; correct the existing errors to complete validation";
constexpr std::string_view kHint =
    "name the component in spec.owner: {projectName: …, componentName: …}";

struct Candidate {
  const Object* component;
  bool owned = false;  // a Workload names it
};

void SetOwner(Object& workload, const Object& component, base::Arena& arena) {
  value::MapBuilder owner(arena);
  owner.Add("componentName", Value::String(component.name));
  owner.Add("projectName", component.spec().Get("owner", "projectName"));
  workload.root = WithKey(arena, workload.root, "spec",
                          WithKey(arena, workload.spec(), "owner", owner.Build()));
  workload.content_id = 0;
}

base::Diagnostic About(const Object& workload, base::Severity severity, std::string message) {
  base::Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = base::ErrorCode::kInvalidResource;
  diagnostic.message = std::move(message);
  diagnostic.place = workload.place;
  diagnostic.place.field += "/spec";
  diagnostic.object = Describe(workload);
  diagnostic.hint = kHint;
  return diagnostic;
}

void Assign(Object& workload, Candidate& candidate, std::string_view where, base::Arena& arena,
            base::Diagnostics& diagnostics) {
  candidate.owned = true;
  SetOwner(workload, *candidate.component, arena);
  diagnostics.push_back(About(workload, base::Severity::kWarning,
                              Describe(workload) + " has no spec.owner; taken as the workload of " +
                                  Describe(*candidate.component) + ", " + std::string(where)));
}

// The one candidate that fits; nullptr if there is none or more than one.
template <typename Fits>
Candidate* Single(std::vector<Candidate>& candidates, Fits fits) {
  Candidate* single = nullptr;
  for (Candidate& candidate : candidates) {
    if (!fits(candidate)) continue;
    if (single) return nullptr;
    single = &candidate;
  }
  return single;
}

std::vector<Candidate> Components(const std::deque<Object>& objects, const ObjectIndex& index) {
  std::vector<Candidate> candidates;
  for (const Object& object : objects) {
    if (object.kind == Kind::kComponent &&
        index.Find(Kind::kComponent, object.ns, object.name) == &object) {
      candidates.push_back({&object, false});
    }
  }
  for (const Object& object : objects) {
    if (object.kind != Kind::kWorkload || !object.invalid.empty()) continue;
    const Value owner = object.spec().Get("owner");
    for (Candidate& candidate : candidates) {
      const Object& component = *candidate.component;
      if (component.ns == object.ns &&
          component.name == owner.Get("componentName").string_or_empty() &&
          component.spec().Get("owner", "projectName").string_or_empty() ==
              owner.Get("projectName").string_or_empty()) {
        candidate.owned = true;
      }
    }
  }
  return candidates;
}

}  // namespace

void FindOwners(const std::vector<Object*>& ownerless, const std::deque<Object>& objects,
                const std::function<std::string_view(std::uint32_t source)>& folder_of,
                ObjectIndex& index, base::Arena& arena, base::Diagnostics& diagnostics) {
  if (ownerless.empty()) return;
  std::vector<Candidate> candidates = Components(objects, index);
  std::vector<Object*> homeless;
  for (Object* workload : ownerless) {
    const std::string_view folder = folder_of(workload->place.source);
    Candidate* neighbour = Single(candidates, [&](const Candidate& candidate) {
      return candidate.component->ns == workload->ns &&
             folder_of(candidate.component->place.source) == folder;
    });
    if (neighbour) {
      Assign(*workload, *neighbour, "which lies in the same folder", arena, diagnostics);
    } else {
      homeless.push_back(workload);
    }
  }
  for (Object* workload : homeless) {
    const auto rivals = std::count_if(homeless.begin(), homeless.end(), [&](const Object* other) {
      return other->ns == workload->ns;
    });
    Candidate* left = rivals > 1 ? nullptr : Single(candidates, [&](const Candidate& candidate) {
      return candidate.component->ns == workload->ns && !candidate.owned;
    });
    if (left) {
      Assign(*workload, *left, "the only one of its namespace without a workload", arena,
             diagnostics);
    } else {
      workload->invalid = kRefusal;
      index.Refuse(workload);
      diagnostics.push_back(About(
          *workload, base::Severity::kError,
          "Workload \"" + std::string(workload->name) + "\" is invalid: " + workload->invalid));
    }
  }
}

}  // namespace openchoreo::resource
