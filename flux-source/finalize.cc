// The end of an OpenChoreoSource: its ExternalArtifacts, then its files, then it.
#include <algorithm>
#include <set>

#include "common/value/map_builder.h"
#include "flux-source/metrics.h"
#include "flux-source/reconciler.h"

namespace openchoreo::flux {

using base::ErrorCode;
using value::Value;

base::Result<kube::Next> Reconciler::Finalize(const kube::Key& key, const kube::Live& object,
                                              const base::Cancel& cancel) {
  const Value finalizers = object.object().Get("metadata", "finalizers");
  std::vector<Value> others;
  bool ours = false;
  if (finalizers.is_list()) {
    for (const Value& finalizer : finalizers.as_list()) {
      if (finalizer.string_or_empty() == kFinalizer) {
        ours = true;
      } else {
        others.push_back(finalizer);
      }
    }
  }
  if (!ours) {
    Forget(key);
    return kube::Next{};
  }
  std::set<std::string> known;
  for (const kube::Key& artifact : with_.cluster.ArtifactsOf(object.uid()))
    known.insert(artifact.name);
  for (const auto& [name, announced] : MemoryOf(key, object.uid())->announced) known.insert(name);
  for (const InventoryEntry& entry : ReadInventory(object.object().Get("status"))) {
    known.insert(entry.name);
  }
  for (const std::string& name : known) {
    const kube::Key artifact{key.ns, name, ""};
    auto live = with_.client.Get(ExternalArtifacts(), artifact, cancel);
    if (!live && live.error().code != ErrorCode::kNotFound)
      return base::Fail(std::move(live).error());
    if (live && !IsOwnedBy(live->object(), object.uid())) continue;  // files are its owner's
    if (live) {
      OC_TRY_DONE(with_.client.Delete(ExternalArtifacts(), artifact, live->uid(), cancel));
    }
    with_.store.Remove({key.ns, name});
  }
  base::Arena arena;
  value::ListBuilder rest(arena);
  for (const Value& finalizer : others) rest.Add(finalizer);
  const Value metadata =
      value::MakeMap(arena, {{"finalizers", others.empty() ? Value() : rest.Build()},
                             {"resourceVersion", Value::String(object.resource_version())}});
  auto released = with_.client.MergePatch(OpenChoreoSources(), key,
                                          value::MakeMap(arena, {{"metadata", metadata}}),
                                          kube::Part::kMain, cancel);
  if (!released && released.error().code != ErrorCode::kNotFound) {
    return base::Fail(std::move(released).error());
  }
  Forget(key);
  return kube::Next{};
}

}  // namespace openchoreo::flux
