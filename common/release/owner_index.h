// Objects by whom they belong to: the field indexes of upstream's controllers
// (internal/controller/hierarchy.go, internal/controller/component/controller_watch.go).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/lazy.h"
#include "common/resource/repository.h"

namespace openchoreo::release {

// Names joined so that no two different lists give one key.
std::string OwnerKey(std::initializer_list<std::string_view> names);

// Each index is made when it is first asked for. Any number of threads may read it. Views point
// into the repository, which outlives it.
class OwnerIndex {
 public:
  explicit OwnerIndex(const resource::Repository& repository) : repository_(repository) {}

  using Objects = std::span<const resource::Object* const>;

  Objects WorkloadsOf(std::string_view ns, std::string_view project,
                      std::string_view component) const;

  // ReleaseBindings as the tree has them, sorted by name.
  Objects BindingsOf(std::string_view ns, std::string_view project, std::string_view component,
                     std::string_view environment) const;

  // The first ObservabilityAlertsNotificationChannel (by name) that is the environment's default;
  // nullptr. At v0.12.0 a controller of its own makes the first one the default where none is
  // marked.
  const resource::Object* DefaultChannel(std::string_view ns, std::string_view environment,
                                         names::Dialect dialect) const;

 private:
  using Map = std::unordered_map<std::string, std::vector<const resource::Object*>>;

  static Objects At(const Map& map, const std::string& key);

  const resource::Repository& repository_;
  base::Lazy<Map> workloads_, bindings_, channels_;
};

}  // namespace openchoreo::release
