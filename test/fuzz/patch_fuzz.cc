// Any JSON document of the form {target, ops}: patching gives a map or an error and leaves the
// target alone.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/patch/patch.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "test/fuzz/ceilings.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;
using value::Value;

bool IsSorted(const Value& value) {
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (!IsSorted(item)) return false;
    }
  } else if (value.is_map()) {
    const auto entries = value.as_map();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0 && entries[i - 1].key.as_string() >= entries[i].key.as_string()) return false;
      if (!IsSorted(entries[i].value)) return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Arena arena;
  const auto request = value::ReadJson({reinterpret_cast<const char*>(data), size}, arena);
  if (!request) return 0;
  const Value target = request->Get("target");
  const Value ops = request->Get("ops");
  if (!target.is_map() || !ops.is_list()) return 0;
  std::vector<patch::Operation> operations;
  for (const Value& op : ops.as_list()) {
    operations.push_back(
        {op.Get("op").string_or_empty(), op.Get("path").string_or_empty(), op.Get("value")});
  }
  const std::string before = value::ToJson(target);
  base::RenderLimits limits;
  limits.max_binding_steps = 1'000'000;
  limits.max_binding_bytes = 8u << 20;
  const Ceilings ceilings(limits.max_binding_steps, limits.max_binding_bytes, size);
  base::Budget budget(limits);
  base::Arena patching(budget);
  const auto first = patch::Apply(target, operations, patching);
  Require(!first || !budget.spent(), "a result beyond the budget");
  const std::string text = first ? value::ToJson(*first) : first.error().message;
  if (first) Require(first->is_map() && IsSorted(*first), "the result is no sorted map");
  base::Budget again(limits);
  base::Arena patching_again(again);
  const auto second = patch::Apply(target, operations, patching_again);
  Require(text == (second ? value::ToJson(*second) : second.error().message),
          "the result differs from run to run");
  if (first)
    Require(text == value::ToJson(*first), "a second patch changed the first one's result");
  Require(value::ToJson(target) == before, "the target was changed");
  return 0;
}
