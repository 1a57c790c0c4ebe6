#include "health/assessment.h"

#include <algorithm>

#include "common/health/rules.h"
#include "common/names/api_version.h"
#include "common/names/references.h"
#include "common/value/map_builder.h"
#include "health/resource_release.h"

namespace openchoreo::mapper {

using health::BindingKind;
using health::State;
using value::Value;

namespace {

std::string Named(const record::RecordedObject& object) {
  std::string name(object.kind);
  name += ' ';
  if (!object.ns.empty()) name.append(object.ns).append("/");
  return name.append(object.name);
}

BindingKind KindOf(const Value& binding) {
  return health::KindNamed(binding.Get("kind").string_or_empty())
      .value_or(BindingKind::kReleaseBinding);
}

std::int64_t IntOf(const Value& value) { return value.is_int() ? value.as_int() : 0; }

std::vector<health::BindingCondition> Previous(const Value& binding) {
  std::vector<health::BindingCondition> conditions;
  const Value list = binding.Get("status", "conditions");
  if (!list.is_list()) return conditions;
  for (const Value& item : list.as_list()) {
    const auto text = [&](std::string_view key) {
      return std::string(item.Get(key).string_or_empty());
    };
    if (text("type").empty()) continue;
    conditions.push_back({text("type"), text("status"), text("reason"), text("message"),
                          IntOf(item.Get("observedGeneration")), text("lastTransitionTime")});
  }
  return conditions;
}

// How far the objects of a record are those of its render.
struct Progress {
  std::size_t missing = 0, old = 0;
  std::string first;  // the first that is not
  std::string blind;  // why the first that cannot be seen cannot
};

bool IsOfRender(const Sight& sight, const record::RecordedObject& object, std::int64_t version) {
  if (version < 2 || object.digest.empty()) return true;
  return !sight.digest.empty() && object.digest.starts_with(sight.digest);
}

class Assessor {
 public:
  Assessor(const Value& binding, const record::Record* record, const Delivery& delivery,
           Sights& sights, const health::Terms& terms, base::Arena& arena)
      : binding_(binding),
        record_(record),
        delivery_(delivery),
        sights_(sights),
        terms_(terms),
        arena_(arena) {}

  Assessment Run() {
    input_.kind = KindOf(binding_);
    input_.generation = IntOf(binding_.Get("metadata", "generation"));
    input_.deleting = !binding_.Get("metadata", "deletionTimestamp").is_null();
    input_.retain = binding_.Get("spec", "retainPolicy").string_or_empty() == "Retain";
    input_.now = terms_.now ? base::Rfc3339Text(*terms_.now) : "";
    input_.previous = Previous(binding_);
    input_.undeploy = binding_.Get("spec", "state").string_or_empty() == "Undeploy";
    Assessment result;
    if (input_.undeploy) {
      const auto remaining = sights_.Remaining(
          ReleaseName(binding_), binding_.Get("metadata", "namespace").string_or_empty());
      starting_ |= !remaining;
      input_.remaining = static_cast<std::int64_t>(remaining.value_or(0));
    } else {
      LookAtRelease(result);
    }
    result.conditions = health::JudgeBinding(input_, terms_.mode, terms_.version);
    TellOfBlindness(result.conditions);
    result.look_again = look_again_;
    result.starting = starting_;
    result.unhealthy = unhealthy_;
    return result;
  }

 private:
  void Refuse(std::string reason, std::string message) {
    if (!input_.problem) input_.problem = {std::move(reason), std::move(message)};
  }

  std::string By() const {
    return delivery_.by.empty() ? "no operator that delivers it was found" : delivery_.by;
  }

  void LookAtRelease(Assessment& result) {
    if (!delivery_.render_failed.empty()) {
      Refuse("RenderingFailed", "Failed to render resources: " + delivery_.render_failed);
      return;
    }
    if (!record_) {
      if (RefuseFailedApply()) return;
      if (!delivery_.unseen.empty()) {
        Refuse("ResourcesUnknown", "Its release record cannot be seen: " + delivery_.unseen);
      } else {
        Refuse("ReleaseSynced", "Release is not synced: nothing was delivered for it yet; " + By());
      }
      return;
    }
    const std::string_view wanted = WantedRelease(binding_);
    if (!wanted.empty() && !record_->release.empty() && wanted != record_->release) {
      Undelivered("the objects are of release \"" + std::string(record_->release) + "\"");
      return;
    }
    LookAtObjects();
    if (progress_.missing + progress_.old > 0) {
      Undelivered(std::to_string(progress_.missing) + " of " +
                  std::to_string(record_->resources.size()) + " objects are missing, " +
                  std::to_string(progress_.old) + " are not of this render (" + progress_.first +
                  ")");
      return;
    }
    FillRelease(result);
  }

  void LookAtObjects() {
    for (const record::RecordedObject& object : record_->resources) {
      const Sight sight = sights_.Look(object, terms_);
      health::Observed observed{
          std::string(object.id), std::string(names::GroupOf(object.api_version)),
          std::string(object.kind), std::string(object.name), State::kUnknown};
      if (sight.kind == Sight::Kind::kStarting) {
        starting_ = true;
      } else if (sight.kind == Sight::Kind::kBlind) {
        if (progress_.blind.empty()) progress_.blind = sight.why;
      } else if (sight.kind == Sight::Kind::kAbsent) {
        if (progress_.missing++ + progress_.old == 0) progress_.first = Named(object);
      } else {
        observed.state = sight.judgement.state;
        const bool fine = observed.state == State::kHealthy || observed.state == State::kSuspended;
        if (!fine && !unhealthy_ && IsWorkload(object)) {
          unhealthy_ = static_cast<std::size_t>(&object - record_->resources.data());
        }
        if (!IsOfRender(sight, object, record_->version)) {
          if (progress_.missing + progress_.old++ == 0) progress_.first = Named(object);
        }
        if (sight.judgement.look_again &&
            (!look_again_ || *sight.judgement.look_again < *look_again_)) {
          look_again_ = sight.judgement.look_again;
        }
        if (input_.kind == BindingKind::kResourceReleaseBinding) {
          applied_.Note(object.id, sight.object, arena_);
        }
      }
      input_.resources.push_back(std::move(observed));
    }
  }

  // True where the operator says that it cannot apply.
  bool RefuseFailedApply() {
    const std::string& why =
        delivery_.object_failed.empty() ? delivery_.apply_failed : delivery_.object_failed;
    if (why.empty()) return false;
    Refuse("ReleaseUpdateFailed", "Failed to reconcile dataplane Release: " + By() + ": " + why);
    return true;
  }

  // What is on its way is progress; what the operator cannot apply is a failure.
  void Undelivered(const std::string& what) {
    if (RefuseFailedApply()) return;
    Refuse("ReleaseSynced", "Release is not synced: " + what + "; " + By());
  }

  void FillRelease(Assessment& result) {
    input_.release = {ReleaseName(binding_), input_.generation, "unchanged",
                      static_cast<std::int64_t>(record_->resources.size())};
    if (!delivery_.object_failed.empty()) {
      input_.applied = {"False",
                        "Failed to apply resources to target plane: " + delivery_.object_failed,
                        input_.generation};
    }
    input_.component_type = record_->component_type;
    const auto counts = [](std::size_t resolved, std::size_t pending) {
      return health::Counts{static_cast<std::int64_t>(resolved),
                            static_cast<std::int64_t>(pending)};
    };
    input_.connections = counts(record_->resolved_connections, record_->pending_connections.size());
    input_.dependencies = counts(record_->resolved_resources, record_->pending_resources.size());
    if (input_.kind == BindingKind::kProjectReleaseBinding) {
      for (const record::RecordedObject& object : record_->resources) {
        if (object.api_version == "v1" && object.kind == "Namespace") {
          input_.target_namespace = object.name;
          break;
        }
      }
    }
    if (input_.kind == BindingKind::kResourceReleaseBinding) {
      input_.entries = applied_.Entries(*record_, arena_);
      result.outputs = applied_.Outputs(*record_, input_.outputs, arena_);
    }
  }

  // An object nobody can see is Unknown; its condition says why.
  void TellOfBlindness(std::vector<health::BindingCondition>& conditions) const {
    if (progress_.blind.empty()) return;
    for (health::BindingCondition& condition : conditions) {
      if (condition.reason == "ResourcesUnknown" ||
          (condition.reason == "ResourcesProgressing" && condition.message.ends_with("Unknown"))) {
        condition.message += " (" + progress_.blind + ")";
      }
    }
  }

  const Value& binding_;
  const record::Record* record_;
  const Delivery& delivery_;
  Sights& sights_;
  const health::Terms& terms_;
  base::Arena& arena_;
  health::BindingInput input_;
  Progress progress_;
  AppliedObjects applied_;
  std::optional<base::Instant> look_again_;
  std::optional<std::size_t> unhealthy_;
  bool starting_ = false;
};

}  // namespace

bool IsWorkload(const record::RecordedObject& object) {
  const std::string_view group = names::GroupOf(object.api_version);
  return group == "apps" || (group == "batch" && object.kind == "Job");
}

void TellWhy(std::vector<health::BindingCondition>& conditions, const std::string& text) {
  for (health::BindingCondition& condition : conditions) {
    const bool tells = condition.type == "ResourcesReady" || condition.type == "Ready";
    const bool of_workload = condition.reason == "ResourcesDegraded" ||
                             condition.reason == "ResourcesProgressing" ||
                             condition.reason == "JobFailed" || condition.reason == "JobRunning";
    if (tells && of_workload && condition.status != "True") condition.message += " (" + text + ")";
  }
}

Value BindingOf(const record::Record& record, base::Arena& arena) {
  value::MapBuilder metadata(arena), spec(arena), binding(arena);
  metadata.Add("name", Value::String(record.binding.name));
  metadata.Add("namespace", Value::String(record.binding.ns));
  spec.Add("environment", Value::String(record.environment));
  spec.Add("owner", record.owner);
  binding.Add("kind", Value::String(record.binding.kind));
  binding.Add("metadata", metadata.Build());
  binding.Add("spec", spec.Build());
  return binding.Build();
}

std::string_view WantedRelease(const Value& binding) {
  const auto kind = names::KindNamed(binding.Get("kind").string_or_empty());
  const names::BindingFields* const fields = kind ? names::BindingFieldsOf(*kind) : nullptr;
  return fields ? binding.Get("spec", fields->release_field).string_or_empty() : "";
}

std::string ReleaseName(const Value& binding) {
  const Value owner = binding.Get("spec", "owner");
  const std::string_view component = owner.Get("componentName").string_or_empty();
  if (component.empty()) return std::string(binding.Get("metadata", "name").string_or_empty());
  return std::string(component) + "-" +
         std::string(binding.Get("spec", "environment").string_or_empty());
}

Assessment Assess(const Value& binding, const record::Record* record, const Delivery& delivery,
                  Sights& sights, const health::Terms& terms, base::Arena& arena) {
  return Assessor(binding, record, delivery, sights, terms, arena).Run();
}

}  // namespace openchoreo::mapper
