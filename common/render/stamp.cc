#include "common/render/stamp.h"

#include <algorithm>

#include "common/base/ascii.h"
#include "common/base/sha256.h"
#include "common/names/k8s_name.h"
#include "common/names/labels.h"
#include "common/record/record.h"
#include "common/value/map_builder.h"
#include "common/value/overlay.h"

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

// What upstream's SetLabels and SetNestedStringMap start from.
Value MapOrEmpty(const Value& value) { return value.is_map() ? value : Value::Map({}); }

// `map` with one more entry.
Value With(const Value& map, std::string_view key, std::string_view text, base::Arena& arena) {
  return value::WithKey(arena, MapOrEmpty(map), key, Value::String(text));
}

// `metadata` with one more annotation, unless its annotations are no map.
Value MetadataWithAnnotation(const Value& metadata, std::string_view key, std::string_view text,
                             base::Arena& arena) {
  const Value annotations = metadata.Get("annotations");
  if (!annotations.is_map() && !annotations.is_null()) return metadata;
  return value::WithKey(arena, metadata, "annotations", With(annotations, key, text, arena));
}

// `object` with one more annotation, unless its annotations are no map.
Value WithAnnotation(const Value& object, std::string_view key, std::string_view text,
                     base::Arena& arena) {
  const Value metadata = MapOrEmpty(object.Get("metadata"));
  const Value annotated = MetadataWithAnnotation(metadata, key, text, arena);
  return value::IsSame(annotated, metadata) ? object
                                            : value::WithKey(arena, object, "metadata", annotated);
}

}  // namespace

std::string NameLabel(std::string_view text) {
  return text.size() <= names::kMaxLabelName ? std::string(text)
                                             : names::GenerateK8sName(names::kMaxLabelName, {text});
}

std::string ReleaseLabel(const std::string& rendered_release, bool observability) {
  return NameLabel(observability ? rendered_release + "-observability" : rendered_release);
}

Value Stamped(const Value& object, std::string_view id, std::string_view digest, const Stamp& stamp,
              base::Arena& arena) {
  const bool old = stamp.dialect == names::Dialect::kV012;
  std::string_view id_label = id;
  if (!IsLabelValue(id)) {
    id_label = arena.CopyString(base::AsciiLower(object.Get("kind").string_or_empty()) + "-" +
                                base::Sha256Hex(id).substr(0, 16));
  }
  const Value metadata = MapOrEmpty(object.Get("metadata"));
  const Value id_value = Value::String(id_label);
  const Value name = Value::String(stamp.release_name), ns = Value::String(stamp.release_ns);
  const Value manager = Value::String(names::labels::kManager);
  const Value added =
      old ? value::MakeMap(arena, {{names::labels::kManagedBy, manager},
                                   {names::labels::kOldReleaseName, name},
                                   {names::labels::kOldReleaseNamespace, ns},
                                   {names::labels::kOldReleaseResourceId, id_value}})
          : value::MakeMap(arena, {{names::labels::kManagedBy, manager},
                                   {names::labels::kReleaseName, name},
                                   {names::labels::kReleaseNamespace, ns},
                                   {names::labels::kReleaseResourceId, id_value}});
  const Value labels = value::Overlaid(arena, MapOrEmpty(metadata.Get("labels")), added);
  const Value labelled = value::WithKey(arena, metadata, "labels", labels);
  return value::WithKey(arena, object, "metadata",
                        MetadataWithAnnotation(labelled, names::labels::kDigest, digest, arena));
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
    return value::WithKey(arena, MapOrEmpty(map), key, entry);
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
  const auto label = [&](std::string_view text) {
    return Value::String(arena.CopyString(NameLabel(text)));
  };
  const Value labels = value::MakeMap(
      arena, {{names::labels::kRecord,
               Value::String(arena.CopyString("v" + std::to_string(record::kVersion)))},
              {names::labels::kEnvironment, label(binding.environment)},
              {names::labels::kManagedBy, Value::String(names::labels::kManager)},
              {names::labels::kNamespace, label(binding.ns)},
              {names::labels::kProject, label(binding.project)}});
  const std::string name = record::RecordName(names::NameOf(binding.kind), binding.name);
  const Value metadata =
      value::MakeMap(arena, {{"labels", labels},
                             {"name", Value::String(arena.CopyString(name))},
                             {"namespace", Value::String(binding.target_namespace)}});
  return value::MakeMap(arena,
                        {{"apiVersion", Value::String("v1")},
                         {"data", value::MakeMap(arena, {{record::kDataKey, Value::String(json)}})},
                         {"kind", Value::String("ConfigMap")},
                         {"metadata", metadata}});
}

}  // namespace openchoreo::render
