// The CEL engine's public face: text and environment in, an immutable program out; slots in, a
// value out.
//
// Follows cel-go v0.30 in OpenChoreo's environment (openchoreo
// internal/template/custom_functions.go and internal/pipeline/component/context/cel_extensions.go).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::cel {

// Which receiver macros exist (configurations.toVolumes(), …). All rewrite to selects on the
// variable `derived`, which the pipeline room fills: kComponentV1 as upstream's cel_extensions.go.
// kComponentV012 has the same field names; toContainerEnvFrom(c) is derived.containerEnvFrom[c] and
// toContainerVolumeMounts(c) is derived.configVolumeMounts[c], maps by container whose missing key
// is the error "toContainerEnvFrom: container 'c' not found in configurations" (and likewise); no
// dependencies.*, no workload.*.
enum class Macros : std::uint8_t {
  kNone,          // project and resource pipelines, eval without "ext"
  kComponentV1,   // v1.x component pipeline
  kComponentV012  // v0.9–v0.12 component pipeline: some take the container's name
};

// Whose string.format: that of cel-go v0.30, or of v0.22.1, which OpenChoreo had up to v0.17
// ("%.2f" of 1234.5 is "1,234.50" there).
enum class StringFormat : std::uint8_t { kCurrent, kV022 };

// The variables an expression may name, each of type dyn, and the macros it may use. Immutable.
// Variable i of `variables` is slot i of every evaluation.
class Environment {
 public:
  explicit Environment(std::vector<std::string> variables, Macros macros = Macros::kNone,
                       StringFormat string_format = StringFormat::kCurrent);

  std::span<const std::string> variables() const { return variables_; }

  Macros macros() const { return macros_; }

  StringFormat string_format() const { return string_format_; }

  // The slot of a variable, or -1.
  int SlotOf(std::string_view name) const;

  // Equal for environments that compile every text alike.
  const std::string& key() const { return key_; }

 private:
  std::vector<std::string> variables_;
  Macros macros_;
  StringFormat string_format_;
  std::string key_;
};

// A compiled expression. Immutable; any number of threads may evaluate it at once.
class Program {
 public:
  virtual ~Program() = default;

  // `slots[i]` is the value of variable i of the Environment it was compiled in. The result and
  // what it points to live in `arena`, in the slots' values, or in the program itself. Errors:
  // kCelEvaluate with cel-go's text ("no such key: x"); kLimit beyond `limits` or the budget of
  // `arena`, kCancelled.
  virtual base::Result<value::Value> Evaluate(std::span<const value::Value> slots,
                                              base::Arena& arena,
                                              const base::RenderLimits& limits) const = 0;

  // What it takes from the heap, the automata of its patterns included.
  virtual std::size_t bytes() const = 0;

  // Steps that compiling its patterns cost.
  virtual std::uint64_t pattern_steps() const = 0;
};

// Errors: kCelCompile. The message is cel-go's where it has a stable one ("undeclared reference to
// 'x' (in container '')", "found no matching overload for …"), and text_begin/text_end of the place
// are the offending range of `text` in bytes.
base::Result<std::shared_ptr<const Program>> Compile(std::string_view text,
                                                     const Environment& environment);

}  // namespace openchoreo::cel
