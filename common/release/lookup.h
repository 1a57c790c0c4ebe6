// Looking objects up and remembering what was looked for: what a result depends on is what it read.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/resource/references.h"
#include "common/resource/repository.h"

namespace openchoreo::release {

// One object looked up, or its absence. The views live as long as the repository.
struct Read {
  names::Kind kind;
  std::string_view ns, name;
  const resource::Object* found = nullptr;
};

// Looks up in one repository. Not thread-safe; make one per result.
class Lookup {
 public:
  explicit Lookup(const resource::Repository& repository) : repository_(&repository) {}

  // `ns` and `name` must live as long as the repository.
  const resource::Object* Find(names::Kind kind, std::string_view ns, std::string_view name) {
    const resource::Object* found = repository_->Find(kind, ns, name);
    reads_.push_back({kind, ns, name, found});
    return found;
  }

  const resource::Object* Find(const resource::Target& target) {
    return Find(target.kind, target.ns, target.name);
  }

  // Takes over what led to something this result uses.
  void Add(const std::vector<Read>& reads) {
    reads_.insert(reads_.end(), reads.begin(), reads.end());
  }

  const resource::Repository& repository() const { return *repository_; }

  const std::vector<Read>& reads() const { return reads_; }

  std::vector<Read> TakeReads() { return std::move(reads_); }

 private:
  const resource::Repository* repository_;
  std::vector<Read> reads_;
};

// An error for a name nothing in the sources has: `message` is upstream's text, `kind` and `name`
// what to add. The hint says so, or why the API server would refuse the one that is there.
base::Error MissingReference(const resource::Repository& repository, std::string message,
                             base::Place place, names::Kind kind, std::string_view ns,
                             std::string_view name);

}  // namespace openchoreo::release
