#include "common/release/owner_index.h"

namespace openchoreo::release {

using names::Kind;
using resource::Object;

namespace {

std::unordered_map<std::string, std::vector<const Object*>> Indexed(
    std::span<const Object* const> objects, std::string (*key)(const Object&)) {
  std::unordered_map<std::string, std::vector<const Object*>> index;
  index.reserve(objects.size());
  for (const Object* object : objects) index[key(*object)].push_back(object);
  return index;
}

std::string_view OwnerOf(const Object& object, std::string_view field) {
  return object.spec().Get("owner", field).string_or_empty();
}

}  // namespace

std::string OwnerKey(std::initializer_list<std::string_view> names) {
  std::string key;
  std::size_t size = 0;
  for (std::string_view name : names) size += name.size() + 1;
  key.reserve(size);
  for (std::string_view name : names) key.append(name).push_back('\0');
  return key;
}

OwnerIndex::Objects OwnerIndex::At(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? Objects() : Objects(found->second);
}

OwnerIndex::Objects OwnerIndex::WorkloadsOf(std::string_view ns, std::string_view project,
                                            std::string_view component) const {
  const Map& workloads = workloads_.Get([this] {
    return Indexed(repository_.All(Kind::kWorkload), [](const Object& workload) {
      return OwnerKey(
          {workload.ns, OwnerOf(workload, "projectName"), OwnerOf(workload, "componentName")});
    });
  });
  return At(workloads, OwnerKey({ns, project, component}));
}

OwnerIndex::Objects OwnerIndex::BindingsOf(std::string_view ns, std::string_view project,
                                           std::string_view component,
                                           std::string_view environment) const {
  const Map& bindings = bindings_.Get([this] {
    return Indexed(repository_.All(Kind::kReleaseBinding), [](const Object& binding) {
      return OwnerKey({binding.ns, OwnerOf(binding, "projectName"),
                       OwnerOf(binding, "componentName"),
                       binding.spec().Get("environment").string_or_empty()});
    });
  });
  return At(bindings, OwnerKey({ns, project, component, environment}));
}

const Object* OwnerIndex::DefaultChannel(std::string_view ns, std::string_view environment,
                                         names::Dialect dialect) const {
  const Map& index = channels_.Get([this] {
    return Indexed(
        repository_.All(Kind::kObservabilityAlertsNotificationChannel), [](const Object& channel) {
          return OwnerKey({channel.ns, channel.spec().Get("environment").string_or_empty()});
        });
  });
  const Objects channels = At(index, OwnerKey({ns, environment}));
  for (const Object* channel : channels) {
    const value::Value is_default = channel->spec().Get("isEnvDefault");
    if (is_default.is_bool() && is_default.as_bool()) return channel;
  }
  return dialect == names::Dialect::kV012 && !channels.empty() ? channels.front() : nullptr;
}

}  // namespace openchoreo::release
