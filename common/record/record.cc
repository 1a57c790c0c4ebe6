#include "common/record/record.h"

#include "common/base/ascii.h"
#include "common/names/k8s_name.h"
#include "common/value/json_writer.h"

namespace openchoreo::record {
namespace {

// Fields of one JSON object, appended one after the other; keys are the caller's to sort.
class Fields {
 public:
  // `between` stands before every field but the first, beside the comma.
  Fields(std::string& out, std::string_view between) : out_(out), between_(between) {}

  std::string& Key(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    if (!between_.empty()) out_ += between_;
    out_ += '"';
    out_.append(key).append("\":");
    return out_;
  }

  void Text(std::string_view key, std::string_view text) {
    value::AppendJsonString(Key(key), text);
  }

  void TextUnlessEmpty(std::string_view key, std::string_view text) {
    if (!text.empty()) Text(key, text);
  }

  void Number(std::string_view key, std::size_t number) { Key(key) += std::to_string(number); }

 private:
  std::string& out_;
  std::string_view between_;
  bool first_ = true;
};

void AppendPending(std::string& out, const std::vector<PendingDependency>& pending,
                   std::string_view name_key) {
  out += '[';
  for (const PendingDependency& dependency : pending) {
    if (out.back() != '[') out += ',';
    out += '{';
    Fields fields(out, "");
    if (name_key == "component") {
      fields.Text(name_key, dependency.name);
      fields.Text("endpoint", dependency.endpoint);
    }
    fields.Text("namespace", dependency.ns);
    fields.Text("project", dependency.project);
    fields.Text("reason", dependency.reason);
    if (name_key != "component") fields.Text(name_key, dependency.name);
    out += '}';
  }
  out += ']';
}

bool AppendConnections(std::string& out, const std::vector<Connection>& connections,
                       base::Budget& budget) {
  out += '[';
  for (const Connection& connection : connections) {
    if (out.back() != '[') out += ',';
    out += '{';
    Fields fields(out, "");
    fields.Text("component", connection.component);
    fields.Text("endpoint", connection.endpoint);
    fields.Text("project", connection.project);
    if (connection.url.is_map() && !value::AppendJson(fields.Key("url"), connection.url, budget))
      return false;
    fields.Text("visibility", connection.visibility);
    out += '}';
  }
  out += ']';
  return true;
}

void AppendTexts(std::string& out, const std::vector<std::string_view>& texts) {
  out += '[';
  for (const std::string_view text : texts) {
    if (out.back() != '[') out += ',';
    value::AppendJsonString(out, text);
  }
  out += ']';
}

void AppendObject(std::string& out, const RecordedObject& object) {
  out += '{';
  Fields fields(out, "");
  fields.Text("apiVersion", object.api_version);
  fields.TextUnlessEmpty("digest", object.digest);
  fields.Text("id", object.id);
  fields.Text("kind", object.kind);
  fields.Text("name", object.name);
  fields.TextUnlessEmpty("namespace", object.ns);
  out += '}';
}

void AppendEntries(std::string& out, const std::vector<Entry>& entries) {
  out += '[';
  for (const Entry& entry : entries) {
    if (out.back() != '[') out += ',';
    out += '{';
    Fields fields(out, "");
    fields.Text("id", entry.id);
    fields.TextUnlessEmpty("readyWhen", entry.ready_when);
    out += '}';
  }
  out += ']';
}

bool Workload(const Record& record) { return record.binding.kind == "ReleaseBinding"; }

bool Resource(const Record& record) { return record.binding.kind == "ResourceReleaseBinding"; }

}  // namespace

bool AppendRecord(std::string& out, const Record& record, base::Budget& budget) {
  out += '{';
  Fields top(out, "\n");
  {
    top.Key("binding") += '{';
    Fields binding(out, "");
    binding.Text("kind", record.binding.kind);
    binding.Text("name", record.binding.name);
    binding.Text("namespace", record.binding.ns);
    out += '}';
  }
  top.TextUnlessEmpty("componentType", record.component_type);
  if (!record.connections.empty() &&
      !AppendConnections(top.Key("connections"), record.connections, budget)) {
    return false;
  }
  if (record.context.is_map() && !value::AppendJson(top.Key("context"), record.context, budget))
    return false;
  if (!value::AppendJson(top.Key("endpoints"), record.endpoints, budget)) return false;
  if (Resource(record)) AppendEntries(top.Key("entries"), record.entries);
  top.Text("environment", record.environment);
  if (Resource(record) && record.outputs.is_list() &&
      !value::AppendJson(top.Key("outputs"), record.outputs, budget)) {
    return false;
  }
  if (!value::AppendJson(top.Key("owner"), record.owner, budget)) return false;
  if (Workload(record)) {
    top.Key("pending") += "{\"connections\":";
    AppendPending(out, record.pending_connections, "component");
    out += ",\"resources\":";
    AppendPending(out, record.pending_resources, "resourceName");
    out += '}';
  }
  top.Text("release", record.release);
  if (Workload(record)) {
    top.Key("resolved") += '{';
    Fields resolved(out, "");
    resolved.Number("connections", record.resolved_connections);
    resolved.Number("resources", record.resolved_resources);
    out += '}';
  }
  if (!record.resource_dependencies.empty()) {
    AppendTexts(top.Key("resourceDependencies"), record.resource_dependencies);
  }
  top.Key("resources") += '[';
  for (const RecordedObject& object : record.resources) {
    out += &object == record.resources.data() ? "\n" : ",\n";
    AppendObject(out, object);
  }
  out += record.resources.empty() ? "]" : "\n]";
  if (!record.secret_references.empty()) {
    AppendTexts(top.Key("secretReferences"), record.secret_references);
  }
  top.Number("version", static_cast<std::size_t>(record.version));
  out += "\n}\n";
  return true;
}

std::string RecordName(std::string_view kind, std::string_view name) {
  return names::GenerateK8sName(names::kMaxResourceName,
                                {"openchoreo-record", base::AsciiLower(kind), name});
}

}  // namespace openchoreo::record
