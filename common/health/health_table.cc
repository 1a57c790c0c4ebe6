#include "common/health/health_table.h"

#include "common/health/shown.h"
#include "common/names/reasons.h"

namespace openchoreo::health {

using names::Reason;
using names::ReasonClass;

namespace {

constexpr std::string_view kBindings[] = {"ReleaseBinding", "ProjectReleaseBinding",
                                          "ResourceReleaseBinding"};
constexpr std::string_view kRelease[] = {"RenderedRelease"};
constexpr std::string_view kComponent[] = {"Component"};

constexpr HealthScript kScripts[] = {{"binding", kBindings},
                                     {"binding-zero-is-healthy", kBindings},
                                     {"rendered-release", kRelease},
                                     {"component", kComponent}};

constexpr std::string_view kMade = "made by `openchoreo-gitops health-table`; do not edit";

// Calls `add` for every reason of a class, in the table's order.
template <typename Add>
void ForEachOf(ReasonClass wanted, const Add& add) {
  for (const Reason& reason : names::Reasons()) {
    if (reason.reason_class == wanted) add(reason);
  }
}

std::string LuaSet(std::string_view name, ReasonClass wanted) {
  std::string lua = "local " + std::string(name) + " = {\n";
  ForEachOf(wanted, [&](const Reason& reason) {
    lua.append("  ").append(reason.name).append(" = true,\n");
  });
  return lua + "}\n";
}

constexpr std::string_view kLuaStart = R"lua(
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
)lua";

constexpr std::string_view kLuaBinding = R"lua(
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
)lua";

constexpr std::string_view kLuaComponent = R"lua(
if ready.status == "True" then
  return { status = "Healthy", message = text(ready) }
end
if ready.status ~= "False" or progressing[ready.reason] then
  return { status = "Progressing", message = text(ready) }
end
return { status = "Degraded", message = text(ready) }
)lua";

constexpr std::string_view kLuaRelease = R"lua(
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
)lua";

std::string LuaHead(std::string_view what) {
  return "-- Health of " + std::string(what) + ".\n-- " + std::string(kMade) + "\n";
}

std::string BindingScript(bool zero_is_healthy) {
  std::string lua = LuaHead("openchoreo.dev/*Binding, from the conditions in its status");
  lua += LuaSet("progressing", ReasonClass::kProgressing);
  lua += LuaSet("suspended", ReasonClass::kSuspended);
  lua += LuaSet("undeployed", ReasonClass::kUndeployed);
  lua.append("local atRest = \"").append(zero_is_healthy ? "Healthy" : "Suspended").append("\"\n");
  return lua.append(kLuaStart).append(kLuaBinding);
}

// A CEL list of the reasons of two classes.
std::string CelList(std::initializer_list<ReasonClass> classes) {
  std::string cel = "[";
  for (const ReasonClass wanted : classes) {
    ForEachOf(wanted, [&](const Reason& reason) {
      if (cel.size() > 1) cel += ", ";
      cel.append("'").append(reason.name).append("'");
    });
  }
  return cel + "]";
}

// A condition of `type` for which `test` holds, which speaks of it as c.
std::string CelExists(std::string_view type, std::string_view test) {
  std::string cel = "status.conditions.exists(c, c.type == '" + std::string(type) + "'";
  if (!test.empty()) cel.append(" && ").append(test);
  return cel + ")";
}

void AppendIndented(std::string& out, std::string_view text, std::string_view indent) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    if (line != "\n") out += indent;
    out += line;
    text.remove_prefix(line.size());
  }
}

}  // namespace

std::span<const HealthScript> HealthScripts() { return kScripts; }

std::string HealthScriptText(std::string_view name) {
  if (name == "binding") return BindingScript(false);
  if (name == "binding-zero-is-healthy") return BindingScript(true);
  if (name == "rendered-release") {
    std::string lua =
        LuaHead("openchoreo.dev/RenderedRelease: how applying it went, then its worst resource");
    return lua.append(kLuaRelease.substr(1));
  }
  if (name != "component") return "";
  std::string lua = LuaHead("openchoreo.dev/Component: its Ready condition");
  lua += LuaSet("progressing", ReasonClass::kProgressing);
  return lua.append(kLuaStart).append(kLuaComponent);
}

std::string ArgoConfigText(bool zero_is_healthy) {
  std::string yaml =
      "# For argocd-cm: health of OpenChoreo's resources.\n# " + std::string(kMade) + "\ndata:\n";
  for (const HealthScript& script : kScripts) {
    if (script.name == "binding" && zero_is_healthy) continue;
    if (script.name == "binding-zero-is-healthy" && !zero_is_healthy) continue;
    for (const std::string_view kind : script.kinds) {
      yaml.append("  resource.customizations.health.openchoreo.dev_").append(kind).append(": |\n");
      AppendIndented(yaml, HealthScriptText(script.name), "    ");
    }
  }
  return yaml;
}

HealthExpressions BindingExpressions() {
  const std::string progressing = CelList({ReasonClass::kProgressing});
  const std::string no_failure = CelList({ReasonClass::kProgressing, ReasonClass::kUndeployed});
  const std::string undeployed = "c.reason in " + CelList({ReasonClass::kUndeployed});
  HealthExpressions cel;
  cel.in_progress =
      "has(metadata.deletionTimestamp) || !has(status.conditions) || !" + CelExists("Ready", "") +
      " || (has(status.observedGeneration) && status.observedGeneration < metadata.generation) "
      "|| " +
      CelExists("Ready",
                "has(c.observedGeneration) && c.observedGeneration < metadata.generation") +
      " || " + CelExists("Ready", "c.status == 'False' && c.reason in " + progressing) + " || " +
      CelExists("Ready", "c.status == 'False' && " + undeployed + " && c.message != '" +
                             std::string(kUndeployedMessage) + "'");
  cel.failed = CelExists("Ready", "c.status == 'False' && !(c.reason in " + no_failure + ")");
  cel.current = CelExists("Ready", "c.status == 'True'") +
                " || (has(spec.state) && spec.state == 'Undeploy' && " +
                CelExists("Ready", undeployed) + ")";
  return cel;
}

std::string FluxChecksText() {
  const HealthExpressions cel = BindingExpressions();
  std::string yaml = "# For spec of a Kustomization: health of OpenChoreo's bindings.\n# " +
                     std::string(kMade) + "\nhealthCheckExprs:\n";
  const auto add = [&](std::string_view key, std::string_view text) {
    yaml.append("    ").append(key).append(": >-\n      ").append(text).append("\n");
  };
  for (const std::string_view kind : kBindings) {
    yaml.append("  - apiVersion: openchoreo.dev/v1alpha1\n    kind: ").append(kind).append("\n");
    add("inProgress", cel.in_progress);
    add("failed", cel.failed);
    add("current", cel.current);
  }
  return yaml;
}

}  // namespace openchoreo::health
