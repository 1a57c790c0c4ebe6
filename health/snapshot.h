// All bindings of one cluster as they are now: read once, judged, nothing kept, nothing written.
#pragma once

#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/health/state.h"
#include "common/platform/kube/client.h"
#include "common/platform/service/clock.h"
#include "health/record_shelf.h"

namespace openchoreo::mapper {

struct SnapshotRow {
  BindingId binding;
  std::string project, component, resource, environment;
  std::string release;  // what was delivered; without a record what the binding asks for
  bool has_binding = false, has_record = false;  // in this cluster; one of them is true
  std::string health;                            // as Argo CD shows it: Healthy, Degraded, …
  std::string ready, reason;                     // of the condition Ready
  std::string message;                           // "Reason: message" of what decides
};

struct Snapshot {
  std::vector<SnapshotRow> rows;  // by namespace, name, kind
  // What could not be read, a sentence each: what it would have told is Unknown in the rows.
  std::vector<std::string> unread;
  // ConfigMaps that have the label of a record and hold none, a sentence each.
  std::vector<std::string> no_records;
};

// Lists release records and bindings, then each kind the records name. A record is judged by what
// is live, also without its binding. A binding without a record is as its own status says, if that
// has a Ready: somebody else delivers it; else by what is missing. Operators (Argo CD, Flux) are
// not asked. Kinds of bindings that the cluster lacks are no error. Errors as Client::List, of
// records and bindings.
base::Result<Snapshot> TakeSnapshot(kube::Client& client, health::Mode mode,
                                    const service::Clock& clock, const base::Cancel& cancel);

}  // namespace openchoreo::mapper
