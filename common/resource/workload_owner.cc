#include "common/resource/workload_owner.h"

#include <map>
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
  bool owned = false;  // a Workload names it, or has been given it
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

void Refuse(Object& workload, ObjectIndex& index, base::Diagnostics& diagnostics) {
  workload.invalid = kRefusal;
  index.Refuse(&workload);
  std::string message = "Workload \"";
  message.append(workload.name).append("\" is invalid: spec.owner: Required value");
  diagnostics.push_back(About(workload, base::Severity::kError, std::move(message)));
}

// Components, and by what they can be found.
class Candidates {
 public:
  using FolderOf = std::function<std::string_view(std::uint32_t)>;

  Candidates(const std::deque<Object>& objects, const ObjectIndex& index, const FolderOf& folder_of)
      : folder_of_(folder_of) {
    for (const Object& object : objects) {
      if (object.kind == names::Kind::kComponent &&
          index.Find(names::Kind::kComponent, object.ns, object.name) == &object) {
        Candidate& candidate = all_.emplace_back(Candidate{&object});
        by_folder_[KeyOf(object)].push_back(&candidate);
        by_name_[{object.ns, object.name}] = &candidate;
        by_namespace_[object.ns].push_back(&candidate);
      }
    }
    for (const Object& object : objects) {
      if (object.kind != names::Kind::kWorkload || !object.invalid.empty()) continue;
      const Value owner = object.spec().Get("owner");
      const auto found = by_name_.find({object.ns, owner.Get("componentName").string_or_empty()});
      if (found != by_name_.end() &&
          found->second->component->spec().Get("owner", "projectName").string_or_empty() ==
              owner.Get("projectName").string_or_empty()) {
        found->second->owned = true;
      }
    }
  }

  // The one in the folder of `workload`; nullptr if there is none or more than one.
  Candidate* InFolderOf(const Object& workload) {
    const std::vector<Candidate*>& neighbours = by_folder_[KeyOf(workload)];
    return neighbours.size() == 1 ? neighbours[0] : nullptr;
  }

  // The one of the namespace that no Workload owns; nullptr if there is none or more than one.
  Candidate* LeftIn(std::string_view ns) {
    Candidate* left = nullptr;
    for (Candidate* candidate : by_namespace_[ns]) {
      if (candidate->owned) continue;
      if (left) return nullptr;
      left = candidate;
    }
    return left;
  }

 private:
  using Pair = std::pair<std::string_view, std::string_view>;

  Pair KeyOf(const Object& object) const { return {object.ns, folder_of_(object.place.source)}; }

  const FolderOf& folder_of_;
  std::deque<Candidate> all_;
  std::map<Pair, std::vector<Candidate*>> by_folder_;
  std::map<Pair, Candidate*> by_name_;
  std::map<std::string_view, std::vector<Candidate*>> by_namespace_;
};

}  // namespace

void FindOwners(const std::vector<Object*>& ownerless, const std::deque<Object>& objects,
                const std::function<std::string_view(std::uint32_t source)>& folder_of,
                ObjectIndex& index, base::Arena& arena, base::Diagnostics& diagnostics) {
  if (ownerless.empty()) return;
  Candidates candidates(objects, index, folder_of);
  std::map<std::string_view, std::vector<Object*>> homeless;  // by namespace
  for (Object* workload : ownerless) {
    if (Candidate* neighbour = candidates.InFolderOf(*workload)) {
      Assign(*workload, *neighbour, "which lies in the same folder", arena, diagnostics);
    } else {
      homeless[workload->ns].push_back(workload);
    }
  }
  for (const auto& [ns, workloads] : homeless) {
    Candidate* left = workloads.size() == 1 ? candidates.LeftIn(ns) : nullptr;
    if (left) {
      Assign(*workloads[0], *left, "the only one of its namespace without a workload", arena,
             diagnostics);
      continue;
    }
    for (Object* workload : workloads) Refuse(*workload, index, diagnostics);
  }
}

}  // namespace openchoreo::resource
