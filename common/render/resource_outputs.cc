#include "common/render/resource_outputs.h"

#include <algorithm>
#include <map>

#include "common/names/fnv32a.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using value::Value;

const ResourceOutput* Find(const std::vector<ResourceOutput>& outputs, std::string_view name) {
  // The last of equal names wins, as in upstream's map.
  for (auto it = outputs.rbegin(); it != outputs.rend(); ++it) {
    if (it->name == name) return &*it;
  }
  return nullptr;
}

Value KeyRef(const ResourceOutput& output, base::Arena& arena) {
  value::MapBuilder map(arena);
  map.Add("name", Value::String(arena.CopyString(output.source)));
  map.Add("key", Value::String(arena.CopyString(output.key)));
  return map.Build();
}

Value EnvVar(std::string_view name, const ResourceOutput& output, base::Arena& arena) {
  value::MapBuilder map(arena);
  map.Add("name", Value::String(name));
  if (output.kind == ResourceOutput::Kind::kValue) {
    map.AddNonEmpty("value", arena.CopyString(output.value));
  } else {
    value::MapBuilder from(arena);
    from.Add(output.kind == ResourceOutput::Kind::kSecretKey ? "secretKeyRef" : "configMapKeyRef",
             KeyRef(output, arena));
    map.Add("valueFrom", from.Build());
  }
  return map.Build();
}

std::string_view VolumeName(std::string_view ref, std::string_view kind, std::string_view name,
                            base::Arena& arena) {
  std::uint32_t hash = names::Fnv32a(ref);
  hash = names::Fnv32a(":", hash);
  hash = names::Fnv32a(kind, hash);
  hash = names::Fnv32a(":", hash);
  hash = names::Fnv32a(name, hash);
  return arena.CopyString("r-" + names::Hex8(hash));
}

}  // namespace

std::vector<ResourceOutput> ToOutputs(const Value& outputs, base::Budget& budget) {
  std::vector<ResourceOutput> result;
  if (!outputs.is_list()) return result;
  for (const Value& entry : outputs.as_list()) {
    ResourceOutput output;
    output.name = entry.Get("name").string_or_empty();
    Value reference = entry.Get("secretKeyRef");
    if (reference.is_map()) {
      output.kind = ResourceOutput::Kind::kSecretKey;
    } else if (reference = entry.Get("configMapKeyRef"); reference.is_map()) {
      output.kind = ResourceOutput::Kind::kConfigMapKey;
    }
    if (output.kind == ResourceOutput::Kind::kValue) {
      output.value = entry.Get("value").string_or_empty();
    } else {
      output.source = reference.Get("name").string_or_empty();
      output.key = reference.Get("key").string_or_empty();
    }
    if (!budget.Take(sizeof(output) + output.value.size() + output.source.size() +
                     output.key.size())) {
      break;
    }
    result.push_back(std::move(output));
  }
  return result;
}

std::optional<Value> BuildResourceDependency(const Value& dependency,
                                             const std::vector<ResourceOutput>& outputs,
                                             base::Arena& arena, std::string& pending) {
  const std::string_view ref = dependency.Get("ref").string_or_empty();
  value::ListBuilder env_vars(arena), mounts(arena), volume_list(arena);
  if (const Value bindings = dependency.Get("envBindings"); bindings.is_map()) {
    for (const value::MapEntry& entry : bindings.as_map()) {
      const ResourceOutput* output = Find(outputs, entry.key.as_string());
      if (!output) {
        pending = "output not resolved on resource release binding: " +
                  std::string(entry.key.as_string());
        return std::nullopt;
      }
      env_vars.Add(EnvVar(entry.value.string_or_empty(), *output, arena));
    }
  }
  std::map<std::pair<std::string_view, std::string_view>, Value> volumes;  // by (kind, source)
  if (const Value bindings = dependency.Get("fileBindings"); bindings.is_map()) {
    for (const value::MapEntry& entry : bindings.as_map()) {
      const ResourceOutput* output = Find(outputs, entry.key.as_string());
      if (!output || output->kind == ResourceOutput::Kind::kValue) {
        pending = output ? "output kind cannot be mounted as file: "
                         : "output not resolved on resource release binding: ";
        pending += entry.key.as_string();
        return std::nullopt;
      }
      const bool secret = output->kind == ResourceOutput::Kind::kSecretKey;
      const std::string_view kind = secret ? "secret" : "configmap";
      const std::string_view name = VolumeName(ref, kind, output->source, arena);
      value::MapBuilder source(arena);
      source.Add(secret ? "secretName" : "name", Value::String(arena.CopyString(output->source)));
      value::MapBuilder volume(arena);
      volume.Add("name", Value::String(name));
      volume.Add(secret ? "secret" : "configMap", source.Build());
      volumes.try_emplace({kind, output->source}, volume.Build());
      value::MapBuilder mount(arena);
      mount.Add("name", Value::String(name));
      mount.Add("mountPath", entry.value);
      mount.AddNonEmpty("subPath", arena.CopyString(output->key));
      mounts.Add(mount.Build());
    }
  }
  for (const auto& [key, volume] : volumes) volume_list.Add(volume);
  value::MapBuilder item(arena);
  item.Add("ref", Value::String(ref));
  item.Add("envVars", env_vars.Build());
  item.Add("volumeMounts", mounts.Build());
  item.Add("volumes", volume_list.Build());
  return item.Build();
}

}  // namespace openchoreo::render
