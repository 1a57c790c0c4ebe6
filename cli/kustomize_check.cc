#include "cli/kustomize_check.h"

#include <algorithm>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "common/base/arena.h"
#include "common/names/labels.h"
#include "common/resource/kustomization_tree.h"
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
    return !one.api_version.starts_with("gitops.openchoreo.dev/") || one.kind != "OpenChoreoRender";
  });
  if (declared.empty()) return kOk;
  const bool keeps = std::any_of(declared.begin(), declared.end(),
                                 [](const auto& one) { return one.keeps_sources; });
  const bool unmarked =
      std::any_of(declared.begin(), declared.end(), [](const auto& one) { return one.unmarked; });
  std::string why;
  if (!keeps && !found.source.empty()) {
    why = "the build holds OpenChoreo resources (" + found.source + ")";
  } else if (!unmarked && !found.rendered) {
    why = "the build holds nothing it has rendered";
  } else {
    return kOk;
  }
  err << "error: OpenChoreoRender " << declared.front().name
      << " is declared but was not run: " << why << "\n"
      << "hint: an exec function needs kustomize build --enable-alpha-plugins --enable-exec; "
         "kubectl has no --enable-exec: use openchoreo-kustomize-fn install-plugin\n";
  return kFailed;
}

}  // namespace openchoreo::cli
