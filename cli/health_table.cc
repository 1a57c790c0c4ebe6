#include "cli/health_table.h"

#include "cli/exit_code.h"
#include "common/health/health_table.h"

namespace openchoreo::cli {

namespace {

int PrintScript(const std::string& name, bool zero_is_healthy, std::ostream& out,
                std::ostream& err) {
  const std::string text = health::HealthScriptText(
      zero_is_healthy && name == "binding" ? "binding-zero-is-healthy" : name);
  if (!text.empty()) {
    out << text;
    return kOk;
  }
  err << "error: no script " << name << "; there are:";
  for (const health::HealthScript& script : health::HealthScripts()) err << ' ' << script.name;
  err << '\n';
  return kUsage;
}

}  // namespace

std::vector<std::string> HealthTableKinds() { return {"lua", "cel", "md"}; }

int RunHealthTable(const std::string& kind, const std::string& script, bool zero_is_healthy,
                   std::ostream& out, std::ostream& err) {
  if (kind != "lua" && (zero_is_healthy || !script.empty())) {
    err << "error: --script and --zero-is-healthy are of lua alone\n";
    return kUsage;
  }
  if (!script.empty()) return PrintScript(script, zero_is_healthy, out, err);
  if (kind == "lua") out << health::ArgoConfigText(zero_is_healthy);
  if (kind == "cel") out << health::FluxChecksText();
  if (kind == "md") out << health::HealthPage();
  return kOk;
}

}  // namespace openchoreo::cli
