#include "cli/kustomize_check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/kustomize_tree.h"
#include "cli/render.h"
#include "common/base/arena.h"
#include "common/names/labels.h"
#include "common/render/function_config.h"
#include "common/resource/kustomization_tree.h"
#include "common/source/disk_place.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::cli {

namespace {

using resource::ListedConfiguration;

constexpr std::string_view kOpenChoreo = "openchoreo.dev/";
constexpr std::string_view kConfigurations = "gitops.openchoreo.dev/";

// A ConfigMap among functions says which one it is for in its annotation alone.
bool IsOurs(const ListedConfiguration& one) {
  return one.api_version.starts_with(kConfigurations) ||
         (one.kind == "ConfigMap" &&
          one.content.find("openchoreo-kustomize-fn") != std::string::npos);
}

// What a build holds of OpenChoreo.
struct Built {
  std::vector<ListedConfiguration> sources;  // OpenChoreo resources that are no rendered objects
  std::string configuration;                 // a configuration among them that nobody took for one
  bool rendered = false;
  bool readable = true;
};

Built Look(const std::string& text) {
  Built built;
  base::RenderLimits limits;
  limits.max_file_bytes = text.size();
  limits.max_nodes = text.size() + limits.max_nodes;
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(text, arena, limits);
  built.readable = read.errors.empty();
  for (const yaml::Document& document : read.documents) {
    const value::Value metadata = document.root.Get("metadata");
    const value::Value manager = metadata.Get("labels", names::labels::kManagedBy);
    const std::string_view api_version = document.root.Get("apiVersion").string_or_empty();
    const std::string kind(document.root.Get("kind").string_or_empty());
    const std::string name(metadata.Get("name").string_or_empty());
    if (manager.string_or_empty() == names::labels::kManager) {
      built.rendered = true;
    } else if (api_version.starts_with(kOpenChoreo)) {
      built.sources.push_back({std::string(api_version), kind, name, ""});
    } else if (api_version.starts_with(kConfigurations) && kind.starts_with("OpenChoreo")) {
      built.configuration = kind + " " + name;
    }
  }
  return built;
}

// One that the kustomization declares.
struct Declared {
  ListedConfiguration listed;
  render::FunctionConfigResult read;

  // Whether OpenChoreo resources end in it. A generator takes none of what is listed beside it.
  bool Consumes() const {
    const render::Role role = read.config.role.value_or(
        listed.generates ? render::Role::kGenerator : render::Role::kTransformer);
    return role == render::Role::kTransformer && !KeepsSources();
  }

  bool KeepsSources() const {
    const render::Include& include = read.config.options.include;
    return include.openchoreo || include.bindings;
  }
};

// A resource of the build that a run of `consumer` would have consumed; nullptr if there is none.
// What passes through an inner kustomization is told by kind and name; a prefix or suffix may have
// been put to it.
const ListedConfiguration* LeftOver(const ListedConfiguration& consumer, const Built& built,
                                    const std::filesystem::path& top) {
  if (built.sources.empty()) return nullptr;
  if (consumer.layer == top) return &built.sources.front();
  const auto layer = resource::KustomizationIn(consumer.layer);
  if (!layer) return nullptr;
  for (const ListedConfiguration& own :
       resource::ConfigurationsOf(consumer.layer, layer->resources)) {
    if (!own.api_version.starts_with(kOpenChoreo)) continue;
    for (const ListedConfiguration& source : built.sources) {
      if (source.kind == own.kind && source.name.find(own.name) != std::string::npos)
        return &source;
    }
  }
  return nullptr;
}

// Why it seems that nothing was run; "" if all was, or nothing is to be.
std::string WhyNotRun(const std::vector<Declared>& renders, const Built& built,
                      const std::filesystem::path& top) {
  // What one keeps, no other has consumed either.
  const bool kept = std::any_of(renders.begin(), renders.end(),
                                [](const Declared& one) { return one.KeepsSources(); });
  bool marks = !renders.empty();  // whether each leaves rendered objects, marked
  for (const Declared& one : renders) {
    const render::Options& options = one.read.config.options;
    marks = marks && options.tracking && options.include.rendered;
    const ListedConfiguration* const left =
        kept || !one.Consumes() ? nullptr : LeftOver(one.listed, built, top);
    if (left) return "the build holds OpenChoreo resources (" + left->kind + " " + left->name + ")";
  }
  return marks && !built.rendered ? "the build holds nothing it has rendered" : "";
}

// Finds what OpenChoreoValidate finds in what was built: it leaves no trace that tells whether it
// was run.
int Validate(const Declared& validation, const std::string& name, const std::string& text,
             std::ostream& err) {
  const auto& [listed, read] = validation;
  for (const base::Diagnostic& error : read.errors) {
    err << "error: " << listed.kind << " " << listed.name << ": spec: " << error.message << "\n";
    return kFailed;
  }
  std::vector<std::unique_ptr<source::FileTree>> trees;
  trees.push_back(TreeOf(name, text));
  for (const std::string& root : read.config.roots) {
    const std::string path = (listed.folder / root).lexically_normal().string();
    trees.push_back(source::OpenDirectory(path, source::DisplayPrefix(path), {}));
  }
  return RunValidate(trees, read.config.options);
}

}  // namespace

int RunKustomizeCheck(const std::string& folder, const std::string& built, std::istream& in,
                      std::ostream& err) {
  if (!resource::KustomizationIn(folder)) {
    err << "error: " << folder << " holds no kustomization\n";
    return kUnreadable;
  }
  std::ifstream opened;
  if (built != "-") opened.open(built, std::ios::binary);
  std::istream& input = built == "-" ? in : opened;
  const std::string text(std::istreambuf_iterator<char>(input), {});
  const Built found = Look(text);
  if (!input.good() && !input.eof()) {
    err << "error: cannot read " << built << "\n";
    return kUnreadable;
  }
  if (!found.readable) {
    err << "error: " << built << " is not what kustomize prints: it does not read as YAML\n";
    return kUnreadable;
  }
  if (!found.configuration.empty()) {
    err << "error: " << found.configuration
        << " is a resource of the build and does nothing there\n"
        << "hint: list it under transformers: or generators:, not under resources:\n";
    return kFailed;
  }
  const std::filesystem::path top = std::filesystem::path(folder).lexically_normal();
  std::vector<Declared> renders, validations;
  base::Arena arena;
  for (ListedConfiguration& one : resource::ConfigurationsBelow(top)) {
    const auto content = value::ReadJson(one.content, arena);
    if (!content || !IsOurs(one)) continue;
    const bool validates = one.kind == "OpenChoreoValidate";
    (validates ? validations : renders)
        .push_back({std::move(one), render::ReadFunctionConfig(*content)});
  }
  if (const std::string why = WhyNotRun(renders, found, top); !why.empty()) {
    const ListedConfiguration& first = renders.front().listed;
    err << "error: " << first.kind << " " << first.name << " is declared but was not run: " << why
        << "\n"
        << "hint: an exec function needs kustomize build --enable-alpha-plugins --enable-exec; "
           "kubectl has no --enable-exec: use openchoreo-kustomize-fn install-plugin\n";
    return kFailed;
  }
  // What OpenChoreoRender has consumed, it has judged.
  for (const Declared& one : validations) {
    if (found.sources.empty()) break;
    const int judged = Validate(one, built == "-" ? "standard input" : built, text, err);
    if (judged != kOk) return judged;
  }
  return kOk;
}

}  // namespace openchoreo::cli
