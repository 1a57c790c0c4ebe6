#include "argocd-cmp/git_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "argocd-cmp/askpass.h"
#include "common/base/printable.h"
#include "common/base/secret.h"
#include "common/base/utf8.h"
#include "common/platform/process/child_process.h"
#include "common/platform/process/temporary_folder.h"
#include "common/render/findings.h"
#include "common/source/ignore_rules.h"
#include "common/source/memory_tree.h"
#include "common/source/path_filter.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;

namespace {

struct UrlParts {
  std::string scheme, user, host, path;  // host with its port
};

bool Parse(std::string_view url, UrlParts& parts) {
  std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    // user@host:path, as ssh has it.
    std::size_t at = url.find('@'), colon = url.find(':');
    if (at == std::string_view::npos || colon == std::string_view::npos || colon < at) return false;
    parts = {"ssh", std::string(url.substr(0, at)), std::string(url.substr(at + 1, colon - at - 1)),
             std::string(url.substr(colon + 1))};
    return !parts.host.empty() && !parts.path.empty();
  }
  parts.scheme = url.substr(0, scheme);
  url.remove_prefix(scheme + 3);
  std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return false;
  std::string_view authority = url.substr(0, slash);
  parts.path = url.substr(slash + 1);
  std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    parts.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  parts.host = authority;
  return !parts.path.empty() && (!parts.host.empty() || parts.scheme == "file");
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// Variables of the request that git and its helpers may see. They come from repo-server; what a
// user writes into an Application arrives as ARGOCD_ENV_* and PARAM_*.
constexpr std::array<std::string_view, 5> kCredentialVariables = {
    "GIT_SSH_COMMAND", "GIT_SSL_NO_VERIFY", "GIT_SSL_CERT", "GIT_SSL_KEY",
    "ARGOCD_GIT_BEARER_AUTH_HEADER"};

// How the operator's network is reached. From this process, never from a request.
constexpr std::array<const char*, 8> kNetworkVariables = {
    "GIT_SSL_CAINFO", "http_proxy", "https_proxy", "HTTPS_PROXY",
    "no_proxy",       "NO_PROXY",   "all_proxy",   "ALL_PROXY"};

// What git and ssh say of a failure, in one line: their first words, without what they say of every
// failure.
std::string Reason(std::string_view text) {
  constexpr std::string_view kNothingNew[] = {"@",
                                              "Warning: Permanently added",
                                              "error: unable to read askpass response",
                                              "fatal: Could not read from remote repository.",
                                              "Please make sure you have the correct access rights",
                                              "and the repository exists."};
  std::string reason;
  for (int lines = 0; !text.empty() && lines < 3;) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    bool skip = line.empty();
    for (std::string_view begin : kNothingNew) skip = skip || line.starts_with(begin);
    if (skip) continue;
    if (lines++ > 0) reason += "; ";
    reason += render::CutBytes(base::WithoutSecrets(line), 300);
  }
  return reason.empty() ? "git gave no reason" : reason;
}

class Git {
 public:
  Git(const GitSource& source, const Environment& environment, std::string clone,
      const base::Cancel& cancel)
      : source_(source), clone_(std::move(clone)), cancel_(cancel) {
    const char* path = std::getenv("PATH");
    environment_ = {std::string("PATH=") + (path ? path : "/usr/local/bin:/usr/bin:/bin"),
                    "HOME=" + clone_,
                    "LANG=C",
                    "GIT_CONFIG_NOSYSTEM=1",
                    "GIT_CONFIG_GLOBAL=/dev/null",
                    "GIT_TERMINAL_PROMPT=0",
                    kPlainSsh};
    for (const char* name : kNetworkVariables) {
      const char* value = std::getenv(name);
      if (value != nullptr) environment_.push_back(std::string(name) + "=" + value);
    }
    own_host_ = HostOf(Lookup(environment, "ARGOCD_APP_SOURCE_REPO_URL"));
    same_host_ = !own_host_.empty() && HostOf(source.url) == own_host_;
    if (!same_host_) return;  // the credentials are for another host
    for (std::string_view name : kCredentialVariables) {
      std::string_view value = Lookup(environment, name);
      if (value.empty()) continue;
      if (name == "GIT_SSH_COMMAND") std::erase(environment_, kPlainSsh);
      environment_.push_back(std::string(name) + "=" + std::string(value));
      if (name == "ARGOCD_GIT_BEARER_AUTH_HEADER") bearer_ = true;
    }
    std::string_view nonce = Lookup(environment, "ARGOCD_GIT_ASKPASS_NONCE");
    std::string_view socket = Lookup(environment, "ARGOCD_ASK_PASS_SOCK");
    if (socket.empty()) {
      const char* ours = std::getenv("ARGOCD_ASK_PASS_SOCK");
      if (ours != nullptr) socket = ours;
    }
    if (nonce.empty() || socket.empty()) return;
    for (std::string& variable : AskpassVariables(nonce, socket))
      environment_.push_back(std::move(variable));
  }

  base::Result<process::CommandResult> Run(std::vector<std::string> arguments,
                                           std::size_t max_output = 1u << 20) {
    process::Command command;
    command.arguments = {"git"};
    for (const char* setting : kSettings) {
      command.arguments.emplace_back("-c");
      command.arguments.emplace_back(setting);
    }
    command.arguments.emplace_back("-c");
    command.arguments.push_back("protocol." + Scheme() + ".allow=always");
    if (bearer_)
      command.arguments.push_back("--config-env=http.extraHeader=ARGOCD_GIT_BEARER_AUTH_HEADER");
    command.arguments.push_back("--git-dir=" + clone_);
    for (std::string& argument : arguments) command.arguments.push_back(std::move(argument));
    command.environment = environment_;
    command.max_output_bytes = max_output;
    command.cancel = cancel_;
    return process::RunCommand(command);
  }

  // What may help after a failure that was explained as `errors`; "" if nothing is known.
  std::string Hint(std::string_view errors) const {
    if (!same_host_ && !own_host_.empty()) {
      return "fetched without credentials: repo-server's are those of the Application's own "
             "repository, on " +
             own_host_;
    }
    if (errors.find("gives no credentials: failed to connect") != std::string_view::npos) {
      return "the socket named by ARGOCD_ASK_PASS_SOCK must lie on a volume that repo-server and "
             "the plugin share";
    }
    if (errors.find("Identity file") != std::string_view::npos) {
      return "repo-server's key file is not to be seen here: its /dev/shm must be shared with the "
             "plugin";
    }
    return "";
  }

 private:
  static constexpr const char* kSettings[] = {
      "core.hooksPath=/dev/null",
      "credential.helper=",
      "http.followRedirects=false",
      // A server that has nothing to say holds a thread no longer than that.
      "http.lowSpeedLimit=1",
      "http.lowSpeedTime=10",
      "transfer.fsckObjects=true",
      "fetch.recurseSubmodules=false",
      "gc.auto=0",
      "safe.directory=*",
      "protocol.allow=never",
  };
  static constexpr const char* kPlainSsh = "GIT_SSH_COMMAND=ssh -oBatchMode=yes";

  std::string Scheme() const {
    UrlParts parts;
    Parse(source_.url, parts);
    return parts.scheme;
  }

  const GitSource& source_;
  std::string clone_;
  const base::Cancel& cancel_;
  std::vector<std::string> environment_;
  std::string own_host_;
  bool same_host_ = false;
  bool bearer_ = false;
};

// As Kubernetes names things: nothing that a glob or a URL reads as more than letters.
bool IsPlainName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

// Credentials belong to the Application's own repository and project: so does what they opened.
std::string KeyOf(const GitSource& source, const Environment& environment) {
  std::string key;
  for (std::string_view part :
       {std::string_view(source.url), std::string_view(source.folder),
        std::string_view(source.commit), Lookup(environment, "ARGOCD_APP_PROJECT_NAME"),
        Lookup(environment, "ARGOCD_APP_SOURCE_REPO_URL")}) {
    key += std::to_string(part.size()) + ":" + std::string(part);
  }
  return key;
}

// Whether "[PROJECT=]URL" allows `url` to the AppProject: both globs, "{project}" in the URL is its
// name.
bool Allows(std::string_view pattern, std::string_view url, std::string_view project) {
  const std::size_t equals = pattern.find('=');
  if (equals < pattern.find_first_of(":/@")) {
    if (!source::GlobMatches(pattern.substr(0, equals), project)) return false;
    pattern.remove_prefix(equals + 1);
  }
  constexpr std::string_view kProject = "{project}";
  std::string filled(pattern);
  for (std::size_t at = 0; (at = filled.find(kProject, at)) != std::string::npos;
       at += project.size()) {
    if (!IsPlainName(project)) return false;
    filled.replace(at, kProject.size(), project);
  }
  return source::GlobMatches(filled, url);
}

// How often a call that waits for another's fetch asks whether it was given up.
constexpr std::chrono::milliseconds kCancellationAsked{100};

}  // namespace

std::string HostOf(std::string_view url) {
  UrlParts parts;
  if (!Parse(url, parts)) return "";
  return parts.scheme + "://" + parts.host;
}

base::Result<GitSource> ParseGitSource(std::string_view text) {
  auto bad = [&](const std::string& why) {
    return Fail(ErrorCode::kUsage, "parameter \"sources\": \"" +
                                       render::CutBytes(base::WithoutSecrets(text), 200) + "\" " +
                                       why + "; write \"<git URL>//folder?ref=<commit>\"");
  };
  for (char c : text) {
    auto u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f) return bad("holds a blank or a character that URLs do not have");
  }
  GitSource source;
  std::size_t query = text.find('?');
  if (query == std::string_view::npos || text.substr(query, 5) != "?ref=")
    return bad("is not pinned");
  source.commit = text.substr(query + 5);
  if ((source.commit.size() != 40 && source.commit.size() != 64) || !IsHex(source.commit)) {
    return bad(
        "is not pinned by a commit of 40 hexadecimal digits: a branch or tag would let one commit "
        "of this "
        "Application render differently tomorrow");
  }
  std::string_view url = text.substr(0, query);
  std::size_t scheme = url.find("://");
  std::size_t folder = url.find("//", scheme == std::string_view::npos ? 0 : scheme + 3);
  if (folder != std::string_view::npos) {
    auto clean = artifact::CleanRelativePath(url.substr(folder + 2));
    if (!clean) return bad("names a folder outside of the repository");
    source.folder = *clean;
    url = url.substr(0, folder);
  }
  UrlParts parts;
  if (url.starts_with('-') || !Parse(url, parts)) return bad("is not a Git URL");
  if (parts.scheme != "https" && parts.scheme != "ssh" && parts.scheme != "http" &&
      parts.scheme != "file") {
    return bad("has a scheme other than https, ssh, http or file");
  }
  if (parts.host.starts_with('-') || parts.user.starts_with('-') || parts.path.starts_with('-')) {
    return bad("is not a Git URL");
  }
  if (("/" + parts.path + "/").find("/../") != std::string::npos) return bad("holds \"..\"");
  if (parts.user.find(':') != std::string::npos)
    return bad("holds a password, which has no place in a parameter");
  source.url = url;
  return source;
}

std::string ShownName(const GitSource& source) {
  const std::size_t slash = source.url.find_last_of("/:");
  std::string name = source.url.substr(slash == std::string::npos ? 0 : slash + 1);
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  if (!source.folder.empty()) name += "/" + source.folder;
  return name + "@" + source.commit.substr(0, 8) + "/";
}

GitSources::GitSources(GitOptions options, source::ContentStore* contents)
    : options_(std::move(options)), contents_(contents) {}

base::Result<void> GitSources::Allow(const GitSource& source,
                                     const Environment& environment) const {
  const std::string_view project = Lookup(environment, "ARGOCD_APP_PROJECT_NAME");
  if (std::any_of(
          options_.allowed.begin(), options_.allowed.end(),
          [&](const std::string& pattern) { return Allows(pattern, source.url, project); })) {
    return {};
  }
  base::Error error;
  error.code = ErrorCode::kUsage;
  error.message = "parameter \"sources\": the operator does not allow the repository " + source.url;
  if (!project.empty()) error.message += " to the project " + base::Printable(project);
  error.hint = enabled()
                   ? "it must match one of the plugin's --allow-source patterns"
                   : "extra sources are off: start the plugin with --allow-source <URL pattern>";
  return Fail(std::move(error));
}

bool GitSources::AtHand(const GitSource& source, const Environment& environment) {
  const std::string key = KeyOf(source, environment);
  std::lock_guard lock(mutex_);
  return sources_.Find(key) != nullptr;
}

base::Result<GitSources::Files> GitSources::Fetch(const GitSource& source,
                                                  const Environment& environment,
                                                  const base::Cancel& cancel) {
  OC_TRY_DONE(Allow(source, environment));
  const std::string key = KeyOf(source, environment);
  std::shared_ptr<std::timed_mutex> clone;
  {
    std::lock_guard lock(mutex_);
    if (const Files* found = sources_.Find(key)) return *found;
    std::shared_ptr<std::timed_mutex>& known = clones_[key];
    if (!known) known = std::make_shared<std::timed_mutex>();
    clone = known;
  }
  std::unique_lock one_at_a_time(*clone, std::defer_lock);
  while (!one_at_a_time.try_lock_for(kCancellationAsked)) {
    if (cancel.is_set())
      return Fail(ErrorCode::kCancelled, "waiting for the fetch of " + source.url + ": cancelled");
  }
  {
    std::lock_guard lock(mutex_);
    if (const Files* found = sources_.Find(key)) return *found;
  }
  base::Result<Files> fetched = FetchNow(source, environment, cancel);
  std::lock_guard lock(mutex_);
  // Whoever waits for it has it; whoever comes later finds the files, or fetches anew.
  clones_.erase(key);
  if (!fetched) return fetched;
  Files files = std::move(*fetched);
  std::size_t bytes = 0;
  for (const source::SourceFile& file : *files) bytes += file.content->size() + file.path.size();
  // The latest stays, however large.
  sources_.Put(key, files, std::min(bytes, options_.cache_bytes));
  return files;
}

base::Result<GitSources::Files> GitSources::FetchNow(const GitSource& source,
                                                     const Environment& environment,
                                                     const base::Cancel& cancel) {
  OC_TRY(const process::TemporaryFolder folder,
         process::TemporaryFolder::Make(options_.work_folder, "source"));
  const std::string& clone = folder.path();
  Git git(source, environment, clone, cancel);
  auto refuse = [&](const std::string& reason, std::string hint) {
    base::Error problem;
    problem.code = ErrorCode::kUnreadableSource;
    problem.message = "cannot fetch " + source.url + " at " + source.commit + ": " + reason;
    problem.hint = std::move(hint);
    return Fail(std::move(problem));
  };
  auto failed = [&](const process::CommandResult& result) {
    return refuse(Reason(result.errors), git.Hint(result.errors));
  };
  OC_TRY(process::CommandResult made, git.Run({"init", "--quiet", "--bare", clone}));
  if (made.exit_code != 0) return failed(made);
  OC_TRY(process::CommandResult fetched,
         git.Run({"fetch", "--quiet", "--no-tags", "--depth=1", "--", source.url, source.commit}));
  if (fetched.exit_code != 0) {
    // A server that gives no single commits: all branches, then look for it.
    OC_TRY(process::CommandResult all, git.Run({"fetch", "--quiet", "--no-tags", "--", source.url,
                                                "+refs/heads/*:refs/heads/*"}));
    if (all.exit_code != 0) return failed(fetched);
    OC_TRY(process::CommandResult there, git.Run({"cat-file", "-e", source.commit + "^{commit}"}));
    if (there.exit_code != 0) return refuse("none of its branches holds this commit", "");
  }
  {
    // The archive is the tree as committed, whatever its own attributes would leave out or rewrite.
    std::error_code error;
    std::filesystem::create_directories(clone + "/info", error);
    std::ofstream attributes(clone + "/info/attributes");
    attributes << "* -export-ignore -export-subst -text -eol\n";
  }
  std::vector<std::string> archive = {"archive", "--format=tar", source.commit};
  if (!source.folder.empty()) archive.insert(archive.end(), {"--", source.folder});
  OC_TRY(process::CommandResult tar, git.Run(std::move(archive), 1u << 30));
  if (tar.exit_code != 0) return failed(tar);

  std::string prefix = source.folder.empty() ? "" : source.folder + "/";
  auto files = std::make_shared<std::vector<source::SourceFile>>();
  artifact::TarLimits limits = options_.limits;
  limits.keep_start_of_large = true;
  artifact::TarVisitor visitor;
  visitor.wanted = [&](std::string_view name, std::uint64_t) {
    return name.starts_with(prefix) && source::MayMatter(name.substr(prefix.size()));
  };
  visitor.file = [&](const std::string& name, std::string bytes) {
    files->push_back(contents_->Intern(name.substr(prefix.size()), std::move(bytes)));
  };
  std::string_view rest = tar.output;
  OC_TRY(
      artifact::TarSummary summary,
      artifact::ReadTar([&]() -> base::Result<std::string_view> { return std::exchange(rest, {}); },
                        limits, visitor));
  (void)summary;
  if (files->empty()) {
    return Fail(ErrorCode::kUsage,
                "parameter \"sources\": " + source.url + " has no resources in \"" +
                    (source.folder.empty() ? "." : source.folder) + "\" at " + source.commit);
  }
  source::SortFiles(*files);
  return Files(std::move(files));
}

}  // namespace openchoreo::argocd
