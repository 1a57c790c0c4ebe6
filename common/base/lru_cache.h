// Values by key, as many as fit; what was longest unused goes first.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace openchoreo::base {

// Holds at most `max_bytes` of what Put was told. Not thread-safe: its owner has the lock, and
// counts what it wants to know.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class LruCache {
 public:
  explicit LruCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // nullptr: not here. Good until the next Put; the entry counts as used now.
  Value* Find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // Keeps the first value of a key. One that is larger than all there is room for is not kept. What
  // throws for lack of memory leaves the cache as it was.
  void Put(const Key& key, Value value, std::size_t bytes) {
    if (bytes > max_bytes_ || index_.contains(key)) return;
    std::list<Entry> made;  // linked in once nothing can fail any more
    made.push_front({key, std::move(value), bytes});
    index_.emplace(key, made.begin());
    entries_.splice(entries_.begin(), made);
    bytes_ += bytes;
    while (bytes_ > max_bytes_) {
      bytes_ -= entries_.back().bytes;
      index_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }

  // What goes first when room is needed for `bytes` more; nullptr: they fit as they are. It does
  // not count as used.
  const Value* ToGoFor(std::size_t bytes) const {
    return entries_.empty() || bytes_ + bytes <= max_bytes_ ? nullptr : &entries_.back().value;
  }

  std::size_t bytes() const { return bytes_; }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
  };

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the latest used first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> index_;
};

}  // namespace openchoreo::base
