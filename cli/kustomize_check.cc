#include "cli/kustomize_check.h"

#include <algorithm>
#include <fstream>
#include <istream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "cli/display_prefix.h"
#include "cli/exit_code.h"
#include "cli/kustomize_tree.h"
#include "cli/render.h"
#include "common/base/arena.h"
#include "common/names/labels.h"
#include "common/render/option_table.h"
#include "common/resource/kustomization_tree.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::cli {

namespace {

using resource::ListedConfiguration;

// What a build holds of OpenChoreo.
struct Built {
  std::string source;  // the first OpenChoreo resource that is no rendered object
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
    if (manager.string_or_empty() == names::labels::kManager) {
      built.rendered = true;
    } else if (built.source.empty() &&
               document.root.Get("apiVersion").string_or_empty().starts_with("openchoreo.dev/")) {
      built.source = std::string(document.root.Get("kind").string_or_empty()) + " " +
                     std::string(metadata.Get("name").string_or_empty());
    }
  }
  return built;
}

// A field of spec as the texts an option is set by.
std::vector<std::string> TextsOf(const value::Value& field) {
  if (field.is_bool()) return {field.as_bool() ? "true" : "false"};
  std::vector<std::string> texts;
  if (field.is_string()) texts.emplace_back(field.as_string());
  if (!field.is_list()) return texts;
  for (const value::Value& one : field.as_list()) texts.emplace_back(one.string_or_empty());
  return texts;
}

// Finds what OpenChoreoValidate finds in what was built: it leaves no trace that tells whether it
// was run.
int Validate(const ListedConfiguration& listed, const std::string& name, const std::string& text,
             std::ostream& err) {
  render::Options options;
  std::vector<std::unique_ptr<source::FileTree>> trees;
  trees.push_back(TreeOf(name, text));
  base::Arena arena;
  const auto spec = value::ReadJson(listed.spec.empty() ? "{}" : listed.spec, arena);
  if (!spec) return kBug;
  for (const value::MapEntry& entry : spec->as_map()) {
    const std::string field(entry.key.as_string());
    const std::vector<std::string> texts = TextsOf(entry.value);
    if (field == "root") {
      for (const std::string& root : texts) {
        const std::string path = (listed.folder / root).lexically_normal().string();
        trees.push_back(source::OpenDirectory(path, DisplayPrefix(path), {}));
      }
    } else if (render::FindOption(field) != nullptr) {
      if (const auto set = render::SetOption(options, field, texts); !set) {
        err << "error: " << listed.kind << " " << listed.name << ": spec." << field << ": "
            << set.error().message << "\n";
        return kFailed;
      }
    }
  }
  return RunValidate(trees, options);
}

}  // namespace

int RunKustomizeCheck(const std::string& folder, const std::string& built, std::istream& in,
                      std::ostream& err) {
  std::string file;
  if (!resource::KustomizationIn(folder, file)) {
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
  std::vector<ListedConfiguration> declared = resource::ConfigurationsBelow(folder);
  std::erase_if(declared, [](const ListedConfiguration& one) {
    return !one.api_version.starts_with("gitops.openchoreo.dev/");
  });
  const auto render = std::find_if(declared.begin(), declared.end(),
                                   [](const auto& one) { return one.kind == "OpenChoreoRender"; });
  const auto any = [&](bool ListedConfiguration::*what) {
    return std::any_of(declared.begin(), declared.end(), [&](const auto& one) {
      return one.kind == "OpenChoreoRender" && one.*what;
    });
  };
  std::string why;
  if (render != declared.end()) {
    if (!any(&ListedConfiguration::keeps_sources) && !found.source.empty()) {
      why = "the build holds OpenChoreo resources (" + found.source + ")";
    } else if (!any(&ListedConfiguration::unmarked) && !found.rendered) {
      why = "the build holds nothing it has rendered";
    }
  }
  if (!why.empty()) {
    err << "error: OpenChoreoRender " << render->name << " is declared but was not run: " << why
        << "\n"
        << "hint: an exec function needs kustomize build --enable-alpha-plugins --enable-exec; "
           "kubectl has no --enable-exec: use openchoreo-kustomize-fn install-plugin\n";
    return kFailed;
  }
  // What OpenChoreoRender has consumed, it has judged.
  for (const ListedConfiguration& one : declared) {
    if (one.kind != "OpenChoreoValidate" || found.source.empty()) continue;
    const int judged = Validate(one, built == "-" ? "standard input" : built, text, err);
    if (judged != kOk) return judged;
  }
  return kOk;
}

}  // namespace openchoreo::cli
