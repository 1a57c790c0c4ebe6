// From a received repository to its answer: which trees count, whole-answer cache, rendering,
// encoding. Shared by the server and the `generate` command, so both give the same manifests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "argocd-cmp/git_source.h"
#include "argocd-cmp/manifest_response.h"
#include "argocd-cmp/parameters.h"
#include "argocd-cmp/request_stream.h"
#include "argocd-cmp/response_cache.h"
#include "common/base/cancel.h"
#include "common/base/sha256.h"
#include "common/platform/process/kustomize_build.h"
#include "common/render/renderer.h"
#include "common/source/memory_tree.h"

namespace openchoreo::argocd {

// What a request goes through, told to whoever waits for it.
struct Progress {
  std::function<void(const char*)> phase = [](const char*) {};
  base::Cancel cancel;
};

struct GenerationOptions {
  std::size_t response_cache_bytes = 256u << 20;
  std::size_t renderer_cache_bytes = 512u << 20;
  std::size_t max_response_bytes = 100u << 20;
  unsigned jobs = 1;  // threads of one rendering
};

inline constexpr std::size_t kMaxLoggedWarnings = 50;

struct Generated {
  EncodedResponse response;
  bool cached = false;
  std::size_t bindings = 0;           // 0 when cached
  std::vector<std::string> warnings;  // one line each; empty when cached
};

// Why there is no answer: an error of ours, or a rendering that failed (then `text` holds its
// findings).
struct Refusal {
  base::ErrorCode code = base::ErrorCode::kInternal;
  std::string text;
};

// A request that is ready to be rendered.
struct Question {
  std::vector<std::unique_ptr<source::MemoryTree>> trees;
  base::Sha256Digest key{};  // equal for equal answers
};

// That `sources` names a folder of the repository which is not there.
base::Error NoSuchFolder(const std::string& source);

// Thread-safe.
class Generation {
 public:
  // `git` and `kustomize` must outlive it.
  Generation(const GenerationOptions& options, GitSources* git,
             const process::KustomizeBuild* kustomize);

  // Whether Prepare has to fetch other repositories, which may take as long as its caller waits. No
  // where it refuses one: then it fetches none.
  bool MustFetch(const Request& request, const Parameters& parameters) const;

  // Files of the archive that this request may need; the first step, before they arrive.
  FileFilter WantedFiles(const RequestMetadata& metadata, const Parameters& parameters) const;

  // Everything before rendering: the trees that count (fetched and built where asked), and the key
  // of the answer.
  tl::expected<Question, Refusal> Prepare(const Request& request, const Parameters& parameters,
                                          const Progress& progress);

  // The answer from the cache, if it was given before.
  std::optional<Generated> Known(const Question& question);

  // The answer, rendered unless it is known by now. Whoever asks the same question at the same time
  // renders it twice: RenderQueue keeps them apart.
  tl::expected<Generated, Refusal> Answer(const Question& question, const Parameters& parameters,
                                          const Progress& progress);

  // The same for trees that are at hand (the `generate` command): nothing is cached.
  tl::expected<render::Output, Refusal> Render(const std::vector<source::FileTree*>& trees,
                                               const Parameters& parameters,
                                               const Progress& progress);

  // What the tree offers for parameters. A tree that cannot be read offers nothing.
  render::Inventory TakeInventory(const Request& request, const Parameters& parameters);

  render::Renderer::CacheStats renderer_stats() const { return renderer_.cache_stats(); }

  std::size_t response_cache_bytes() const { return responses_.bytes(); }

 private:
  // Whether all sources are what they should be, and allowed; nothing is fetched for it.
  base::Result<void> CheckSources(const Request& request, const Parameters& parameters) const;

  base::Result<std::vector<std::unique_ptr<source::MemoryTree>>> Trees(const Request& request,
                                                                       const Parameters& parameters,
                                                                       const Progress& progress);

  const GenerationOptions options_;
  GitSources* git_;
  const process::KustomizeBuild* kustomize_;
  render::Renderer renderer_;
  ResponseCache responses_;
};

}  // namespace openchoreo::argocd
