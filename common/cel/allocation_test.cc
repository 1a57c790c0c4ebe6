// Evaluations take no heap memory once their arena has a block: every call of malloc is counted,
// operator new's among them.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "common/cel/program.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace {

std::atomic<std::size_t> g_allocations{0};

}  // namespace

// glibc's own allocator, under the names it keeps for whoever takes its place.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t align, std::size_t size);

void* malloc(std::size_t size) {
  ++g_allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++g_allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size) {
  ++g_allocations;
  return __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t align, std::size_t size) {
  ++g_allocations;
  return __libc_memalign(align, size);
}
}

namespace openchoreo::cel {
namespace {

using value::Value;

class AllocationTest : public testing::Test {
 protected:
  void UseVariables(std::string_view json) {
    const auto vars = value::ReadJson(json, document_);
    ASSERT_TRUE(vars);
    std::vector<std::string> names;
    const Value doubles = value::NumbersAsDoubles(document_, *vars);
    for (const value::MapEntry& entry : doubles.as_map()) {
      names.emplace_back(entry.key.as_string());
      slots_.push_back(entry.value);
    }
    environment_.emplace(std::move(names), Macros::kComponentV1);
  }

  // How often the second evaluation of `expression` allocates.
  std::size_t Allocations(std::string_view expression) {
    const auto program = Compile(expression, *environment_);
    if (!program) ADD_FAILURE() << expression << "\n" << program.error().message;
    if (!program) return 0;
    base::Arena arena(1 << 16);
    EXPECT_TRUE((*program)->Evaluate(slots_, arena, {})) << expression;
    arena.Reset();
    const std::size_t before = g_allocations;
    const bool succeeds = (*program)->Evaluate(slots_, arena, {}).has_value();
    const std::size_t after = g_allocations;
    EXPECT_TRUE(succeeds);
    return after - before;
  }

  base::Arena document_;
  std::vector<Value> slots_;
  std::optional<Environment> environment_;
};

TEST_F(AllocationTest, TheCounterCounts) {
  const std::size_t before = g_allocations;
  std::string text(100, 'x');
  std::free(std::malloc(text.size()));
  EXPECT_EQ(g_allocations - before, 2u);
}

TEST_F(AllocationTest, EvaluationsTakeNoHeapMemory) {
  UseVariables(R"({
    "metadata": {"name": "shop", "componentName": "shop", "environmentName": "dev",
                 "labels": {"a": "x", "b": "y"}},
    "parameters": {"replicas": 3, "cpu": 0.5, "image": "nginx:1.27", "debug": true, "extra": null,
                   "args": ["--port=8080", "-v"], "ports": [{"name": "http", "port": 8080},
                                                            {"name": "admin", "port": 9090}]},
    "derived": {"configVolumeMounts": [{"name": "v"}], "endpointResources": {"api": [{"path": "/"}]}},
    "configurations": {}, "workload": {"endpoints": {"api": {"type": "HTTP", "port": 80}}}})");
  constexpr const char* kExpressions[] = {
      // scalars
      "metadata.name",
      "parameters.replicas > 2.0 && parameters.debug",
      "has(parameters.none) ? parameters.none : oc_omit()",
      "parameters.extra == null || parameters.cpu * 2.0 == 1.0",
      "int(parameters.replicas) + 1",
      "string(int(parameters.replicas)) + 'Mi'",
      "string(parameters.cpu)",
      "double('1.5') + double(int('2'))",
      "metadata.name + '-' + metadata.environmentName",
      "metadata.name.startsWith('sh') && metadata.name.contains('op')",
      "parameters.image.matches('^[a-z]+:[0-9.]+$')",
      "parameters.image.substring(0, 5).upperAscii()",
      "parameters.image.indexOf(':')",
      "parameters.image.replace(':', '@')",
      "parameters.?none.orValue('x')",
      "parameters.args[0].size()",
      "'-v' in parameters.args",
      "math.greatest(int(parameters.replicas), 2)",
      "duration('90s') > duration('1m')",
      "timestamp('2024-02-29T23:59:58Z').getFullYear('+05:30')",
      "oc_hash(metadata.name)",
      "oc_generate_name(metadata.componentName, metadata.environmentName)",
      "oc_dns_label(metadata.name)",
      "parameters.ports.all(p, p.port > 80.0)",
      "parameters.ports.exists(p, p.name == 'admin')",
      // lists and maps
      "{'name': metadata.name, 'replicas': parameters.replicas}",
      "oc_merge(metadata.labels, {'c': 'z'})",
      "parameters.ports.map(p, {'containerPort': p.port})",
      "parameters.ports.filter(p, p.port > 8080.0)",
      "parameters.ports.map(p, p.name).join(',')",
      "parameters.image.split(':')",
      "parameters.args.map(a, a).sort().reverse().distinct()",
      "workload.endpoints.transformMap(k, e, e.type == 'HTTP', e.port)",
      "parameters.ports.transformMapEntry(i, p, {p.name: p.port})",
      "configurations.toContainerVolumeMounts() + [{'name': 'w'}]",
      "workload.toEndpointResources('api').orValue([])",
  };
  for (const char* expression : kExpressions) EXPECT_EQ(Allocations(expression), 0u) << expression;
}

// The expressions cel-go is measured with, where that file is at hand.
TEST_F(AllocationTest, BenchmarkExpressions) {
  std::ifstream file(OPENCHOREO_CEL_BENCHMARK);
  if (!file) GTEST_SKIP() << "no " << OPENCHOREO_CEL_BENCHMARK;
  std::stringstream text;
  text << file.rdbuf();
  const std::string content = text.str();
  const auto json = value::ReadJson(content, document_);
  ASSERT_TRUE(json);
  UseVariables(value::ToJson(json->Get("vars")));
  for (const Value& item : json->Get("exprs").as_list()) {
    const std::string_view expression = item.Get("expr").as_string();
    EXPECT_EQ(Allocations(expression), 0u) << expression;
  }
}

}  // namespace
}  // namespace openchoreo::cel
