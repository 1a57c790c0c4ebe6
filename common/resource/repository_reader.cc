#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <new>
#include <optional>
#include <utility>

#include "common/base/fan_out.h"
#include "common/base/out_of_memory.h"
#include "common/names/object_uid.h"
#include "common/resource/dialect.h"
#include "common/resource/dialect_v0_12.h"
#include "common/resource/kustomization_check.h"
#include "common/resource/left_out.h"
#include "common/resource/object_index.h"
#include "common/resource/parsed_file.h"
#include "common/resource/parsed_file_cache.h"
#include "common/resource/repository.h"
#include "common/resource/resemblance.h"
#include "common/resource/workload_owner.h"

namespace openchoreo::resource {
namespace {

using base::ErrorCode;
using base::Severity;

// One file of one tree on its way in.
struct Reading {
  source::FileTree* tree = nullptr;
  std::string path;
  const base::Sha256Digest* digest = nullptr;  // of its content, where the tree knows it
  std::shared_ptr<const ParsedFile> parsed;    // null: nothing of OpenChoreo in it
  // Few files have the one or the other.
  std::unique_ptr<Kustomization> kustomization;
  std::unique_ptr<base::Diagnostic> failure;
};

bool IsKustomization(const Reading& reading) {
  return IsKustomizationFile(std::string_view(reading.path).substr(reading.path.rfind('/') + 1));
}

// A file that cannot be read for what it is counts if it speaks of OpenChoreo.
void Weigh(base::Diagnostic& failure, std::string_view text) {
  failure.severity = SpeaksOfOpenChoreo(text) ? Severity::kError : Severity::kNote;
}

// Why a file that was read is no text to parse; nothing if it is one.
std::optional<base::Diagnostic> Unreadable(std::string_view text, const LoadOptions& options) {
  base::Diagnostic failure;
  if (text.size() > options.limits.max_file_bytes) {
    failure.code = ErrorCode::kYamlLimit;
    failure.message =
        "the file is larger than " + std::to_string(options.limits.max_file_bytes) + " bytes";
    Weigh(failure, text.substr(0, options.limits.max_file_bytes));
    return failure;
  }
  const auto narrow = NarrowedUtf16(text);
  if (!narrow) return std::nullopt;
  failure.code = ErrorCode::kYamlSyntax;
  failure.message = "UTF-16 text; only UTF-8 is read";
  failure.hint = "save the file as UTF-8";
  Weigh(failure, *narrow);
  return failure;
}

void ReadOne(Reading& reading, const LoadOptions& options, FileCache* cache,
             const base::CacheUse& load) {
  const auto fail = [&](base::Diagnostic failure) {
    reading.failure = std::make_unique<base::Diagnostic>(std::move(failure));
  };
  const base::Result<source::FileContent> content = reading.tree->Read(reading.path);
  if (!content) {
    base::Diagnostic failure = content.error();
    if (failure.code == ErrorCode::kLimit) {
      const base::Result<source::FileContent> start = reading.tree->ReadStart(reading.path);
      if (start && *start) Weigh(failure, **start);
    }
    return fail(std::move(failure));
  }
  if (!*content) {
    base::Diagnostic failure;
    failure.code = ErrorCode::kUnreadableSource;
    failure.message = "no content";
    return fail(std::move(failure));
  }
  const std::string& text = **content;
  if (auto failure = Unreadable(text, options)) return fail(*std::move(failure));
  if (IsKustomization(reading)) {
    if (auto found = ReadKustomization(text, options.limits))
      reading.kustomization = std::make_unique<Kustomization>(*std::move(found));
  }
  if (!MayHoldOpenChoreo(text)) return;
  if (!cache) {
    reading.parsed = ParseFile(text, options.limits);
  } else {
    const FileCache::Impl::Key key(reading.digest ? *reading.digest : base::Sha256(text),
                                   options.limits);
    reading.parsed = cache->impl().Get(text, options.limits, key, load);
  }
}

// What needs no reading, since it was parsed before. Only texts that may hold OpenChoreo's objects
// ever were.
void FindKnown(std::vector<Reading>& readings, const LoadOptions& options, FileCache& cache,
               const base::CacheUse& load) {
  constexpr std::size_t kAtOnce = 1024;  // others want the cache, too
  for (std::size_t begin = 0; begin < readings.size(); begin += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, readings.size() - begin);
    std::vector<std::optional<FileCache::Impl::Key>> keys(count);
    std::vector<std::shared_ptr<const ParsedFile>> found(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Reading& reading = readings[begin + i];
      if (reading.digest && !IsKustomization(reading))
        keys[i].emplace(*reading.digest, options.limits);
    }
    cache.impl().FindAll(keys, load, found);
    for (std::size_t i = 0; i < count; ++i) readings[begin + i].parsed = std::move(found[i]);
  }
}

base::Result<void> ReadAll(std::vector<Reading>& readings, const LoadOptions& options,
                           FileCache* cache) {
  base::CacheUse load;
  if (cache) {
    load = cache->impl().BeginLoad(options.series);
    FindKnown(readings, options, *cache, load);
  }
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!readings[i].parsed) open.push_back(i);
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < open.size(); at = next++) {
      const std::size_t i = open[at];
      if (options.cancel.is_set()) return;
      try {
        ReadOne(readings[i], options, cache, load);
      } catch (const std::bad_alloc&) {
        readings[i].parsed.reset();
        readings[i].failure = std::make_unique<base::Diagnostic>(base::OutOfMemory());
      }
    }
  };
  // A thread for every few files; one of its own for less costs more than it saves.
  const std::size_t useful = 1 + open.size() / 16;
  OC_TRY_DONE(
      base::FanOut(static_cast<unsigned>(std::min<std::size_t>(options.jobs, useful)), work));
  if (cache && !options.cancel.is_set()) cache->impl().EndLoad(load);
  return {};
}

bool UidIsRead(names::Kind kind) {
  switch (kind) {
    case names::Kind::kComponent:
    case names::Kind::kProject:
    case names::Kind::kEnvironment:
    case names::Kind::kDataPlane:
    case names::Kind::kClusterDataPlane:
    case names::Kind::kResource:
      return true;
    default:
      return false;
  }
}

std::string DisplayPath(const source::FileTree& tree, std::string_view path) {
  std::string display(tree.display_name());
  display += path;
  return display;
}

class LoadedRepository final : public Repository {
 public:
  explicit LoadedRepository(const LoadOptions& options)
      : default_namespace_(options.default_namespace),
        strict_(options.strict),
        index_(options.last_duplicate_wins),
        sources_(std::make_shared<SourceTable>()) {}

  const Object* Find(names::Kind kind, std::string_view ns, std::string_view name) const override {
    return index_.Find(kind, ns, name);
  }

  const Object* FindRefused(names::Kind kind, std::string_view ns,
                            std::string_view name) const override {
    return index_.FindRefused(kind, ns, name);
  }

  std::span<const Object* const> All(names::Kind kind) const override { return index_.All(kind); }

  std::span<const Object* const> Refused(names::Kind kind) const override {
    return index_.Refused(kind);
  }

  const base::Diagnostics& diagnostics() const override { return diagnostics_; }

  const SourceTable& sources() const override { return *sources_; }

  std::shared_ptr<const SourceTable> shared_sources() const override { return sources_; }

  bool readable() const override { return readable_; }

  void TakeLeftOut(source::FileTree& tree) {
    for (const source::LeftOut& left : tree.LeftOutPaths()) {
      if (left.reason != source::LeftOutReason::kUnreadableFolder) continue;
      base::Diagnostic failure;
      failure.code = ErrorCode::kUnreadableSource;
      failure.message = "cannot read the folder " + DisplayPath(tree, left.path);
      failure.hint = "make it readable, or leave it out on purpose (--exclude)";
      Unreadable(std::move(failure));
    }
    TellLeftOut(tree, *sources_, diagnostics_);
  }

  void Unreadable(base::Diagnostic failure) {
    readable_ = false;
    diagnostics_.push_back(std::move(failure));
  }

  void Take(std::vector<Reading> readings) {
    std::size_t objects = 0;
    for (const Reading& reading : readings) {
      if (reading.parsed) objects += reading.parsed->objects.size();
    }
    index_.Reserve(objects);
    for (Reading& reading : readings) {
      if (reading.kustomization && !reading.kustomization->changes.empty())
        kustomizations_.push_back({AddSource(reading), *std::move(reading.kustomization)});
      TakeFile(reading);
    }
    FindOwners(
        ownerless_, objects_, [this](std::uint32_t source) { return FolderOf(source); }, index_,
        arena_, diagnostics_);
    SettleShapeless();
    SettleBindingDialects();
    NoteUnused();
    WarnOfKustomizations(kustomizations_, objects_, *sources_, diagnostics_);
    MarkPatches(kustomizations_, *sources_);
    sources_->NamePatches(diagnostics_);
    index_.Finish();
    SortDiagnostics();
  }

 private:
  std::uint32_t AddSource(const Reading& reading) {
    return sources_->Add(
        {DisplayPath(*reading.tree, reading.path), nullptr, reading.tree, reading.path});
  }

  void TakeFile(Reading& reading) {
    if (!reading.parsed && !reading.failure) return;
    const std::uint32_t source = AddSource(reading);
    if (reading.failure) {
      reading.failure->place.source = source;
      diagnostics_.push_back(*std::move(reading.failure));
      return;
    }
    const ParsedFile& file = *reading.parsed;
    const std::size_t first = objects_.size();
    for (const ParsedObject& parsed : file.objects) TakeObject(parsed, source);
    for (const ParsedFile::Finding& finding : file.findings) {
      base::Diagnostic& diagnostic = diagnostics_.emplace_back(finding.diagnostic);
      diagnostic.place.source = source;
      if (finding.object != ParsedFile::Finding::kNoObject) {
        diagnostic.object = Describe(objects_[first + finding.object]);
      }
      if (strict_ && diagnostic.code == ErrorCode::kUnknownField) {
        diagnostic.severity = Severity::kError;
      }
    }
    for (const ParsedFile::Unused& unused : file.unused) {
      UnusedKind& kind = unused_[unused.what];
      if (kind.count++ == 0) {
        kind.unknown = unused.unknown_kind;
        kind.first.source = source;
        kind.first.document = unused.document;
        kind.first.field = unused.field;
      }
    }
    if (!file.objects.empty()) files_.push_back(std::move(reading.parsed));
  }

  void TakeObject(const ParsedObject& parsed, std::uint32_t source) {
    Object& object = objects_.emplace_back();
    object.kind = parsed.kind;
    object.dialect = parsed.dialect;
    object.dialect_evidence = parsed.dialect_evidence;
    object.name = parsed.name;
    object.ns = parsed.ns;
    if (object.ns.empty() && !names::IsClusterScoped(object.kind)) object.ns = default_namespace_;
    object.root = parsed.root;
    object.written = parsed.written;
    object.place.source = source;
    object.place.document = parsed.document;
    object.place.field = parsed.field;
    object.content_id = parsed.content_id;
    object.invalid = parsed.invalid;
    if (UidIsRead(object.kind)) {
      const std::string_view uid = object.root.Get("metadata", "uid").string_or_empty();
      object.uid = uid.empty()
                       ? names::ObjectUid(names::NameOf(object.kind), object.ns, object.name)
                       : std::string(uid);
    }
    index_.Add(&object, diagnostics_);
    if (parsed.lacks_owner) ownerless_.push_back(&object);
    if (!parsed.invalid_in_v1.empty()) shapeless_.emplace_back(&object, &parsed.invalid_in_v1);
  }

  // Tree and folder of a file, as one comparable text.
  std::string_view FolderOf(std::uint32_t source) const {
    const std::string_view path = sources_->at(source).display_path;
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }

  void SettleBindingDialects() {
    for (Object& binding : objects_) {
      if (binding.kind != names::Kind::kReleaseBinding || !binding.dialect_evidence.empty())
        continue;
      binding.dialect = DialectAround(binding);
    }
  }

  // The dialect of what a ReleaseBinding without telling fields releases.
  names::Dialect DialectAround(const Object& binding) const {
    const value::Value spec = binding.spec();
    const std::string_view release_name = spec.Get("releaseName").string_or_empty();
    if (!release_name.empty()) {
      const Object* release = index_.Find(names::Kind::kComponentRelease, binding.ns, release_name);
      if (release && !release->dialect_evidence.empty()) return release->dialect;
    }
    return DialectOfComponent(binding.ns, spec.Get("owner", "componentName").string_or_empty());
  }

  // Workloads without containers are those of v0.12, where their component is; else refused.
  void SettleShapeless() {
    for (const auto& [workload, refusal] : shapeless_) {
      if (!workload->invalid.empty()) continue;
      const std::string_view owner =
          workload->spec().Get("owner", "componentName").string_or_empty();
      if (DialectOfComponent(workload->ns, owner) == names::Dialect::kV012) continue;
      workload->invalid = *refusal;
      index_.Refuse(workload);
      base::Diagnostic error;
      error.code = ErrorCode::kInvalidResource;
      error.message = "Workload \"" + std::string(workload->name) + "\" is invalid: ";
      error.message += ReasonOf(*refusal);
      error.place = workload->place;
      error.place.field += "/spec";
      error.object = Describe(*workload);
      diagnostics_.push_back(std::move(error));
    }
  }

  names::Dialect DialectOfComponent(std::string_view ns, std::string_view component_name) const {
    const Object* component = index_.Find(names::Kind::kComponent, ns, component_name);
    if (!component) return names::Dialect::kV1;
    if (!component->dialect_evidence.empty()) return component->dialect;
    const value::Value reference = component->spec().Get("componentType");
    const std::string_view name = reference.Get("name").string_or_empty();
    const names::Kind kind = reference.Get("kind").string_or_empty() == "ClusterComponentType"
                                 ? names::Kind::kClusterComponentType
                                 : names::Kind::kComponentType;
    const Object* type = index_.Find(kind, ns, name.substr(name.find('/') + 1));
    return type ? type->dialect : names::Dialect::kV1;
  }

  void NoteUnused() {
    for (const auto& [what, kind] : unused_) {
      base::Diagnostic note;
      note.severity = kind.unknown ? Severity::kWarning : Severity::kNote;
      note.code = ErrorCode::kInvalidResource;
      note.place = kind.first;
      note.message = kind.unknown ? "no version of OpenChoreo has the kind " + what + ", left alone"
                                  : "rendering has no use for " + what + ", left alone";
      if (kind.count > 1) note.message += " (" + std::to_string(kind.count) + " times)";
      diagnostics_.push_back(std::move(note));
    }
  }

  void SortDiagnostics() {
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                     [](const base::Diagnostic& a, const base::Diagnostic& b) {
                       return std::pair(a.place.source, a.place.document) <
                              std::pair(b.place.source, b.place.document);
                     });
  }

  struct UnusedKind {
    bool unknown = false;
    std::size_t count = 0;
    base::Place first;
  };

  const std::string default_namespace_;
  const bool strict_;
  std::vector<std::shared_ptr<const ParsedFile>> files_;  // own what objects point to
  base::Arena arena_;                                     // values made while loading
  std::deque<Object> objects_;
  std::vector<Object*> ownerless_;
  std::vector<std::pair<Object*, const std::string*>> shapeless_;  // and why v1.x refuses them
  ObjectIndex index_;
  base::Diagnostics diagnostics_;
  std::shared_ptr<SourceTable> sources_;
  std::map<std::string, UnusedKind> unused_;
  std::vector<FoundKustomization> kustomizations_;
  bool readable_ = true;
};

}  // namespace

std::string_view ReasonOf(std::string_view invalid) {
  return invalid.substr(0, invalid.find("; <nil>: Invalid value: null: some validation rules"));
}

std::string Describe(const Object& object) {
  std::string text(names::NameOf(object.kind));
  text += ' ';
  if (!object.ns.empty()) {
    text += object.ns;
    text += '/';
  }
  text += object.name;
  return text;
}

base::Place PlaceOf(const Object& object, std::string_view pointer) {
  base::Place place = object.place;
  if (object.dialect == names::Dialect::kV012) {
    place.field += PointerAsWritten(object.kind, object.root, pointer);
  } else {
    place.field += pointer;
  }
  return place;
}

std::unique_ptr<Repository> Load(std::span<source::FileTree* const> trees,
                                 const LoadOptions& options, FileCache* cache) {
  auto repository = std::make_unique<LoadedRepository>(options);
  std::vector<Reading> readings;
  for (source::FileTree* tree : trees) {
    base::Result<std::vector<std::string>> paths = tree->List();
    if (!paths) {
      repository->Unreadable(paths.error());
      continue;
    }
    const std::vector<const base::Sha256Digest*> digests = tree->Digests(*paths);
    readings.reserve(readings.size() + paths->size());
    for (std::size_t i = 0; i < paths->size(); ++i) {
      Reading& reading = readings.emplace_back();
      reading.tree = tree;
      reading.path = std::move((*paths)[i]);
      if (!digests.empty()) reading.digest = digests[i];
    }
  }
  if (auto read = ReadAll(readings, options, cache); !read) {
    repository->Unreadable(std::move(read).error());
    return repository;
  }
  // What was left out is a cause of what is missing: it is told first.
  for (source::FileTree* tree : trees) repository->TakeLeftOut(*tree);
  repository->Take(std::move(readings));
  return repository;
}

}  // namespace openchoreo::resource
