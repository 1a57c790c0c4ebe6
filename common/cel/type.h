// Static types of expressions, as the checker reasons about them. Immutable; made in an arena or
// static. Follows cel-go common/types/types.go.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::cel {

enum class TypeKind : std::uint8_t {
  kDyn,
  kError,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kNull,
  kTimestamp,
  kDuration,
  kAny,
  kType,      // type, or type(T)
  kList,      // list(T)
  kMap,       // map(K, V)
  kOptional,  // optional_type(T)
  kParam,     // a type parameter of a declaration: <A>; `index` says which
  kVariable,  // a free type variable of one check; `index` is its number
  kObject,    // any other named type
};

struct Type {
  TypeKind kind = TypeKind::kDyn;
  bool wrapper = false;  // wrapper(int) and its like: null is assignable too
  std::uint8_t parameter_count = 0;
  std::uint32_t index = 0;
  std::string_view name = "dyn";  // the run-time name: "int", "google.protobuf.Timestamp", …
  std::array<const Type*, 2> parameters{};
  std::uint32_t size = 1;  // types in it, itself included, shared ones as often as they stand there
};

// Parameters are shared, so a type of forty steps can have 2^40 parts. One larger than this is dyn:
// what it would have told is left to the run time.
inline constexpr std::uint32_t kMaxTypeSize = 4096;

namespace types {

inline constexpr Type Simple(TypeKind kind, std::string_view name) {
  Type type;
  type.kind = kind;
  type.name = name;
  return type;
}

inline constexpr Type kDyn = Simple(TypeKind::kDyn, "dyn");
inline constexpr Type kError = Simple(TypeKind::kError, "error");
inline constexpr Type kBool = Simple(TypeKind::kBool, "bool");
inline constexpr Type kInt = Simple(TypeKind::kInt, "int");
inline constexpr Type kUint = Simple(TypeKind::kUint, "uint");
inline constexpr Type kDouble = Simple(TypeKind::kDouble, "double");
inline constexpr Type kString = Simple(TypeKind::kString, "string");
inline constexpr Type kBytes = Simple(TypeKind::kBytes, "bytes");
inline constexpr Type kNull = Simple(TypeKind::kNull, "null_type");
inline constexpr Type kTimestamp = Simple(TypeKind::kTimestamp, "google.protobuf.Timestamp");
inline constexpr Type kDuration = Simple(TypeKind::kDuration, "google.protobuf.Duration");
inline constexpr Type kAny = Simple(TypeKind::kAny, "google.protobuf.Any");
inline constexpr Type kTypeType = Simple(TypeKind::kType, "type");
inline constexpr Type kOmit = Simple(TypeKind::kObject, "omit");

const Type* List(base::Arena& arena, const Type* element);
const Type* Map(base::Arena& arena, const Type* key, const Type* value);
const Type* Optional(base::Arena& arena, const Type* held);
const Type* TypeOf(base::Arena& arena, const Type* type);

// The type an identifier names ("int", "list", "google.protobuf.Duration"); nullptr if it is none.
const Type* Named(base::Arena& arena, std::string_view name);

const Type* OfLiteral(const value::Value& literal);

}  // namespace types

bool SameType(const Type& a, const Type& b);

// The form of check results: "list(int)", "null_type", "google.protobuf.Timestamp", "wrapper(int)".
std::string TypeText(const Type& type);

// The form of the checker's messages: "null", "timestamp", "!error!" (cel-go
// checker.FormatCELType).
std::string MessageTypeText(const Type& type);

// The arguments of a call in the checker's messages: "(int, string)", of a member's "list.(int)".
std::string SignatureText(std::span<const Type* const> arguments, bool member);

// The type written as TypeText writes it; nullptr if the text is none. Names live in `arena`.
const Type* ParseTypeText(base::Arena& arena, std::string_view text);

// The name type(value) has: "int", "map", "optional_type", …
std::string_view RuntimeTypeName(const value::Value& value);

}  // namespace openchoreo::cel
