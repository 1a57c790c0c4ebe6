#include "flux-source/build.h"

#include <algorithm>
#include <set>
#include <span>

#include "common/render/findings.h"
#include "common/render/manifest_files.h"
#include "common/render/option_table.h"
#include "flux-source/parts.h"

namespace openchoreo::flux {

namespace {

constexpr std::size_t kMaxMessageBytes = 30'000;  // a condition holds 32,768 characters

std::string Describe(const render::BindingFacts& binding) {
  return binding.kind + " " + binding.ns + "/" + binding.name;
}

bool CountsAsBinding(const render::BindingFacts& binding) {
  return binding.kind != "ProjectReleaseBinding";
}

}  // namespace

Build Build::Run(render::Renderer& renderer, std::span<source::FileTree* const> trees,
                 const Spec& spec, const std::string& name, render::Options base) {
  Build build;
  build.options_ = std::move(base);
  build.whole_ = std::none_of(spec.split.begin(), spec.split.end(), [](bool key) { return key; });
  if (auto applied = ApplyOptions(spec, build.options_); !applied) {
    build.failure_ = build.message_ = applied.error().message;
    return build;
  }
  // A broken binding holds its artifact alone.
  build.options_.skip_broken = true;
  build.options_.format = render::Format::kYaml;
  build.output_ = renderer.Render(trees, build.options_);
  build.Plan(spec, name);
  return build;
}

void Build::Plan(const Spec& spec, const std::string& name) {
  const std::vector<render::BindingFacts>& bindings = output_.bindings;
  const resource::SourceTable* sources = output_.sources.get();
  message_ = render::FindingsText(output_.diagnostics, sources, kMaxMessageBytes);
  const auto add = [this](const std::string& line) {
    message_ += (message_.empty() ? "" : "\n") + line;
  };
  // A Component without a release goes where its first binding would.
  std::vector<Placement> places;
  const auto place = [&](const std::vector<render::BindingFacts>& all) {
    for (const render::BindingFacts& facts : all) {
      places.push_back(
          {facts.ns, facts.environment, facts.project, facts.data_plane, facts.data_plane_id});
    }
  };
  place(bindings);
  place(output_.underived);
  // Errors by the binding they are of; what belongs to none holds everything.
  std::vector<std::vector<const base::Diagnostic*>> errors(places.size());
  bool unplaced_error = output_.unreadable;
  for (std::size_t i = 0; i < output_.diagnostics.size(); ++i) {
    const base::Diagnostic& diagnostic = output_.diagnostics[i];
    if (diagnostic.severity != base::Severity::kError) continue;
    temporary_ = temporary_ || diagnostic.code == base::ErrorCode::kCancelled;
    const std::size_t subject = output_.subjects[i];
    if (subject >= places.size()) {
      unplaced_error = true;
    } else {
      errors[subject].push_back(&diagnostic);
    }
  }
  std::set<std::string> environments;
  for (const render::EnvironmentFacts& environment : output_.environments) {
    environments.insert(environment.name);
  }
  std::vector<std::size_t> unplaced;
  auto plans = PlanParts(name, spec.split, places, environments, unplaced);
  if (!plans) {
    failure_ = plans.error().message;
    return add(failure_);
  }
  for (const std::size_t i : unplaced) {
    unplaced_error = true;
    if (i < bindings.size() && errors[i].empty()) {
      add(Describe(bindings[i]) + ": it cannot be told which artifact it belongs to");
    }
  }
  if (message_.empty() && output_.unreadable) message_ = "a source cannot be read";
  if (unplaced_error || temporary_) {
    failure_ = message_;
    return;
  }
  groups_.resize(bindings.size());
  for (std::size_t g = 0; g < output_.groups.size(); ++g) {
    const std::size_t binding = output_.groups[g].binding;
    if (binding < bindings.size()) groups_[binding].push_back(g);
  }
  for (PartPlan& plan : *plans) AddPart(spec, plan, errors);
}

void Build::AddPart(const Spec& spec, PartPlan& plan,
                    const std::vector<std::vector<const base::Diagnostic*>>& errors) {
  const std::vector<render::BindingFacts>& bindings = output_.bindings;
  BuiltPart part;
  part.name = std::move(plan.name);
  part.labels = std::move(plan.labels);
  base::Diagnostics own;
  for (const std::size_t i : plan.bindings) {
    for (const base::Diagnostic* error : errors[i]) own.push_back(*error);
    if (!errors[i].empty()) part.state = PartState::kFailed;
    if (i >= bindings.size()) continue;
    part.members.push_back(i);
    part.bindings += CountsAsBinding(bindings[i]) ? 1 : 0;
    for (const std::size_t g : groups_[i]) part.objects += output_.groups[g].size();
    if (bindings[i].failed) part.state = PartState::kFailed;
  }
  if (part.state == PartState::kFailed) {
    part.message = render::FindingsText(own, output_.sources.get(), kMaxMessageBytes);
    if (part.message.empty()) part.message = message_;  // it follows from another's
  } else if (part.members.empty() && (!whole_ || output_.groups.empty())) {
    part.state = PartState::kEmpty;
    part.message = part.name + ": the result is empty";
    if (!spec.allow_empty && !spec.allow_empty_selection) {
      message_ += (message_.empty() ? "" : "\n") + part.message +
                  "\n  hint: spec.allowEmpty announces it empty, which prunes what was applied";
    }
  }
  parts_.push_back(std::move(part));
}

base::Result<void> ApplyOptions(const Spec& spec, render::Options& options) {
  for (const auto& [name, values] : spec.options) {
    OC_TRY_DONE(render::SetOption(options, name, values));
  }
  return {};
}

PartFiles Build::FilesOf(const BuiltPart& part) const {
  std::vector<render::Group> added;
  std::vector<const render::Group*> groups;
  if (whole_) {
    for (const render::Group& group : output_.groups) groups.push_back(&group);
  } else {
    if (options_.namespaces) {
      std::vector<const render::BindingFacts*> members;
      for (const std::size_t i : part.members) {
        if (output_.bindings[i].adds_namespaces) members.push_back(&output_.bindings[i]);
      }
      added = render::AddedNamespaces(members, options_.format);
    }
    for (const render::Group& group : added) groups.push_back(&group);
    for (const std::size_t i : part.members) {
      for (const std::size_t g : groups_[i]) groups.push_back(&output_.groups[g]);
    }
  }
  return PartFiles(groups, std::move(added));
}

PartFiles::PartFiles(std::span<const render::Group* const> groups, std::vector<render::Group> added)
    : added_(std::move(added)) {
  std::vector<render::ManifestFile> manifests = render::LayOut(groups, render::Format::kYaml);
  std::vector<std::string_view> paths;
  paths.reserve(manifests.size());
  for (const render::ManifestFile& file : manifests) paths.push_back(file.path);
  kustomizations_ = render::KustomizationsOf(paths);
  for (render::ManifestFile& file : manifests) {
    files_.emplace_hint(files_.end(), std::move(file.path),
                        artifact::FileView(std::move(file.pieces), file.identity));
  }
  for (const auto& [path, text] : kustomizations_) {
    files_.emplace(path, artifact::FileView{text});
  }
}

std::string LargestFolders(const artifact::FileViews& files) {
  std::map<std::string_view, std::size_t> sizes;
  std::size_t all = 0;
  for (const auto& [path, content] : files) {
    const std::size_t slash = path.rfind('/');
    const std::size_t size = content.size();
    sizes[slash == std::string::npos ? "." : std::string_view(path).substr(0, slash)] += size;
    all += size;
  }
  std::vector<std::pair<std::size_t, std::string_view>> sorted;
  sorted.reserve(sizes.size());
  for (const auto& [folder, size] : sizes) sorted.emplace_back(size, folder);
  std::sort(sorted.rbegin(), sorted.rend());
  std::string text = std::to_string(all) + " bytes of manifests; the largest folders: ";
  for (std::size_t i = 0; i < sorted.size() && i < 5; ++i) {
    text.append(i == 0 ? "" : ", ").append(sorted[i].second);
    text.append(" (").append(std::to_string(sorted[i].first)).append(")");
  }
  return text;
}

}  // namespace openchoreo::flux
