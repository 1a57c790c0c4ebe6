#include "cli/eval_patch.h"

#include <vector>

#include "cli/eval_lines.h"
#include "common/patch/patch.h"
#include "common/value/map_builder.h"

namespace openchoreo::cli {

namespace {

void EvalPatch(const value::Value& request, base::Arena& arena, Answer& answer) {
  // Upstream patches what encoding/json decoded: every number is a double.
  const value::Value target = NumbersAsDoubles(arena, request.Get("target"));
  const value::Value ops = NumbersAsDoubles(arena, request.Get("ops"));
  if (!target.is_map()) {
    answer.AddText("error", "target must be an object");
    return;
  }
  std::vector<patch::Operation> operations;
  if (ops.is_list()) {
    for (const value::Value& op : ops.as_list()) {
      operations.push_back(
          {op.Get("op").string_or_empty(), op.Get("path").string_or_empty(), op.Get("value")});
    }
  }
  const auto patched = patch::Apply(target, operations, arena, EvalLimits());
  if (!patched) {
    answer.AddText("error", patched.error().message);
  } else {
    answer.AddValue("expect", *patched);
  }
}

}  // namespace

int RunEvalPatch(std::istream& in, std::ostream& out) { return EvalLines(in, out, EvalPatch); }

}  // namespace openchoreo::cli
