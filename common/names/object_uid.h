// Deterministic UUIDs (RFC 4122 version 5) that stand in for the UIDs a cluster would assign.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::names {

// UUIDv5(UUIDv5(DNS, "openchoreo.dev"), "<kind>/<ns>/<name>"); ns is empty for cluster-scoped
// kinds.
std::string ObjectUid(std::string_view kind, std::string_view ns, std::string_view name);

}  // namespace openchoreo::names
