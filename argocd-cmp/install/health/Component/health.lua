-- Health of openchoreo.dev/Component: its Ready condition.
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

if ready.status == "True" then
  return { status = "Healthy", message = text(ready) }
end
if ready.status ~= "False" or progressing[ready.reason] then
  return { status = "Progressing", message = text(ready) }
end
return { status = "Degraded", message = text(ready) }
