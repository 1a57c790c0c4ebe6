// Value: the one JSON-like tree every room passes on, 16 bytes, trivially copied, immutable.
//
// Strings, lists and maps point into memory owned elsewhere (an Arena, a source text); whoever
// makes a Value says which. Maps with string keys keep their entries sorted by key bytes, without
// repeats, so order never depends on the input. The kinds after kMap exist only inside and behind
// CEL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "common/base/budget.h"

namespace openchoreo::value {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kList,
  kMap,
  kBytes,
  kTimestamp,
  kDuration,
  kType,
  kOptional,
  kOmit,   // oc_omit(): drops the key or item it stands for
  kError,  // a CEL error on its way; never leaves the cel room
};

struct MapEntry;

class Value {
 public:
  // Marks a list or map that a CEL expression built: a null in it leaves CEL as the number 0, as
  // upstream.
  static constexpr std::uint8_t kFromCel = 1;
  // Marks a map whose keys are not all strings (made by CEL only): sorted by kind, then by value.
  static constexpr std::uint8_t kMixedKeys = 2;
  // Marks a list that `+` joined from two others in CEL: an omit in it survives until the whole is
  // cleaned.
  static constexpr std::uint8_t kConcatenated = 4;
  // Marks the list split() made: upstream holds it as a []string, which is no []interface {} to
  // forEach.
  static constexpr std::uint8_t kGoStrings = 8;
  // Marks a list or map that left CEL inside an optional: upstream hands on []ref.Val or
  // map[ref.Val]ref.Val.
  static constexpr std::uint8_t kGoReferences = 16;
  // Marks the empty map that stands for what oc_merge() keeps of an omit: upstream holds a Go error
  // there, which is {} in JSON.
  static constexpr std::uint8_t kGoError = 32;

  constexpr Value() : kind_(Kind::kNull), flags_(0), aux_(0), size_(0), int_(0) {}

  static constexpr Value Null() { return Value(); }

  static constexpr Value Bool(bool b) { return Value(Kind::kBool, 0, std::int64_t{b}); }

  static constexpr Value Int(std::int64_t i) { return Value(Kind::kInt, 0, i); }

  static constexpr Value Uint(std::uint64_t u) {
    return Value(Kind::kUint, 0, static_cast<std::int64_t>(u));
  }

  static constexpr Value Double(double d) {
    Value v;
    v.kind_ = Kind::kDouble;
    v.double_ = d;
    return v;
  }

  // `text` is not copied; at most 4 GiB.
  static constexpr Value String(std::string_view text) { return Value(Kind::kString, text); }

  static constexpr Value Bytes(std::string_view bytes) { return Value(Kind::kBytes, bytes); }

  static constexpr Value Type(std::string_view name) { return Value(Kind::kType, name); }

  static constexpr Value List(std::span<const Value> items, std::uint8_t flags = 0) {
    Value v;
    v.kind_ = Kind::kList;
    v.flags_ = flags;
    v.size_ = static_cast<std::uint32_t>(items.size());
    v.pointer_ = items.data();
    return v;
  }

  // Entries must be sorted by key and unique unless flags has kMixedKeys; use MapBuilder.
  static constexpr Value Map(std::span<const MapEntry> entries, std::uint8_t flags = 0);

  // `offset_minutes` is the zone the text had; it shows only when the timestamp becomes text.
  static constexpr Value Timestamp(std::int64_t seconds, std::uint32_t nanos,
                                   std::int16_t offset_minutes) {
    Value v(Kind::kTimestamp, 0, seconds);
    v.size_ = nanos;
    v.aux_ = static_cast<std::uint16_t>(offset_minutes);
    return v;
  }

  static constexpr Value Duration(std::int64_t nanoseconds) {
    return Value(Kind::kDuration, 0, nanoseconds);
  }

  // nullptr: optional.none().
  static constexpr Value Optional(const Value* held) {
    Value v;
    v.kind_ = Kind::kOptional;
    v.pointer_ = held;
    return v;
  }

  // What a null becomes when it leaves CEL: the number 0, of the Go type structpb.NullValue.
  static constexpr Value CelNull() { return Value(Kind::kInt, kFromCel, 0); }

  static constexpr Value Omit() { return Value(Kind::kOmit, 0, std::int64_t{0}); }

  // `detail` is owned by the cel room's arena.
  static constexpr Value Error(const void* detail) {
    Value v;
    v.kind_ = Kind::kError;
    v.pointer_ = detail;
    return v;
  }

  constexpr Kind kind() const { return kind_; }

  constexpr std::uint8_t flags() const { return flags_; }

  constexpr bool is_null() const { return kind_ == Kind::kNull; }

  constexpr bool is_bool() const { return kind_ == Kind::kBool; }

  constexpr bool is_int() const { return kind_ == Kind::kInt; }

  constexpr bool is_double() const { return kind_ == Kind::kDouble; }

  constexpr bool is_string() const { return kind_ == Kind::kString; }

  constexpr bool is_list() const { return kind_ == Kind::kList; }

  constexpr bool is_map() const { return kind_ == Kind::kMap; }

  constexpr bool is_omit() const { return kind_ == Kind::kOmit; }

  constexpr bool is_error() const { return kind_ == Kind::kError; }

  constexpr bool is_cel_null() const { return kind_ == Kind::kInt && (flags_ & kFromCel) != 0; }

  constexpr bool is_number() const {
    return kind_ == Kind::kInt || kind_ == Kind::kUint || kind_ == Kind::kDouble;
  }

  // The accessors below read the kind they name; ask kind() first.
  constexpr bool as_bool() const { return int_ != 0; }

  constexpr std::int64_t as_int() const { return int_; }

  constexpr std::uint64_t as_uint() const { return static_cast<std::uint64_t>(int_); }

  constexpr double as_double() const { return double_; }

  // Text of a string, bytes or type name.
  constexpr std::string_view as_string() const {
    return {static_cast<const char*>(pointer_), size_};
  }

  constexpr std::span<const Value> as_list() const {
    return {static_cast<const Value*>(pointer_), size_};
  }

  constexpr std::span<const MapEntry> as_map() const;

  constexpr std::int64_t timestamp_seconds() const { return int_; }

  constexpr std::uint32_t timestamp_nanos() const { return size_; }

  constexpr std::int16_t timestamp_offset_minutes() const {
    return static_cast<std::int16_t>(aux_);
  }

  constexpr std::int64_t duration_nanoseconds() const { return int_; }

  constexpr const Value* optional_value() const { return static_cast<const Value*>(pointer_); }

  constexpr const void* error_detail() const { return pointer_; }

  // Items of a list or map, bytes of a string; 0 for the other kinds.
  constexpr std::size_t size() const {
    return kind_ >= Kind::kString && kind_ <= Kind::kBytes ? size_ : 0;
  }

  // The entry of a map with string keys; nullptr if this is no such map or has no such key.
  const Value* Find(std::string_view key) const;

  // Find, or null.
  Value Get(std::string_view key) const {
    const Value* found = Find(key);
    return found ? *found : Value();
  }

  // Follows keys; null as soon as one is missing.
  template <typename... Keys>
  Value Get(std::string_view key, Keys... rest) const {
    return Get(key).Get(rest...);
  }

  // The text if this is a string, else "".
  constexpr std::string_view string_or_empty() const {
    return is_string() ? as_string() : std::string_view();
  }

 private:
  constexpr Value(Kind kind, std::uint8_t flags, std::int64_t payload)
      : kind_(kind), flags_(flags), aux_(0), size_(0), int_(payload) {}

  constexpr Value(Kind kind, std::string_view text)
      : kind_(kind),
        flags_(0),
        aux_(0),
        size_(static_cast<std::uint32_t>(text.size())),
        pointer_(text.data()) {}

  Kind kind_;
  std::uint8_t flags_;
  std::uint16_t aux_;
  std::uint32_t size_;

  union {
    std::int64_t int_;
    double double_;
    const void* pointer_;
  };
};

static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

struct MapEntry {
  Value key;
  Value value;
};

constexpr Value Value::Map(std::span<const MapEntry> entries, std::uint8_t flags) {
  Value v;
  v.kind_ = Kind::kMap;
  v.flags_ = flags;
  v.size_ = static_cast<std::uint32_t>(entries.size());
  v.pointer_ = entries.data();
  return v;
}

constexpr std::span<const MapEntry> Value::as_map() const {
  return {static_cast<const MapEntry*>(pointer_), size_};
}

// Same JSON value: numbers by value across int, uint and double; maps and lists deep. False once
// `budget` is spent.
bool JsonEquals(const Value& a, const Value& b, base::Budget& budget);

// The node at a JSON pointer; nullptr if there is none.
const Value* FindAtPointer(const Value& root, std::string_view pointer);

// The Go type a decoded value would have, as upstream's messages print it with %T:
// "string", "int64", "float64", "bool", "map[string]interface {}", "[]interface {}", "<nil>", …
const char* GoTypeName(const Value& value);

}  // namespace openchoreo::value
