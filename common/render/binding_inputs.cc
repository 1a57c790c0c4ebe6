#include "common/render/binding_inputs.h"

#include <utility>

#include "common/base/go_quote.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using base::ErrorCode;
using base::GoQuote;
using names::Dialect;
using names::Kind;
using release::Snapshot;
using resource::Object;
using value::Value;

class Gathering {
 public:
  Gathering(const BindingList& list, const Binding& binding, base::Arena& arena,
            BindingInputs& inputs)
      : list_(list),
        binding_(binding),
        arena_(arena),
        inputs_(inputs),
        lookup_(list.repository()) {}

  void Run() {
    inputs_.spec = binding_.spec;
    // The binding itself is the first thing read.
    if (binding_.object) lookup_.Find(binding_.kind, binding_.object->ns, binding_.object->name);
    inputs_.error = Gather();
    inputs_.reads = lookup_.TakeReads();
  }

 private:
  using MaybeError = std::optional<base::Error>;

  MaybeError Gather() {
    if (auto error = FindRelease()) return error;
    if (auto error = CheckOwner()) return error;
    if (auto error = FindEnvironment()) return error;
    if (fields_.owner != Kind::kProject) {
      if (auto error = FindOwner()) return error;
    }
    inputs_.project = lookup_.Find(Kind::kProject, binding_.ns, binding_.project);
    if (!inputs_.project) {
      return Missing("Project " + GoQuote(binding_.project) + " not found",
                     "/spec/owner/projectName", Kind::kProject, binding_.project);
    }
    if (binding_.kind != Kind::kReleaseBinding || binding_.undeploy) return std::nullopt;
    if (auto error = FindChannel()) return error;
    if (auto error = CheckOverrides()) return error;
    WarnOfOverrides();
    if (auto error = FindSecrets()) return error;
    FindObservabilityPlane();
    return std::nullopt;
  }

  base::Place At(std::string_view pointer) const {
    // A derived binding has no fields of its own; its Component stands for it.
    return resource::PlaceOf(binding_.anchor(), binding_.object ? pointer : std::string_view());
  }

  base::Error Fail(ErrorCode code, std::string message, std::string_view pointer,
                   std::string hint) const {
    base::Error error;
    error.code = code;
    error.message = std::move(message);
    error.place = At(pointer);
    error.hint = std::move(hint);
    return error;
  }

  base::Error Missing(std::string message, std::string_view pointer, Kind kind,
                      std::string_view name) const {
    return release::MissingReference(list_.repository(), std::move(message), At(pointer), kind,
                                     binding_.ns, name);
  }

  MaybeError FindRelease() {
    const Kind kind = fields_.release;
    const std::string_view field = fields_.release_field;
    const std::string kind_name(names::NameOf(kind)), pointer = "/spec/" + std::string(field);
    if (binding_.release.empty() && kind != Kind::kComponentRelease) {
      base::Error error = Fail(ErrorCode::kMissingReference,
                               "spec." + std::string(field) + " is unset; pin a " + kind_name +
                                   " to deploy this binding",
                               "/spec", "name a " + kind_name + " in spec." + std::string(field));
      if (const base::Error* why = list_.ProjectReleaseError(binding_.ns, binding_.project);
          why && kind == Kind::kProjectRelease) {
        error.notes.push_back("the project's own release cannot be derived: " + why->message);
        if (!why->hint.empty()) error.hint = why->hint;
      }
      return error;
    }
    if (const Snapshot* derived = list_.FindDerived(kind, binding_.ns, binding_.release)) {
      inputs_.release = derived;
      lookup_.Add(derived->reads);
      return std::nullopt;
    }
    const Object* release = lookup_.Find(kind, binding_.ns, binding_.release);
    if (!release) {
      return Missing(kind_name + " " + GoQuote(binding_.release) + " not found",
                     binding_.spec.Find(field) ? pointer : "/spec", kind, binding_.release);
    }
    inputs_.tree_release = release::FromTree(*release);
    inputs_.release = &inputs_.tree_release;
    return std::nullopt;
  }

  MaybeError CheckOwner() const {
    const Value& spec = inputs_.release->spec;
    const Value owner = spec.Get("owner");
    const std::string_view project = owner.Get("projectName").string_or_empty();
    const std::string hint = "the binding names a release of another owner; name one of its own";
    switch (binding_.kind) {
      case Kind::kReleaseBinding: {
        const std::string prefix = "Invalid ComponentRelease configuration: ";
        const std::string_view component = owner.Get("componentName").string_or_empty();
        std::string missing;
        if (spec.Get("componentType", "spec", "resources").is_null()) {
          missing = "component type has no resources";
        } else if (project.empty()) {
          missing = "component release owner missing required field: projectName";
        } else if (component.empty()) {
          missing = "component release owner missing required field: componentName";
        }
        if (!missing.empty()) {
          return Fail(ErrorCode::kInvalidResource, prefix + missing, "/spec/releaseName",
                      "complete the release");
        }
        if (binding_.project == project && binding_.owner == component) return std::nullopt;
        return Fail(ErrorCode::kMismatchedReference,
                    prefix + "release binding owner (project: " + GoQuote(binding_.project) +
                        ", component: " + GoQuote(binding_.owner) +
                        ") does not match component release owner (project: " + GoQuote(project) +
                        ", component: " + GoQuote(component) + ")",
                    "/spec/releaseName", hint);
      }
      case Kind::kProjectReleaseBinding:
        if (binding_.project == project) return std::nullopt;
        return Fail(ErrorCode::kMismatchedReference,
                    "binding owner (project: " + GoQuote(binding_.project) +
                        ") does not match ProjectRelease owner (project: " + GoQuote(project) + ")",
                    "/spec/projectRelease", hint);
      default: {
        const std::string_view resource = owner.Get("resourceName").string_or_empty();
        if (binding_.project == project && binding_.owner == resource) return std::nullopt;
        return Fail(ErrorCode::kMismatchedReference,
                    "binding owner (project: " + GoQuote(binding_.project) +
                        ", resource: " + GoQuote(binding_.owner) +
                        ") does not match ResourceRelease owner (project: " + GoQuote(project) +
                        ", resource: " + GoQuote(resource) + ")",
                    "/spec/resourceRelease", hint);
      }
    }
  }

  MaybeError FindEnvironment() {
    inputs_.environment = lookup_.Find(Kind::kEnvironment, binding_.ns, binding_.environment);
    if (!inputs_.environment) {
      return Missing("Environment " + GoQuote(binding_.environment) + " not found",
                     "/spec/environment", Kind::kEnvironment, binding_.environment);
    }
    auto plane =
        release::FindDataPlane(*inputs_.environment, inputs_.release->dialect, lookup_, arena_);
    if (!plane) return std::move(plane).error();
    inputs_.plane = *plane;
    return std::nullopt;
  }

  MaybeError FindOwner() {
    inputs_.owner = lookup_.Find(fields_.owner, binding_.ns, binding_.owner);
    if (inputs_.owner) return std::nullopt;
    return Missing(
        std::string(names::NameOf(fields_.owner)) + " " + GoQuote(binding_.owner) + " not found",
        "/spec/owner/" + std::string(fields_.owner_field), fields_.owner, binding_.owner);
  }

  // v0.12 writes the default channel into the overrides of every alert rule; v1.x offers it to
  // templates.
  MaybeError FindChannel() {
    const Object* channel =
        list_.owners().DefaultChannel(binding_.ns, binding_.environment, inputs_.release->dialect);
    if (channel) {
      lookup_.Find(Kind::kObservabilityAlertsNotificationChannel, channel->ns, channel->name);
      inputs_.default_channel = channel->name;
    }
    if (inputs_.release->dialect != Dialect::kV012) return std::nullopt;
    const Value traits = inputs_.release->spec.Get("componentProfile", "traits");
    if (!traits.is_list()) return std::nullopt;
    for (const Value& trait : traits.as_list()) {
      if (trait.Get("name").string_or_empty() != "observability-alert-rule") continue;
      if (!channel) {
        return Fail(ErrorCode::kMissingReference,
                    "Failed to apply default notification channel: no default "
                    "ObservabilityAlertsNotificationChannel found for environment " +
                        GoQuote(binding_.environment),
                    "/spec/environment",
                    "add an ObservabilityAlertsNotificationChannel with isEnvDefault: true for the "
                    "environment");
      }
      AddChannel(trait.Get("instanceName").string_or_empty());
    }
    return std::nullopt;
  }

  void AddChannel(std::string_view instance) {
    constexpr std::string_view kOverrides = "traitEnvironmentConfigs",
                               kChannel = "notificationChannel";
    const auto or_empty = [](const Value& value) {
      return value.is_map() ? value : Value::Map({});
    };
    const Value overrides = or_empty(inputs_.spec.Get(kOverrides)),
                own = or_empty(overrides.Get(instance));
    const Value* set = own.Find(kChannel);
    if (set && !(set->is_string() && set->as_string().empty())) return;
    const Value with =
        value::WithKey(arena_, own, kChannel, Value::String(inputs_.default_channel));
    inputs_.spec = value::WithKey(arena_, inputs_.spec, kOverrides,
                                  value::WithKey(arena_, overrides, instance, with));
  }

  // A release is rendered in its own dialect; overrides of the other one's shape would be lost.
  MaybeError CheckOverrides() const {
    const Value overrides = inputs_.spec.Get("workloadOverrides");
    const bool old = inputs_.release->dialect == Dialect::kV012;
    const std::string_view wrong = old ? "container" : "containers";
    if (!overrides.Find(wrong)) return std::nullopt;
    return Fail(
        ErrorCode::kDialectConflict,
        "workloadOverrides." + std::string(wrong) + " does not fit ComponentRelease " +
            GoQuote(binding_.release) + ", which is written for another release of OpenChoreo",
        "/spec/workloadOverrides",
        old ? "write workloadOverrides.containers.<name>" : "write workloadOverrides.container");
  }

  void Warn(base::Severity severity, std::string message, std::string_view pointer,
            std::string hint) {
    inputs_.warnings.push_back(
        Fail(ErrorCode::kMismatchedReference, std::move(message), pointer, std::move(hint)));
    inputs_.warnings.back().severity = severity;
  }

  // What v0.12 passes over in a binding.
  void WarnOfOverrides() {
    if (inputs_.release->dialect != Dialect::kV012) return;
    const Value overrides = inputs_.spec.Get("workloadOverrides", "containers");
    const Value containers = inputs_.release->spec.Get("workload", "containers");
    if (overrides.is_map() && containers.is_map()) {
      for (const value::MapEntry& entry : overrides.as_map()) {
        const std::string_view name = entry.key.as_string();
        if (containers.Find(name)) continue;
        std::string there;
        for (const value::MapEntry& container : containers.as_map())
          there.append(there.empty() ? "" : ", ").append(container.key.as_string());
        Warn(base::Severity::kWarning,
             "the workload has no container " + GoQuote(name) + ", so its overrides are left out",
             base::JoinPointer("/spec/workloadOverrides/containers", name), "there is: " + there);
      }
    }
    if (!binding_.object || binding_.object->dialect != Dialect::kV1) return;
    for (const auto& [now, before] :
         {std::pair("componentTypeEnvironmentConfigs", "componentTypeEnvOverrides"),
          std::pair("traitEnvironmentConfigs", "traitOverrides")}) {
      if (!binding_.object->spec().Find(now)) continue;
      Warn(base::Severity::kNote,
           std::string(now) + " is no field of the release's OpenChoreo version; read as " + before,
           std::string("/spec/") + now, std::string("write ") + before);
    }
  }

  MaybeError FindSecrets() {
    auto secrets = release::CollectSecretReferences(
        {inputs_.release->spec.Get("workload"),
         [this] { return release::WorkloadPlace(*inputs_.release); }},
        {inputs_.spec.Get("workloadOverrides"), [this] { return At("/spec/workloadOverrides"); }},
        binding_.ns, inputs_.release->dialect, lookup_, inputs_.warnings);
    if (!secrets) {
      base::Error error = std::move(secrets).error();
      error.message.insert(0, "Failed to collect SecretReferences: ");
      return error;
    }
    inputs_.secrets = std::move(*secrets);
    return std::nullopt;
  }

  void FindObservabilityPlane() {
    release::Lookup lookup(list_.repository());
    inputs_.has_observability_plane = release::HasObservabilityPlane(
        inputs_.plane, inputs_.release->dialect, lookup, inputs_.no_observability_plane);
    inputs_.observability_reads = lookup.TakeReads();
  }

  const BindingList& list_;
  const Binding& binding_;
  const names::BindingFields& fields_ = *names::BindingFieldsOf(binding_.kind);
  base::Arena& arena_;
  BindingInputs& inputs_;
  release::Lookup lookup_;
};

}  // namespace

void GatherInputs(const BindingList& list, const Binding& binding, base::Arena& arena,
                  BindingInputs& inputs) {
  Gathering(list, binding, arena, inputs).Run();
}

}  // namespace openchoreo::render
