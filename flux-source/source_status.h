// The status of an OpenChoreoSource: from what a reconciliation came to. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::flux {

// A source as it was rendered.
struct ObservedSource {
  std::string alias, kind, ns, name, revision, digest;

  bool operator==(const ObservedSource&) const = default;
};

struct InventoryEntry {
  std::string name, revision, digest;
  std::size_t bindings = 0;
  bool held = false;

  bool operator==(const InventoryEntry&) const = default;
};

// How it ended: Ready's status and reason, and whether only another spec can help.
struct Outcome {
  bool ready = false;
  std::string reason, message;
  bool stalled = false;
};

struct SourceStatus {
  Outcome outcome;
  bool working = false;  // Reconciling though Ready stays what it was: `outcome` is not read
  std::vector<ObservedSource> observed;
  std::vector<InventoryEntry> inventory;         // by name
  std::string handled_reconcile, handled_force;  // tokens; "" = none yet
};

// observedSources and inventory as `status` has them.
std::vector<ObservedSource> ReadObservedSources(const value::Value& status);
std::vector<InventoryEntry> ReadInventory(const value::Value& status);

// The body of a server-side apply of the status of `object`: conditions Ready (which keeps its last
// value while working), Reconciling (working, or a failure that is tried again) and Stalled, each
// with the object's generation. `now` RFC 3339.
value::Value StatusBody(const value::Value& object, const SourceStatus& status,
                        std::string_view now, base::Arena& arena);

// Whether `object` says all that already.
bool StatusIsAsWanted(const value::Value& object, const SourceStatus& status);

}  // namespace openchoreo::flux
