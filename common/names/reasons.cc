#include "common/names/reasons.h"

namespace openchoreo::names {
namespace {

using enum ReasonClass;

constexpr Reason kReasons[] = {
    // What must be there before anything can be rendered.
    {"ComponentReleaseNotFound", kFailed, "ReleaseSynced",
     "The ComponentRelease that spec.releaseName names is not in the tree, or none is named.",
     "Commit the ComponentRelease, or name one that exists."},
    {"ProjectReleaseNotSet", kProgressing, "Synced",
     "spec.projectRelease is empty: nothing is pinned yet.", "Pin a ProjectRelease."},
    {"ProjectReleaseNotFound", kFailed, "Synced",
     "The ProjectRelease that spec.projectRelease names is not in the tree.",
     "Commit it, or name one that exists."},
    {"ResourceReleaseNotSet", kProgressing, "Synced",
     "spec.resourceRelease is empty: nothing is pinned yet.", "Pin a ResourceRelease."},
    {"ResourceReleaseNotFound", kFailed, "Synced",
     "The ResourceRelease that spec.resourceRelease names is not in the tree.",
     "Commit it, or name one that exists."},
    {"InvalidReleaseConfiguration", kFailed, "ReleaseSynced, Synced",
     "The release belongs to something else, or its type has no resources.",
     "Compare the owner of binding and release; the message names both."},
    {"EnvironmentNotFound", kFailed, "ReleaseSynced, Synced",
     "The Environment that spec.environment names is not in the tree.",
     "Commit it, or add the source that holds the platform's resources."},
    {"DataPlaneNotFound", kFailed, "ReleaseSynced, Synced",
     "The Environment's data plane is not in the tree.",
     "Commit it, or add the source that holds the platform's resources."},
    {"DataPlaneNotConfigured", kFailed, "ReleaseSynced",
     "The Environment names no data plane (v0.12).", "Set spec.dataPlaneRef of the Environment."},
    {"ComponentNotFound", kFailed, "ReleaseSynced",
     "The Component that owns the release is not in the tree.", "Commit it."},
    {"ProjectNotFound", kFailed, "ReleaseSynced, Synced",
     "The Project that owns the release is not in the tree.", "Commit it."},
    {"ResourceNotFound", kFailed, "Synced",
     "The Resource that owns the release is not in the tree.", "Commit it."},
    // Rendering and applying.
    {"RenderingFailed", kFailed, "ReleaseSynced, Synced",
     "A template, patch, schema or expression failed; the message has upstream's text.",
     "Run `openchoreo-gitops render` on the commit: it tells file and line."},
    {"NamespaceMissing", kFailed, "Synced",
     "The ProjectType renders no Namespace of the project's own name.",
     "Add it to the type's resources with metadata.name ${metadata.namespace}."},
    {"ReleaseOwnershipConflict", kFailed, "ReleaseSynced, Synced",
     "A release of that name belongs to another binding.", "Rename one of the two."},
    {"ReleaseUpdateFailed", kFailed, "ReleaseSynced, Synced",
     "The release could not be written; or objects of the cluster are not of this release.",
     "Look at the operator that delivers the binding: the message names it."},
    {"ReleaseDeletionFailed", kFailed, "ReleaseSynced", "The release could not be deleted.",
     "Look at the operator that delivers the binding."},
    {"ReleaseCreated", kReady, "ReleaseSynced, Synced", "The release was just written.", ""},
    {"ReleaseSynced", kProgressing, "ReleaseSynced, Synced",
     "With True: the release is up to date. As the reason of Ready: it is not made yet, and what "
     "it waits for stands in ConnectionsResolved or ResourceDependenciesReady.",
     "See those conditions."},
    {"ResourceApplyFailed", kFailed, "ResourcesReady, NamespaceReady",
     "The operator could not apply an object; the message is the API server's.",
     "Mend what the API server refuses, or the operator's rights."},
    // What the release waits for.
    {"NoConnections", kReady, "ConnectionsResolved", "The workload has no connections.", ""},
    {"AllConnectionsResolved", kReady, "ConnectionsResolved",
     "Every endpoint the workload connects to has an address.", ""},
    {"ConnectionsPending", kProgressing, "ConnectionsResolved",
     "An endpoint the workload connects to has no address yet.",
     "Deploy the component it names to this environment; status.pendingConnections lists them."},
    {"NoResourceDependencies", kReady, "ResourceDependenciesReady",
     "The workload depends on no Resource.", ""},
    {"AllResourceDependenciesReady", kReady, "ResourceDependenciesReady",
     "Every Resource the workload depends on has its outputs.", ""},
    {"ResourceDependenciesPending", kProgressing, "ResourceDependenciesReady",
     "A Resource the workload depends on has no outputs yet.",
     "See its ResourceReleaseBinding; status.pendingResourceDependencies lists them."},
    {"SyncedNotReady", kProgressing, "NamespaceReady, ResourcesReady, OutputsResolved",
     "It cannot be told while Synced is not True.", "See Synced."},
    // What became of the objects.
    {"NamespaceProgressing", kProgressing, "NamespaceReady",
     "The project's namespace is not there yet, or on its way out.", ""},
    {"NamespaceDegraded", kFailed, "NamespaceReady", "The project's namespace is degraded.",
     "`kubectl describe` the namespace."},
    {"NamespaceReady", kReady, "NamespaceReady", "The project's namespace is there.", ""},
    {"ResourcesProgressing", kProgressing, "ResourcesReady",
     "An object is on its way, not there yet, or not looked at yet; the message names it.",
     "Nothing, unless it lasts."},
    {"ResourcesNotReady", kProgressing, "ResourcesReady", "Objects are not ready (v0.12).",
     "Nothing, unless it lasts."},
    {"ResourcesUnknown", kProgressing, "ResourcesReady",
     "The state of an object cannot be told: it is not there, cannot be read, or its cluster does "
     "not answer.",
     "See whether the operator delivered it, and whether the data plane answers."},
    {"ResourcesDegraded", kFailed, "ResourcesReady", "An object has failed; the message names it.",
     "`kubectl describe` it; see the logs of its pods."},
    {"JobRunning", kProgressing, "ResourcesReady", "The Job runs, or is suspended.", ""},
    {"JobFailed", kFailed, "ResourcesReady", "The Job failed.",
     "See the logs of its pods; a new release runs it again."},
    {"JobCompleted", kReady, "ResourcesReady", "The Job is done.", ""},
    {"CronJobScheduled", kReady, "ResourcesReady", "The CronJob is scheduled, or a run is at work.",
     ""},
    {"CronJobSuspended", kSuspended, "ResourcesReady", "The CronJob is suspended.",
     "Set spec.suspend to false to go on."},
    {"ReadyWithSuspendedResources", kSuspended, "ResourcesReady",
     "The workload is scaled to zero, or paused.", "Scale it out to go on."},
    {"ResourcesReady", kReady, "ResourcesReady", "All objects are ready.", ""},
    {"OutputsResolved", kReady, "OutputsResolved", "All outputs have values.", ""},
    {"OutputResolutionFailed", kProgressing, "OutputsResolved",
     "An output has no value yet: what it reads is not in an object's status.",
     "Nothing, unless it lasts; then see the output's expression in the ResourceType."},
    {"Ready", kReady, "ResourcesReady", "All is well.", ""},
    // The end.
    {"ResourcesUndeployed", kUndeployed, "ReleaseSynced, ResourcesReady",
     "spec.state is Undeploy: the objects are gone, or being removed.",
     "Set spec.state to Active to deploy again."},
    {"Finalizing", kProgressing, "Finalizing", "The object is being deleted.", ""},
    {"RetainHold", kProgressing, "Finalizing",
     "The binding is deleted and held back: its retainPolicy is Retain.",
     "Remove the finalizer when its data is no longer needed."},
};

}  // namespace

std::span<const Reason> Reasons() { return kReasons; }

const Reason* FindReason(std::string_view name) {
  for (const Reason& reason : kReasons) {
    if (reason.name == name) return &reason;
  }
  return nullptr;
}

ReasonClass ClassOfReason(std::string_view name) {
  const Reason* reason = FindReason(name);
  return reason ? reason->reason_class : ReasonClass::kFailed;
}

}  // namespace openchoreo::names
