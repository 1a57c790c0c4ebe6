#include "health/metrics_text.h"

#include <initializer_list>
#include <utility>

namespace openchoreo::mapper {

namespace {

void Head(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Plain(std::string& out, std::string_view name, std::string_view help, std::string_view type,
           std::uint64_t value) {
  const std::string full = "openchoreo_health_mapper_" + std::string(name);
  Head(out, full, help, type);
  out.append(full).append(" ").append(std::to_string(value)).append("\n");
}

using Label = std::pair<std::string_view, std::string_view>;

void Labelled(std::string& out, std::string_view name, std::initializer_list<Label> labels) {
  out.append(name).append("{");
  bool first = true;
  for (const auto& [key, value] : labels) {
    if (!first) out += ',';
    first = false;
    out.append(key).append("=\"");
    for (const char c : value) {
      if (c == '\\' || c == '"') out += '\\';
      if (c == '\n') {
        out += "\\n";
      } else {
        out += c;
      }
    }
    out += '"';
  }
  out.append("} 1\n");
}

}  // namespace

std::string MetricsText(const MapperFigures& figures, const std::vector<Judged>& judged,
                        bool leader) {
  std::string out;
  Plain(out, "bindings", "Bindings in the home cluster that this replica looks after.", "gauge",
        figures.bindings);
  Plain(out, "records", "Bindings that have a release record.", "gauge", figures.records);
  Plain(out, "bindings_without_record", "Bindings nothing was delivered for.", "gauge",
        figures.bindings_without_record);
  Plain(out, "records_without_binding", "Records whose binding is not in the home cluster.",
        "gauge", figures.records_without_binding);
  Plain(out, "unreadable_records_total", "ConfigMaps with the label of a record that hold none.",
        "counter", figures.unreadable_records);
  Plain(out, "status_writes_total", "Writes of a binding's status.", "counter", figures.writes);
  Plain(out, "status_write_failures_total", "Writes that failed.", "counter",
        figures.write_failures);
  Plain(out, "status_write_conflicts_total", "Writes that somebody else was faster with.",
        "counter", figures.conflicts);
  Plain(out, "stood_back_total", "Times another writer of conditions made us stand back.",
        "counter", figures.stood_back);
  Plain(out, "standing_back", "Bindings whose conditions another writes now.", "gauge",
        figures.standing_back);
  Plain(out, "leader", "Whether this replica writes.", "gauge", leader ? 1 : 0);
  constexpr std::string_view kCondition = "openchoreo_releasebinding_condition";
  Head(out, kCondition, "Conditions of bindings as they are now.", "gauge");
  for (const Judged& one : judged) {
    for (const health::BindingCondition& condition : one.conditions) {
      Labelled(out, kCondition,
               {{"kind", one.binding.kind},
                {"namespace", one.binding.ns},
                {"name", one.binding.name},
                {"project", one.project},
                {"component", one.component},
                {"environment", one.environment},
                {"type", condition.type},
                {"status", condition.status},
                {"reason", condition.reason}});
    }
  }
  constexpr std::string_view kInfo = "openchoreo_releasebinding_info";
  Head(out, kInfo, "The release each binding has, and in which cluster.", "gauge");
  for (const Judged& one : judged) {
    Labelled(out, kInfo,
             {{"kind", one.binding.kind},
              {"namespace", one.binding.ns},
              {"name", one.binding.name},
              {"project", one.project},
              {"component", one.component},
              {"environment", one.environment},
              {"cluster", one.cluster},
              {"release", one.release}});
  }
  return out;
}

}  // namespace openchoreo::mapper
