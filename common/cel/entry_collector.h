// Gathers the entries of a map one by one, refusing repeated keys. Numeric keys that are equal are
// the same key, whatever their kind (cel-go types.InsertMapKeyValue).
#pragma once

#include "common/cel/frame.h"

namespace openchoreo::cel {

class EntryCollector {
 public:
  // `expected` entries need no reallocation; more are fine.
  EntryCollector(Frame& frame, std::size_t expected) : frame_(frame), expected_(expected) {}

  // An error value if the key is there already or is none, else anything.
  value::Value Insert(const value::Value& key, const value::Value& value);

  value::Value Build();

 private:
  // Beyond so many entries keys are looked up by hash.
  static constexpr std::size_t kScanned = 8;

  bool Contains(const value::Value& key);
  void Index(std::uint32_t entry);
  bool Grow();

  Frame& frame_;
  std::size_t expected_;
  value::MapEntry* entries_ = nullptr;
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;
  std::uint32_t* table_ = nullptr;  // entry number + 1, open addressing; size a power of two
  std::size_t table_size_ = 0;
};

}  // namespace openchoreo::cel
