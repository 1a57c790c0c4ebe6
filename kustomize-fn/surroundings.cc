#include "kustomize-fn/surroundings.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/source/disk_place.h"
#include "kustomize-fn/report.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;
using resource::ListedConfiguration;

constexpr std::string_view kElsewhere =
    "list OpenChoreoRender under transformers: and the OpenChoreo resources under resources:";

// What each kustomization before the function has in one of its lists, with its path from here.
template <typename T>
std::vector<std::pair<std::string, T>> Named(const Surroundings& around,
                                             std::vector<T> resource::Kustomization::*list) {
  std::vector<std::pair<std::string, T>> named;
  for (const resource::PlacedKustomization& one : around.before) {
    const fs::path from_here = one.folder.lexically_relative(around.before.front().folder);
    for (const T& entry : one.content.*list)
      named.emplace_back((from_here / one.file).lexically_normal().generic_string(), entry);
  }
  return named;
}

base::Diagnostic Unreached(std::string message, std::string hint) {
  return Fault(base::ErrorCode::kUsage, std::move(message), std::move(hint),
               base::Severity::kWarning);
}

}  // namespace

Surroundings ReadSurroundings(const std::string& folder, const FunctionConfig& config) {
  Surroundings found;
  if (config.kind.empty()) return found;
  found.before = resource::KustomizationsBefore(folder);
  if (found.before.empty()) return found;
  const resource::Kustomization& own = found.before.front().content;
  for (const auto& [entries, role] : {std::pair(&own.generators, Role::kGenerator),
                                      std::pair(&own.transformers, Role::kTransformer),
                                      std::pair(&own.validators, Role::kValidator)}) {
    for (const ListedConfiguration& listed : resource::ConfigurationsOf(folder, *entries)) {
      if (listed.api_version != config.api_version) continue;
      if (found.role == Role::kTransformer) {
        // One that says it is a generator takes none of the items.
        found.followed |= listed.kind == "OpenChoreoRender" &&
                          listed.content.find(R"("role":"generator")") == std::string::npos;
      } else if (listed.kind == config.kind && listed.name == config.name) {
        found.role = role;
      }
    }
    if (found.role) break;
  }
  return found;
}

base::Diagnostics CheckPlace(const Surroundings& around, const FunctionConfig& config, Role role) {
  base::Diagnostics errors;
  const auto refuse = [&](std::string message, std::string_view hint) {
    errors.push_back(Fault(base::ErrorCode::kUsage, std::move(message), std::string(hint)));
  };
  if (around.role == Role::kValidator) {
    refuse("kustomize itself fails for every function under validators:",
           "list " + config.kind + " under transformers:");
  }
  if (around.role != Role::kGenerator) return errors;
  if (role == Role::kValidator && config.roots.empty()) {
    refuse("under generators: there are no resources to validate",
           "list OpenChoreoValidate under transformers:, or name folders in spec.root");
  }
  // What a generator gives passes through the transformations of its own kustomization.
  if (role != Role::kGenerator || !config.guard || !config.options.include.rendered) return errors;
  const auto& [folder, layer, file, own] = around.before.front();
  const auto changes = [&, &name = file](const std::string& what, std::string_view instead) {
    refuse(what + " of " + name + " would change what this generator renders",
           std::string(instead) + std::string(kElsewhere));
  };
  if (!own.ns.empty()) {
    changes("namespace: " + own.ns,
            "take it out and write spec.namespace: " + own.ns + " here, or ");
  }
  if (!own.name_prefix.empty()) changes("namePrefix: " + own.name_prefix, "");
  if (!own.name_suffix.empty()) changes("nameSuffix: " + own.name_suffix, "");
  if (own.labels_in_selectors) {
    changes("commonLabels",
            "write labels: [{pairs: {...}}] there, which leaves selectors alone, or ");
  }
  return errors;
}

ItemFaults UnreachedImages(const Surroundings& around, const ResourceList& list,
                           const std::vector<std::size_t>& inputs) {
  ItemFaults faults;
  // What one layer configures, the layers around it know too.
  if (std::any_of(around.before.begin(), around.before.end(),
                  [](const auto& one) { return one.content.configured; })) {
    return faults;
  }
  for (const auto& [at, name] : Named(around, &resource::Kustomization::images)) {
    const auto holds = [&, &image = name](std::size_t i) {
      const std::string_view text = list.items[i].text;
      const std::size_t found = text.find("image: " + image);
      return found != std::string_view::npos &&
             text.substr(found).find_first_of(":@\r\n", 7) == 7 + image.size();
    };
    const auto item = std::find_if(inputs.begin(), inputs.end(), holds);
    if (item == inputs.end()) continue;
    faults.emplace_back(*item, Unreached("images: of " + at + " names " + name +
                                             ", but kustomize does not look for images here",
                                         "list openchoreo-kustomizeconfig.yaml under "
                                         "configurations: there; `openchoreo-kustomize-fn "
                                         "kustomizeconfig` prints it"));
  }
  return faults;
}

base::Diagnostics UnreachedFields(const Surroundings& around, const ResourceList& list,
                                  const std::vector<GeneratedItem>& generated) {
  base::Diagnostics faults;
  const auto among = [](const auto& objects, const auto& is) {
    return std::any_of(objects.begin(), objects.end(), is);
  };
  for (const auto& [at, target] : Named(around, &resource::Kustomization::targets)) {
    const auto is = [&wanted = target](const Identity& object) {
      return resource::Selects(wanted, object.api_version, object.kind, object.ns, object.name);
    };
    if (among(list.items, is) || !among(generated, is)) continue;
    const std::string what = target.kind.empty() ? target.name : target.kind;
    faults.push_back(Unreached(
        "patches and replacements of " + at + " reach no " + what + ": they act before rendering",
        "list them in a kustomization around this one, or in a Component "
        "after the one that lists OpenChoreoRender"));
  }
  for (const auto& [at, name] : Named(around, &resource::Kustomization::vars)) {
    const std::string use = "$(" + name + ")";
    const auto holds = [&](const GeneratedItem& item) {
      return item.text.find(use) != std::string::npos;
    };
    if (!among(generated, holds)) continue;
    faults.push_back(
        Unreached(use + " was rendered as it stands: vars: of " + at + " are filled in later",
                  "write replacements: instead"));
  }
  return faults;
}

base::Result<std::unique_ptr<source::FileTree>> OpenRoot(const std::string& working_directory,
                                                         const std::string& root,
                                                         bool allow_parent) {
  std::error_code failed;
  const fs::path here = fs::canonical(working_directory, failed);
  if (failed)
    return base::Fail(base::ErrorCode::kUnreadableSource, "cannot read the working directory");
  const fs::path path = fs::canonical(here / root, failed);
  if (failed) {
    return base::Fail(base::ErrorCode::kUnreadableSource,
                      "spec.root: cannot read " + root + ": " + failed.message());
  }
  if (!allow_parent && !source::IsBelow(path, source::RepositoryOf(here).value_or(here))) {
    return base::Fail(
        base::ErrorCode::kUsage,
        "spec.root: " + root +
            " lies above the repository; set spec.allowParent to read it all the same");
  }
  return source::OpenDirectory(
      path.string(), source::DisplayPrefix(fs::path(root).lexically_normal().string(), here), {});
}

}  // namespace openchoreo::kustomize_fn
