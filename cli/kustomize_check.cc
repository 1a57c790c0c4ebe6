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
#include "common/render/option_value.h"
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
  const render::OptionSpec root{"root", "", "", "", render::OptionType::kList, {}, ""};
  for (const value::MapEntry& entry : spec->as_map()) {
    const render::OptionSpec* option = render::FindOption(entry.key.as_string());
    const bool is_root = entry.key.as_string() == "root";
    if (!option && !is_root) continue;
    auto texts = render::OptionTexts(is_root ? root : *option, entry.value,
                                     is_root && entry.value.is_string());
    auto set =
        is_root || !texts ? base::Result<void>() : render::SetOption(options, option->name, *texts);
    if (!texts || !set) {
      err << "error: " << listed.kind << " " << listed.name
          << ": spec: " << (texts ? set.error() : texts.error()).message << "\n";
      return kFailed;
    }
    for (const std::string& folder : is_root ? *texts : std::vector<std::string>()) {
      const std::string path = (listed.folder / folder).lexically_normal().string();
      trees.push_back(source::OpenDirectory(path, DisplayPrefix(path), {}));
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
