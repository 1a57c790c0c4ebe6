// The functions behind the v0.12 macros: files, variables and volumes of `configurations`, a map
// from container names to {configs: {envs, files}, secrets: {envs, files}}. Follows openchoreo
// internal/pipeline/component/context/cel_extensions.go @ v0.12.0; differs: upstream walks
// containers in random order, this in order of name.
#include <algorithm>

#include "common/cel/declaration.h"
#include "common/names/fnv32a.h"
#include "common/names/k8s_name.h"
#include "common/value/map_builder.h"

namespace openchoreo::cel {

namespace {

using value::ListBuilder;
using value::MapBuilder;
using value::MapEntry;
using value::Value;

std::string_view Text(const Value& map, std::string_view key) {
  return map.Get(key).string_or_empty();
}

std::string ConfigName(std::string_view prefix, std::string_view container, std::string_view kind,
                       std::string_view file) {
  std::string stem(file);
  std::replace(stem.begin(), stem.end(), '.', '-');
  return names::GenerateK8sName(names::kMaxResourceName, {prefix, container, kind, stem});
}

std::string EnvsName(std::string_view prefix, std::string_view container, std::string_view suffix) {
  return names::GenerateK8sName(names::kMaxResourceName, {prefix, container, suffix});
}

std::string VolumeName(std::string_view container, std::string_view mount_path,
                       std::string_view file) {
  std::uint32_t hash = names::Fnv32a(mount_path);
  hash = names::Fnv32a("/", hash);
  hash = names::Fnv32a(file, hash);
  return std::string(container) + "-file-mount-" + names::Hex8(hash);
}

// Makes the lists the macros give.
class Maker {
 public:
  explicit Maker(Frame& frame) : arena_(frame.arena()) {}

  Value String(const std::string& text) { return Value::String(arena_.CopyString(text)); }

  Value One(std::string_view key, Value held) {
    MapBuilder map(arena_);
    map.Add(key, held);
    return map.Build();
  }

  // Calls `use(container, file)` for each file of `section` ("configs" or "secrets") that is a map.
  template <typename Use>
  static void ForFiles(std::string_view container_name, const Value& container,
                       std::string_view section, Use use) {
    const Value files = container.Get(section, "files");
    if (!files.is_list()) return;
    for (const Value& file : files.as_list()) {
      if (file.is_map()) use(container_name, file);
    }
  }

  // toConfigFileList and toSecretFileList.
  Value FileList(const Value& configurations, std::string_view prefix, std::string_view section,
                 std::string_view kind) {
    ListBuilder list(arena_);
    for (const MapEntry& entry : configurations.as_map()) {
      ForFiles(entry.key.as_string(), entry.value, section,
               [&](std::string_view container, const Value& file) {
                 const std::string_view name = Text(file, "name");
                 MapBuilder item(arena_);
                 item.Add("name", Value::String(name));
                 item.Add("mountPath", Value::String(Text(file, "mountPath")));
                 if (kind == "config") item.Add("value", Value::String(Text(file, "value")));
                 item.Add("resourceName", String(ConfigName(prefix, container, kind, name)));
                 const Value remote = file.Get("remoteRef");
                 if (remote.is_map()) item.Add("remoteRef", remote);
                 list.Add(item.Build());
               });
    }
    return list.Build();
  }

  Value VolumeMounts(std::string_view container_name, const Value& container) {
    ListBuilder list(arena_);
    const auto add = [&](std::string_view name, const Value& file) {
      const std::string_view file_name = Text(file, "name");
      const std::string_view mount_path = Text(file, "mountPath");
      MapBuilder mount(arena_);
      mount.Add("name", String(VolumeName(name, mount_path, file_name)));
      mount.Add("mountPath", String(std::string(mount_path) + "/" + std::string(file_name)));
      mount.Add("subPath", Value::String(file_name));
      list.Add(mount.Build());
    };
    ForFiles(container_name, container, "configs", add);
    ForFiles(container_name, container, "secrets", add);
    return list.Build();
  }

  Value Volumes(const Value& configurations, std::string_view prefix) {
    MapBuilder volumes(arena_);  // by name; a secret takes the place of a config of the same name
    for (const MapEntry& entry : configurations.as_map()) {
      for (const bool secret : {false, true}) {
        ForFiles(
            entry.key.as_string(), entry.value, secret ? "secrets" : "configs",
            [&](std::string_view container, const Value& file) {
              const std::string_view file_name = Text(file, "name");
              const Value name = String(VolumeName(container, Text(file, "mountPath"), file_name));
              const Value resource =
                  String(ConfigName(prefix, container, secret ? "secret" : "config", file_name));
              MapBuilder volume(arena_);
              volume.Add("name", name);
              volume.Add(secret ? "secret" : "configMap",
                         One(secret ? "secretName" : "name", resource));
              volumes.Add(name.as_string(), volume.Build());
            });
      }
    }
    ListBuilder list(arena_);
    const Value by_name = volumes.Build();
    for (const MapEntry& entry : by_name.as_map()) list.Add(entry.value);
    return list.Build();
  }

  Value EnvFrom(std::string_view container_name, const Value& container, std::string_view prefix) {
    ListBuilder list(arena_);
    const auto add = [&](std::string_view section, std::string_view suffix, std::string_view ref) {
      const Value envs = container.Get(section, "envs");
      if (!envs.is_list() || envs.size() == 0) return;
      list.Add(One(ref, One("name", String(EnvsName(prefix, container_name, suffix)))));
    };
    add("configs", "env-configs", "configMapRef");
    add("secrets", "env-secrets", "secretRef");
    return list.Build();
  }

  Value EnvsByContainer(const Value& configurations, std::string_view prefix,
                        std::string_view section, std::string_view suffix) {
    ListBuilder list(arena_);
    for (const MapEntry& entry : configurations.as_map()) {
      const Value envs = entry.value.Get(section, "envs");
      if (!envs.is_list() || envs.size() == 0) continue;
      MapBuilder item(arena_);
      item.Add("container", entry.key);
      item.Add("resourceName", String(EnvsName(prefix, entry.key.as_string(), suffix)));
      item.Add("envs", envs);
      list.Add(item.Build());
    }
    return list.Build();
  }

 private:
  base::Arena& arena_;
};

// Whether arguments[0] is a map of containers; `error` says it is not. Spends on its size.
bool IsConfigurations(Frame& frame, const Value& configurations, const char* macro, Value& error) {
  if (!configurations.is_map() || (configurations.flags() & Value::kMixedKeys)) {
    error = frame.Fail(std::string(macro) + ": expected map[string]any, got " +
                       value::GoTypeName(configurations));
    return false;
  }
  if (!frame.Spend(1 + configurations.size())) {
    error = frame.LimitError();
    return false;
  }
  std::size_t files = 1;
  for (const MapEntry& entry : configurations.as_map()) {
    files +=
        1 + entry.value.Get("configs", "files").size() + entry.value.Get("secrets", "files").size();
  }
  if (frame.Spend(files * 50)) return true;
  error = frame.LimitError();
  return false;
}

Value ConfigFileList(Frame& frame, const Value* arguments) {
  Value error;
  if (!IsConfigurations(frame, arguments[0], "toConfigFileList", error)) return error;
  return Maker(frame).FileList(arguments[0], arguments[1].as_string(), "configs", "config");
}

Value SecretFileList(Frame& frame, const Value* arguments) {
  Value error;
  if (!IsConfigurations(frame, arguments[0], "toSecretFileList", error)) return error;
  return Maker(frame).FileList(arguments[0], arguments[1].as_string(), "secrets", "secret");
}

// The container arguments[1] names; `error` if there is none.
bool FindContainer(Frame& frame, const Value* arguments, const char* macro, Value& container,
                   Value& error) {
  if (!IsConfigurations(frame, arguments[0], macro, error)) return false;
  const std::string name(arguments[1].as_string());
  const Value* found = arguments[0].Find(name);
  if (!found) {
    error =
        frame.Fail(std::string(macro) + ": container '" + name + "' not found in configurations");
    return false;
  }
  if (!found->is_map()) {
    error = frame.Fail(std::string(macro) + ": expected map[string]any for container '" + name +
                       "', got " + value::GoTypeName(*found));
    return false;
  }
  container = *found;
  return true;
}

Value ContainerEnvFrom(Frame& frame, const Value* arguments) {
  Value container;
  Value error;
  if (!FindContainer(frame, arguments, "toContainerEnvFrom", container, error)) return error;
  return Maker(frame).EnvFrom(arguments[1].as_string(), container, arguments[2].as_string());
}

Value ContainerVolumeMounts(Frame& frame, const Value* arguments) {
  Value container;
  Value error;
  if (!FindContainer(frame, arguments, "toContainerVolumeMounts", container, error)) return error;
  return Maker(frame).VolumeMounts(arguments[1].as_string(), container);
}

Value Volumes(Frame& frame, const Value* arguments) {
  Value error;
  if (!IsConfigurations(frame, arguments[0], "toVolumes", error)) return error;
  return Maker(frame).Volumes(arguments[0], arguments[1].as_string());
}

Value ConfigEnvs(Frame& frame, const Value* arguments) {
  Value error;
  if (!IsConfigurations(frame, arguments[0], "toConfigEnvsByContainer", error)) return error;
  return Maker(frame).EnvsByContainer(arguments[0], arguments[1].as_string(), "configs",
                                      "env-configs");
}

Value SecretEnvs(Frame& frame, const Value* arguments) {
  Value error;
  if (!IsConfigurations(frame, arguments[0], "toSecretEnvsByContainer", error)) return error;
  return Maker(frame).EnvsByContainer(arguments[0], arguments[1].as_string(), "secrets",
                                      "env-secrets");
}

}  // namespace

void DeclareConfigurations(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* list = all.List(&kDyn);
  const auto add = [&](std::string_view name, Implementation implementation) {
    all.Add(name).Global(name, {&kDyn, &kString}, list, implementation);
  };
  add("configurationsToConfigFileList", ConfigFileList);
  add("configurationsToSecretFileList", SecretFileList);
  add("configurationsToContainerVolumeMounts", ContainerVolumeMounts);
  add("configurationsToVolumes", Volumes);
  add("configurationsToConfigEnvsByContainer", ConfigEnvs);
  add("configurationsToSecretEnvsByContainer", SecretEnvs);
  all.Add("configurationsToContainerEnvFrom")
      .Global("configurationsToContainerEnvFrom", {&kDyn, &kString, &kString}, list,
              ContainerEnvFrom);
}

}  // namespace openchoreo::cel
