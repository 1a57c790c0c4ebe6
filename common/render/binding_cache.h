// Rendered bindings by everything they depend on, so that an unchanged binding of a changed tree is
// not rendered again.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/lru_cache.h"
#include "common/base/sha256.h"
#include "common/render/binding_inputs.h"
#include "common/render/binding_output.h"
#include "common/render/connections.h"

namespace openchoreo::render {

struct CachedBinding {
  Provided provided;
  BindingOutput output;
};

// Thread-safe. Holds about `max_bytes`; what was longest unused goes first.
class BindingCache {
 public:
  explicit BindingCache(std::size_t max_bytes) : bindings_(max_bytes) {}

  // Identifies the result: who is rendered, under which options, from which contents (by
  // Object::content_id of all it looked up, absences too) and with what other bindings gave.
  // Nothing if an object has no content identity, and once `budget` is spent.
  static std::optional<base::Sha256Digest> KeyOf(const Binding& binding,
                                                 const BindingInputs& inputs,
                                                 const Dependencies& dependencies,
                                                 const Options& options, base::Budget& budget);

  // A rendering of Options::series begins; it asked for all that it needed; it was the last one.
  base::CacheUse Begin(std::uint64_t series);
  void End(const base::CacheUse& use);
  void EndSeries(std::uint64_t series);

  // nullptr: not here.
  std::shared_ptr<const CachedBinding> Find(const base::Sha256Digest& key,
                                            const base::CacheUse& use);
  void Put(const base::Sha256Digest& key, CachedBinding binding, const base::CacheUse& use);

  struct Stats {
    std::size_t hits = 0, misses = 0, bytes = 0;
  };

  Stats stats() const;

 private:
  mutable std::mutex mutex_;
  base::LruCache<base::Sha256Digest, std::shared_ptr<const CachedBinding>, base::DigestHasher>
      bindings_;
  std::size_t hits_ = 0, misses_ = 0;
};

}  // namespace openchoreo::render
