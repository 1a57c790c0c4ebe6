// Rules of one's own for kinds that tell their health in their own way, in the form of Flux's
// healthCheckExprs (fluxcd/pkg apis/kustomize CustomHealthCheck and runtime/cel status evaluator).
//
// Expressions speak of apiVersion, kind, metadata, spec, status and data. Differs from Flux: one
// the object lacks is null.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/cel/program.h"
#include "common/health/rules.h"
#include "common/value/value.h"

namespace openchoreo::health {

class OwnRules {
 public:
  OwnRules() = default;

  // `checks` is a list of maps {apiVersion, kind, current, inProgress?, failed?}; kind "*" is every
  // kind of the group. Errors (kUsage, kCelCompile): what is wrong, naming the check by its place
  // in the list.
  static base::Result<OwnRules> Read(const value::Value& checks);

  bool empty() const { return rules_.empty(); }

  // As JudgeObject, but that the first of these rules for the object's kind, if there is one,
  // decides instead of the table's row. In mode strict only. Each evaluation is bounded by
  // `limits`; beyond them the object is Unknown. Thread-safe; `arena` holds what expressions make.
  Judgement Judge(std::string_view api_version, std::string_view kind, const value::Value& live,
                  const Terms& terms, base::Arena& arena, const base::RenderLimits& limits) const;

 private:
  struct Rule {
    std::string group, kind;
    std::shared_ptr<const cel::Program> in_progress, failed, current;  // nullptr: not given
  };

  std::vector<Rule> rules_;
};

}  // namespace openchoreo::health
