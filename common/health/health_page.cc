// docs/health.md.
#include "common/health/health_table.h"
#include "common/health/rules.h"
#include "common/names/reasons.h"

namespace openchoreo::health {

using names::Reason;
using names::ReasonClass;

namespace {

constexpr std::string_view kStart = R"md(# Health

<!-- made by `openchoreo-gitops health-table md`; do not edit -->

What became of the manifests, and what to do about it. Where it is shown: [health-in-tools.md](health-in-tools.md).

Three steps lead from the cluster to a binding:

1. each object the binding rendered gets a **state**: Healthy, Progressing, Degraded, Suspended or Unknown;
2. the states make the **conditions** in the binding's status, `Ready` the sum of them;
3. Argo CD's health script, Flux's expressions and the command line read the conditions.

`openchoreo-gitops eval health` tries an object: `{"object": …}` on a line gives its state in both modes and why.

## Modes

`strict` is the default. `upstream` gives exactly what OpenChoreo's own controllers give: it knows Deployment,
StatefulSet, Pod and CronJob, and whatever else is there is Healthy (a failed Job included). Conditions are of one mode;
the two are never mixed.

## States, mode strict

An object that is not there is Unknown, one that is being deleted Progressing. The rules of a row are read from left to
right, the first that holds decides. *Told of its last change*: the condition's own observedGeneration, else the
status', is not behind the object's generation; where neither is there it is taken as told. A field of another type than
the rule needs makes the object Unknown.

| object | rules |
|---|---|
)md";

constexpr std::string_view kAggregation = R"md(
A rule that gives something time (120 s, 300 s, 15 s) looks at the condition's lastTransitionTime, or the object's
creationTimestamp.

[Rules of one's own](#rules-of-ones-own) come before the table's.

## Conditions

A binding's `Ready` takes reason and message of the first of its other conditions that is not True:

| kind | conditions, in that order |
|---|---|
| ReleaseBinding | ReleaseSynced, ConnectionsResolved, ResourceDependenciesReady, ResourcesReady |
| ProjectReleaseBinding | Synced, NamespaceReady, ResourcesReady |
| ResourceReleaseBinding | Synced, ResourcesReady, OutputsResolved |

ResourcesReady of a ReleaseBinding asks its primary workload first: the object of the kind that the component type's name
begins with (`deployment/…`, `statefulset/…`, `cronjob/…`, `job/…`). If that is ready the other objects count too: the
first that is Degraded, else Progressing, else Unknown; workloads before Services, claims and configuration before all
others. Without a primary all objects count alike.

*Passing* are Healthy and Suspended, and Progressing of a CronJob (a run is at work), a PersistentVolumeClaim (it may
wait for its first pod) and a HorizontalPodAutoscaler (metrics are missing in every rollout).

An old ReleaseBinding (v0.9 to v0.12) has ReleaseSynced, ResourcesReady and Ready alone.

## Reasons

What is shown for a binding whose `Ready` is False for the reason. With True it is Healthy and Current, or Suspended and
Current where ResourcesReady has a reason of rest.

| reason | stands in | Argo CD | Flux | meaning | what to do |
|---|---|---|---|---|---|
)md";

constexpr std::string_view kOwnRules = R"md(
A reason that is not in the table is a failure. A binding that is being deleted, has no `Ready`, or whose conditions are
not told of its last change is Progressing and InProgress.

## Rules of one's own

For kinds that tell their health in their own way, in the form of Flux's healthCheckExprs:

    healthCheckExprs:
      - apiVersion: db.example.com/v1
        kind: Cluster
        inProgress: status.phase in ['Creating', 'Updating']
        failed: status.phase == 'Error'
        current: status.phase == 'Ready'

Each is a CEL expression over the object's `apiVersion`, `kind`, `metadata`, `spec`, `status` and `data`; one the object
lacks is null. inProgress is asked first, then failed, then current: Progressing, Degraded, Healthy. None true: Progressing. An
expression that fails: Unknown. `apiVersion` counts by its group, as all rules do. An object that is not there or is being
deleted is judged as ever.
)md";

struct Words {
  std::string_view argo, flux;
};

Words WordsOf(ReasonClass reason_class) {
  switch (reason_class) {
    case ReasonClass::kProgressing:
      return {"Progressing", "InProgress"};
    case ReasonClass::kUndeployed:
    case ReasonClass::kSuspended:
      return {"Suspended", "Current"};
    case ReasonClass::kReady:
      return {"Healthy", "Current"};
    case ReasonClass::kFailed:
      break;
  }
  return {"Degraded", "Failed"};
}

void AppendRow(std::string& page, std::initializer_list<std::string_view> cells) {
  page += '|';
  for (const std::string_view cell : cells) page.append(" ").append(cell).append(" |");
  page += '\n';
}

std::string ObjectCell(const RuleText& row) {
  if (row.group == "*") return "every other object";
  std::string cell(row.kind == "*" ? "any kind" : row.kind);
  return cell + " (" + std::string(row.group.empty() ? "core" : row.group) + ")";
}

}  // namespace

std::string HealthPage() {
  std::string page(kStart);
  for (const RuleText& row : StrictRules()) AppendRow(page, {ObjectCell(row), row.text});
  page += kAggregation;
  for (const Reason& reason : names::Reasons()) {
    const Words words = WordsOf(reason.reason_class);
    AppendRow(page, {reason.name, reason.conditions, words.argo, words.flux, reason.meaning,
                     reason.advice});
  }
  page += kOwnRules;
  return page;
}

}  // namespace openchoreo::health
