// Names of things in the API server.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace openchoreo::kube {

// A kind of objects, as URLs need it.
struct Resource {
  std::string group;  // "" for core
  std::string version;
  std::string plural;
  std::string kind;
  bool namespaced = true;

  // "apps/v1", "v1".
  std::string api_version() const { return group.empty() ? version : group + "/" + version; }

  auto operator<=>(const Resource&) const = default;
};

// One object of a kind. `scope` tells objects apart that share a queue (a kind, a cluster); the
// client does not read it.
struct Key {
  std::string ns;  // "" for cluster-scoped kinds
  std::string name;
  std::string scope;

  auto operator<=>(const Key&) const = default;
};

// "<ns>/<name>", or the name alone; for messages.
inline std::string Text(const Key& key) {
  return key.ns.empty() ? key.name : key.ns + "/" + key.name;
}

// What the rooms themselves touch.
inline const Resource& Leases() {
  static const Resource kLeases{"coordination.k8s.io", "v1", "leases", "Lease", true};
  return kLeases;
}

inline const Resource& CoreEvents() {
  static const Resource kEvents{"", "v1", "events", "Event", true};
  return kEvents;
}

}  // namespace openchoreo::kube
