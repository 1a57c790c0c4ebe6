#include "common/release/owner_index.h"

namespace openchoreo::release {

using names::Kind;
using resource::Object;

std::string OwnerKey(std::initializer_list<std::string_view> names) {
  std::string key;
  std::size_t size = 0;
  for (std::string_view name : names) size += name.size() + 1;
  key.reserve(size);
  for (std::string_view name : names) key.append(name).push_back('\0');
  return key;
}

OwnerIndex::OwnerIndex(const resource::Repository& repository) {
  workloads_.reserve(repository.All(Kind::kWorkload).size());
  bindings_.reserve(repository.All(Kind::kReleaseBinding).size());
  for (const Object* workload : repository.All(Kind::kWorkload)) {
    const value::Value owner = workload->spec().Get("owner");
    workloads_[OwnerKey({workload->ns, owner.Get("projectName").string_or_empty(),
                         owner.Get("componentName").string_or_empty()})]
        .push_back(workload);
  }
  for (const Object* binding : repository.All(Kind::kReleaseBinding)) {
    const value::Value spec = binding->spec();
    bindings_[OwnerKey({binding->ns, spec.Get("owner", "projectName").string_or_empty(),
                        spec.Get("owner", "componentName").string_or_empty(),
                        spec.Get("environment").string_or_empty()})]
        .push_back(binding);
  }
  for (const Object* channel : repository.All(Kind::kObservabilityAlertsNotificationChannel)) {
    channels_[OwnerKey({channel->ns, channel->spec().Get("environment").string_or_empty()})]
        .push_back(channel);
  }
}

OwnerIndex::Objects OwnerIndex::At(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? Objects() : Objects(found->second);
}

OwnerIndex::Objects OwnerIndex::WorkloadsOf(std::string_view ns, std::string_view project,
                                            std::string_view component) const {
  return At(workloads_, OwnerKey({ns, project, component}));
}

OwnerIndex::Objects OwnerIndex::BindingsOf(std::string_view ns, std::string_view project,
                                           std::string_view component,
                                           std::string_view environment) const {
  return At(bindings_, OwnerKey({ns, project, component, environment}));
}

const Object* OwnerIndex::DefaultChannel(std::string_view ns, std::string_view environment,
                                         names::Dialect dialect) const {
  const Objects channels = At(channels_, OwnerKey({ns, environment}));
  for (const Object* channel : channels) {
    const value::Value is_default = channel->spec().Get("isEnvDefault");
    if (is_default.is_bool() && is_default.as_bool()) return channel;
  }
  return dialect == names::Dialect::kV012 && !channels.empty() ? channels.front() : nullptr;
}

}  // namespace openchoreo::release
