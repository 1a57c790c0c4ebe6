#include "common/cel/go_text.h"

#include "common/base/go_format.h"
#include "common/value/go_text.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

std::string TypeNameText(std::string_view name) {
  if (name == "map") return "map(dyn, dyn)";
  return std::string(name) + (name == "list" || name == "optional_type" ? "(dyn)" : "");
}

std::string GoText(const Value& value, base::Budget& budget) {
  std::string out;
  switch (value.kind()) {
    case Kind::kNull:
      return "0";  // an enumerator of protobuf
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt:
      base::AppendInt(out, value.as_int());
      return out;
    case Kind::kUint:
      base::AppendUint(out, value.as_uint());
      return out;
    case Kind::kDouble:
      return base::FormatG(value.as_double());
    case Kind::kString:
      if (!budget.SpendText(value.size()) || !budget.HasRoomForText(out, value.size())) return out;
      return std::string(value.as_string());
    case Kind::kType:
      return TypeNameText(value.as_string());
    case Kind::kTimestamp:
    case Kind::kDuration:
      value::AppendGoText(out, value, budget);
      return out;
    case Kind::kOptional: {
      if (!value.optional_value()) return "optional.none()";
      const base::Level level(budget);
      if (!level || !budget.Spend(1)) return out;
      return "optional(" + cel::GoText(*value.optional_value(), budget) + ")";
    }
    case Kind::kOmit:
      return "&{}";
    default:
      return value::ToJson(value, budget);
  }
}

const char* RefTypeName(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "types.Null";
    case Kind::kBool:
      return "types.Bool";
    case Kind::kInt:
      return "types.Int";
    case Kind::kUint:
      return "types.Uint";
    case Kind::kDouble:
      return "types.Double";
    case Kind::kString:
      return "types.String";
    case Kind::kList:
      return "*types.baseList";
    case Kind::kMap:
      return "*types.baseMap";
    case Kind::kBytes:
      return "types.Bytes";
    case Kind::kTimestamp:
      return "types.Timestamp";
    case Kind::kDuration:
      return "types.Duration";
    case Kind::kType:
      return "*types.Type";
    case Kind::kOptional:
      return "*types.Optional";
    case Kind::kOmit:
      return "*template.omitCELValue";
    case Kind::kError:
      return "*types.Err";
  }
  return "nil";
}

}  // namespace openchoreo::cel
