#include "argocd-cmp/commands.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "argocd-cmp/findings.h"
#include "argocd-cmp/repository_root.h"
#include "common/base/exit_code.h"
#include "common/base/printable.h"
#include "common/resource/repository.h"
#include "common/source/disk_place.h"
#include "common/source/file_tree.h"
#include "common/value/json_writer.h"

namespace openchoreo::argocd {

namespace {

int Refused(const base::Error& error) {
  std::fprintf(stderr, "%s\n", render::ErrorText(error, kMaxFindingsBytes).c_str());
  return base::ExitCodeOf(error.code);
}

using Trees = std::vector<std::unique_ptr<source::FileTree>>;

// A folder of the unpacked repository that `sources` names. The error is the native server's.
base::Result<std::unique_ptr<source::FileTree>> OpenLocalSource(
    const std::filesystem::path& root, const std::string& source,
    const source::DirectoryOptions& filter) {
  OC_TRY(const std::string below, artifact::CleanRelativePath(std::string_view(source).substr(1)));
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::canonical(root / below, error);
  // A link that leads out of the repository is no folder of it.
  if (error || !source::IsBelow(folder, root) || !std::filesystem::is_directory(folder, error)) {
    return Fail(NoSuchFolder(source));
  }
  auto tree = source::OpenDirectory(folder.string(), below.empty() ? "/" : below + "/", filter);
  OC_TRY(const std::vector<std::string> files, tree->List());
  if (files.empty()) return Fail(NoSuchFolder(source));
  return tree;
}

base::Result<Trees> OpenTrees(const std::string& folder, const Parameters& parameters,
                              const Environment& environment, GitSources& git,
                              const process::KustomizeBuild& kustomize) {
  // Links are passed over, as the server passes over those of an archive.
  source::DirectoryOptions filter{.exclude = parameters.exclude, .links = false};
  Trees trees;
  if (parameters.kustomize) {
    if (!kustomize.available()) {
      return base::Fail(base::ErrorCode::kUsage,
                        "parameter \"kustomize\" is true, but there is no kustomize");
    }
    OC_TRY(std::string built, kustomize.BuildFolder(folder, base::Cancel()));
    source::ContentStore store;
    std::vector<source::SourceFile> files = {
        store.Intern("kustomize-build.yaml", std::move(built))};
    trees.push_back(
        std::make_unique<source::MemoryTree>(files, "", "", source::DirectoryOptions{}));
  } else {
    trees.push_back(source::OpenDirectory(folder, "", filter));
  }
  for (const std::string& source : parameters.sources) {
    if (IsLocalSource(source)) {
      OC_TRY(const std::string root, RepositoryRoot(folder, environment));
      OC_TRY(auto tree, OpenLocalSource(root, source, filter));
      trees.push_back(std::move(tree));
      continue;
    }
    OC_TRY(GitSource parsed, ParseGitSource(source));
    OC_TRY(auto files, git.Fetch(parsed, environment, base::Cancel()));
    trees.push_back(std::make_unique<source::MemoryTree>(*files, "", ShownName(parsed), filter));
  }
  return trees;
}

bool WriteAll(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  std::sort(environment.begin(), environment.end());
  return environment;
}

int RunGenerate(const std::string& folder, Generation& generation, GitSources& git,
                const process::KustomizeBuild& kustomize) {
  Environment environment = ProcessEnvironment();
  auto parameters = ReadParameters(environment);
  if (!parameters) return Refused(parameters.error());
  auto trees = OpenTrees(folder, *parameters, environment, git, kustomize);
  if (!trees) return Refused(trees.error());
  std::vector<source::FileTree*> views;
  for (const auto& tree : *trees) views.push_back(tree.get());
  auto output = generation.Render(views, *parameters, Progress{});
  if (!output) {
    std::fprintf(stderr, "%s\n", output.error().text.c_str());
    return base::ExitCodeOf(output.error().code);
  }
  render::FindingPrinter printer(output->sources.get());
  for (const base::Diagnostic& diagnostic :
       render::Told(output->diagnostics, render::Door::kArgoCd)) {
    std::fprintf(stderr, "%s\n", printer.Line(diagnostic).c_str());
  }
  if (const std::string counts = CountsLine(*output); !counts.empty())
    std::fprintf(stderr, "%s\n", counts.c_str());
  // JSON, for the stock server reads YAML 1.1, where a key such as `n` turns into a boolean.
  bool written = true;
  for (const render::Group& group : output->groups) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      std::string_view object = group.object(i);
      while (object.ends_with('\n')) object.remove_suffix(1);
      written = written && WriteAll("---\n") && WriteAll(object) && WriteAll("\n");
    }
  }
  if (!written || std::fflush(stdout) != 0) {
    std::perror("standard output");
    return 1;
  }
  return 0;
}

int RunDiscover(const std::string& folder) {
  auto tree = source::OpenDirectory(folder, "", {});
  auto paths = tree->List();
  if (!paths) return Refused(paths.error());
  for (const std::string& path : *paths) {
    auto content = tree->Read(path);
    if (!content || (*content)->find("openchoreo.dev/") == std::string::npos) continue;
    std::printf("%s\n", base::Printable(path).c_str());
    return 0;
  }
  return 0;
}

int RunParameters(const std::string& folder) {
  render::Renderer renderer;
  auto tree = source::OpenDirectory(folder, "", {});
  source::FileTree* views[] = {tree.get()};
  std::string out = "[";
  for (const Announcement& a : Announce(renderer.TakeInventory(views, render::Options{}))) {
    if (out.size() > 1) out += ',';
    auto field = [&](const char* name, const std::string& text) {
      if (out.back() != '{') out += ',';
      out += '"' + std::string(name) + "\":";
      value::AppendJsonString(out, text);
    };
    out += '{';
    field("name", a.name);
    field("title", a.title);
    field("tooltip", a.tooltip);
    field("itemType", "string");
    field("collectionType", a.collection_type);
    if (a.collection_type == "array") {
      out += ",\"array\":[";
      for (const std::string& item : a.items) {
        if (out.back() != '[') out += ',';
        value::AppendJsonString(out, item);
      }
      out += ']';
    } else {
      field("string", a.text);
    }
    out += '}';
  }
  std::printf("%s]\n", out.c_str());
  return 0;
}

int RunHealth(const std::string& socket) {
  auto channel = grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials());
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(3));
  grpc::CompletionQueue queue;
  grpc::Slice empty;  // HealthCheckRequest{service: ""}: the server as a whole
  grpc::ByteBuffer request(&empty, 1), response;
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (status.ok() && response.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices)
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  // HealthCheckResponse{status: SERVING}: field 1, varint 1.
  if (bytes == std::string("\x08\x01", 2)) return 0;
  std::fprintf(stderr, "not serving%s%s\n", status.ok() ? "" : ": ",
               status.error_message().c_str());
  return 1;
}

}  // namespace openchoreo::argocd
