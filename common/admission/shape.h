// The language the rules of a kind are written in: constant tables (shapes_*.inc, made from the
// CRDs by scripts/generate-tables), one Shape per node of a resource. What each member means is
// what the structural schema of a CRD means by it; only what OpenChoreo's CRDs use is here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::admission {

enum class ShapeType : std::uint8_t {
  kAny,     // no type: free-form, kept as it is
  kObject,  // the fields below
  kMap,     // any keys, values of shape `items`
  kArray,   // items of shape `items`
  kString,
  kInteger,  // int32 where bounded
  kBoolean,
  kTextOrReference,  // a name (v0.12), or {kind, name} (since v0.15)
};

// A pattern and a rule of x-kubernetes-validations by their number in shape_texts.inc
// (text_pattern.h, validation_rule.h).
using TextPattern = std::uint8_t;
using ValidationRule = std::uint8_t;

inline constexpr TextPattern kNoPattern = 255;
inline constexpr TextPattern kUriFormat = 254;  // format: uri, not a pattern

enum class ListType : std::uint8_t { kAtomic, kSet, kMap };

struct Field;

struct Shape {
  ShapeType type = ShapeType::kAny;
  bool preserve_unknown = false;  // fields not listed are kept
  ListType list_type = ListType::kAtomic;
  TextPattern pattern = kNoPattern;
  std::uint32_t min_length = 0;
  std::uint32_t max_length = 0;  // 0: no limit, also below
  std::uint32_t min_items = 0;
  std::uint32_t max_items = 0;
  std::uint32_t max_properties = 0;
  bool int32 = false;
  std::int64_t minimum = 0, maximum = 0;  // both 0: no bounds
  const Shape* items = nullptr;
  std::string_view list_key;                    // of ListType::kMap
  std::span<const Field> fields;                // sorted by name
  std::span<const std::string_view> supported;  // enum
  std::span<const ValidationRule> rules;

  // A copy with one member set; ahead of its uses, which are constant expressions.
  template <typename T>
  constexpr Shape With(T Shape::*member, T value) const {
    Shape copy = *this;
    copy.*member = value;
    return copy;
  }

  constexpr Shape MinLength(std::uint32_t n) const { return With(&Shape::min_length, n); }

  constexpr Shape MaxLength(std::uint32_t n) const { return With(&Shape::max_length, n); }

  constexpr Shape MinItems(std::uint32_t n) const { return With(&Shape::min_items, n); }

  constexpr Shape MaxItems(std::uint32_t n) const { return With(&Shape::max_items, n); }

  constexpr Shape MaxProperties(std::uint32_t n) const { return With(&Shape::max_properties, n); }

  constexpr Shape Matching(TextPattern number) const { return With(&Shape::pattern, number); }

  constexpr Shape Uri() const { return With(&Shape::pattern, kUriFormat); }

  constexpr Shape Set() const { return With(&Shape::list_type, ListType::kSet); }

  constexpr Shape KeyedBy(std::string_view key) const {
    return With(&Shape::list_type, ListType::kMap).With(&Shape::list_key, key);
  }

  constexpr Shape OneOf(std::span<const std::string_view> values) const {
    return With(&Shape::supported, values);
  }

  constexpr Shape Rules(std::span<const ValidationRule> list) const {
    return With(&Shape::rules, list);
  }

  constexpr Shape Open() const { return With(&Shape::preserve_unknown, true); }

  constexpr Shape Int32() const { return With(&Shape::int32, true); }

  constexpr Shape Between(std::int64_t low, std::int64_t high) const {
    return With(&Shape::minimum, low).With(&Shape::maximum, high);
  }
};

struct Field {
  static constexpr std::uint8_t kRequired = 1;
  // Required by the CRD, but nothing rendering reads: its absence only warns.
  static constexpr std::uint8_t kUnread = 2;
  // Required by the CRD; the loader may find it out itself (a Workload's owner).
  static constexpr std::uint8_t kInferred = 4;
  // Not in v0.12's CRD: came between v0.13 and v0.17, and is read along.
  static constexpr std::uint8_t kSinceV013 = 8;

  // Nothing rendering reads: whatever is wrong in it only warns.
  static constexpr std::uint8_t kNoEffect = 16;

  std::string_view name;
  const Shape* shape;
  std::uint8_t flags = 0;
  value::Value fallback;  // default; null: none

  constexpr bool required() const { return (flags & kRequired) != 0; }
};

constexpr Field Required(std::string_view name, const Shape& shape, int more_flags = 0) {
  return {name, &shape, static_cast<std::uint8_t>(Field::kRequired | more_flags), {}};
}

constexpr Field Optional(std::string_view name, const Shape& shape, int flags = 0) {
  return {name, &shape, static_cast<std::uint8_t>(flags), {}};
}

constexpr Field Defaulted(std::string_view name, const Shape& shape, value::Value fallback,
                          int flags = 0) {
  return {name, &shape, static_cast<std::uint8_t>(flags), fallback};
}

constexpr Shape ObjectOf(std::span<const Field> fields) {
  Shape shape;
  shape.type = ShapeType::kObject;
  shape.fields = fields;
  return shape;
}

// nullptr: the object has no such field.
constexpr const Field* FieldNamed(const Shape& object, std::string_view name) {
  for (const Field& field : object.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

constexpr Shape Typed(ShapeType type) {
  Shape shape;
  shape.type = type;
  return shape;
}

constexpr Shape ArrayOf(const Shape& items) {
  Shape shape = Typed(ShapeType::kArray);
  shape.items = &items;
  return shape;
}

constexpr Shape MapOf(const Shape& values) {
  Shape shape = Typed(ShapeType::kMap);
  shape.items = &values;
  return shape;
}

// The rules of a resource as a whole: `spec` of its kind, in the shapes of its dialect.
struct KindRules {
  const Shape* spec = nullptr;
  bool spec_required = false;
};

// Constant; kinds a dialect does not have get the rules of the other.
const KindRules& RulesOf(names::Kind kind, names::Dialect dialect);

}  // namespace openchoreo::admission
