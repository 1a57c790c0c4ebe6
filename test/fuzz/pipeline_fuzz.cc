// Any YAML document of the form {componentType, traits, profile, workload, binding, environment,
// dataPlane, old}: rendering gives objects or an error, and the same ones again from what was
// compiled.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/endpoint_resources.h"
#include "common/pipeline/template_cache.h"
#include "common/value/json_writer.h"
#include "common/yaml/reader.h"
#include "test/fuzz/ceilings.h"

namespace {

using namespace openchoreo;
using value::Value;

std::span<const Value> ItemsOf(const Value& list) {
  return list.is_list() ? list.as_list() : std::span<const Value>();
}

constexpr std::uint64_t kSteps = 2'000'000;
constexpr std::size_t kBytes = 16u << 20;

std::string Render(const Value& document, pipeline::TemplateCache& cache) {
  std::vector<pipeline::TraitDefinition> traits;
  for (const Value& trait : ItemsOf(document.Get("traits"))) {
    traits.push_back({trait.Get("kind").string_or_empty(),
                      trait.Get("name").string_or_empty(),
                      trait.Get("spec"),
                      {1, 0, "/traits"}});
  }
  const std::vector<std::pair<std::string_view, Value>> secrets = {
      {"secret", document.Get("secret")}};
  pipeline::ComponentInput input;
  input.dialect = document.Find("old") ? names::Dialect::kV012 : names::Dialect::kV1;
  input.component_type_name = "deployment/web";
  input.component_type = document.Get("componentType");
  input.component_type_place = {0, 0, "/componentType"};
  input.traits = traits;
  input.profile = document.Get("profile");
  input.workload = document.Get("workload");
  input.binding = document.Get("binding");
  input.environment = document.Get("environment");
  input.data_plane = document.Get("dataPlane");
  input.secret_references = secrets;
  input.metadata.name = "cart-dev";
  input.metadata.ns = "dp";
  input.metadata.component_name = "cart";
  input.metadata.environment_name = "dev";
  base::RenderLimits limits;
  limits.max_cel_steps = 100'000;
  limits.max_for_each_items = 100;
  limits.max_resources_per_binding = 200;
  limits.max_binding_steps = kSteps;
  limits.max_binding_bytes = kBytes;
  limits.max_cel_bytes = 8u << 20;
  base::Budget budget(limits);
  base::Arena arena(budget);
  const auto rendered = pipeline::RenderComponent(input, cache, arena, limits);
  if (!rendered) return "error: " + rendered.error().message + " @" + rendered.error().place.field;
  std::string text;
  for (const auto& resource : *rendered) text += value::ToJson(resource.object, budget) + "\n";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  base::Budget unbounded;
  pipeline::OpenApiRoutes(text, unbounded);
  pipeline::ProtoRoutes(text);
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(text, arena);
  if (read.documents.empty()) return 0;
  const Value& document = read.documents.front().root;
  pipeline::TemplateCache cache;
  std::string first, second;
  {
    const Ceilings ceilings(kSteps, kBytes, size);
    first = Render(document, cache);
  }
  {
    const Ceilings ceilings(kSteps, kBytes, 0);  // everything is compiled
    second = Render(document, cache);
  }
  if (first != second) {
    std::fprintf(stderr, "first:\n%s\nsecond:\n%s\n", first.c_str(), second.c_str());
    std::abort();
  }
  return 0;
}
