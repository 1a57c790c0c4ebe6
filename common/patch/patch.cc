#include "common/patch/patch.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/go_quote.h"
#include "common/patch/document.h"
#include "common/patch/json_patch.h"
#include "common/patch/path_expansion.h"

namespace openchoreo::patch {

namespace {

using Outcome = base::Result<bool>;

bool NameIs(std::string_view name, std::string_view lower) {
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
  });
}

class Patcher {
 public:
  Patcher(const value::Value& target, base::Arena& arena, const base::RenderLimits& limits)
      : document_(target, arena), arena_(arena), limits_(limits) {}

  Outcome Apply(const Operation& operation) {
    if (NameIs(operation.op, "add")) return JsonPatch(JsonPatchOp::kAdd, operation);
    if (NameIs(operation.op, "replace")) return JsonPatch(JsonPatchOp::kReplace, operation);
    if (NameIs(operation.op, "remove")) return JsonPatch(JsonPatchOp::kRemove, operation);
    if (NameIs(operation.op, "mergeshallow")) return MergeShallow(operation);
    return base::Fail(base::ErrorCode::kPatch,
                      "unsupported patch operation " + base::GoQuote(operation.op) +
                          " (supported: add, replace, remove, mergeShallow)");
  }

  value::Value Finish() { return document_.Finish(); }

 private:
  Outcome JsonPatch(JsonPatchOp op, const Operation& operation) {
    OC_TRY(const Places places, ExpandPath(document_.root(), operation.path, arena_));
    if (places.size() == 0) {
      if (!HasFilterOrWildcard(operation.path)) return true;
      return base::Fail(
          base::ErrorCode::kPatch,
          "path " + base::GoQuote(operation.path) +
              " contains a filter or wildcard but matched 0 elements (filter criteria not met or "
              "target does not exist)");
    }
    // Places were found before anything changed, as upstream: after a remove the later indexes are
    // stale.
    for (std::size_t i = 0; i < places.size(); ++i) {
      OC_TRY([[maybe_unused]] const bool fits, Take(places, i));
      if (op == JsonPatchOp::kAdd) {
        OC_TRY([[maybe_unused]] const bool made, EnsureParents(document_, steps_));
      }
      OC_TRY([[maybe_unused]] const bool done, ApplyAt(document_, op, steps_, operation.value));
    }
    return true;
  }

  Outcome MergeShallow(const Operation& operation) {
    if (!operation.value.is_map()) {
      return base::Fail(base::ErrorCode::kPatch, "mergeShallow value must be an object");
    }
    OC_TRY(const Places places, ExpandPath(document_.root(), operation.path, arena_));
    for (std::size_t i = 0; i < places.size(); ++i) {
      OC_TRY([[maybe_unused]] const bool fits, Take(places, i));
      OC_TRY([[maybe_unused]] const bool done, MergeShallowAt(document_, steps_, operation.value));
    }
    return true;
  }

  // Loads the steps of place `i`. A path may make objects, so its length bounds how deep the tree
  // gets.
  Outcome Take(const Places& places, std::size_t i) {
    places.Get(i, steps_);
    if (steps_.size() > limits_.max_depth) {
      return base::Fail(
          base::ErrorCode::kLimit,
          "path is deeper than " + std::to_string(limits_.max_depth) + " segments (max_depth)");
    }
    base::Budget& budget = arena_.budget();
    if (!budget.Spend(1 + steps_.size())) return base::Fail(base::ErrorOf(budget));
    return true;
  }

  Document document_;
  base::Arena& arena_;
  const base::RenderLimits& limits_;
  std::vector<Step> steps_;
};

}  // namespace

base::Result<value::Value> Apply(const value::Value& target, std::span<const Operation> operations,
                                 base::Arena& arena, const base::RenderLimits& limits) {
  Patcher patcher(target, arena, limits);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    Outcome outcome = patcher.Apply(operations[i]);
    if (outcome && arena.budget().spent()) outcome = base::Fail(base::ErrorOf(arena.budget()));
    if (!outcome) {
      return base::Wrap("operation #" + std::to_string(i) + " failed: ",
                        std::move(outcome).error());
    }
  }
  return patcher.Finish();
}

}  // namespace openchoreo::patch
