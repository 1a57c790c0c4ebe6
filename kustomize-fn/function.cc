#include "kustomize-fn/function.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/out_of_memory.h"
#include "common/base/usable_cpus.h"
#include "common/names/kind.h"
#include "common/render/findings.h"
#include "common/render/function_config.h"
#include "common/render/renderer.h"
#include "common/render/selected_by.h"
#include "common/resource/kustomization_tree.h"
#include "kustomize-fn/former_output.h"
#include "kustomize-fn/guard.h"
#include "kustomize-fn/item_files.h"
#include "kustomize-fn/item_names.h"
#include "kustomize-fn/output.h"
#include "kustomize-fn/report.h"
#include "kustomize-fn/resource_list.h"
#include "kustomize-fn/surroundings.h"

namespace openchoreo::kustomize_fn {

namespace {

using render::Include;
using Indices = std::vector<std::size_t>;

constexpr std::string_view kNameAll = "name all environments in one OpenChoreoRender";

// From this many items on, threads pay for their start.
constexpr std::size_t kManyItems = 500;

class Function {
 public:
  Function(const ResourceList& list, const std::string& working_directory)
      : list_(list),
        working_directory_(working_directory),
        item_sources_(working_directory),
        reporter_(list, working_directory, item_sources_) {}

  Outcome Run() {
    render::FunctionConfigResult read = render::ReadFunctionConfig(list_.function_config);
    reporter_.TellOfConfig(read.errors);
    config_ = std::move(read.config);
    if (!HasError()) LookAround();
    if (!HasError()) OpenRoots();
    if (HasError()) return PassOn();
    if (role_ != Role::kGenerator && inputs_.empty() && roots_.empty()) {
      TellOfNoInputs();
      return PassOn();
    }
    std::vector<GeneratedItem> generated;
    Render(generated);
    if (HasError() || role_ == Role::kValidator) return PassOn();
    if (role_ == Role::kTransformer) {
      reporter_.TellOfItems(UnreachedImages(around_, list_, inputs_));
      reporter_.TellOfConfig(UnreachedFields(around_, list_, generated));
    }
    // What is passed on and what was rendered, reconciled.
    AddGuards(generated);
    reporter_.TellOfItems(ReplaceFormerOutput(list_, item_sources_, kept_, generated));
    if (HasError()) return PassOn();
    if (has_files_) DropStaleFiles(list_, config_.options, generated, kept_);
    return Finish(kept_, generated);
  }

 private:
  Indices AllItems() const {
    Indices all(list_.items.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }

  // What the function is started as, by whom, and with what.
  void LookAround() {
    for (std::size_t i = 0; i < list_.items.size(); ++i) {
      const Item& item = list_.items[i];
      of_kustomize_ = of_kustomize_ || item.annotations.of_kustomize;
      has_files_ = has_files_ || !item.annotations.path.empty();
      (IsOpenChoreo(item) ? inputs_ : others_).push_back(i);
    }
    const bool only_config = list_.items.size() == 1 && IsOwnConfig(list_.items.front());
    of_kustomize_ = of_kustomize_ || only_config || list_.style == ListStyle::kStream;
    has_files_ = has_files_ && !of_kustomize_;
    if (of_kustomize_) around_ = ReadSurroundings(working_directory_, config_);
    // Under kpt a resource that is left out is a file that is deleted.
    if (has_files_ && !config_.given.contains("include")) config_.options.include = Include::kAll;
    const bool guess =
        only_config ||
        (list_.items.empty() && (list_.style == ListStyle::kStream || !config_.roots.empty()));
    role_ =
        config_.role.value_or(around_.role.value_or(guess ? Role::kGenerator : Role::kTransformer));
    reporter_.TellOfConfig(CheckPlace(around_, config_, role_));
    if (std::any_of(list_.items.begin(), list_.items.end(), TellsOfPart)) {
      reporter_.TellOfConfig(
          {Fault(base::ErrorCode::kEmptyResult,
                 "an OpenChoreoRender before this one has left only the bindings that it selected",
                 std::string(kNameAll))});
    }
    if (role_ == Role::kGenerator && config_.roots.empty()) config_.roots = {"."};
    if (role_ == Role::kGenerator) {
      inputs_.clear();
      others_ = AllItems();
    }
    if (only_config) others_.clear();
  }

  // kustomize hands a generator its own functionConfig as the only item.
  bool IsOwnConfig(const Item& item) const {
    return !config_.kind.empty() && item.api_version == config_.api_version &&
           item.kind == config_.kind && item.name == config_.name;
  }

  // Files are read as they are. The namespace of those that name none is the one that the
  // kustomization of their folder would give them, else this one.
  void OpenRoots() {
    std::set<std::string> namespaces;
    for (std::size_t i = 0; i < config_.roots.size(); ++i) {
      auto opened = OpenRoot(working_directory_, config_.roots[i], config_.allow_parent);
      if (opened) {
        roots_.push_back(*std::move(opened));
        const auto theirs =
            resource::KustomizationIn(std::filesystem::path(working_directory_) / config_.roots[i]);
        if (theirs && !theirs->ns.empty()) namespaces.insert(theirs->ns);
        continue;
      }
      base::Error error = std::move(opened).error();
      error.place.field = config_.kind == "ConfigMap" ? "/data/root" : "/spec/root";
      if (config_.roots.size() > 1) error.place.field = base::JoinPointer(error.place.field, i);
      reporter_.TellOfConfig({std::move(error)});
    }
    if (namespaces.empty() && !roots_.empty() && !around_.before.empty())
      namespaces.insert(around_.before.front().content.ns);
    if (namespaces.size() == 1 && !namespaces.begin()->empty() &&
        !config_.given.contains("namespace")) {
      config_.options.default_namespace = *namespaces.begin();
    }
  }

  // Without OpenChoreo resources there is nothing to do; where others have rendered them before, it
  // is a loss.
  void TellOfNoInputs() {
    const bool rendered = std::any_of(others_.begin(), others_.end(), [&](std::size_t i) {
      return !list_.items[i].release.empty();
    });
    const std::string nothing = "there are no OpenChoreo resources among the items";
    if (rendered && !config_.options.allow_empty) {
      reporter_.TellOfConfig(
          {Fault(base::ErrorCode::kEmptyResult,
                 nothing + ": an OpenChoreoRender before this one has rendered and consumed them",
                 role_ == Role::kValidator ? "list OpenChoreoValidate before OpenChoreoRender"
                                           : std::string(kNameAll))});
    } else if (!rendered) {
      reporter_.TellOfList(Fault(base::ErrorCode::kEmptyResult,
                                 nothing + "; they are passed on as they are",
                                 "list the files of your OpenChoreo resources under resources:",
                                 base::Severity::kWarning));
    }
  }

  // An outer kustomization must not change without a word what was rendered.
  void AddGuards(std::vector<GeneratedItem>& generated) {
    if (!of_kustomize_ || !config_.guard || generated.empty() ||
        !config_.options.include.rendered) {
      return;
    }
    const bool part = emitted_.openchoreo && render::Selects(config_.options);
    auto guards = MakeGuards(generated, part, list_);
    if (!guards) return reporter_.TellOfList(guards.error());
    // First, so that their message comes before kustomize's own about what it has made of the
    // others.
    generated.insert(generated.begin(), std::make_move_iterator(guards->begin()),
                     std::make_move_iterator(guards->end()));
  }

  // What is made of `include`; the rest of it, and what goes on in any case, becomes kept_.
  Include Emitted(Include include, bool renamed) {
    kept_ = around_.followed ? AllItems() : others_;
    if (!include.openchoreo || inputs_.empty()) return include;
    // Files stay what they are, and so do names that the next function or kustomize is to follow.
    if (!of_kustomize_ || renamed || around_.followed) {
      kept_ = AllItems();
      return {true, false, false};
    }
    // As every other door emits them. Kinds that are not read go on as they are.
    for (const std::size_t i : inputs_) {
      if (!names::KindNamed(list_.items[i].kind)) kept_.push_back(i);
    }
    std::sort(kept_.begin(), kept_.end());
    return include;
  }

  // Errors are told if nothing may be emitted.
  void Render(std::vector<GeneratedItem>& generated) {
    auto resolved = ResolveNames(list_, inputs_, config_.options.default_namespace, arena_);
    if (!resolved) return reporter_.TellOfList(resolved.error());
    reporter_.TellOfItems(resolved->errors);
    if (HasError()) return;
    for (const auto& [item, content] : resolved->mended) {
      auto text = ItemText(content, list_);
      if (!text) return reporter_.TellOfList(text.error());
      mended_.emplace(item, *std::move(text));
    }
    source::PlainTree items =
        TreeOfItems(list_, inputs_, std::move(resolved->read_as), item_sources_);
    std::vector<source::FileTree*> trees;
    if (!inputs_.empty()) trees.push_back(&items);
    for (const auto& root : roots_) trees.push_back(root.get());
    render::Options options = config_.options;
    const Include include = options.include;
    emitted_ = options.include = Emitted(include, resolved->renamed);
    // What a transformer reads besides its items is another's.
    if (role_ != Role::kGenerator) options.emitted_trees = inputs_.empty() ? 0 : 1;
    options.format = render::Format::kJson;
    SelectByKnownNames(*resolved, options);
    if (inputs_.size() >= kManyItems || !roots_.empty()) {
      options.jobs = std::min(base::UsableCpus(), 8u);
    }
    render::Renderer renderer;
    const render::Output output = renderer.Render(trees, options);
    Report(output, items);
    if (output.failed) return;

    auto made = MakeItems(output.groups, list_);
    if (!made) return reporter_.TellOfList(made.error());
    const bool as_items = include.openchoreo && !options.include.openchoreo;
    if (!as_items || include.rendered) generated = *std::move(made);
  }

  void Report(const render::Output& output, const source::PlainTree& items) {
    const resource::SourceTable none;
    const resource::SourceTable& sources = output.sources != nullptr ? *output.sources : none;
    // An error that onError: skip tolerates must not read as a failure beside exit status 0.
    const auto tolerated = [&](base::Diagnostics diagnostics) {
      for (base::Diagnostic& diagnostic : diagnostics) {
        if (!output.failed && diagnostic.severity == base::Severity::kError)
          diagnostic.severity = base::Severity::kWarning;
      }
      return diagnostics;
    };
    for (const base::Diagnostic& diagnostic :
         tolerated(render::Told(output.diagnostics, render::Door::kFunction))) {
      reporter_.TellOfRendering(diagnostic, sources, items);
    }
    counts_ = render::CountsLine(tolerated(output.diagnostics), output.bindings_read,
                                 output.follow_ups.size());
    if (output.failed && !HasError())
      reporter_.TellOfList(Fault(base::ErrorCode::kInternal, "rendering failed"));
  }

  bool HasError() const { return reporter_.Has(base::Severity::kError); }

  Outcome PassOn() { return Finish(AllItems(), {}); }

  Outcome Finish(const Indices& kept, const std::vector<GeneratedItem>& generated) {
    if (HasError()) mended_.clear();
    const bool strict_failure = config_.options.strict && reporter_.Has(base::Severity::kWarning);
    return {HasError() || strict_failure ? kExitFailed : kExitOk,
            WriteResourceList(list_, kept, generated, mended_, reporter_.Results()),
            reporter_.lines() + (counts_.empty() ? "" : counts_ + "\n")};
  }

  const ResourceList& list_;
  const std::string& working_directory_;
  base::Arena arena_;
  std::map<std::size_t, std::string> mended_;  // items whose references follow renamed targets
  ItemSources item_sources_;
  Reporter reporter_;
  FunctionConfig config_;
  Surroundings around_;
  Role role_ = Role::kTransformer;
  bool of_kustomize_ = false;  // `kustomize build` runs us
  bool has_files_ = false;     // items carry paths, as under kpt: they are written back to files
  Indices inputs_;             // OpenChoreo resources
  Indices others_;
  Indices kept_;     // items that are passed on
  Include emitted_;  // what rendering gave
  std::vector<std::unique_ptr<source::FileTree>> roots_;
  std::string counts_;  // of what rendering found
};

}  // namespace

Outcome RunFunction(const std::string& input, const std::string& working_directory,
                    const std::optional<std::string>& plugin_config) {
  auto outcome = base::CatchOutOfMemory([&]() -> base::Result<Outcome> {
    base::Arena arena;
    OC_TRY(const ResourceList list, plugin_config ? ReadStream(input, *plugin_config, arena)
                                                  : ReadResourceList(input, arena));
    return Function(list, working_directory).Run();
  });
  if (outcome) return *std::move(outcome);
  const base::Error& error = outcome.error();
  const int exit_code = error.code == base::ErrorCode::kUsage   ? kExitUsage
                        : error.code == base::ErrorCode::kLimit ? kExitFailed
                                                                : kExitUnreadable;
  return {exit_code, "",
          "error[" + std::string(base::NameOf(error.code)) + "]: " + error.message + "\n"};
}

}  // namespace openchoreo::kustomize_fn
