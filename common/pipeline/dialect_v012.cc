#include "common/pipeline/dialect_v012.h"

#include <string>
#include <string_view>

#include "common/base/go_quote.h"
#include "common/pipeline/component_context.h"
#include "common/pipeline/configurations.h"
#include "common/pipeline/effective_workload.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline::v012 {

namespace {

using value::MakeMap;
using value::MapBuilder;
using value::NonEmpty;
using value::Value;

Value DataPlane(const Value& spec, base::Arena& arena) {
  const Value reference = spec.Get("observabilityPlaneRef");
  const std::string_view plane =
      reference.is_string() ? reference.as_string() : reference.Get("name").string_or_empty();
  return MakeMap(arena,
                 {{"observabilityPlaneRef", NonEmpty(plane)},
                  {"publicVirtualHost", NonEmpty(resource::PublicVirtualHost(spec))},
                  {"secretStore", NonEmpty(spec.Get("secretStoreRef", "name").string_or_empty())}});
}

Value Endpoints(const Value& endpoints, base::Arena& arena) {
  MapBuilder map(arena);
  if (!endpoints.is_map()) return map.Build();
  for (const auto& [name, endpoint] : endpoints.as_map()) {
    const Value schema = endpoint.Get("schema");
    const Value shown =
        schema.is_map()
            ? MakeMap(arena, {{"content", NonEmpty(schema.Get("content").string_or_empty())},
                              {"type", NonEmpty(schema.Get("type").string_or_empty())}})
            : Value::Omit();
    const Value port = endpoint.Get("port");
    map.Add(name.as_string(),
            MakeMap(arena, {{"port", port.is_null() ? Value::Double(0)
                                                    : value::NumbersAsDoubles(arena, port)},
                            {"schema", shown},
                            {"type", Value::String(endpoint.Get("type").string_or_empty())}}));
  }
  return map.Build();
}

}  // namespace

Slots BuildSharedSlots(const ComponentInput& input, base::Arena& arena) {
  Slots slots;
  const Value containers =
      EffectiveContainers(input.workload.Get("containers"),
                          input.binding.Get("workloadOverrides", "containers"), arena);
  MapBuilder container_values(arena), configuration_values(arena);
  if (containers.is_map()) {
    for (const auto& [name, container] : containers.as_map()) {
      const Configurations configurations = ExtractConfigurations(
          container, input.secret_references, EmptyValues::kDropped, arena.budget());
      container_values.Add(name.as_string(), ContainerValue(container, arena));
      configuration_values.Add(name.as_string(),
                               ToValue(configurations, EmptyValues::kDropped, arena));
    }
  }
  slots[kMetadata] =
      value::WithoutKey(arena, MetadataValue(input.metadata, arena), "componentNamespace");
  slots[kDataPlane] = DataPlane(input.data_plane, arena);
  slots[kWorkload] =
      MakeMap(arena, {{"containers", container_values.Build()},
                      {"endpoints", Endpoints(input.workload.Get("endpoints"), arena)}});
  slots[kConfigurations] = configuration_values.Build();
  return slots;
}

Value ForcedLabels(const Metadata& metadata, base::Arena& arena) {
  return MakeMap(arena, {{"openchoreo.dev/component", Value::String(metadata.component_name)},
                         {"openchoreo.dev/environment", Value::String(metadata.environment_name)},
                         {"openchoreo.dev/project", Value::String(metadata.project_name)}});
}

std::string UnsupportedPath(std::span<const patch::Operation> operations) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].path.find("[*]") == std::string_view::npos) continue;
    return "operation #" + std::to_string(i) + " failed: unsupported array index \"*\"";
  }
  return {};
}

std::string PatchErrorText(std::string message, std::string_view path) {
  static constexpr std::string_view kNoMatch = " contains a filter or wildcard but matched";
  static constexpr std::string_view kNoList = "filter expects an array, got ";
  if (const std::size_t at = message.find(kNoMatch); at != std::string::npos) {
    message.replace(at, kNoMatch.size(), " contains a filter but matched");
  } else if (const std::size_t no_list = message.find(kNoList); no_list != std::string::npos) {
    message.resize(no_list);
    message += "path " + base::GoQuote(path) +
               " contains a filter but matched 0 elements (filter criteria not met or target does "
               "not exist)";
  }
  return message;
}

}  // namespace openchoreo::pipeline::v012
