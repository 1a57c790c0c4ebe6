-- Health of openchoreo.dev/ProjectReleaseBinding: its Ready condition.
local progressing = {
  ProjectReleaseNotSet = true,
  NamespaceProgressing = true,
  NamespaceMissing = true,
  ReleaseSynced = true,
  ReleaseCreated = true,
  ResourcesProgressing = true,
  SyncedNotReady = true,
  Finalizing = true,
}

local ready = nil
if obj.status ~= nil then
  for _, c in ipairs(obj.status.conditions or {}) do
    if c.type == "Ready" then ready = c end
  end
end
if ready == nil then
  return { status = "Progressing", message = "no status yet" }
end
local generation = obj.metadata.generation or 0
if (obj.status.observedGeneration or generation) < generation or (ready.observedGeneration or generation) < generation then
  return { status = "Progressing", message = "the latest change was not looked at yet" }
end

local message = (ready.reason or "") .. ": " .. (ready.message or "")
if ready.status == "True" then
  return { status = "Healthy", message = message }
end
if progressing[ready.reason] then
  return { status = "Progressing", message = message }
end
return { status = "Degraded", message = message }
