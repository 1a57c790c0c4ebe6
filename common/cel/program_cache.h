// Compiled programs by environment and text, for callers that meet the same expressions again.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/cel/program.h"

namespace openchoreo::cel {

// Thread-safe. Holds at most `capacity` programs; the one unused for longest goes first. Errors are
// not kept.
class ProgramCache {
 public:
  explicit ProgramCache(std::size_t capacity = 4096) : capacity_(capacity) {}

  ProgramCache(const ProgramCache&) = delete;
  ProgramCache& operator=(const ProgramCache&) = delete;

  // The program of `text`, compiled now if it is not there. Two threads may compile the same text
  // at once; both get a program.
  base::Result<std::shared_ptr<const Program>> Get(std::string_view text,
                                                   const Environment& environment);

  std::size_t size() const;

 private:
  struct Key {
    std::string_view environment;
    std::string_view text;

    bool operator==(const Key&) const = default;
  };

  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  struct Entry {
    std::string environment;
    std::string text;
    std::shared_ptr<const Program> program;
  };

  using Entries = std::list<Entry>;  // most recently used first

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::unordered_map<Key, Entries::iterator, KeyHash> by_key_;  // views into entries_
};

}  // namespace openchoreo::cel
