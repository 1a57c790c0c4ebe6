// ResourceList.results, what a function tells the orchestrator and the person behind it:
// diagnostics → results, each with the best place that is known for it.
//
// An item's place is the file it came from, opened again to find the line; where that is not known,
// kind, namespace, name and field. A line of standard input is never shown.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/resource/opened_file.h"
#include "common/resource/repository.h"
#include "common/value/value.h"
#include "kustomize-fn/item_files.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

struct Result {
  base::Severity severity = base::Severity::kError;
  value::Value entry;  // of ResourceList.results; lives as long as its reporter
  // What people read on standard error, one line: "file:line:column: error[rule]: …".
  std::string line;
};

using Results = std::vector<Result>;

base::Diagnostic Fault(base::ErrorCode code, std::string message, std::string hint = {},
                       base::Severity severity = base::Severity::kError);

// Not thread-safe; diagnostics sorted by place cost one reading of each file.
class Reporter {
 public:
  // All must outlive the reporter.
  Reporter(const ResourceList& list, const std::string& working_directory, ItemSources& sources)
      : list_(list), working_directory_(working_directory), sources_(sources) {}

  // What rendering found. `items` is the tree the list's items were read through; `sources` names
  // them and the files of other trees.
  Result ForRendering(base::Diagnostic diagnostic, const resource::SourceTable& sources,
                      const source::PlainTree& items);

  // A fault at a field (JSON pointer) of an item.
  Result ForItem(const base::Diagnostic& diagnostic, const Item& item);

  // A fault of functionConfig.
  Result ForFunctionConfig(const base::Diagnostic& diagnostic);

  // A fault of the whole input.
  Result ForList(const base::Diagnostic& diagnostic) { return Told(diagnostic, {}, {}, {}); }

 private:
  Result ForFile(const base::Diagnostic& diagnostic, const resource::SourceTable::File& file);

  // `text` with the places of items instead of their files in `items`.
  std::string WithPlaces(std::string text, const source::PlainTree& items);

  // Where an item is, for people; `source` as of FindItem.
  std::string WhereIs(const Item& item, const base::Place& place, ItemSource& source);

  // All that was said. `item` and `source` are what it is about and where that lies, "" for what is
  // not known; `where` starts the line for people.
  Result Told(const base::Diagnostic& diagnostic, const Item& item, const ItemSource& source,
              const std::string& where);

  // The item's place, found again in the file that `source` names, as text; `source` gets the
  // document's index. "" where there is no such file below the working directory.
  std::string FindItem(const Item& item, const base::Place& place, ItemSource& source);

  const ResourceList& list_;
  const std::string& working_directory_;
  ItemSources& sources_;
  resource::FileOpener files_;
  base::Arena arena_;
};

}  // namespace openchoreo::kustomize_fn
