// An OpenChoreoSource as it is meant: from the API server's object to sources, render's options and
// the way the result is split.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "common/value/value.h"

namespace openchoreo::flux {

inline constexpr std::string_view kGroup = "gitops.openchoreo.dev";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "gitops.openchoreo.dev/v1alpha1";
inline constexpr std::string_view kKind = "OpenChoreoSource";
inline constexpr std::string_view kFinalizer = "gitops.openchoreo.dev/finalizer";
// The name of this program wherever the cluster shows who did something.
inline constexpr std::string_view kManager = "openchoreo-flux-source";

struct SourceSpec {
  std::string alias, kind, ns, name;
  std::string path;  // "" = all; clean otherwise
};

// What splits a result into artifacts, in the order their values stand in a name.
enum class SplitKey : std::uint8_t { kOrganization, kEnvironment, kDataPlane, kProject };
inline constexpr std::size_t kSplitKeys = 4;
using SplitBy = std::array<bool, kSplitKeys>;

struct Spec {
  std::vector<SourceSpec> sources;
  std::chrono::milliseconds interval{3'600'000}, timeout{300'000};
  std::optional<std::chrono::milliseconds> retry_interval;
  bool suspend = false;
  // Names of render's option table with the values given, in a fixed order; those left out keep
  // render's defaults.
  std::vector<std::pair<std::string, std::vector<std::string>>> options;
  std::vector<std::string> exclude;
  SplitBy split{};
  std::size_t origin = 0;  // index of the source whose revision is the origin revision
  bool allow_empty = false, allow_empty_selection = false;
  std::map<std::string, std::string> labels, annotations;  // commonMetadata
};

// Why an object cannot be worked on until its spec changes.
struct Refusal {
  std::string reason;  // "ValidationFailed" or "AccessDenied"
  std::string message;
};

// `object` as the API server gives it; what the CRD's schema promises is checked again, since the
// CRD in the cluster may be another version's. `cross_namespace`: whether sources may lie in other
// namespaces.
tl::expected<Spec, Refusal> ReadSpec(const value::Value& object, bool cross_namespace);

// Whether nothing is to be done: spec.suspend, or source-watcher's annotation
// source.extensions.fluxcd.io/reconcile: disabled.
bool IsSuspended(const value::Value& object);

}  // namespace openchoreo::flux
