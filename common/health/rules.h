// What one live object of the data plane is worth. Pure: no clock, no cluster.
//
// Mode upstream follows openchoreo internal/controller/renderedrelease/controller_status.go
// (GetHealthCheckFunc and the functions it names) with k8s.io/apimachinery's conversion of untyped
// objects; mode strict is the table of docs/health.md.
#pragma once

#include <string_view>
#include <vector>

#include "common/health/state.h"
#include "common/value/value.h"

namespace openchoreo::health {

// `live` is the object as the API server gives it (apiVersion and kind may be missing, as in lists:
// `api_version` and `kind` say what was asked for), or null: it is not there, which is Unknown. An
// object that is not of the shape its rule needs is Unknown too, and so is one whose judging would
// take more than 100,000 steps (lists of conditions, containers and parents that are longer than
// any API server stores). Thread-safe; allocates nothing.
Judgement JudgeObject(std::string_view api_version, std::string_view kind, const value::Value& live,
                      const Terms& terms);

// A row of mode strict's table, for people.
struct RuleText {
  std::string_view group, kind;  // "*x": what ends in x
  std::string_view text;         // in order: the first that holds decides
};

std::vector<RuleText> StrictRules();

}  // namespace openchoreo::health
