// From source trees to the files of every artifact: what renders, what fails, what is empty. Pure
// but for the trees it reads.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/artifact/tar_writer.h"
#include "common/base/result.h"
#include "common/render/renderer.h"
#include "common/source/file_tree.h"
#include "flux-source/parts.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

enum class PartState : std::uint8_t { kGood, kFailed, kEmpty };

// One artifact of a build.
struct BuiltPart {
  std::string name;                           // of the ExternalArtifact
  std::map<std::string, std::string> labels;  // of its combination
  PartState state = PartState::kGood;
  std::string message;       // why it is not good
  std::size_t bindings = 0;  // ReleaseBindings and ResourceReleaseBindings in it
  std::size_t objects = 0;
  std::vector<std::size_t> members;  // indexes into Output::bindings
};

// The files of a part, kustomization.yaml in every folder included. Can be moved, not copied. The
// build must outlive it.
class PartFiles {
 public:
  // `groups` outlive it, or are among those of `added`.
  PartFiles(std::span<const render::Group* const> groups, std::vector<render::Group> added);
  PartFiles(PartFiles&&) = default;
  PartFiles& operator=(PartFiles&&) = default;

  const artifact::FileViews& files() const { return files_; }

 private:
  std::vector<render::Group> added_;
  std::map<std::string, std::string> kustomizations_;
  artifact::FileViews files_;  // into the others
};

class Build {
 public:
  // Renders `trees` as `spec` says, for artifacts of the object `name`. Options of `base` that the
  // spec does not name are kept (jobs, cancel).
  static Build Run(render::Renderer& renderer, std::span<source::FileTree* const> trees,
                   const Spec& spec, const std::string& name, render::Options base);

  // Why nothing can be told of any artifact, so that all stay as they are; "" if that is not so.
  const std::string& failure() const { return failure_; }

  // Whether a second try with the same sources may end otherwise (it took too long).
  bool temporary() const { return temporary_; }

  // Everything that is wrong, for people; "" if nothing is.
  const std::string& message() const { return message_; }

  // By name; empty after a failure.
  const std::vector<BuiltPart>& parts() const { return parts_; }

  // The files of a part that is good (or empty).
  PartFiles FilesOf(const BuiltPart& part) const;

 private:
  Build() = default;

  void Plan(const Spec& spec, const std::string& name);
  void AddPart(const Spec& spec, PartPlan& plan,
               const std::vector<std::vector<const base::Diagnostic*>>& errors);

  render::Output output_;
  render::Options options_;
  bool whole_ = false;  // one artifact of everything
  std::string failure_, message_;
  bool temporary_ = false;
  std::vector<BuiltPart> parts_;
  std::vector<std::vector<std::size_t>> groups_;  // of each binding: indexes into Output::groups
};

// Render's options as `spec` has them, on top of `options`. Errors: kUsage, naming the option.
base::Result<void> ApplyOptions(const Spec& spec, render::Options& options);

// "<n> bytes; the largest folders: a/b (n), …": what to split or leave out.
std::string LargestFolders(const artifact::FileViews& files);

}  // namespace openchoreo::flux
