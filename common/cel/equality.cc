#include "common/cel/equality.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace openchoreo::cel {

using value::Kind;
using value::MapEntry;
using value::Value;

namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

template <typename T>
int Sign(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int CompareDoubleInt(double d, std::int64_t i) {
  if (d < -kTwo63) return -1;
  if (d > kTwo63) return 1;
  return Sign(d, static_cast<double>(i));
}

int CompareDoubleUint(double d, std::uint64_t u) {
  if (d < 0) return -1;
  if (d > kTwo64) return 1;
  return Sign(d, static_cast<double>(u));
}

int CompareIntUint(std::int64_t i, std::uint64_t u) {
  return i < 0 ? -1 : Sign(static_cast<std::uint64_t>(i), u);
}

bool IsNan(const Value& v) { return v.is_double() && std::isnan(v.as_double()); }

}  // namespace

int CompareNumbers(const Value& a, const Value& b) {
  switch (a.kind()) {
    case Kind::kInt:
      if (b.is_int()) return Sign(a.as_int(), b.as_int());
      if (b.is_double()) return -CompareDoubleInt(b.as_double(), a.as_int());
      return CompareIntUint(a.as_int(), b.as_uint());
    case Kind::kUint:
      if (b.is_int()) return -CompareIntUint(b.as_int(), a.as_uint());
      if (b.is_double()) return -CompareDoubleUint(b.as_double(), a.as_uint());
      return Sign(a.as_uint(), b.as_uint());
    default:
      if (b.is_int()) return CompareDoubleInt(a.as_double(), b.as_int());
      if (b.is_double()) return Sign(a.as_double(), b.as_double());
      return CompareDoubleUint(a.as_double(), b.as_uint());
  }
}

namespace {

bool EqualMaps(Frame& frame, const Value& a, const Value& b) {
  if (a.size() != b.size()) return false;
  for (const MapEntry& entry : a.as_map()) {
    if (!frame.SpendText(entry.key.size())) return false;
    const Value* other = FindEntry(b, entry.key);
    if (!other || !Equal(frame, entry.value, *other)) return false;
  }
  return true;
}

bool EqualLists(Frame& frame, const Value& a, const Value& b) {
  const auto x = a.as_list();
  const auto y = b.as_list();
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!Equal(frame, x[i], y[i])) return false;
  }
  return true;
}

}  // namespace

bool Equal(Frame& frame, const Value& a, const Value& b) {
  if (a.kind() != b.kind()) {
    if (!a.is_number() || !b.is_number() || IsNan(a) || IsNan(b)) return false;
    return CompareNumbers(a, b) == 0;
  }
  switch (a.kind()) {
    case Kind::kNull:
    case Kind::kOmit:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kInt:
    case Kind::kUint:
      return a.as_int() == b.as_int();
    case Kind::kDouble:
      return a.as_double() == b.as_double();
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return a.size() == b.size() && frame.SpendText(a.size()) && a.as_string() == b.as_string();
    case Kind::kTimestamp:
      return a.timestamp_seconds() == b.timestamp_seconds() &&
             a.timestamp_nanos() == b.timestamp_nanos();
    case Kind::kDuration:
      return a.duration_nanoseconds() == b.duration_nanoseconds();
    case Kind::kList: {
      const Level level(frame);
      return level && frame.Spend(1 + a.size()) && EqualLists(frame, a, b);
    }
    case Kind::kMap: {
      const Level level(frame);
      return level && frame.Spend(1 + a.size()) && EqualMaps(frame, a, b);
    }
    case Kind::kOptional: {
      const Level level(frame);
      if (!level || !frame.Spend(1)) return false;
      const Value* x = a.optional_value();
      const Value* y = b.optional_value();
      return x && y ? Equal(frame, *x, *y) : x == y;
    }
    case Kind::kError:
      break;
  }
  return false;
}

Value Compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    if (IsNan(a) || IsNan(b)) return kNanNotOrdered;
    return Value::Int(CompareNumbers(a, b));
  }
  if (a.kind() != b.kind()) return kNoSuchOverload;
  switch (a.kind()) {
    case Kind::kBool:
      return Value::Int(Sign<int>(a.as_bool(), b.as_bool()));
    case Kind::kString:
    case Kind::kBytes:
      return Value::Int(Sign(a.as_string().compare(b.as_string()), 0));
    case Kind::kTimestamp: {
      const int seconds = Sign(a.timestamp_seconds(), b.timestamp_seconds());
      return Value::Int(seconds != 0 ? seconds : Sign(a.timestamp_nanos(), b.timestamp_nanos()));
    }
    case Kind::kDuration:
      return Value::Int(Sign(a.duration_nanoseconds(), b.duration_nanoseconds()));
    default:
      return kNoSuchOverload;
  }
}

bool IsMapKey(const Value& key) {
  switch (key.kind()) {
    case Kind::kBytes:
    case Kind::kError:
      return false;
    default:
      return true;
  }
}

Value BadMapKey(Frame& frame) {
  return frame.Fail("internal error: runtime error: hash of unhashable type types.Bytes");
}

bool IsKeyByValue(const Value& key) {
  switch (key.kind()) {
    case Kind::kList:
    case Kind::kMap:
    case Kind::kOptional:
      return false;
    case Kind::kTimestamp:
      return key.timestamp_offset_minutes() == 0;
    default:
      return !IsNan(key);
  }
}

namespace {

// An order of keys: by kind, then by value. Keys of two kinds are never the same key; keys by
// identity have no order.
int OrderKeys(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return Sign(static_cast<int>(a.kind()), static_cast<int>(b.kind()));
  switch (a.kind()) {
    case Kind::kBool:
      return Sign<int>(a.as_bool(), b.as_bool());
    case Kind::kInt:
      return Sign(a.as_int(), b.as_int());
    case Kind::kUint:
      return Sign(a.as_uint(), b.as_uint());
    case Kind::kDouble: {
      // NaNs last, so that the order stays total.
      const bool x = std::isnan(a.as_double());
      const bool y = std::isnan(b.as_double());
      return x || y ? Sign<int>(x, y) : Sign(a.as_double(), b.as_double());
    }
    case Kind::kString:
    case Kind::kType:
      return Sign(a.as_string().compare(b.as_string()), 0);
    case Kind::kTimestamp:
    case Kind::kDuration:
      return static_cast<int>(Compare(a, b).as_int());
    default:
      return 0;
  }
}

const Value* FindExact(const Value& map, const Value& key) {
  if (!IsKeyByValue(key)) return nullptr;
  const auto entries = map.as_map();
  const auto found = std::lower_bound(
      entries.begin(), entries.end(), key,
      [](const MapEntry& entry, const Value& k) { return OrderKeys(entry.key, k) < 0; });
  return found != entries.end() && OrderKeys(found->key, key) == 0 ? &found->value : nullptr;
}

}  // namespace

const Value* FindEntry(const Value& map, const Value& key) {
  if (key.is_string()) return map.Find(key.as_string());
  if (!(map.flags() & Value::kMixedKeys)) return nullptr;
  if (const Value* found = FindExact(map, key)) return found;
  switch (key.kind()) {
    case Kind::kDouble: {
      const double d = key.as_double();
      if (d != std::trunc(d)) return nullptr;
      if (d > -kTwo63 && d < kTwo63) {
        if (const Value* found = FindExact(map, Value::Int(static_cast<std::int64_t>(d))))
          return found;
      }
      if (d >= 0 && d < kTwo64) return FindExact(map, Value::Uint(static_cast<std::uint64_t>(d)));
      return nullptr;
    }
    case Kind::kInt:
      return key.as_int() >= 0 ? FindExact(map, Value::Uint(key.as_uint())) : nullptr;
    case Kind::kUint:
      return key.as_int() >= 0 ? FindExact(map, Value::Int(key.as_int())) : nullptr;
    default:
      return nullptr;
  }
}

Value MakeMap(MapEntry* entries, std::size_t count) {
  const auto less = [](const MapEntry& a, const MapEntry& b) {
    return OrderKeys(a.key, b.key) < 0;
  };
  bool sorted = true;
  bool strings = count == 0 || entries[0].key.is_string();
  for (std::size_t i = 1; i < count; ++i) {
    strings = strings && entries[i].key.is_string();
    sorted = sorted && less(entries[i - 1], entries[i]);
  }
  if (!sorted) {
    // Insertion keeps equal keys in order without allocating; larger maps take the general way.
    if (count <= 16) {
      for (std::size_t i = 1; i < count; ++i) {
        const MapEntry entry = entries[i];
        std::size_t at = i;
        for (; at > 0 && less(entry, entries[at - 1]); --at) entries[at] = entries[at - 1];
        entries[at] = entry;
      }
    } else {
      std::stable_sort(entries, entries + count, less);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const bool overwritten =
          i + 1 < count && IsKeyByValue(entries[i].key) && !less(entries[i], entries[i + 1]);
      if (!overwritten) entries[kept++] = entries[i];
    }
    count = kept;
  }
  const std::uint8_t mixed = strings ? 0 : Value::kMixedKeys;
  return Value::Map({entries, count}, static_cast<std::uint8_t>(Value::kFromCel | mixed));
}

}  // namespace openchoreo::cel
