-- Health of openchoreo.dev/RenderedRelease: how applying it went, then its worst resource.
-- made by `openchoreo-gitops health-table`; do not edit
local order = { Healthy = 0, Suspended = 1, Progressing = 2, Unknown = 3, Degraded = 4 }

if obj.status == nil then
  return { status = "Progressing", message = "no status yet" }
end

local applied = nil
for _, c in ipairs(obj.status.conditions or {}) do
  if c.type == "ResourcesApplied" then applied = c end
end
local generation = obj.metadata.generation or 0
if applied ~= nil and applied.status == "False" and (applied.observedGeneration or generation) >= generation then
  return { status = "Degraded", message = (applied.reason or "") .. ": " .. (applied.message or "") }
end
if applied == nil or (applied.observedGeneration or generation) < generation then
  return { status = "Progressing", message = "not applied yet" }
end

local worst, which, count = "Healthy", "", 0
for _, r in ipairs(obj.status.resources or {}) do
  count = count + 1
  local health = r.healthStatus or "Unknown"
  if order[health] == nil then health = "Unknown" end
  if order[health] > order[worst] then
    worst = health
    which = (r.kind or "?") .. "/" .. (r.name or "?")
  end
end
if worst == "Healthy" then
  return { status = "Healthy", message = tostring(count) .. " resources are healthy" }
end
-- A resource that is not there (yet) is Unknown to OpenChoreo; to a rollout it is on its way.
if worst == "Unknown" then
  return { status = "Progressing", message = which .. " has no known state" }
end
return { status = worst, message = which .. ": " .. worst }
