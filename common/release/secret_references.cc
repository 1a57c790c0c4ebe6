#include "common/release/secret_references.h"

#include <algorithm>
#include <unordered_set>

#include "common/base/go_quote.h"

namespace openchoreo::release {
namespace {

using resource::Kind;
using resource::Object;
using value::Value;

class Collector {
 public:
  Collector(std::string_view ns, resource::Dialect dialect, Lookup& lookup)
      : ns_(ns), old_(dialect == resource::Dialect::kV012), lookup_(lookup) {}

  // One list of env or file entries; keys in `skip` are left out, keys met go to `seen`.
  std::optional<base::Error> Add(const Value& entries, const base::Place& place,
                                 std::string_view path,
                                 const std::unordered_set<std::string_view>* skip,
                                 std::unordered_set<std::string_view>* seen) {
    if (!entries.is_list()) return std::nullopt;
    std::size_t index = 0;
    for (const Value& entry : entries.as_list()) {
      const std::size_t i = index++;
      const std::string_view key = entry.Get("key").string_or_empty();
      if (seen) seen->insert(key);
      if (skip && skip->count(key)) continue;
      const Value reference = entry.Get("valueFrom", "secretKeyRef");
      if (!reference.is_map()) continue;
      if (auto error = AddReference(reference)) {
        error->place = place;
        error->place.field +=
            std::string(path) + "/" + std::to_string(i) + "/valueFrom/secretKeyRef";
        return error;
      }
    }
    return std::nullopt;
  }

  SecretReferences Take() {
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return std::move(found_);
  }

 private:
  std::optional<base::Error> AddReference(const Value& reference) {
    const std::string_view name = reference.Get("name").string_or_empty();
    if (name.empty()) return std::nullopt;
    Value spec;
    const auto known =
        std::find_if(found_.begin(), found_.end(), [&](const auto& f) { return f.first == name; });
    if (known != found_.end()) {
      spec = known->second;
    } else {
      const Object* object = lookup_.Find(Kind::kSecretReference, ns_, name);
      if (!object) {
        return MissingReference(
            lookup_.repository(),
            old_ ? "failed to get SecretReference " + std::string(name) +
                       ": secretreferences.openchoreo.dev " + base::GoQuote(name) + " not found"
                 : "failed to get SecretReference " + base::GoQuote(name) +
                       ": SecretReference.openchoreo.dev " + base::GoQuote(name) + " not found",
            {}, Kind::kSecretReference, ns_, name);
      }
      spec = object->spec();
      found_.emplace_back(name, spec);
    }
    if (old_) return std::nullopt;
    const std::string_view key = reference.Get("key").string_or_empty();
    std::string available;
    if (const Value data = spec.Get("data"); data.is_list()) {
      for (const Value& item : data.as_list()) {
        const std::string_view has = item.Get("secretKey").string_or_empty();
        if (has == key) return std::nullopt;
        if (!available.empty()) available += ' ';
        available += has;
      }
    }
    base::Error error;
    error.code = base::ErrorCode::kMissingReference;
    error.message = "key " + base::GoQuote(key) + " not found in SecretReference " +
                    base::GoQuote(name) + "; available keys: [" + available + "]";
    error.hint = "add the key to spec.data of the SecretReference, or use one it has";
    return error;
  }

  std::string_view ns_;
  bool old_;
  Lookup& lookup_;
  SecretReferences found_;
};

}  // namespace

base::Result<SecretReferences> CollectSecretReferences(const Value& workload,
                                                       const Value& overrides, std::string_view ns,
                                                       resource::Dialect dialect, Lookup& lookup,
                                                       const base::Place& workload_place,
                                                       const base::Place& overrides_place) {
  Collector collector(ns, dialect, lookup);
  std::optional<base::Error> error;
  if (workload.Get("containers").is_map() || overrides.Get("containers").is_map()) {
    // Upstream v0.12 walks the containers in Go's map order; by name here.
    for (const auto& [value, place] :
         {std::pair(workload, &workload_place), std::pair(overrides, &overrides_place)}) {
      const Value containers = value.Get("containers");
      if (!containers.is_map()) continue;
      for (const value::MapEntry& container : containers.as_map()) {
        base::Place at = *place;
        at.field = base::JoinPointer(at.field + "/containers", container.key.as_string());
        for (std::string_view list : {"env", "files"}) {
          error = collector.Add(container.value.Get(list), at, "/" + std::string(list), nullptr,
                                nullptr);
          if (error) return base::Fail(std::move(*error));
        }
      }
    }
    return collector.Take();
  }
  std::unordered_set<std::string_view> envs, files;
  const Value override_container = overrides.Get("container"),
              container = workload.Get("container");
  error = collector.Add(override_container.Get("env"), overrides_place, "/container/env", nullptr,
                        &envs);
  if (!error)
    error = collector.Add(override_container.Get("files"), overrides_place, "/container/files",
                          nullptr, &files);
  if (!error)
    error = collector.Add(container.Get("env"), workload_place, "/container/env", &envs, nullptr);
  if (!error)
    error =
        collector.Add(container.Get("files"), workload_place, "/container/files", &files, nullptr);
  if (error) return base::Fail(std::move(*error));
  return collector.Take();
}

}  // namespace openchoreo::release
