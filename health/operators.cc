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

Delivery SaidByKustomization(const Value& kustomization, const record::Record* record) {
  Delivery delivery;
  const Value metadata = kustomization.Get("metadata");
  delivery.by = "Kustomization " + std::string(Text(metadata, "namespace")) + "/" +
                std::string(Text(metadata, "name"));
  const Value ready = FindCondition(kustomization, "Ready");
  const std::string_view reason = Text(ready, "reason");
  if (Text(ready, "status") != "False" ||
      (reason != "ReconciliationFailed" && reason != "BuildFailed" && reason != "PruneFailed")) {
    return delivery;
  }
  const std::string_view message = Text(ready, "message");
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

Operators::Operators(kube::Client& home, std::function<void()> changed, const WatchOptions& options)
    : applications_(
          home, {"argoproj.io/v1alpha1", "Application"},
          Keep({"/status/conditions", "/status/operationState/phase",
                "/status/operationState/message", "/status/operationState/syncResult/resources"}),
          [changed](const auto&, const auto&, const auto&) { changed(); }, options),
      kustomizations_(
          home, {"kustomize.toolkit.fluxcd.io/v1", "Kustomization"}, Keep({"/status/conditions"}),
          [changed](const auto&, const auto&, const auto&) { changed(); }, options),
      sources_(
          home, {"gitops.openchoreo.dev/v1alpha1", "OpenChoreoSource"},
          Keep({"/status/conditions"}),
          [changed](const auto&, const auto&, const auto&) { changed(); }, options) {}

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
      delivery = SaidByKustomization(found.object(), record);
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
