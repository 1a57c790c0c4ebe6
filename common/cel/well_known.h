// Message literals of protobuf's well-known types, google.protobuf.Int32Value{value: 1}: plain
// values to CEL, and their one enum. Follows cel-go common/types/provider.go; google.protobuf.Any,
// Value and Empty are left out.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "common/cel/node.h"
#include "common/cel/type.h"

namespace openchoreo::cel {

struct WellKnownField {
  std::string_view name;
  const Type* type;
};

// The name of an enum's only value: the int 0.
inline constexpr std::string_view kNullValue = "google.protobuf.NullValue.NULL_VALUE";

struct WellKnownType {
  enum class Form : std::uint8_t {
    kWrapper,
    kInt32,
    kUint32,
    kFloat,
    kStruct,
    kList,
    kTimestamp,
    kDuration
  };

  std::string_view name;
  Form form;
  const Type* type;                      // of the literal
  std::array<WellKnownField, 2> fields;  // unused ones have no name

  // The position of a field, or -1.
  int FieldIndex(std::string_view field) const;
};

// nullptr if there is none.
const WellKnownType* FindWellKnownType(std::string_view name);

// Computes the literal; field i is `fields[i]`, nullptr where it is not set.
class WellKnownNode final : public Node {
 public:
  WellKnownNode(const WellKnownType* type, std::array<const Node*, 2> fields)
      : type_(type), fields_(fields) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const WellKnownType* type_;
  std::array<const Node*, 2> fields_;
};

}  // namespace openchoreo::cel
