// Values by key, as many as fit; what was longest unused goes first, and what nobody will ask for
// again goes before there is need for room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace openchoreo::base {

// Who asks a cache: one of the builds that follow each other, as those of an object do with each
// commit. Series 0: whoever has no successor that is known.
struct CacheUse {
  std::uint64_t series = 0;
  std::uint64_t build = 0;
};

// Holds at most `max_bytes` of what Put was told. What a series used last, and its last two builds
// did not, is superseded: it goes as soon as so much else was put that looking for such is cheap.
// Not thread-safe: its owner has the lock, and counts what it wants to know.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class LruCache {
 public:
  explicit LruCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The next build of a series.
  CacheUse Begin(std::uint64_t series) { return {series, ++builds_}; }

  // CacheUse::build of the one that began last; 0: none did.
  std::uint64_t last_build() const { return builds_; }

  // It asked for all that it needed. What broke off does not end.
  void End(const CacheUse& use) {
    if (use.series == 0) return;
    Builds& builds = series_[use.series];
    if (use.build <= builds.last) return;
    builds = {std::exchange(builds.last, use.build), use.build};
    DropSupersededWhereCheap();
  }

  // There will be no further build of a series.
  void EndSeries(std::uint64_t series) {
    if (series != 0) series_[series] = {builds_ + 1, builds_ + 1};
  }

  // nullptr: not here. Good until the next Put or End; the entry counts as used now, by `use`.
  Value* Find(const Key& key, const CacheUse& use = {}) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    found->second->use = use;
    return &found->second->value;
  }

  // Keeps the first value of a key. One that is larger than all there is room for is not kept. What
  // throws for lack of memory leaves the cache as it was.
  void Put(const Key& key, Value value, std::size_t bytes, const CacheUse& use = {}) {
    if (bytes > max_bytes_ || index_.contains(key)) return;
    std::list<Entry> made;  // linked in once nothing can fail any more
    made.push_front({key, std::move(value), bytes, use});
    index_.emplace(key, made.begin());
    entries_.splice(entries_.begin(), made);
    bytes_ += bytes;
    ++puts_;
    while (bytes_ > max_bytes_) Erase(std::prev(entries_.end()));
  }

  // Who used last what goes first when room is needed for `bytes` more; nullptr: they fit as they
  // are. It does not count as used.
  const CacheUse* ToGoFor(std::size_t bytes) const {
    return entries_.empty() || bytes_ + bytes <= max_bytes_ ? nullptr : &entries_.back().use;
  }

  std::size_t bytes() const { return bytes_; }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
    CacheUse use;
  };

  struct Builds {
    std::uint64_t before = 0, last = 0;  // the last two that ended
  };

  using Entries = std::list<Entry>;

  typename Entries::iterator Erase(typename Entries::iterator entry) {
    bytes_ -= entry->bytes;
    index_.erase(entry->key);
    return entries_.erase(entry);
  }

  bool IsSuperseded(const CacheUse& use) const {
    const auto found = series_.find(use.series);
    return found != series_.end() && use.build < found->second.before;
  }

  // Looks at every entry, so only once a good part of them is new.
  void DropSupersededWhereCheap() {
    if (puts_ < 64 || puts_ < entries_.size() / 4) return;
    puts_ = 0;
    std::unordered_map<std::uint64_t, Builds> alive;
    for (auto at = entries_.begin(); at != entries_.end();) {
      if (IsSuperseded(at->use)) {
        at = Erase(at);
        continue;
      }
      const auto series = series_.find(at->use.series);
      if (series != series_.end()) alive.insert(*series);
      ++at;
    }
    series_ = std::move(alive);
  }

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;  // the latest used first
  std::unordered_map<Key, typename Entries::iterator, Hash> index_;
  std::unordered_map<std::uint64_t, Builds> series_;  // of those that have entries
  std::uint64_t builds_ = 0;
  std::size_t puts_ = 0;  // since superseded ones were looked for
};

}  // namespace openchoreo::base
