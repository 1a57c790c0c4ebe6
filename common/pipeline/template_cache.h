// Compiled definitions (types and traits) by content: a ComponentType snapshot that a thousand
// releases repeat is compiled once.
//
// Two look-ups: by content (a hash narrows, JsonEquals decides), and none at all for a caller that
// keeps what CompileRelease gave per release object and hands it to the pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "common/pipeline/compiled_definition.h"
#include "common/value/value.h"
#include "common/value/value_hash.h"

namespace openchoreo::pipeline {

// Thread-safe.
class TemplateCache {
 public:
  TemplateCache() = default;
  TemplateCache(const TemplateCache&) = delete;
  TemplateCache& operator=(const TemplateCache&) = delete;

  // The compiled form of a definition's spec; never null. What is wrong with the spec shows when it
  // is rendered. Hashing the spec is charged to `budget`, whether it was there or not; once that is
  // spent any definition is given.
  std::shared_ptr<const CompiledDefinition> Get(DefinitionKind kind, const value::Value& spec,
                                                base::Budget& budget);

  // Drops the longest unused definitions until at most `max_definitions` are left, and they take at
  // most `max_bytes`. Rendered objects
  // point into compiled templates: call it when no result of an earlier render is in use any more,
  // or keep the CompiledRelease of those that are.
  void Trim(std::size_t max_definitions,
            std::size_t max_bytes = base::kLimits.max_kept_definition_bytes);

  std::size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<const CompiledDefinition> definition;
    std::uint64_t last_use = 0;
  };

  using Entries = std::unordered_multimap<value::ContentHash, Entry, value::ContentHashHasher>;

  mutable std::mutex mutex_;
  std::uint64_t uses_ = 0;
  Entries entries_;
};

}  // namespace openchoreo::pipeline
