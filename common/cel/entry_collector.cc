#include "common/cel/entry_collector.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "common/cel/equality.h"
#include "common/cel/go_text.h"

namespace openchoreo::cel {

using value::MapEntry;
using value::Value;

namespace {

// Whether the double `a` is exactly the integer `b`.
bool IsExactly(double a, const Value& b) {
  if (a != std::trunc(a)) return false;
  if (b.is_int()) {
    return a > -0x1p63 && a < 0x1p63 && static_cast<std::int64_t>(a) == b.as_int();
  }
  return a >= 0 && a < 0x1p64 && static_cast<std::uint64_t>(a) == b.as_uint();
}

bool SameKey(const Value& a, const Value& b) {
  if (a.is_string() && b.is_string()) return a.as_string() == b.as_string();
  if (a.is_number() && b.is_number()) {
    if (!IsKeyByValue(a) || !IsKeyByValue(b)) return false;
    // Doubles are found under the ints they are, but not the other way round.
    if (a.is_double() != b.is_double()) return a.is_double() && IsExactly(a.as_double(), b);
    return CompareNumbers(a, b) == 0;
  }
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case value::Kind::kNull:
    case value::Kind::kOmit:
      return true;
    case value::Kind::kBool:
      return a.as_bool() == b.as_bool();
    case value::Kind::kType:
      return a.as_string() == b.as_string();
    case value::Kind::kOptional:
      return !a.optional_value() && !b.optional_value();
    case value::Kind::kTimestamp:
    case value::Kind::kDuration:
      return IsKeyByValue(a) && Compare(a, b).as_int() == 0;
    default:
      return false;
  }
}

std::size_t HashOf(const Value& key) {
  if (key.is_string()) return std::hash<std::string_view>()(key.as_string());
  double number = 0;
  switch (key.kind()) {
    case value::Kind::kInt:
      number = static_cast<double>(key.as_int());
      break;
    case value::Kind::kUint:
      number = static_cast<double>(key.as_uint());
      break;
    case value::Kind::kDouble:
      number = key.as_double();
      break;
    case value::Kind::kBool:
      number = key.as_bool() ? 1 : 2;
      break;
    default:
      break;
  }
  return std::hash<double>()(number);
}

}  // namespace

bool EntryCollector::Contains(const Value& key) {
  if (!table_) {
    return std::any_of(entries_, entries_ + count_,
                       [&](const MapEntry& entry) { return SameKey(key, entry.key); });
  }
  // Keys by identity (lists, maps, optionals) all lie in one run.
  const std::size_t start = HashOf(key);
  for (std::size_t at = start;; ++at) {
    if ((at - start) % 8 == 7 && !frame_.Spend(8)) return false;
    const std::uint32_t found = table_[at & (table_size_ - 1)];
    if (found == 0) return false;
    if (SameKey(key, entries_[found - 1].key)) return true;
  }
}

void EntryCollector::Index(std::uint32_t entry) {
  std::size_t at = HashOf(entries_[entry].key);
  while (table_[at & (table_size_ - 1)] != 0) ++at;
  table_[at & (table_size_ - 1)] = entry + 1;
}

bool EntryCollector::Grow() {
  const std::size_t capacity = std::max(expected_, std::max<std::size_t>(4, capacity_ * 2));
  MapEntry* entries = frame_.NewEntries(capacity);
  if (!entries) return false;
  std::copy(entries_, entries_ + count_, entries);
  entries_ = entries;
  capacity_ = capacity;
  if (capacity <= kScanned) return true;
  std::size_t size = 16;
  while (size < 2 * capacity) size *= 2;
  table_ = frame_.New<std::uint32_t>(size);
  if (!table_) return false;
  std::fill(table_, table_ + size, 0u);
  table_size_ = size;
  for (std::size_t i = 0; i < count_; ++i) Index(static_cast<std::uint32_t>(i));
  return true;
}

Value EntryCollector::Insert(const Value& key, const Value& value) {
  if (!IsMapKey(key)) return BadMapKey(frame_);
  if (!frame_.Spend(1) || !frame_.SpendText(key.size())) return frame_.LimitError();
  if (Contains(key))
    return frame_.Fail("insert failed: key " + GoText(key, frame_.budget()) + " already exists");
  if (frame_.exceeded()) [[unlikely]]
    return frame_.LimitError();
  if (count_ == capacity_ && !Grow()) return frame_.LimitError();
  entries_[count_++] = {key, value};
  if (table_) Index(static_cast<std::uint32_t>(count_ - 1));
  return Value();
}

Value EntryCollector::Build() {
  if (!frame_.Spend(1 + count_)) return frame_.LimitError();
  return MakeMap(entries_, count_);
}

}  // namespace openchoreo::cel
