// What rendering one binding costs, from the release's values to sorted objects: no files, no YAML,
// no output.
//
//   render_benchmark TREE [ROUNDS]
//
// TREE is made by gen_tree.py. Renders its first component ROUNDS (20000) times on one thread and
// prints the time of a binding: with the release compiled beforehand, with its definitions looked
// up by content, and compiled anew.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/template_cache.h"
#include "common/value/map_builder.h"
#include "common/yaml/reader.h"

namespace {

using namespace openchoreo;
using value::Value;

Value ReadSpec(const std::string& path, base::Arena& arena) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const yaml::ReadResult read = yaml::Read(text, arena);
  if (!file || !read.errors.empty() || read.documents.empty()) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(3);
  }
  return read.documents.front().root.Get("spec");
}

Value Labels(base::Arena& arena) {
  return value::MakeMap(
      arena,
      {{"openchoreo.dev/component", Value::String("svc-00-000")},
       {"openchoreo.dev/component-uid", Value::String("7d5c1a92-0b3e-5d6f-8f0e-0a1b2c3d4e5f")},
       {"openchoreo.dev/environment", Value::String("env-00")},
       {"openchoreo.dev/environment-uid", Value::String("2f0e0a1b-2c3d-5e5f-8d5c-1a920b3e5d6f")},
       {"openchoreo.dev/namespace", Value::String("default")},
       {"openchoreo.dev/project", Value::String("project-00")},
       {"openchoreo.dev/project-uid", Value::String("8f0e0a1b-2c3d-5e5f-8d5c-1a920b3e5d6f")}});
}

template <typename Render>
void Measure(const char* name, int rounds, const Render& render) {
  render();  // warm
  const std::clock_t start = std::clock();
  for (int i = 0; i < rounds; ++i) render();
  const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%-28s %8.1f us per binding\n", name, taken * 1e6 / rounds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 20000;
  const std::string tree = argv[1];
  const std::string component =
      tree + "/namespaces/default/projects/project-00/components/svc-00-000/";
  base::Arena inputs;
  const Value release = ReadSpec(component + "release.yaml", inputs);
  std::vector<pipeline::TraitDefinition> traits;
  for (const Value& trait : release.Get("traits").as_list()) {
    traits.push_back(
        {trait.Get("kind").as_string(), trait.Get("name").as_string(), trait.Get("spec"), {}});
  }
  pipeline::ComponentInput input;
  input.component_type_name = release.Get("componentType", "name").as_string();
  input.component_type = release.Get("componentType", "spec");
  input.traits = traits;
  input.profile = release.Get("componentProfile");
  input.workload = release.Get("workload");
  input.binding = ReadSpec(component + "binding-env-00.yaml", inputs);
  input.environment = ReadSpec(tree + "/platform/environments/env-00.yaml", inputs);
  input.data_plane = ReadSpec(tree + "/platform/dataplane.yaml", inputs);
  input.metadata = {"svc-00-000-env-00-1a2b3c4d",
                    "dp-default-project-00-env-00-1a2b3c4d",
                    "default",
                    "svc-00-000",
                    "uid-c",
                    "project-00",
                    "uid-p",
                    "default",
                    "uid-d",
                    "env-00",
                    "uid-e",
                    Labels(inputs),
                    Value(),
                    Labels(inputs)};

  const base::RenderLimits limits;
  base::Arena arena(1 << 20);
  pipeline::TemplateCache cache;
  std::size_t objects = 0;
  const auto render = [&] {
    arena.Reset();
    const auto rendered = pipeline::RenderComponent(input, cache, arena, limits);
    if (!rendered) {
      std::fprintf(stderr, "%s\n", rendered.error().message.c_str());
      std::exit(1);
    }
    objects = rendered->size();
  };
  const auto compiled = pipeline::CompileRelease(input.component_type, input.traits, cache);
  input.compiled = &compiled;
  Measure("compiled beforehand", rounds, render);
  input.compiled = nullptr;
  Measure("looked up by content", rounds, render);
  Measure("compiled anew", rounds / 100 + 1, [&] {
    render();
    cache.Trim(0);
  });
  std::printf("%zu objects\n", objects);
  return 0;
}
