// Bytes of one file → its OpenChoreo objects under the rules of their kinds, and what is wrong with
// them. Depends on nothing but the bytes and the limits, so it can be cached by content
// (file_cache.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/limits.h"
#include "common/names/kind.h"
#include "common/resource/compact_values.h"
#include "common/value/value.h"

namespace openchoreo::resource {

struct ParsedObject {
  names::Kind kind;
  names::Dialect dialect = names::Dialect::kV1;
  std::string_view dialect_evidence;
  std::string_view ns, name;  // as written; "" if absent
  value::Value root;          // normalised (dialect.h)
  value::Value written;       // as in the file, the GitOps guide's owner names put right
  std::uint32_t document = 0;
  std::string field;  // of the object in its document: "", or "/items/3" of a List
  std::string invalid;
  bool lacks_owner = false;  // a Workload without spec.owner, else fine
  // Of a Workload without containers: why v1.x would refuse it; v0.12 would not.
  std::string invalid_in_v1;
  std::uint64_t content_id = 0;
};

struct ParsedFile {
  explicit ParsedFile(std::size_t first_block_bytes) : arena(first_block_bytes) {}

  // What is wrong; place.source and `object` are left to whoever knows them.
  struct Finding {
    static constexpr std::uint32_t kNoObject = 0xffffffff;

    base::Diagnostic diagnostic;
    std::uint32_t object = kNoObject;  // index into `objects`
  };

  // A kind ("Build") or field ("spec.connections of a Workload") rendering has no use for.
  struct Unused {
    std::string what;
    bool unknown_kind = false;  // no version of OpenChoreo has this kind
    std::uint32_t document = 0;
    std::string field;
  };

  base::Arena arena;                            // owns the values
  std::vector<SharedParts::PartPointer> parts;  // and these
  std::vector<ParsedObject> objects;
  std::vector<Finding> findings;
  std::vector<Unused> unused;

  // About what it takes in memory.
  std::size_t bytes() const;
};

// Never throws. A document that cannot be read is a finding and hides nothing else.
std::shared_ptr<ParsedFile> ParseFile(std::string_view text, const base::RenderLimits& limits);

// The same in as little memory as it needs, its values copied; what many files have alike is held
// by `parts`. `file` is taken apart, or given back as it is where a value of it cannot be copied.
std::shared_ptr<ParsedFile> Compacted(std::shared_ptr<ParsedFile> file, SharedParts& parts);

}  // namespace openchoreo::resource
