// Extra sources: other repositories whose resources an Application needs, pinned by commit.
//
// Off unless the operator names repositories (--allow-source). Fetched by the real git, with the
// credentials Argo CD hands to the plugin, and only to the host those credentials are for. What was
// fetched is kept per commit, AppProject and source repository, so no tenant is shown what its own
// credentials could not read.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "argocd-cmp/parameters.h"
#include "common/artifact/tar_reader.h"
#include "common/base/cancel.h"
#include "common/base/lru_cache.h"
#include "common/base/result.h"
#include "common/source/content_store.h"

namespace openchoreo::argocd {

struct GitSource {
  std::string url;     // without folder and ref
  std::string folder;  // clean, "" for the root
  std::string commit;  // 40 or 64 hexadecimal digits
};

// "<URL>[//folder]?ref=<commit>", as kustomize writes remote folders; https, ssh (also
// user@host:path), http and file URLs. Errors (kUsage) say what is wrong with `text`, credentials
// in a URL among it.
base::Result<GitSource> ParseGitSource(std::string_view text);

// What stands before the paths of its files in messages: "platform/folder@0123abcd/".
std::string ShownName(const GitSource& source);

// Whether `source` is a folder of the Application's own repository ("/platform") rather than a Git
// URL.
inline bool IsLocalSource(std::string_view source) { return source.starts_with('/'); }

// scheme, host and port of a Git URL in one text; "" if it has none. user@host:path is ssh.
std::string HostOf(std::string_view url);

struct GitOptions {
  // "[PROJECT=]URL": globs over the AppProject's name and the URL; "**" crosses '/', "{project}" in
  // the URL is the project's name.
  std::vector<std::string> allowed;
  std::string work_folder;  // for bare clones; made on demand
  std::size_t cache_bytes = 256u << 20;
  artifact::TarLimits limits;
};

// Thread-safe.
class GitSources {
 public:
  explicit GitSources(GitOptions options, source::ContentStore* contents);

  bool enabled() const { return !options_.allowed.empty(); }

  // Whether the operator allows `source` to the request's AppProject. Errors: kUsage.
  base::Result<void> Allow(const GitSource& source, const Environment& environment) const;

  // Whether Fetch has it already.
  bool AtHand(const GitSource& source, const Environment& environment);

  // The files of `source` below its folder, paths relative to it, sorted. `environment` is the
  // request's. Errors: kUsage (not allowed), kUnreadableSource (git's own last line), kCancelled.
  // Waits while another call fetches the same.
  base::Result<std::shared_ptr<const std::vector<source::SourceFile>>> Fetch(
      const GitSource& source, const Environment& environment, const base::Cancel& cancel);

 private:
  using Files = std::shared_ptr<const std::vector<source::SourceFile>>;

  base::Result<Files> FetchNow(const GitSource& source, const Environment& environment,
                               const base::Cancel& cancel);

  const GitOptions options_;
  source::ContentStore* contents_;
  std::mutex mutex_;
  base::LruCache<std::string, Files> sources_{options_.cache_bytes};
  std::map<std::string, std::shared_ptr<std::timed_mutex>>
      clones_;  // one fetch at a time per clone
};

}  // namespace openchoreo::argocd
