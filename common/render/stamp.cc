#include "common/render/stamp.h"

#include <algorithm>

#include "common/base/ascii.h"
#include "common/base/sha256.h"
#include "common/names/k8s_name.h"
#include "common/names/labels.h"
#include "common/record/record.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using value::Value;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsLabelValue(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > names::kMaxLabelName || !IsLetterOrDigit(text.front()) ||
      !IsLetterOrDigit(text.back())) {
    return false;
  }
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '_' || c == '.'; });
}

// `map` with one more entry: what upstream's SetLabels and SetNestedStringMap do to a string map.
Value With(const Value& map, std::string_view key, std::string_view text, base::Arena& arena) {
  return value::WithKey(arena, map.is_map() ? map : Value::Map({}), key, Value::String(text));
}

// `object` with one more annotation, unless its annotations are no map.
Value WithAnnotation(const Value& object, std::string_view key, std::string_view text,
                     base::Arena& arena) {
  const Value metadata = object.Get("metadata"), annotations = metadata.Get("annotations");
  if (!annotations.is_map() && !annotations.is_null()) return object;
  return value::WithKey(arena, object, "metadata",
                        value::WithKey(arena, metadata.is_map() ? metadata : Value::Map({}),
                                       "annotations", With(annotations, key, text, arena)));
}

}  // namespace

std::string NameLabel(std::string_view text) {
  return text.size() <= names::kMaxLabelName ? std::string(text)
                                             : names::GenerateK8sName(names::kMaxLabelName, {text});
}

Value Stamped(const Value& object, std::string_view id, std::string_view digest, const Stamp& stamp,
              base::Arena& arena) {
  const bool old = stamp.dialect == names::Dialect::kV012;
  std::string_view id_label = id;
  if (!IsLabelValue(id)) {
    id_label = arena.CopyString(base::AsciiLower(object.Get("kind").string_or_empty()) + "-" +
                                base::Sha256Hex(id).substr(0, 16));
  }
  const Value metadata = object.Get("metadata"), written = metadata.Get("labels");
  value::MapBuilder merged(arena);
  if (written.is_map()) {
    for (const value::MapEntry& entry : written.as_map())
      merged.Add(entry.key.as_string(), entry.value);
  }
  merged.Add(names::labels::kManagedBy, Value::String(names::labels::kManager));
  merged.Add(old ? names::labels::kOldReleaseResourceId : names::labels::kReleaseResourceId,
             Value::String(id_label));
  merged.Add(old ? names::labels::kOldReleaseName : names::labels::kReleaseName,
             Value::String(stamp.release_name));
  merged.Add(old ? names::labels::kOldReleaseNamespace : names::labels::kReleaseNamespace,
             Value::String(stamp.release_ns));
  const Value labelled =
      value::WithKey(arena, object, "metadata",
                     value::WithKey(arena, metadata.is_map() ? metadata : Value::Map({}), "labels",
                                    merged.Build()));
  return WithAnnotation(labelled, names::labels::kDigest, digest, arena);
}

Value WithOrigin(const Value& object, std::span<const base::Place> origin,
                 const resource::SourceTable& sources, base::Arena& arena) {
  std::string text;
  for (const base::Place& place : origin) {
    if (!place.known()) continue;
    if (!text.empty()) text += ' ';
    text += sources.at(place.source).path;
    if (place.document > 0) text.append("[").append(std::to_string(place.document)).append("]");
    text.append("#").append(place.field);
  }
  if (text.empty()) return object;
  return WithAnnotation(object, names::labels::kOrigin, arena.CopyString(text), arena);
}

base::Result<Value> WithRestartedAt(const Value& object, std::string_view id,
                                    std::string_view restarted_at, base::Arena& arena) {
  if (restarted_at.empty() || object.Get("kind").string_or_empty() != "Deployment" ||
      !object.Get("apiVersion").string_or_empty().starts_with("apps/")) {
    return object;
  }
  const auto fail = [&](std::string_view path) {
    return base::Fail(base::ErrorCode::kRender, "failed to inject restartedAt on resource " +
                                                    std::string(id) +
                                                    ": read pod template annotations: ." +
                                                    std::string(path) + " accessor error");
  };
  const Value spec = object.Get("spec"), pod_template = spec.Get("template");
  const Value metadata = pod_template.Get("metadata"), annotations = metadata.Get("annotations");
  if (!spec.is_map() && !spec.is_null()) return fail("spec");
  if (!pod_template.is_map() && !pod_template.is_null()) return fail("spec.template");
  if (!metadata.is_map() && !metadata.is_null()) return fail("spec.template.metadata");
  if (!annotations.is_map() && !annotations.is_null())
    return fail("spec.template.metadata.annotations");
  if (annotations.is_map()) {
    for (const value::MapEntry& entry : annotations.as_map()) {
      if (!entry.value.is_string()) return fail("spec.template.metadata.annotations");
    }
  }
  const auto with = [&](const Value& map, std::string_view key, const Value& entry) {
    return value::WithKey(arena, map.is_map() ? map : Value::Map({}), key, entry);
  };
  const Value stamped = With(annotations, names::labels::kRestartedAt, restarted_at, arena);
  return with(object, "spec",
              with(spec, "template",
                   with(pod_template, "metadata", with(metadata, "annotations", stamped))));
}

Value WithoutSubstitution(const Value& object, base::Arena& arena) {
  return WithAnnotation(object, names::labels::kSubstitute, names::labels::kSubstituteOff, arena);
}

Value MakeNamespace(std::string_view name, names::Dialect dialect,
                    std::string_view control_plane_ns, std::string_view project,
                    std::string_view environment, base::Arena& arena) {
  const auto label = [&](std::string_view text) {
    return Value::String(arena.CopyString(NameLabel(text)));
  };
  value::MapBuilder label_map(arena), annotations(arena), metadata(arena), root(arena);
  label_map.Add(names::labels::kCreatedBy, Value::String(names::labels::kManager));
  if (dialect == names::Dialect::kV1)
    label_map.Add(names::labels::kNamespace, label(control_plane_ns));
  label_map.Add(names::labels::kProject, label(project));
  label_map.Add(names::labels::kEnvironment, label(environment));
  annotations.Add("argocd.argoproj.io/sync-options", Value::String("Prune=false,Delete=false"));
  annotations.Add("argocd.argoproj.io/compare-options", Value::String("IgnoreExtraneous"));
  annotations.Add("kustomize.toolkit.fluxcd.io/prune", Value::String("disabled"));
  metadata.Add("name", Value::String(name));
  metadata.Add("labels", label_map.Build());
  metadata.Add("annotations", annotations.Build());
  root.Add("apiVersion", Value::String("v1"));
  root.Add("kind", Value::String("Namespace"));
  root.Add("metadata", metadata.Build());
  return root.Build();
}

Value MakeRecord(const Binding& binding, std::string_view json, base::Arena& arena) {
  value::MapBuilder label_map(arena), metadata(arena), data(arena), root(arena);
  const auto label = [&](std::string_view text) {
    return Value::String(arena.CopyString(NameLabel(text)));
  };
  label_map.Add(names::labels::kManagedBy, Value::String(names::labels::kManager));
  label_map.Add(names::labels::kNamespace, label(binding.ns));
  label_map.Add(names::labels::kProject, label(binding.project));
  label_map.Add(names::labels::kEnvironment, label(binding.environment));
  label_map.Add(names::labels::kRecord,
                Value::String(arena.CopyString("v" + std::to_string(record::kVersion))));
  metadata.Add("name", Value::String(arena.CopyString(
                           record::RecordName(names::NameOf(binding.kind), binding.name))));
  metadata.Add("namespace", Value::String(binding.target_namespace));
  metadata.Add("labels", label_map.Build());
  data.Add(record::kDataKey, Value::String(json));
  root.Add("apiVersion", Value::String("v1"));
  root.Add("kind", Value::String("ConfigMap"));
  root.Add("metadata", metadata.Build());
  root.Add("data", data.Build());
  return root.Build();
}

}  // namespace openchoreo::render
