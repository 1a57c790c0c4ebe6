// Values in as little memory as they need: parsed files that a cache keeps.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// Parts that many files have alike, as every release of a type has that type in it, held once and
// as long as a file has them. Thread-safe. What is found is equal to what was asked for, so nobody
// is shown what he did not bring himself.
class SharedParts {
 public:
  using Bytes = std::atomic<std::size_t>;

  struct Part {
    Part(std::shared_ptr<Bytes> all, std::size_t size) : arena(size), all_bytes(std::move(all)) {}

    ~Part() { *all_bytes -= arena.bytes(); }

    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    base::Arena arena;  // owns the value
    value::Value value;
    std::shared_ptr<Bytes> all_bytes;
  };

  using PartPointer = std::shared_ptr<const Part>;

  // Makes no more of them while they take `max_bytes`.
  explicit SharedParts(std::size_t max_bytes) : max_bytes_(max_bytes), seen_(kSeen) {}

  // One that equals `value`, made if a value of that hash was asked for lately; else nullptr.
  PartPointer Share(std::uint64_t hash, const value::Value& value);

  // What they take in memory, about.
  std::size_t bytes() const { return *bytes_; }

 private:
  static constexpr std::size_t kSeen = 1u << 14;

  const std::size_t max_bytes_;
  const std::shared_ptr<Bytes> bytes_ = std::make_shared<Bytes>(0);
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::weak_ptr<const Part>> parts_;
  std::size_t sweep_at_ = 1024;
  std::vector<std::uint64_t> seen_;  // hashes, each at its own place
};

// Copies of values, which share what the originals share, in one block of exactly their size. The
// originals are bounded by their reader, and hold what YAML has.
class CompactValues {
 public:
  // `parts` may be nullptr.
  explicit CompactValues(SharedParts* parts) : parts_(parts) {}

  // False, and the rest is of no use, if a value cannot be copied: it is too
  // deep, or of no text.
  bool Add(const value::Value& value);

  // What the copies will take.
  std::size_t bytes() const { return node_bytes_ + text_bytes_; }

  // After every Add, once.
  void Begin(base::Arena& arena);

  // Of a value that was added.
  value::Value Copy(const value::Value& value);

  // What the copies point into, beside the arena.
  std::vector<SharedParts::PartPointer> TakeParts() { return std::move(held_); }

 private:
  struct Key {
    const void* at = nullptr;
    std::size_t size = 0;

    bool operator==(const Key&) const = default;
  };

  // A list or map of the originals.
  struct Node {
    Key key;
    std::uint64_t hash = 0;
    std::size_t bytes = 0;  // as a tree
    bool planned = false, copied = false;
    value::Value copy{};
  };

  struct Measure {
    std::uint64_t hash;
    std::size_t bytes;
  };

  static Key KeyOf(const value::Value& value);
  std::uint32_t& SlotOf(const Key& key);
  std::size_t IndexOf(const Key& key);
  Measure MeasureOf(const value::Value& value);
  void Plan(const value::Value& value);
  value::Value CopyText(const value::Value& value);

  SharedParts* parts_;
  std::size_t depth_ = 0;
  bool odd_ = false;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> slots_;  // by key: 1 + an index into nodes_, or 0; a power of two
  std::vector<SharedParts::PartPointer> held_;
  std::size_t node_bytes_ = 0, text_bytes_ = 0;
  char* next_node_ = nullptr;
  char* next_text_ = nullptr;
};

}  // namespace openchoreo::resource
