// ResourceList.results: what a function tells the orchestrator and the person behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/value/value.h"

namespace openchoreo::kustomize_fn {

struct ResourceRef {
  std::string api_version, kind, ns, name;

  bool empty() const { return kind.empty(); }
};

struct Result {
  base::Severity severity = base::Severity::kError;
  std::string message;
  ResourceRef resource;
  std::string field;       // "spec.containers[0].name"
  std::string file;        // slash path; "" if it is not known
  std::string file_index;  // of the document in the file; "" = 0
  std::string rule;        // stable name of the failure, e.g. "cel-compile"
  // What people read on standard error, one line: "file:line:column: error[rule]: …".
  std::string line;
};

using Results = std::vector<Result>;

// A JSON pointer as the field path of a result: "/spec/env/0/value" → "spec.env[0].value".
std::string FieldPath(std::string_view pointer);

// The member `results` of a ResourceList. Texts are the results' own.
value::Value ResultsAsValue(const Results& results, base::Arena& arena);

}  // namespace openchoreo::kustomize_fn
