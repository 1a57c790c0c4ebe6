// The health-table verb: the health rules in the languages of the tools that show them.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace openchoreo::cli {

// "lua", "cel" and "md".
std::vector<std::string> HealthTableKinds();

// Prints one of HealthTableKinds(). `script`, of lua alone: one script's text instead of the lines
// for argocd-cm; `zero_is_healthy`: what is scaled to zero is Healthy, not Suspended. Returns the
// exit code.
int RunHealthTable(const std::string& kind, const std::string& script, bool zero_is_healthy,
                   std::ostream& out, std::ostream& err);

}  // namespace openchoreo::cli
