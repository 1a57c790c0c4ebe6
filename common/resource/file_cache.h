// Parsed files by content, shared by loads: a file whose bytes were seen before is not parsed,
// defaulted or validated again. Keyed by SHA-256 of the bytes and the limits that were in force.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace openchoreo::resource {

// Thread-safe. Holds at most about `max_bytes`. The least recently used goes first, but nothing
// that the load at hand or the one before asked for; what a Repository uses stays alive with it.
// What a series of loads (LoadOptions) used and its last two did not goes before there is need.
class FileCache {
 public:
  explicit FileCache(std::size_t max_bytes);
  ~FileCache();
  FileCache(const FileCache&) = delete;
  FileCache& operator=(const FileCache&) = delete;

  struct Stats {
    std::size_t hits = 0, misses = 0, files = 0, bytes = 0;
  };

  Stats stats() const;

  // There will be no further load of this LoadOptions::series: what it used may go.
  void EndSeries(std::uint64_t series);

  struct Impl;

  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace openchoreo::resource
