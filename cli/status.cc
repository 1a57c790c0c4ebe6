#include "cli/status.h"

#include <algorithm>
#include <functional>
#include <set>

#include "cli/exit_code.h"
#include "common/base/edit_distance.h"
#include "common/base/printable.h"
#include "common/platform/kube/access.h"
#include "common/platform/service/clock.h"
#include "common/value/json_writer.h"

namespace openchoreo::cli {

using base::ErrorCode;
using mapper::SnapshotRow;

namespace {

using Rows = std::vector<SnapshotRow>;
using FieldOf = std::function<const std::string&(const SnapshotRow&)>;

// A list of names, at most ten of them.
std::string Listed(const std::set<std::string>& names) {
  std::string text;
  std::size_t count = 0;
  for (const std::string& name : names) {
    if (++count > 10) return text + " …";
    text.append(count > 1 ? ", " : "").append(base::Printable(name));
  }
  return text.empty() ? "none" : text;
}

// Every name that is asked for must be one that is there.
base::Result<void> CheckNames(const std::string& what, const std::vector<std::string>& wanted,
                              const Rows& rows, const FieldOf& field) {
  std::set<std::string> there;
  for (const SnapshotRow& row : rows) {
    if (!field(row).empty()) there.insert(field(row));
  }
  for (const std::string& name : wanted) {
    if (there.contains(name)) continue;
    std::string text = "the cluster has nothing of " + what + " \"" + base::Printable(name) + "\"";
    const auto distance = [&](const std::string& other) {
      return base::EditDistance(name, other, 2);
    };
    const auto nearest = std::ranges::min_element(there, {}, distance);
    if (nearest != there.end() && distance(*nearest) <= 2) {
      text += "; did you mean \"" + base::Printable(*nearest) + "\"?";
    }
    return base::Fail(ErrorCode::kUsage, text + " (there: " + Listed(there) + ")");
  }
  return {};
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool Selects(const StatusCommand& command, const SnapshotRow& row) {
  const auto allows = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || Has(names, name);
  };
  const bool anything = command.components.empty() && command.resources.empty();
  return allows(command.organizations, row.binding.ns) &&
         allows(command.environments, row.environment) && allows(command.projects, row.project) &&
         (anything || Has(command.components, row.component) ||
          Has(command.resources, row.resource));
}

std::string_view FoundOf(const SnapshotRow& row) {
  if (!row.has_record) return "binding only";
  return row.has_binding ? "both" : "record only";
}

// How many columns of a terminal it takes, near enough: code points.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string TableOf(const Rows& rows, bool wide) {
  using Line = std::vector<std::string>;
  std::vector<Line> lines = {{"NAMESPACE", "KIND", "NAME", "ENVIRONMENT", "HEALTH", "READY",
                              "REASON", "RELEASE", "FOUND"}};
  if (wide) lines.front().insert(lines.front().end(), {"PROJECT", "OF", "MESSAGE"});
  for (const SnapshotRow& row : rows) {
    Line line = {row.binding.ns,  row.binding.kind, row.binding.name,
                 row.environment, row.health,       row.ready,
                 row.reason,      row.release,      std::string(FoundOf(row))};
    if (wide) {
      line.insert(line.end(),
                  {row.project, row.component.empty() ? row.resource : row.component, row.message});
    }
    for (std::string& cell : line) cell = cell.empty() ? "-" : base::Printable(cell);
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], WidthOf(line[i]));
  }
  std::string text;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) text.append(widths[i] + 3 - WidthOf(line[i]), ' ');
    }
    text += '\n';
  }
  return text;
}

std::string JsonOf(const Rows& rows) {
  std::string text = "{\"version\":1,\"bindings\":[";
  for (const SnapshotRow& row : rows) {
    text += &row == rows.data() ? "\n{" : ",\n{";
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"kind", row.binding.kind},       {"namespace", row.binding.ns},
        {"name", row.binding.name},       {"project", row.project},
        {"component", row.component},     {"resource", row.resource},
        {"environment", row.environment}, {"release", row.release},
        {"health", row.health},           {"ready", row.ready},
        {"reason", row.reason},           {"message", row.message}};
    for (const auto& [key, field] : fields) {
      text.append("\"").append(key).append("\":");
      if (field.empty()) {
        text += "null";
      } else {
        value::AppendJsonString(text, field);
      }
      text += ',';
    }
    text.append("\"inCluster\":{\"binding\":").append(row.has_binding ? "true" : "false");
    text.append(",\"record\":").append(row.has_record ? "true" : "false").append("}}");
  }
  return text + (rows.empty() ? "]}\n" : "\n]}\n");
}

base::Result<mapper::Snapshot> Read(const StatusCommand& command) {
  OC_TRY(kube::Access access, kube::FindUserAccess(command.kubeconfig, command.context));
  http::ClientOptions options;
  options.user_agent = "openchoreo-gitops";
  http::Client http(options);
  OC_TRY(const auto client, kube::Client::Connect(std::move(access), http));
  auto snapshot =
      mapper::TakeSnapshot(*client, command.mode, service::SystemClock(), base::Cancel());
  if (!snapshot) return base::Wrap(client->server() + ": ", snapshot.error());
  return snapshot;
}

}  // namespace

base::Result<Rows> SelectRows(const StatusCommand& command, const Rows& rows) {
  const auto organization = [](const SnapshotRow& row) -> auto& { return row.binding.ns; };
  OC_TRY_DONE(CheckNames("organization", command.organizations, rows, organization));
  OC_TRY_DONE(CheckNames("environment", command.environments, rows,
                         std::mem_fn(&SnapshotRow::environment)));
  OC_TRY_DONE(CheckNames("project", command.projects, rows, std::mem_fn(&SnapshotRow::project)));
  OC_TRY_DONE(
      CheckNames("component", command.components, rows, std::mem_fn(&SnapshotRow::component)));
  OC_TRY_DONE(CheckNames("resource", command.resources, rows, std::mem_fn(&SnapshotRow::resource)));
  Rows selected;
  std::ranges::copy_if(rows, std::back_inserter(selected),
                       [&](const SnapshotRow& row) { return Selects(command, row); });
  return selected;
}

std::string StatusText(const Rows& rows, const std::string& format) {
  return format == "json" ? JsonOf(rows) : TableOf(rows, format == "wide");
}

int RunStatus(const StatusCommand& command, std::ostream& out, std::ostream& err) {
  const auto refuse = [&](const base::Error& error) {
    err << "error: " << base::Printable(error.message) << "\n";
    return error.code == ErrorCode::kUsage ? kUsage : kUnreadable;
  };
  const auto snapshot = Read(command);
  if (!snapshot) return refuse(snapshot.error());
  const auto rows = SelectRows(command, snapshot->rows);
  if (!rows) return refuse(rows.error());
  if (rows->empty() && command.format != "json") {
    err << "no bindings and no release records\n";
  } else {
    out << StatusText(*rows, command.format);
  }
  for (const auto* sentences : {&snapshot->unread, &snapshot->no_records}) {
    for (const std::string& sentence : *sentences) {
      err << "error: " << base::Printable(sentence) << "\n";
    }
  }
  if (!snapshot->no_records.empty()) return kWrongDocument;
  return snapshot->unread.empty() ? kOk : kUnreadable;
}

}  // namespace openchoreo::cli
