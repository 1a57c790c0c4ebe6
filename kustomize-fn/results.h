// ResourceList.results: what a function tells the orchestrator and the person behind it.
#pragma once

#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/value/value.h"

namespace openchoreo::kustomize_fn {

struct ResourceRef {
  std::string api_version, kind, ns, name;
};

struct Result {
  base::Severity severity = base::Severity::kError;
  std::string message;
  ResourceRef resource;    // none without a kind
  std::string field;       // "spec.containers[0].name"
  std::string file;        // slash path; "" if it is not known
  std::string file_index;  // of the document in the file; "" = 0
  std::string rule;        // stable name of the failure, e.g. "cel-compile"
  // What people read on standard error, one line: "file:line:column: error[rule]: …".
  std::string line;
};

using Results = std::vector<Result>;

// The member `results` of a ResourceList. Texts are the results' own.
value::Value ResultsAsValue(const Results& results, base::Arena& arena);

}  // namespace openchoreo::kustomize_fn
