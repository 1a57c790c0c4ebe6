// Compilation in full: what Compile (program.h) gives, and what tools ask for besides. Internal to
// this room and `eval cel`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/cel/checker.h"
#include "common/cel/program.h"

namespace openchoreo::cel {

struct CompileOptions {
  std::span<const TypedVariable> typed;  // declared types; other variables are dyn
  bool check_only = false;               // no program
};

struct Compiled {
  std::shared_ptr<const Program> program;  // nullptr if check_only
  std::string type;                        // the result's, as TypeText writes it
};

base::Result<Compiled> CompileWith(std::string_view text, const Environment& environment,
                                   const CompileOptions& options);

// The checked tree of `text`, one line per sub-expression: its text, its type and, where evaluation
// came by, its value. Errors as Compile's; an evaluation error is shown in the tree.
base::Result<std::string> Explain(std::string_view text, const Environment& environment,
                                  std::span<const value::Value> slots,
                                  const base::RenderLimits& limits);

}  // namespace openchoreo::cel
