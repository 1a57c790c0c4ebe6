#include "health/operators.h"

#include "common/platform/kube/conditions.h"
#include "health/status.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

constexpr std::size_t kMaxTold = 4096;  // bytes of an operator's message that go into a condition

kube::Selector Keep(std::initializer_list<std::string_view> pointers) {
  kube::Selector selector;
  selector.keep = std::make_shared<const value::FieldMask>(value::FieldMask::Only(pointers));
  return selector;
}

std::string_view Text(const Value& value, std::string_view key) {
  return value.Get(key).string_or_empty();
}

std::string Cut(std::string_view text) { return kube::CutText(text, kMaxTold); }

bool Names(const record::Record& record, std::string_view kind, std::string_view ns,
           std::string_view name) {
  for (const record::RecordedObject& object : record.resources) {
    if (object.kind == kind && object.ns == ns && object.name == name) return true;
  }
  return false;
}

// The Application that put its mark on an object: "<namespace>_<name>" or "<name>".
std::string ApplicationMark(const Value& metadata) {
  const std::string_view tracking =
      metadata.Get("annotations", "argocd.argoproj.io/tracking-id").string_or_empty();
  if (!tracking.empty()) return std::string(tracking.substr(0, tracking.find(':')));
  for (const std::string_view label :
       {"argocd.argoproj.io/instance", "app.kubernetes.io/instance"}) {
    const std::string_view mark = metadata.Get("labels", label).string_or_empty();
    if (!mark.empty()) return std::string(mark);
  }
  return "";
}

// What a Kustomization could not do, in its words; "" = it says nothing of the kind.
std::string_view FailureOf(const Value& kustomization) {
  const Value ready = FindCondition(kustomization, "Ready");
  const std::string_view reason = Text(ready, "reason");
  const bool failed =
      Text(ready, "status") == "False" &&
      (reason == "ReconciliationFailed" || reason == "BuildFailed" || reason == "PruneFailed");
  return failed ? Text(ready, "message") : std::string_view();
}

std::string_view FailureOfSource(const kube::Live& source) {
  const Value ready = FindCondition(source.object(), "Ready");
  return Text(ready, "status") == "False" ? Text(ready, "message") : std::string_view();
}

}  // namespace

std::string FindingsOf(std::string_view message, std::string_view identity) {
  const std::string ending = "(" + std::string(identity) + ")";
  std::string ours;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    const std::string_view line = message.substr(0, end);
    if (line.find(ending) != std::string_view::npos) {
      if (!ours.empty()) ours += '\n';
      ours += line;
    }
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return Cut(ours);
}

Delivery SaidByApplication(const Value& application, const record::Record* record,
                           std::string_view identity) {
  Delivery delivery;
  const Value metadata = application.Get("metadata");
  delivery.by = "Application " + std::string(Text(metadata, "namespace")) + "/" +
                std::string(Text(metadata, "name"));
  const Value comparison = FindCondition(application, "ComparisonError");
  delivery.render_failed = FindingsOf(Text(comparison, "message"), identity);
  const Value operation = application.Get("status", "operationState");
  const std::string_view phase = Text(operation, "phase");
  if (phase == "Failed" || phase == "Error") {
    delivery.apply_failed = Cut(Text(operation, "message"));
  }
  const Value results = operation.Get("syncResult", "resources");
  if (!record || !results.is_list()) return delivery;
  for (const Value& result : results.as_list()) {
    if (Text(result, "status") != "SyncFailed" ||
        !Names(*record, Text(result, "kind"), Text(result, "namespace"), Text(result, "name"))) {
      continue;
    }
    delivery.object_failed = Cut(Text(result, "message"));
    break;
  }
  return delivery;
}

std::string ToldByApplication(const Value& application) {
  std::string told(Text(FindCondition(application, "ComparisonError"), "message"));
  const Value operation = application.Get("status", "operationState");
  const std::string_view phase = Text(operation, "phase");
  if (phase == "Failed" || phase == "Error") told.append("\n").append(Text(operation, "message"));
  const Value results = operation.Get("syncResult", "resources");
  if (!results.is_list()) return told;
  for (const Value& result : results.as_list()) {
    if (Text(result, "status") != "SyncFailed") continue;
    for (const char* field : {"kind", "namespace", "name", "message"})
      told.append("\n").append(Text(result, field));
  }
  return told;
}

bool TriesAgain(const Value& kustomization, std::string_view revision) {
  if (revision.empty() || Text(FindCondition(kustomization, "Ready"), "status") != "Unknown")
    return false;
  const Value reconciling = FindCondition(kustomization, "Reconciling");
  const std::string_view message = Text(reconciling, "message");
  return message.find(revision) != std::string_view::npos &&
         !message.starts_with("Running health checks");
}

Delivery SaidByKustomization(const Value& kustomization, const record::Record* record,
                             std::string_view failed_before) {
  Delivery delivery;
  const Value metadata = kustomization.Get("metadata");
  delivery.by = "Kustomization " + std::string(Text(metadata, "namespace")) + "/" +
                std::string(Text(metadata, "name"));
  const std::string_view failure = FailureOf(kustomization);
  const std::string_view message = failure.empty() ? failed_before : failure;
  if (message.empty()) return delivery;
  delivery.apply_failed = Cut(message);
  if (!record) return delivery;
  for (const record::RecordedObject& object : record->resources) {
    std::string named = std::string(object.kind) + "/";
    if (!object.ns.empty()) named += std::string(object.ns) + "/";
    named += object.name;
    const std::size_t at = message.find(named + " ");
    if (at != std::string_view::npos && (at == 0 || message[at - 1] == ' ')) {
      delivery.object_failed = Cut(message);
      break;
    }
  }
  return delivery;
}

Operators::Operators(kube::Client& home, const std::function<void()>& changed,
                     const WatchOptions& options)
    : applications_(
          home, {"argoproj.io/v1alpha1", "Application"},
          Keep({"/status/conditions", "/status/operationState/phase",
                "/status/operationState/message", "/status/operationState/syncResult/resources"}),
          [changed](const kube::Key&, const kube::Live& before, const kube::Live& now) {
            const bool same = before && now &&
                              ToldByApplication(before.object()) == ToldByApplication(now.object());
            if (!same) changed();
          },
          options),
      kustomizations_(
          home, {"kustomize.toolkit.fluxcd.io/v1", "Kustomization"},
          Keep({"/status/conditions", "/status/lastAttemptedRevision"}),
          [this, changed](const kube::Key& key, const kube::Live& before, const kube::Live& now) {
            if (NoteKustomization(key, now) || !before || !now) changed();
          },
          options),
      sources_(
          home, {"gitops.openchoreo.dev/v1alpha1", "OpenChoreoSource"},
          Keep({"/status/conditions"}),
          [changed](const kube::Key&, const kube::Live& before, const kube::Live& now) {
            if (FailureOfSource(before) != FailureOfSource(now)) changed();
          },
          options) {}

bool Operators::NoteKustomization(const kube::Key& key, const kube::Live& now) {
  const Value kustomization = now.object();
  const std::string_view failure = FailureOf(kustomization);
  std::lock_guard lock(mutex_);
  const auto found = failures_.find(key);
  if (!failure.empty()) {
    const bool another = found == failures_.end() || found->second.message != failure;
    failures_[key] = {std::string(failure),
                      std::string(Text(kustomization.Get("status"), "lastAttemptedRevision"))};
    return another;
  }
  if (found == failures_.end() || TriesAgain(kustomization, found->second.revision)) return false;
  failures_.erase(found);
  return true;
}

Delivery Operators::Find(std::span<const Value> applied, const record::Record* record,
                         std::string_view identity) const {
  Delivery delivery;
  for (const Value& metadata : applied) {
    if (!delivery.by.empty()) break;
    const std::string_view flux =
        metadata.Get("labels", "kustomize.toolkit.fluxcd.io/name").string_or_empty();
    const std::string_view flux_ns =
        metadata.Get("labels", "kustomize.toolkit.fluxcd.io/namespace").string_or_empty();
    if (const auto found = kustomizations_.Get({std::string(flux_ns), std::string(flux), ""});
        !flux.empty() && found) {
      std::string failed_before;
      {
        std::lock_guard lock(mutex_);
        const auto failure = failures_.find(found.key());
        if (failure != failures_.end()) failed_before = failure->second.message;
      }
      delivery = SaidByKustomization(found.object(), record, failed_before);
      break;
    }
    const std::string mark = ApplicationMark(metadata);
    if (mark.empty()) continue;
    for (const kube::Live& application : applications_.All()) {
      const std::string name(application.name());
      if (mark != name && mark != std::string(application.ns()) + "_" + name) continue;
      delivery = SaidByApplication(application.object(), record, identity);
      break;
    }
  }
  if (!delivery.render_failed.empty()) return delivery;
  // A source says of its own bindings what failed, whoever applies what it built.
  for (const kube::Live& source : sources_.All()) {
    const Value ready = FindCondition(source.object(), "Ready");
    if (Text(ready, "status") != "False") continue;
    const std::string ours = FindingsOf(Text(ready, "message"), identity);
    if (ours.empty()) continue;
    delivery.render_failed = ours;
    delivery.by = "OpenChoreoSource " + std::string(source.ns()) + "/" + std::string(source.name());
    break;
  }
  return delivery;
}

}  // namespace openchoreo::mapper
