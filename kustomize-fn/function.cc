#include "kustomize-fn/function.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <new>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/out_of_memory.h"
#include "common/base/usable_cpus.h"
#include "common/render/renderer.h"
#include "kustomize-fn/function_config.h"
#include "kustomize-fn/generated_items.h"
#include "kustomize-fn/item_names.h"
#include "kustomize-fn/item_tree.h"
#include "kustomize-fn/report.h"
#include "kustomize-fn/resource_list.h"
#include "kustomize-fn/resource_list_writer.h"
#include "kustomize-fn/results.h"
#include "kustomize-fn/source_root.h"

namespace openchoreo::kustomize_fn {

namespace {

using Indices = std::vector<std::size_t>;

// From this many items on, threads pay for their start.
constexpr std::size_t kManyItems = 500;

base::Diagnostic Fault(base::Severity severity, base::ErrorCode code, std::string message,
                       std::string hint = {}) {
  base::Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = code;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  return diagnostic;
}

class Function {
 public:
  Function(const ResourceList& list, const std::string& working_directory)
      : list_(list), working_directory_(working_directory), reporter_(list, working_directory) {}

  Outcome Run() {
    FunctionConfigResult read = ReadFunctionConfig(list_.function_config);
    if (!read.errors.empty()) {
      for (const base::Diagnostic& error : read.errors)
        results_.push_back(reporter_.ForFunctionConfig(error));
      return Finish(AllItems(), {});
    }
    config_ = std::move(read.config);
    generator_ = IsGenerator();
    if (!generator_) FindInputs();

    if (config_.root.empty() && generator_) config_.root = ".";
    if (!config_.root.empty()) {
      auto opened = OpenRoot(working_directory_, config_.root, config_.allow_parent);
      if (!opened) {
        base::Error error = std::move(opened).error();
        error.place.field = config_.kind == "ConfigMap" ? "/data/root" : "/spec/root";
        results_.push_back(reporter_.ForFunctionConfig(error));
        return Finish(AllItems(), {});
      }
      root_ = *std::move(opened);
    } else if (inputs_.empty()) {
      WarnNothingToRender();
      return Finish(AllItems(), {});
    }
    return generator_ ? Generate() : Transform();
  }

 private:
  Indices AllItems() const {
    Indices all(list_.items.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }

  // kustomize hands a generator its own functionConfig as the only item.
  bool IsGenerator() const {
    if (list_.items.empty()) return !config_.root.empty();
    if (list_.items.size() > 1) return false;
    const Item& item = list_.items.front();
    return !config_.kind.empty() && item.api_version == config_.api_version &&
           item.kind == config_.kind && item.name == config_.name;
  }

  void WarnNothingToRender() {
    results_.push_back(Reporter::ForList(
        Fault(base::Severity::kWarning, base::ErrorCode::kEmptyResult,
              "there are no OpenChoreo resources among the items; they are passed on as they are",
              "list the files of your OpenChoreo resources under resources:")));
  }

  void FindInputs() {
    for (std::size_t i = 0; i < list_.items.size(); ++i) {
      (IsRead(list_.items[i]) ? inputs_ : others_).push_back(i);
    }
  }

  Outcome Generate() {
    const bool validate = config_.task == Task::kValidate;
    std::vector<GeneratedItem> generated;
    const bool failed = !Render(config_.options.include, generated);
    if (failed || validate) return Finish(AllItems(), {});
    return Finish({}, generated);
  }

  Outcome Transform() {
    const render::Include include = config_.options.include;
    std::vector<GeneratedItem> generated;
    const bool failed = !Render(render::Include::kRendered, generated);
    if (!failed && generated.empty() && inputs_.empty()) WarnNothingToRender();
    const bool pass_on = config_.task == Task::kValidate || include == render::Include::kOpenChoreo;
    if (failed || pass_on) return Finish(AllItems(), {});
    Indices kept = include == render::Include::kAll ? AllItems() : others_;
    DropFormerOutput(generated, kept);
    DropProvidedNamespaces(kept, generated);
    return Finish(kept, generated);
  }

  // A second run finds what the first one made among its items: marked by the tracking label, or
  // kept by kpt under the path it was given.
  void DropFormerOutput(const std::vector<GeneratedItem>& generated, Indices& kept) const {
    using Identity =
        std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
    std::multimap<Identity, std::string_view> paths;
    for (const GeneratedItem& made : generated) {
      paths.emplace(Identity(made.api_version, made.kind, made.ns, made.name), made.path);
    }
    std::erase_if(kept, [&](std::size_t i) {
      const Item& item = list_.items[i];
      const auto [first, last] =
          paths.equal_range(Identity(item.api_version, item.kind, item.ns, item.name));
      return std::any_of(first, last, [&](const auto& made) {
        return item.stamped || item.annotations.path == made.second;
      });
    });
  }

  // Namespaces are added where nothing provides them; an item may.
  void DropProvidedNamespaces(const Indices& kept, std::vector<GeneratedItem>& generated) const {
    std::erase_if(generated, [&](const GeneratedItem& made) {
      return made.added_namespace && std::any_of(kept.begin(), kept.end(), [&](std::size_t i) {
               const Item& item = list_.items[i];
               return item.api_version == "v1" && item.kind == "Namespace" &&
                      item.name == made.name;
             });
    });
  }

  // False, with results, if nothing may be emitted.
  bool Render(render::Include include, std::vector<GeneratedItem>& generated) {
    auto resolved = ResolveNames(list_, inputs_, config_.options.default_namespace);
    if (!resolved) {
      results_.push_back(Reporter::ForList(resolved.error()));
      return false;
    }
    for (const AmbiguousReference& error : resolved->errors) {
      base::Diagnostic fault = Fault(base::Severity::kError, base::ErrorCode::kMismatchedReference,
                                     error.message, "refer to one of them by the name it has now");
      fault.place.field = error.field;
      results_.push_back(reporter_.ForItem(fault, error.item));
    }
    if (!results_.empty()) return false;

    ItemTree items(list_, std::move(resolved->documents));
    std::vector<resource::FileTree*> trees;
    if (!inputs_.empty()) trees.push_back(&items);
    if (root_ != nullptr) trees.push_back(root_.get());
    render::Options options = config_.options;
    options.include = include;
    options.format = render::Format::kJson;
    // Items without OpenChoreo resources, a function's own output for one, are passed on.
    options.allow_empty = options.allow_empty || (inputs_.empty() && !generator_);
    if (inputs_.size() >= kManyItems || root_ != nullptr) {
      options.jobs = std::min(base::UsableCpus(), 8u);
    }
    render::Renderer renderer;
    const render::Output output = renderer.Render(trees, options);
    Report(output, items);
    if (output.failed) return false;

    const std::size_t column = list_.items.empty() ? 0 : list_.items.front().column;
    auto made = MakeItems(output.groups, list_.style, column);
    if (!made) {
      results_.push_back(Reporter::ForList(made.error()));
      return false;
    }
    generated = *std::move(made);
    return true;
  }

  void Report(const render::Output& output, const ItemTree& items) {
    const resource::SourceTable none;
    const resource::SourceTable& sources = output.sources != nullptr ? *output.sources : none;
    for (base::Diagnostic diagnostic : output.diagnostics) {
      // An error that onError: skip tolerates must not read as a failure beside exit status 0.
      if (!output.failed && diagnostic.severity == base::Severity::kError) {
        diagnostic.severity = base::Severity::kWarning;
      }
      results_.push_back(reporter_.ForRendering(diagnostic, sources, items));
    }
    if (output.failed && !HasError()) {
      results_.push_back(Reporter::ForList(
          Fault(base::Severity::kError, base::ErrorCode::kInternal, "rendering failed")));
    }
  }

  bool HasError() const { return Has(base::Severity::kError); }

  bool Has(base::Severity severity) const {
    return std::any_of(results_.begin(), results_.end(),
                       [&](const Result& r) { return r.severity == severity; });
  }

  Outcome Finish(const Indices& kept, const std::vector<GeneratedItem>& generated) const {
    Outcome outcome;
    const bool strict_failure = config_.options.strict && Has(base::Severity::kWarning);
    outcome.exit_code = HasError() || strict_failure ? kExitFailed : kExitOk;
    outcome.output = WriteResourceList(list_, kept, generated, results_);
    for (const Result& result : results_) outcome.messages += result.line + "\n";
    return outcome;
  }

  const ResourceList& list_;
  const std::string& working_directory_;
  Reporter reporter_;
  FunctionConfig config_;
  bool generator_ = false;
  Indices inputs_;  // items rendering reads
  Indices others_;
  std::unique_ptr<resource::FileTree> root_;
  Results results_;
};

}  // namespace

namespace {

Outcome Run(const std::string& input, const std::string& working_directory) {
  base::Arena arena;
  auto list = ReadResourceList(input, arena);
  if (!list) {
    Outcome outcome;
    outcome.exit_code = list.error().code == base::ErrorCode::kUsage ? kExitUsage : kExitUnreadable;
    outcome.messages = "error[" + std::string(base::NameOf(list.error().code)) +
                       "]: " + list.error().message + "\n";
    return outcome;
  }
  return Function(*list, working_directory).Run();
}

}  // namespace

Outcome RunFunction(const std::string& input, const std::string& working_directory) {
  try {
    return Run(input, working_directory);
  } catch (const std::bad_alloc&) {
    Outcome outcome;
    outcome.exit_code = kExitFailed;
    outcome.messages = "error[limit]: " + base::OutOfMemory().message + "\n";
    return outcome;
  }
}

}  // namespace openchoreo::kustomize_fn
