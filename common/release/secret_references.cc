#include "common/release/secret_references.h"

#include <algorithm>
#include <unordered_set>

#include "common/base/go_quote.h"

namespace openchoreo::release {
namespace {

using names::Kind;
using resource::Object;
using value::Value;

class Collector {
 public:
  Collector(std::string_view ns, names::Dialect dialect, Lookup& lookup,
            base::Diagnostics& warnings)
      : ns_(ns), old_(dialect == names::Dialect::kV012), lookup_(lookup), warnings_(warnings) {}

  using Keys = std::unordered_set<std::string_view>;

  struct KeySets {
    Keys* env = nullptr;
    Keys* files = nullptr;
  };

  // The env and files of one container at `path` of `source`; keys in `skip` are left out, keys met
  // go to `seen`.
  base::Result<void> Add(const Value& container, const SecretSource& source,
                         const std::string& path, KeySets skip, KeySets seen) {
    OC_TRY_DONE(AddList(container.Get("env"), source, path + "/env", skip.env, seen.env));
    return AddList(container.Get("files"), source, path + "/files", skip.files, seen.files);
  }

  SecretReferences Take() {
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return std::move(found_);
  }

 private:
  base::Result<void> AddList(const Value& entries, const SecretSource& source,
                             const std::string& path, const Keys* skip, Keys* seen) {
    if (!entries.is_list()) return {};
    std::size_t index = 0;
    for (const Value& entry : entries.as_list()) {
      const std::size_t i = index++;
      const std::string_view key = entry.Get("key").string_or_empty();
      if (seen) seen->insert(key);
      if (skip && skip->count(key)) continue;
      const Value reference = entry.Get("valueFrom", "secretKeyRef");
      if (!reference.is_map()) continue;
      if (auto error = AddReference(reference)) {
        error->place = source.place();
        error->place.field += path + "/" + std::to_string(i) + "/valueFrom/secretKeyRef";
        if (error->severity == base::Severity::kError) return base::Fail(std::move(*error));
        error->message.append(", so ").append(key).append(" is left out");
        warnings_.push_back(std::move(*error));
      }
    }
    return {};
  }

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
    if (old_) error.severity = base::Severity::kWarning;
    return error;
  }

  std::string_view ns_;
  bool old_;
  Lookup& lookup_;
  base::Diagnostics& warnings_;
  SecretReferences found_;
};

}  // namespace

base::Result<SecretReferences> CollectSecretReferences(const SecretSource& workload,
                                                       const SecretSource& overrides,
                                                       std::string_view ns, names::Dialect dialect,
                                                       Lookup& lookup,
                                                       base::Diagnostics& warnings) {
  Collector collector(ns, dialect, lookup, warnings);
  std::unordered_set<std::string_view> envs, files;
  if (workload.value.Get("containers").is_map() || overrides.value.Get("containers").is_map()) {
    // Upstream v0.12 walks the containers in Go's map order; by name here.
    for (const SecretSource* source : {&workload, &overrides}) {
      const Value containers = source->value.Get("containers");
      if (!containers.is_map()) continue;
      for (const value::MapEntry& container : containers.as_map()) {
        const std::string path = base::JoinPointer("/containers", container.key.as_string());
        OC_TRY_DONE(collector.Add(container.value, *source, path, {}, {}));
      }
    }
    return collector.Take();
  }
  OC_TRY_DONE(collector.Add(overrides.value.Get("container"), overrides, "/container", {},
                            {&envs, &files}));
  OC_TRY_DONE(
      collector.Add(workload.value.Get("container"), workload, "/container", {&envs, &files}, {}));
  return collector.Take();
}

}  // namespace openchoreo::release
