// ResourceList.results, what a function tells the orchestrator and the person behind it:
// diagnostics → results, each with the best place that is known for it.
//
// An item's place is the file it came from, opened again to find the line; where that is not known,
// kind, namespace, name and field. A line of standard input is never shown.
#pragma once

#include <set>
#include <string>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/resource/opened_file.h"
#include "common/resource/repository.h"
#include "common/value/map_builder.h"
#include "kustomize-fn/item_files.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

base::Diagnostic Fault(base::ErrorCode code, std::string message, std::string hint = {},
                       base::Severity severity = base::Severity::kError);

// Collects what is told, in order. Not thread-safe; diagnostics sorted by place cost one reading of
// each file.
class Reporter {
 public:
  // All must outlive the reporter.
  Reporter(const ResourceList& list, const std::string& working_directory, ItemSources& sources)
      : list_(list), working_directory_(working_directory), sources_(sources) {}

  // What rendering found. `items` is the tree the list's items were read through; `sources` names
  // them and the files of other trees.
  void TellOfRendering(base::Diagnostic diagnostic, const resource::SourceTable& sources,
                       const source::PlainTree& items);

  // A fault at a field (JSON pointer) of an item.
  void TellOfItem(const base::Diagnostic& diagnostic, const Item& item);
  void TellOfItems(const ItemFaults& faults);

  // Faults of functionConfig.
  void TellOfConfig(const base::Diagnostics& diagnostics);

  // A fault of the whole input.
  void TellOfList(const base::Diagnostic& diagnostic) { Tell(diagnostic, {}, {}, {}); }

  bool Has(base::Severity severity) const { return severities_.contains(severity); }

  // What people read on standard error, a line each: "file:line:column: error[rule]: …". Notes are
  // for ResourceList.results alone.
  const std::string& lines() const { return lines_; }

  // ResourceList.results; lives as long as the reporter.
  value::Value Results() { return results_.Build(); }

 private:
  void TellOfFile(const base::Diagnostic& diagnostic, const resource::SourceTable::File& file);

  // `text` with the places of items instead of their files in `items`.
  std::string WithPlaces(std::string text, const source::PlainTree& items);

  // Where an item is, for people; `source` as of FindItem.
  std::string WhereIs(const Item& item, const base::Place& place, ItemSource& source);

  // All that is to be said. `item` and `source` are what it is about and where that lies, "" for
  // what is not known; `where` starts the line for people.
  void Tell(const base::Diagnostic& diagnostic, const Item& item, const ItemSource& source,
            const std::string& where);

  // The item's place, found again in the file that `source` names, as text; `source` gets the
  // document's index. "" where there is no such file below the working directory.
  std::string FindItem(const Item& item, const base::Place& place, ItemSource& source);

  const ResourceList& list_;
  const std::string& working_directory_;
  ItemSources& sources_;
  resource::FileOpener files_;
  base::Arena arena_;
  value::ListBuilder results_{arena_};
  std::string lines_;
  std::set<base::Severity> severities_;
};

}  // namespace openchoreo::kustomize_fn
