-- Health of openchoreo.dev/*Binding, from the conditions in its status.
-- made by `openchoreo-gitops health-table`; do not edit
local progressing = {
  ProjectReleaseNotSet = true,
  ResourceReleaseNotSet = true,
  ReleaseSynced = true,
  ConnectionsPending = true,
  ResourceDependenciesPending = true,
  SyncedNotReady = true,
  NamespaceProgressing = true,
  ResourcesProgressing = true,
  ResourcesNotReady = true,
  ResourcesUnknown = true,
  JobRunning = true,
  OutputResolutionFailed = true,
  Finalizing = true,
  RetainHold = true,
}
local suspended = {
  CronJobSuspended = true,
  ReadyWithSuspendedResources = true,
}
local undeployed = {
  ResourcesUndeployed = true,
}
local atRest = "Healthy"

local function condition(name)
  if obj.status == nil then return nil end
  for _, c in ipairs(obj.status.conditions or {}) do
    if c.type == name then return c end
  end
  return nil
end

local function text(c)
  local reason, message = c.reason or "", c.message or ""
  if reason == "" then return message end
  if message == "" then return reason end
  return reason .. ": " .. message
end

local generation = obj.metadata.generation or 0
local ready = condition("Ready")

if ready == nil then
  return { status = "Progressing", message = "no status yet" }
end
if (obj.status.observedGeneration or generation) < generation or (ready.observedGeneration or generation) < generation then
  return { status = "Progressing", message = "the latest change was not looked at yet" }
end

if ready.status == "False" and undeployed[ready.reason] then
  -- Health scripts have no string library: the message is compared as a whole.
  if obj.spec ~= nil and obj.spec.state == "Undeploy" and ready.message == "Resources undeployed" then
    return { status = "Suspended", message = text(ready) }
  end
  return { status = "Progressing", message = text(ready) }
end

local resources = condition("ResourcesReady") or {}
if ready.status == "True" then
  if suspended[resources.reason] then
    return { status = atRest, message = text(resources) }
  end
  return { status = "Healthy", message = text(ready) }
end

-- "Release is not synced" says little: what it waits for is in another condition.
local shown = ready
if ready.reason == "ReleaseSynced" then
  for _, name in ipairs({ "ConnectionsResolved", "ResourceDependenciesReady" }) do
    local c = condition(name)
    if c ~= nil and c.status == "False" then
      shown = c
      break
    end
  end
end
if ready.status == "False" and not progressing[ready.reason] then
  return { status = "Degraded", message = text(shown) }
end
return { status = "Progressing", message = text(shown) }
