// Sources → one indexed, normalised set of objects, plus everything that is wrong with them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/base/limits.h"
#include "common/resource/file_tree.h"
#include "common/resource/kind.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// One object as the API server would hold it: read, defaulted, pruned; shapes of older dialects turned
// into the v1.x model where that loses nothing (dialect says what it was). Integers are still integers
// (value::NumbersAsDoubles before they meet a template).
struct Object {
  Kind kind;
  Dialect dialect;
  std::string_view ns;  // "" for cluster-scoped kinds
  std::string_view name;
  std::string uid;      // metadata.uid, else base::ObjectUid
  value::Value root;    // apiVersion, kind, metadata, spec
  base::Place place;
  // Why the API server would refuse it: the text after `<Kind> "<name>" is invalid: `; "" if it would not.
  std::string invalid;
  // Other content under the same identity: every place, this one's first. Empty if there is none.
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
    FileContent content;  // may be null: read again through `tree`
    FileTree* tree = nullptr;
    std::string path;
  };

  std::uint32_t Add(File file);
  const File& at(std::uint32_t source) const { return files_[source]; }
  std::size_t size() const { return files_.size(); }

 private:
  std::vector<File> files_;
};

struct LoadOptions {
  std::string default_namespace = "default";
  bool last_duplicate_wins = false;
  bool strict = false;  // unknown fields are errors
  unsigned jobs = 1;
  base::RenderLimits limits;
};

class FileCache;  // parsed files by content, shared by loads; see file_cache.h

// Immutable once loaded; any number of threads may read it.
class Repository {
 public:
  virtual ~Repository() = default;

  // nullptr if there is none. Cluster-scoped kinds ignore `ns`.
  virtual const Object* Find(Kind kind, std::string_view ns, std::string_view name) const = 0;

  // All of one kind, sorted by (namespace, name).
  virtual std::span<const Object* const> All(Kind kind) const = 0;

  // Errors and warnings of loading, sorted by place. Objects the API server would refuse are in here too.
  virtual const base::Diagnostics& diagnostics() const = 0;

  virtual const SourceTable& sources() const = 0;
};

// `trees` must outlive the repository. `cache` may be null.
std::unique_ptr<Repository> Load(std::span<FileTree* const> trees, const LoadOptions& options,
                                 FileCache* cache = nullptr);

// One diagnostic for people: "file.yaml:12:7: error[cel-compile]: …", the line, a caret, hint and notes.
std::string Print(const base::Diagnostic& diagnostic, const SourceTable& sources);

}  // namespace openchoreo::resource
