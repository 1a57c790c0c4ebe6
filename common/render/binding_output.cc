#include "common/render/binding_output.h"

#include <algorithm>
#include <cmath>

#include "common/base/sha256.h"
#include "common/emit/yaml_writer.h"
#include "common/render/labels.h"
#include "common/render/plan.h"
#include "common/render/stamp.h"
#include "common/value/json_writer.h"

namespace openchoreo::render {
namespace {

using value::Value;

// Go's text for the first number JSON has no form for.
std::string_view UnsupportedNumber(const Value& value) {
  if (value.is_double() && !std::isfinite(value.as_double())) {
    if (std::isnan(value.as_double())) return "NaN";
    return value.as_double() > 0 ? "+Inf" : "-Inf";
  }
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (const auto found = UnsupportedNumber(item); !found.empty()) return found;
    }
  } else if (value.is_map()) {
    for (const value::MapEntry& entry : value.as_map()) {
      if (const auto found = UnsupportedNumber(entry.value); !found.empty()) return found;
    }
  }
  return {};
}

base::Error Unwritable(const Binding& binding, const Manifests& manifests) {
  base::Error error;
  error.code = base::ErrorCode::kRender;
  error.hint = "a template gives a number that JSON cannot hold";
  for (const auto* plane : {&manifests.data, &manifests.observability}) {
    for (const Manifest& manifest : *plane) {
      const std::string_view number = UnsupportedNumber(manifest.object);
      if (number.empty()) continue;
      const std::string id(manifest.id);
      error.message =
          binding.kind == resource::Kind::kReleaseBinding
              ? std::string("Failed to convert ") +
                    (plane == &manifests.data ? "dataplane" : "observability plane") +
                    " resources: failed to marshal resource to JSON (resourceID: " + id + "): "
              : "Failed to encode rendered manifests: marshal rendered manifest \"" + id + "\": ";
      error.message.append("json: unsupported value: ").append(number);
      return error;
    }
  }
  error.message = "the rendered manifests cannot be written";
  return error;
}

class Writing {
 public:
  Writing(const Binding& binding, const BindingInputs& inputs, const Manifests& manifests,
          const Options& options, base::Arena& arena, OutputBuffers& buffers)
      : binding_(binding),
        inputs_(inputs),
        manifests_(manifests),
        options_(options),
        arena_(arena),
        buffers_(buffers) {}

  base::Result<BindingOutput> Run() {
    buffers_.text.clear();
    buffers_.record.clear();
    output_.dialect = inputs_.release->dialect;
    output_.dropped_objects = manifests_.dropped;
    const bool data = options_.plane != Plane::kObservability,
               observability = options_.plane != Plane::kData;
    output_.other_plane_objects =
        (data ? 0 : manifests_.data.size()) + (observability ? 0 : manifests_.observability.size());
    if (data) OC_TRY_DONE(AddObjects(manifests_.data, false));
    if (observability) OC_TRY_DONE(AddObjects(manifests_.observability, true));
    if (options_.record) OC_TRY_DONE(AddRecord());
    if (buffers_.text.size() > options_.limits.max_output_bytes) {
      return base::Fail(base::ErrorCode::kLimit,
                        "the binding's objects take more than " +
                            std::to_string(options_.limits.max_output_bytes) +
                            " bytes (max_output_bytes)");
    }
    std::sort(output_.namespaces.begin(), output_.namespaces.end());
    output_.text = std::make_shared<const std::string>(buffers_.text);
    return std::move(output_);
  }

 private:
  base::Result<void> AddObjects(const std::vector<Manifest>& manifests, bool observability) {
    Stamp stamp;
    stamp.dialect = inputs_.release->dialect;
    const std::string name = NameLabel(observability ? binding_.rendered_release + "-observability"
                                                     : binding_.rendered_release);
    const std::string ns = NameLabel(binding_.ns);
    stamp.release_name = name;
    stamp.release_ns = ns;
    if (binding_.kind == resource::Kind::kReleaseBinding && binding_.object && !observability) {
      stamp.restarted_at =
          binding_.object->root.Get("metadata", "annotations", labels::kRestartedAt)
              .string_or_empty();
    }
    for (const Manifest& manifest : manifests) {
      if (options_.record) {
        buffers_.json.clear();
        if (!value::AppendJson(buffers_.json, manifest.object))
          return base::Fail(Unwritable(binding_, manifests_));
        if (!buffers_.record.empty()) buffers_.record += ',';
        AppendRecordEntry(buffers_.record, manifest.id, manifest.object,
                          base::Sha256Hex(buffers_.json));
      }
      Value object = manifest.object;
      if (options_.tracking) {
        OC_TRY(object, Stamped(manifest.object, manifest.id, stamp, arena_));
      }
      OC_TRY_DONE(Add(object));
      if (object.Get("kind").string_or_empty() == "Namespace" &&
          object.Get("apiVersion").string_or_empty() == "v1") {
        output_.provided_namespaces.emplace_back(object.Get("metadata", "name").string_or_empty());
      }
    }
    return {};
  }

  base::Result<void> AddRecord() {
    return Add(MakeRecord({.kind = resource::NameOf(binding_.kind),
                           .ns = binding_.ns,
                           .name = binding_.name,
                           .owner = binding_.spec.Get("owner"),
                           .project = binding_.project,
                           .environment = binding_.environment,
                           .release = binding_.release,
                           .target_namespace = binding_.target_namespace,
                           .objects = buffers_.record,
                           .endpoints = ToValue(manifests_.provided.endpoints, arena_)},
                          arena_, buffers_.json));
  }

  base::Result<void> Add(const Value& object) {
    if (!AppendObject(buffers_.text, object, options_.format))
      return base::Fail(Unwritable(binding_, manifests_));
    output_.ends.push_back(buffers_.text.size());
    const std::string_view ns = object.Get("metadata", "namespace").string_or_empty();
    if (!ns.empty() && std::find(output_.namespaces.begin(), output_.namespaces.end(), ns) ==
                           output_.namespaces.end()) {
      output_.namespaces.emplace_back(ns);
    }
    return {};
  }

  const Binding& binding_;
  const BindingInputs& inputs_;
  const Manifests& manifests_;
  const Options& options_;
  base::Arena& arena_;
  OutputBuffers& buffers_;
  BindingOutput output_;
};

}  // namespace

base::Result<BindingOutput> WriteBinding(const Binding& binding, const BindingInputs& inputs,
                                         const Manifests* manifests, const Options& options,
                                         base::Arena& arena, OutputBuffers& buffers) {
  static const Manifests kNothing;
  if (options.format == Format::kPlan) {
    buffers.text.clear();
    const Manifests& all = manifests ? *manifests : kNothing;
    if (!AppendPlan(buffers.text, binding, all, arena)) return base::Fail(Unwritable(binding, all));
    BindingOutput output;
    output.text = std::make_shared<const std::string>(buffers.text);
    output.ends.push_back(buffers.text.size());
    return output;
  }
  if (!manifests)
    return BindingOutput{
        std::make_shared<const std::string>(), {}, {}, {}, 0, 0, inputs.release->dialect};
  return Writing(binding, inputs, *manifests, options, arena, buffers).Run();
}

bool AppendObject(std::string& out, const Value& object, Format format) {
  return format == Format::kYaml ? emit::AppendYaml(out, object) : value::AppendJson(out, object);
}

}  // namespace openchoreo::render
