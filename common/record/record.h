// The release record: what was rendered for one binding, as the cluster keeps it beside the objects
// (a ConfigMap's data["record.json"]). Whoever judges a binding's health compares it with what is
// live.
//
// Version 2. It holds no commit and no time: both are the operator's, and would make every commit a
// change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::record {

inline constexpr std::int64_t kVersion = 2;
inline constexpr std::string_view kDataKey = "record.json";
// What the API server takes for a ConfigMap's data, in bytes.
inline constexpr std::size_t kMaxBytes = 1u << 20;
// Hexadecimal digits of a digest that the annotation on its object repeats.
inline constexpr std::size_t kDigestPrefix = 16;

struct BindingRef {
  std::string_view kind, ns, name;
};

// A dependency of a workload that is not resolved, as upstream's status lists it.
struct PendingDependency {
  std::string_view ns, project;
  std::string_view name;      // of the component or resource
  std::string_view endpoint;  // connections only
  std::string_view reason;    // upstream's text
};

// An endpoint of another component that the workload connects to, in the binding's own namespace
// and environment.
struct Connection {
  std::string_view project, component, endpoint, visibility;
  value::Value url;  // map, as upstream writes an EndpointURL; null while it is pending
};

struct RecordedObject {
  std::string_view id;  // upstream's resource id
  std::string_view api_version, kind;
  std::string_view ns;  // "": cluster-scoped
  std::string_view name;
  std::string_view digest;  // SHA-256 of its compact JSON before the stamp, in hexadecimal
};

// One rendered entry of a ResourceType.
struct Entry {
  std::string_view id;
  std::string_view ready_when;  // the type's text; "" = none
};

// Texts and values belong to the arenas and strings they came from.
struct Record {
  std::int64_t version = kVersion;
  BindingRef binding;
  value::Value owner;               // as in the binding's spec
  std::string_view environment;     // name
  std::string_view release;         // name; "" if unset
  std::string_view component_type;  // name; "" where the release does not say
  value::Value endpoints;           // list, as upstream writes status.endpoints
  std::vector<PendingDependency> pending_connections, pending_resources;
  std::size_t resolved_connections = 0, resolved_resources = 0;
  // Written where there are any: all connections of the workload in its order, pending ones among
  // them, the names of the resources it depends on, and of the SecretReferences it uses. Records of
  // older versions of this program have none of them, and counts all the same.
  std::vector<Connection> connections;
  std::vector<std::string_view> resource_dependencies, secret_references;
  std::vector<RecordedObject> resources;  // in the order they are emitted
  // Of a ResourceReleaseBinding: its type's rendered entries in order, the type's outputs as
  // written (texts with `${`), and the variables those texts name but for `applied`.
  std::vector<Entry> entries;
  value::Value outputs;  // list or null
  value::Value context;  // map or null
};

// The record's text: JSON with sorted keys, a line per top-level key and per element of
// `resources`, a line feed at the end. False, with `out` undefined, for what JSON cannot hold, and
// once `budget` is spent.
bool AppendRecord(std::string& out, const Record& record, base::Budget& budget);

// The inverse of AppendRecord, for versions 1 and 2; version 1 has neither component type nor
// pending, and its digests stand on no object. Keys that are not a record's are passed over. What
// the record points to lives in `arena`. Errors (kInvalidResource, kLimit, kYamlSyntax): a text
// over kMaxBytes, one that is no record, a version nobody knows, a field of another type; the
// message names the field.
base::Result<Record> ReadRecord(std::string_view json, base::Arena& arena);

// Name of the ConfigMap that holds the record of a binding of this kind and name.
std::string RecordName(std::string_view kind, std::string_view name);

}  // namespace openchoreo::record
