// Sources → one indexed, normalised set of objects, plus everything that is wrong with them.
// Load is the one entry; the stages are parsed_file.h (bytes → objects under the rules of their
// kind), object_index.h (identity, duplicates) and workload_owner.h (Workloads without an owner).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/diagnostic.h"
#include "common/base/limits.h"
#include "common/names/kind.h"
#include "common/resource/secret_values.h"
#include "common/source/file_tree.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// One object as the API server would hold it: read, defaulted, pruned; shapes of older dialects
// turned into the v1.x model where that loses nothing (dialect.h says what changes and what stays).
// Integers are still integers (value::NumbersAsDoubles before they meet a template). Views point
// into the repository.
struct Object {
  names::Kind kind;
  names::Dialect dialect;
  std::string_view
      ns;  // "" for cluster-scoped kinds; the default namespace where the file gives none
  std::string_view name;
  // metadata.uid, else names::ObjectUid. Only for the kinds whose uid rendering reads (Component,
  // Project, Environment, DataPlane, ClusterDataPlane, Resource); else "".
  std::string uid;
  value::Value
      root;  // apiVersion, kind, metadata (as written: no added namespace), spec; no status
  // As it stands in the file, in its own dialect and without a default; only the owner names that
  // the GitOps guide alone has are those of the kind. What leaves where OpenChoreo objects do.
  value::Value written;
  base::Place place;  // of the object; PlaceOf (dialect.h) gives that of a field
  // The field (JSON pointer below the object, as written) the dialect was read off; "" if no field
  // tells, and dialect is then kV1 by default: such an object fits either.
  std::string_view dialect_evidence;
  // Equal numbers other than 0 mean: the same bytes gave the same object (root, dialect, invalid).
  // Never reused within one FileCache; 0 without a cache.
  std::uint64_t content_id = 0;
  // Why the API server would refuse it: the text after `<Kind> "<name>" is invalid: `; "" if it
  // would not.
  std::string invalid;
  // Other content under the same identity: every place, this one's first. Empty if there is none.
  // Load says nothing about these: who reads the object decides whether they are an error (design:
  // duplicate objects).
  std::vector<base::Place> conflicts;

  value::Value spec() const { return root.Get("spec"); }
};

// "ReleaseBinding acme/cart-dev"
std::string Describe(const Object& object);

// Files by source id (base::Place::source), for printing.
class SourceTable {
 public:
  struct File {
    std::string display_path;
    source::FileContent content;  // may be null: read again through `tree`
    source::FileTree* tree = nullptr;
    std::string path;
    // The kustomization that uses it as a patch, as displayed; usually "".
    std::string patch_of = {};

    // The content, read again if it is not held; null if it cannot be read.
    source::FileContent Content() const;
  };

  std::uint32_t Add(File file);

  const File& at(std::uint32_t source) const { return files_[source]; }

  File& at(std::uint32_t source) { return files_[source]; }

  std::size_t size() const { return files_.size(); }

  // Gives each error in a file that is a patch the hint that it is one: what is wrong, missing or
  // there twice in it belongs to the object it patches.
  void NamePatches(base::Diagnostics& diagnostics) const;

  // What must not be quoted from these files: empty until they were collected.
  const SecretValues& secrets() const { return hidden_->values; }

  // Fills it by `collect`, once for the table's life, before anything of its files is printed
  // (render does so as soon as there is something to say). Thread-safe.
  const SecretValues& CollectSecrets(const std::function<void(SecretValues&)>& collect) const {
    std::call_once(hidden_->once, collect, hidden_->values);
    return hidden_->values;
  }

 private:
  std::vector<File> files_;

  struct Hidden {
    std::once_flag once;
    SecretValues values;
  };

  std::shared_ptr<Hidden> hidden_ = std::make_shared<Hidden>();
};

struct LoadOptions {
  std::string default_namespace = "default";
  bool last_duplicate_wins = false;
  bool strict = false;  // unknown fields are errors
  unsigned jobs = 1;
  base::RenderLimits limits;
  // Loads of the same number, other than 0, follow each other, as those of one tree do with each
  // commit: what the last two did not use, a cache need not keep.
  std::uint64_t series = 0;
  // Asked before each file; once set the loading ends, and what is missing then is of no use.
  base::Cancel cancel;
};

class FileCache;  // parsed files by content, shared by loads; see file_cache.h

// Immutable once loaded; any number of threads may read it.
class Repository {
 public:
  virtual ~Repository() = default;

  // The object a cluster would hold; nullptr if there is none, or the API server would refuse it
  // (then FindRefused has it, for a hint). Cluster-scoped kinds ignore `ns`.
  virtual const Object* Find(names::Kind kind, std::string_view ns,
                             std::string_view name) const = 0;
  virtual const Object* FindRefused(names::Kind kind, std::string_view ns,
                                    std::string_view name) const = 0;

  // All of one kind that a cluster would hold, and those the API server would refuse (`invalid`
  // says why); each sorted by (namespace, name).
  virtual std::span<const Object* const> All(names::Kind kind) const = 0;
  virtual std::span<const Object* const> Refused(names::Kind kind) const = 0;

  // Errors, warnings and notes of loading, sorted by place. Every refused object has its error in
  // here.
  virtual const base::Diagnostics& diagnostics() const = 0;

  virtual const SourceTable& sources() const = 0;
  // The same table with shared ownership, for whoever prints after the repository is gone.
  virtual std::shared_ptr<const SourceTable> shared_sources() const = 0;

  // False if a tree could not be listed at all (kUnreadableSource is among the diagnostics).
  virtual bool readable() const = 0;
};

// Why the API server would refuse an object, of its whole text: what that says of itself ("some
// validation rules were not checked …") is left out.
std::string_view ReasonOf(std::string_view invalid);

// `trees` must outlive the repository. `cache` may be null. A hostile tree ends in diagnostics.
// Throws nothing but std::bad_alloc, which render turns into an error.
std::unique_ptr<Repository> Load(std::span<source::FileTree* const> trees,
                                 const LoadOptions& options, FileCache* cache = nullptr);

}  // namespace openchoreo::resource
