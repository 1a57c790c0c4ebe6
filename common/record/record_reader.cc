#include <span>
#include <string>

#include "common/record/record.h"
#include "common/value/json_reader.h"

namespace openchoreo::record {
namespace {

using value::Value;

// Reads fields of maps and remembers the first that is not what a record has there.
class Reader {
 public:
  const std::string& problem() const { return problem_; }

  // `needed`: absent and empty are wrong too.
  std::string_view Text(const Value& map, std::string_view key, bool needed = false) {
    const Value field = Field(map, key);
    if (!field.is_string() && !field.is_null()) Refuse(key, "is no text");
    if (needed && field.string_or_empty().empty()) Refuse(key, "is missing");
    return field.string_or_empty();
  }

  std::int64_t Number(const Value& map, std::string_view key) {
    const Value field = Field(map, key);
    if (field.is_null()) return 0;
    if (!field.is_int() || field.as_int() < 0) Refuse(key, "is no number of things");
    return field.is_int() ? field.as_int() : 0;
  }

  Value Map(const Value& map, std::string_view key) {
    const Value field = Field(map, key);
    if (field.is_map() || field.is_null()) return field;
    Refuse(key, "is no map");
    return {};
  }

  Value List(const Value& map, std::string_view key) {
    const Value field = Field(map, key);
    if (field.is_list() || field.is_null()) return field;
    Refuse(key, "is no list");
    return {};
  }

  std::span<const Value> Items(const Value& map, std::string_view key) {
    const Value list = List(map, key);
    return list.is_list() ? list.as_list() : std::span<const Value>();
  }

  std::vector<std::string_view> Texts(const Value& map, std::string_view key) {
    std::vector<std::string_view> texts;
    for (const Value& item : Items(map, key)) {
      if (!item.is_string()) Refuse(key, "holds what is no text");
      texts.push_back(item.string_or_empty());
    }
    return texts;
  }

  void Refuse(std::string_view key, std::string_view why) {
    if (problem_.empty()) problem_ = std::string(key) + " " + std::string(why);
  }

 private:
  Value Field(const Value& map, std::string_view key) {
    if (!map.is_map() && !map.is_null()) Refuse(key, "stands in no map");
    return map.Get(key);
  }

  std::string problem_;
};

std::vector<PendingDependency> ReadPending(Reader& reader, const Value& pending,
                                           std::string_view key, std::string_view name_key) {
  std::vector<PendingDependency> all;
  for (const Value& item : reader.Items(pending, key)) {
    all.push_back({reader.Text(item, "namespace"), reader.Text(item, "project"),
                   reader.Text(item, name_key), reader.Text(item, "endpoint"),
                   reader.Text(item, "reason")});
  }
  return all;
}

std::vector<Connection> ReadConnections(Reader& reader, const Value& root) {
  std::vector<Connection> connections;
  for (const Value& item : reader.Items(root, "connections")) {
    connections.push_back({reader.Text(item, "project"), reader.Text(item, "component"),
                           reader.Text(item, "endpoint"), reader.Text(item, "visibility"),
                           reader.Map(item, "url")});
  }
  return connections;
}

std::vector<RecordedObject> ReadObjects(Reader& reader, const Value& root) {
  std::vector<RecordedObject> objects;
  for (const Value& item : reader.Items(root, "resources")) {
    objects.push_back({reader.Text(item, "id"), reader.Text(item, "apiVersion", true),
                       reader.Text(item, "kind", true), reader.Text(item, "namespace"),
                       reader.Text(item, "name", true), reader.Text(item, "digest")});
  }
  return objects;
}

Record ReadFields(Reader& reader, const Value& root) {
  Record record;
  record.version = reader.Number(root, "version");
  if (record.version != 1 && record.version != 2) reader.Refuse("version", "is neither 1 nor 2");
  const Value binding = reader.Map(root, "binding");
  record.binding = {reader.Text(binding, "kind", true), reader.Text(binding, "namespace", true),
                    reader.Text(binding, "name", true)};
  record.owner = reader.Map(root, "owner");
  record.environment = reader.Text(root, "environment");
  record.release = reader.Text(root, "release");
  record.component_type = reader.Text(root, "componentType");
  record.endpoints = reader.List(root, "endpoints");
  const Value pending = reader.Map(root, "pending"), resolved = reader.Map(root, "resolved");
  record.pending_connections = ReadPending(reader, pending, "connections", "component");
  record.pending_resources = ReadPending(reader, pending, "resources", "resourceName");
  record.resolved_connections = static_cast<std::size_t>(reader.Number(resolved, "connections"));
  record.resolved_resources = static_cast<std::size_t>(reader.Number(resolved, "resources"));
  record.connections = ReadConnections(reader, root);
  record.resource_dependencies = reader.Texts(root, "resourceDependencies");
  record.secret_references = reader.Texts(root, "secretReferences");
  record.resources = ReadObjects(reader, root);
  for (const Value& item : reader.Items(root, "entries")) {
    record.entries.push_back({reader.Text(item, "id", true), reader.Text(item, "readyWhen")});
  }
  record.outputs = reader.List(root, "outputs");
  record.context = reader.Map(root, "context");
  return record;
}

}  // namespace

base::Result<Record> ReadRecord(std::string_view json, base::Arena& arena) {
  if (json.size() > kMaxBytes) {
    return base::Fail(base::ErrorCode::kLimit, "a release record over 1 MiB");
  }
  auto root = value::ReadJson(json, arena);
  if (!root) return base::Wrap("a release record that is no JSON: ", std::move(root).error());
  if (!root->is_map()) {
    return base::Fail(base::ErrorCode::kInvalidResource, "a release record that is no map");
  }
  Reader reader;
  Record record = ReadFields(reader, *root);
  if (reader.problem().empty()) return record;
  return base::Fail(base::ErrorCode::kInvalidResource, "no release record: " + reader.problem());
}

}  // namespace openchoreo::record
