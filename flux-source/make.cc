// From announced sources to archives in the store.
#include <algorithm>
#include <functional>
#include <utility>

#include "common/artifact/tar_writer.h"
#include "common/base/sha256.h"
#include "common/source/memory_tree.h"
#include "flux-source/metrics.h"
#include "flux-source/reconciler.h"

namespace openchoreo::flux {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;

namespace {

// As Flux writes revisions of what has no history.
std::string RevisionOf(const std::string& tar_digest) { return "latest@" + tar_digest; }

// The builds of one object follow each other.
std::uint64_t SeriesOf(const std::string& uid) { return std::hash<std::string>()(uid) | 1; }

}  // namespace

// Fetches all sources, and looks whether they have the folders that are read. False, with the
// reason, if one cannot be had.
bool Reconciler::Fetch(Work& work, std::vector<std::shared_ptr<const SourceFiles>>& files,
                       std::string& reason, std::string& failure) {
  for (const Source& source : work.sources) {
    auto fetched = with_.fetcher.Get({source.spec.kind, source.spec.ns, source.spec.name},
                                     source.artifact, work.deadline, work.cancel);
    if (!fetched) {
      reason = "SourceFetchFailed";
      failure = source.spec.alias + ": " + fetched.error().message;
      return false;
    }
    if (!(*fetched)->HasFolder(source.spec.path)) {
      reason = "BuildFailed";
      failure = source.spec.alias + ": the source has no folder \"" + source.spec.path +
                "\" (spec.sources[].path)";
      return false;
    }
    files.push_back(*std::move(fetched));
  }
  return true;
}

std::vector<std::unique_ptr<source::FileTree>> Reconciler::Open(
    const Work& work, const std::vector<std::shared_ptr<const SourceFiles>>& files) const {
  const bool several = files.size() > 1;
  std::vector<std::unique_ptr<source::FileTree>> trees;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const SourceSpec& spec = work.sources[i].spec;
    source::DirectoryOptions options;
    options.exclude = work.spec.exclude;
    trees.push_back(std::make_unique<source::MemoryTree>(
        source::MemoryTree::Files(files[i], &files[i]->files), spec.path,
        several ? spec.alias + "/" : "", std::move(options)));
  }
  return trees;
}

// The files that may matter to `work`, and how they are rendered, as a digest.
std::string Reconciler::ContentOf(
    const Work& work, const std::vector<std::shared_ptr<const SourceFiles>>& files) const {
  base::Sha256Stream hash;
  hash.Update(FingerprintOf(work, false));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& path = work.sources[i].spec.path;
    const std::string prefix = path.empty() ? "" : path + "/";
    for (const source::SourceFile& file : files[i]->files) {
      if (!file.path.starts_with(prefix)) continue;
      hash.Update(std::to_string(file.path.size()) + ":" + file.path);
      hash.Update({reinterpret_cast<const char*>(file.digest.data()), file.digest.size()});
    }
    hash.Update("\n");
  }
  return base::Hex(hash.Finish());
}

void Reconciler::EndSeries(const std::string& uid) {
  with_.renderer.EndSeries(SeriesOf(uid));
  pieces_.EndSeries(SeriesOf(uid));
}

void Reconciler::Make(Work& work, const std::string& fingerprint, bool force) {
  Memory& memory = work.memory;
  Making& making = work.making.emplace();
  const auto forget = [&memory] {
    for (std::string* text :
         {&memory.fingerprint, &memory.content, &memory.reason, &memory.failure, &memory.message}) {
      text->clear();
    }
    memory.unstored = false;
    memory.parts.clear();
  };
  std::string reason, failure;
  if (!Fetch(work, making.files, reason, failure)) {
    forget();
    memory.reason = std::move(reason);
    memory.failure = std::move(failure);
    return;
  }
  const std::string content = ContentOf(work, making.files);
  if (!force && content == memory.content && EverythingIsThere(work)) {
    // Another revision of the same files: what was made of them holds.
    memory.fingerprint = fingerprint;
    return;
  }
  forget();
  making.trees = Open(work, making.files);
  std::vector<source::FileTree*> views;
  views.reserve(making.trees.size());
  for (const auto& tree : making.trees) views.push_back(tree.get());
  render::Options options;
  options.jobs = options_.jobs;
  options.series = SeriesOf(memory.uid);
  options.cancel = base::Cancel::Below(work.cancel);
  deadlines_.At(work.deadline, [cancel = options.cancel] { cancel.Set(); });
  const auto begin = Clock::now();
  const Build& build =
      making.build.emplace(Build::Run(with_.renderer, views, work.spec, work.key.name, options));
  with_.metrics.Rendered(std::chrono::duration<double>(Clock::now() - begin).count());
  if (!build.failure().empty()) {
    memory.reason = "BuildFailed";
    memory.failure =
        build.temporary() ? "the time of spec.timeout is up: " + build.failure() : build.failure();
    if (!build.temporary()) {
      memory.fingerprint = fingerprint;
      memory.content = content;
    }
    return;
  }
  memory.message = build.message();
  making.packing = pieces_.Begin(options.series);
  for (const BuiltPart& built : build.parts()) {
    KnownPart part;
    part.name = built.name;
    part.labels = built.labels;
    part.state = built.state;
    part.bindings = built.bindings;
    part.objects = built.objects;
    part.reason = "BuildFailed";
    part.message = built.message;
    const bool empty_is_fine = work.spec.allow_empty || work.spec.allow_empty_selection;
    if (part.state == PartState::kEmpty && empty_is_fine) part.state = PartState::kGood;
    if (part.state == PartState::kGood) PackPart(work, build, built, part);
    memory.parts.push_back(std::move(part));
  }
  pieces_.End(making.packing);
  if (memory.unstored) {
    memory.reason = "StorageOperationFailed";
  } else {
    memory.fingerprint = fingerprint;
    memory.content = content;
  }
}

// Puts a good part into the store, unless it is there; it is good no more if it cannot be.
void Reconciler::PackPart(Work& work, const Build& build, const BuiltPart& built, KnownPart& part) {
  Memory& memory = work.memory;
  const Owner owner{work.key.ns, part.name};
  const PartFiles made = build.FilesOf(built);
  const artifact::FileViews& files = made.files();
  part.folders = FoldersOf(files);
  const auto refuse = [&](const base::Error& error) {
    part.state = PartState::kFailed;
    part.message = part.name + ": " + error.message;
    if (error.code == ErrorCode::kLimit) {
      part.message += " (--artifact-max-size); " + LargestFolders(files);
    }
    memory.message += (memory.message.empty() ? "" : "\n") + part.message;
  };
  auto packer = artifact::Packer::Of(files, &pieces_, work.making->packing);
  if (!packer) return refuse(packer.error());
  const auto known = memory.announced.find(part.name);
  if (known != memory.announced.end()) {
    const Artifact& former = known->second.artifact;
    part.artifact.revision = RevisionOf(packer->TarDigest());
    if (former.revision == part.artifact.revision &&
        IsStorePathOf(owner, former.digest, former.path) && with_.store.Holds(former.path)) {
      part.artifact.digest = former.digest;
      part.artifact.path = former.path;
      part.artifact.size = former.size;
      packer->Keep();
      return;
    }
  }
  auto packed = packer->Pack(options_.artifact_max_bytes, options_.jobs);
  with_.metrics.Packed();
  if (!packed) return refuse(packed.error());
  part.artifact.revision = RevisionOf(packed->tar_digest);
  auto path = with_.store.Put(owner, packed->bytes, packed->digest);
  if (!path) {
    part.reason = "StorageOperationFailed";
    memory.unstored = true;
    return refuse(path.error());
  }
  part.artifact.digest = packed->digest;
  part.artifact.path = *std::move(path);
  part.artifact.size = packed->bytes.size();
}

}  // namespace openchoreo::flux
