// What the eval verbs share: JSON lines in, JSON lines out, in the same order.
#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/value/value.h"

namespace openchoreo::cli {

// One answer: a JSON object written key by key.
class Answer {
 public:
  // `budget` is what its values may cost to write.
  explicit Answer(base::Budget& budget) : budget_(budget) {}

  // `json` is JSON text already.
  Answer& AddJson(std::string_view key, std::string_view json);
  Answer& AddText(std::string_view key, std::string_view text);

  Answer& AddTrue(std::string_view key) { return AddJson(key, "true"); }

  // False, and nothing added, for what JSON cannot hold and once the budget is spent.
  bool AddValue(std::string_view key, const value::Value& value);

  // Once, at the end.
  std::string Take();

 private:
  base::Budget& budget_;
  std::string text_ = "{";
};

using EvalCase =
    std::function<void(const value::Value& request, base::Arena& arena, Answer& answer)>;

// Calls `evaluate` for each line that is a JSON object; the arena is new for each line, with the
// budget of a binding. A line that is none is answered {"error":…,"phase":"input"}; an empty one is
// passed over. Returns the exit code.
int EvalLines(std::istream& in, std::ostream& out, const EvalCase& evaluate);

// The limits of eval: the renderer's.
const base::RenderLimits& EvalLimits();

}  // namespace openchoreo::cli
