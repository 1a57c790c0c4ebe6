-- Health of openchoreo.dev/ReleaseBinding, from the conditions its controller writes.
local progressing = {
  ReleaseSynced = true,
  ResourceDependenciesPending = true,
  ConnectionsPending = true,
  ResourcesNotReady = true,
  ResourcesProgressing = true,
  ResourcesUnknown = true,
  JobRunning = true,
}

local function condition(name)
  if obj.status == nil or obj.status.conditions == nil then return nil end
  for _, c in ipairs(obj.status.conditions) do
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

if obj.spec ~= nil and obj.spec.state == "Undeploy" then
  local resources = condition("ResourcesReady")
  local message = resources ~= nil and resources.message or ready.message or ""
  -- Health scripts have no string library: the message is compared as a whole.
  if message == "Resources undeployed" then
    return { status = "Suspended", message = message }
  end
  return { status = "Progressing", message = message }
end

if ready.status == "True" then
  local resources = condition("ResourcesReady")
  if resources ~= nil
      and (resources.reason == "ReadyWithSuspendedResources" or resources.reason == "CronJobSuspended") then
    return { status = "Suspended", message = text(resources) }
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
if progressing[ready.reason] then
  return { status = "Progressing", message = text(shown) }
end
return { status = "Degraded", message = text(shown) }
