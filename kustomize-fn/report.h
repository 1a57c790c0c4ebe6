// ResourceList.results, what a function tells the orchestrator and the person behind it:
// diagnostics → results, each with the best place that is known for it.
//
// An item's place is the file it came from (item_place.h), opened again to find the line; where
// that is not known, kind, namespace, name and field. A line of standard input is never shown.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/resource/opened_file.h"
#include "common/resource/repository.h"
#include "common/value/value.h"
#include "kustomize-fn/item_place.h"
#include "kustomize-fn/item_tree.h"
#include "kustomize-fn/resource_list.h"

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

// Not thread-safe; diagnostics sorted by place cost one reading of each file.
class Reporter {
 public:
  // All must outlive the reporter.
  Reporter(const ResourceList& list, const std::string& working_directory)
      : list_(list), working_directory_(working_directory) {}

  // What rendering found. `items` is the tree the list's items were read through; `sources` names
  // them and the files of other trees.
  Result ForRendering(const base::Diagnostic& diagnostic, const resource::SourceTable& sources,
                      const ItemTree& items);

  // A fault at a field (JSON pointer) of an item.
  Result ForItem(const base::Diagnostic& diagnostic, std::size_t item);

  // A fault of functionConfig.
  Result ForFunctionConfig(const base::Diagnostic& diagnostic);

  // A fault of the whole input.
  static Result ForList(const base::Diagnostic& diagnostic);

 private:
  Result ForFile(const base::Diagnostic& diagnostic, const resource::SourceTable::File& file);
  Result InItem(const base::Diagnostic& diagnostic, const Item& item);

  const ResourceList& list_;
  const std::string& working_directory_;
  resource::FileOpener files_;
};

}  // namespace openchoreo::kustomize_fn
