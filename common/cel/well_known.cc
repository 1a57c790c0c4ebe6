#include "common/cel/well_known.h"

#include <limits>

#include "common/base/base64.h"
#include "common/cel/functions/time_values.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

namespace {

using Form = WellKnownType::Form;

constexpr Type Wrapper(const Type& wrapped) {
  Type type = wrapped;
  type.wrapper = true;
  return type;
}

constexpr Type kBoolWrapper = Wrapper(types::kBool);
constexpr Type kBytesWrapper = Wrapper(types::kBytes);
constexpr Type kDoubleWrapper = Wrapper(types::kDouble);
constexpr Type kIntWrapper = Wrapper(types::kInt);
constexpr Type kStringWrapper = Wrapper(types::kString);
constexpr Type kUintWrapper = Wrapper(types::kUint);

// The count is given: g++ cannot compare addresses in constant expressions under
// -fsanitize=undefined.
constexpr Type Container(TypeKind kind, std::string_view name, int parameters, const Type* first,
                         const Type* second) {
  Type type = types::Simple(kind, name);
  type.parameter_count = static_cast<decltype(type.parameter_count)>(parameters);
  type.parameters = {first, second};
  return type;
}

constexpr Type kList = Container(TypeKind::kList, "list", 1, &types::kDyn, nullptr);
constexpr Type kStruct = Container(TypeKind::kMap, "map", 2, &types::kString, &types::kDyn);

constexpr std::array<WellKnownType, 13> kTypes = {{
    {"google.protobuf.BoolValue", Form::kWrapper, &kBoolWrapper, {{{"value", &types::kBool}}}},
    {"google.protobuf.BytesValue", Form::kWrapper, &kBytesWrapper, {{{"value", &types::kBytes}}}},
    {"google.protobuf.DoubleValue",
     Form::kWrapper,
     &kDoubleWrapper,
     {{{"value", &types::kDouble}}}},
    {"google.protobuf.FloatValue", Form::kFloat, &kDoubleWrapper, {{{"value", &types::kDouble}}}},
    {"google.protobuf.Int32Value", Form::kInt32, &kIntWrapper, {{{"value", &types::kInt}}}},
    {"google.protobuf.Int64Value", Form::kWrapper, &kIntWrapper, {{{"value", &types::kInt}}}},
    {"google.protobuf.StringValue",
     Form::kWrapper,
     &kStringWrapper,
     {{{"value", &types::kString}}}},
    {"google.protobuf.UInt32Value", Form::kUint32, &kUintWrapper, {{{"value", &types::kUint}}}},
    {"google.protobuf.UInt64Value", Form::kWrapper, &kUintWrapper, {{{"value", &types::kUint}}}},
    {"google.protobuf.Struct", Form::kStruct, &kStruct, {{{"fields", &kStruct}}}},
    {"google.protobuf.ListValue", Form::kList, &kList, {{{"values", &kList}}}},
    {"google.protobuf.Timestamp",
     Form::kTimestamp,
     &types::kTimestamp,
     {{{"seconds", &types::kInt}, {"nanos", &types::kInt}}}},
    {"google.protobuf.Duration",
     Form::kDuration,
     &types::kDuration,
     {{{"seconds", &types::kInt}, {"nanos", &types::kInt}}}},
}};

Value ZeroOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBool:
      return Value::Bool(false);
    case TypeKind::kBytes:
      return Value::Bytes("");
    case TypeKind::kDouble:
      return Value::Double(0);
    case TypeKind::kString:
      return Value::String("");
    case TypeKind::kUint:
      return Value::Uint(0);
    case TypeKind::kList:
      return Value::List({}, Value::kFromCel);
    case TypeKind::kMap:
      return Value::Map({}, Value::kFromCel);
    default:
      return Value::Int(0);
  }
}

Kind KindOf(TypeKind kind) { return ZeroOf(kind).kind(); }

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// `value` as google.protobuf.Value holds it: numbers are doubles, or text where a double is not
// exact; bytes and times are text. An error value if it has no such form.
Value JsonForm(Frame& frame, const Value& value);

Value JsonList(Frame& frame, const Value& list) {
  const Level level(frame);
  Value* items = level && frame.Spend(list.size() + 1) ? frame.NewValues(list.size()) : nullptr;
  if (!items) return frame.LimitError();
  std::size_t count = 0;
  for (const Value& item : list.as_list()) {
    items[count] = JsonForm(frame, item);
    if (items[count].is_error()) return items[count];
    ++count;
  }
  return Value::List({items, count}, Value::kFromCel);
}

Value JsonMap(Frame& frame, const Value& map) {
  const Level level(frame);
  value::MapEntry* entries =
      level && frame.Spend(map.size() + 1) ? frame.NewEntries(map.size()) : nullptr;
  if (!entries) return frame.LimitError();
  std::size_t count = 0;
  for (const value::MapEntry& entry : map.as_map()) {
    if (!entry.key.is_string()) {
      return frame.Fail("unsupported type conversion from '" +
                        std::string(RuntimeTypeName(entry.key)) + "' to string");
    }
    const Value value = JsonForm(frame, entry.value);
    if (value.is_error()) return value;
    entries[count++] = {entry.key, value};
  }
  return Value::Map({entries, count}, Value::kFromCel);
}

Value JsonForm(Frame& frame, const Value& value) {
  constexpr std::int64_t kMaxSafe = (std::int64_t{1} << 53) - 1;
  std::string text;
  switch (value.kind()) {
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kDouble:
    case Kind::kString:
      return value;
    case Kind::kInt:
      if (value.as_int() <= kMaxSafe && value.as_int() >= -kMaxSafe) {
        return Value::Double(static_cast<double>(value.as_int()));
      }
      return frame.NewString(std::to_string(value.as_int()));
    case Kind::kUint:
      if (value.as_uint() <= static_cast<std::uint64_t>(kMaxSafe)) {
        return Value::Double(static_cast<double>(value.as_uint()));
      }
      return frame.NewString(std::to_string(value.as_uint()));
    case Kind::kBytes:
      if (!frame.HasRoomForText(text, value.size() / 3 * 4 + 4)) return frame.LimitError();
      base::AppendBase64(text, value.as_string());
      return frame.NewString(text);
    case Kind::kTimestamp:
      value::AppendRfc3339(text, value);
      return frame.NewString(text);
    case Kind::kDuration:
      return frame.NewString(DurationText(value.duration_nanoseconds()));
    case Kind::kOptional:
      if (!frame.Spend(1)) return frame.LimitError();
      return value.optional_value() ? JsonForm(frame, *value.optional_value()) : kNoneDereference;
    case Kind::kList:
      return JsonList(frame, value);
    case Kind::kMap:
      return JsonMap(frame, value);
    default:
      return frame.Fail("type conversion not supported for '" +
                        std::string(RuntimeTypeName(value)) + "'");
  }
}

// Beyond what a duration can hold it is the longest there is.
Value ClampedDuration(std::int64_t seconds, std::int64_t nanos) {
  std::int64_t total = 0;
  if (__builtin_mul_overflow(seconds, kNanosPerSecond, &total) ||
      __builtin_add_overflow(total, nanos, &total)) {
    using Limits = std::numeric_limits<std::int64_t>;
    return Value::Duration(seconds < 0 ? Limits::min() : Limits::max());
  }
  return Value::Duration(total);
}

template <typename Number>
bool Holds(std::int64_t number) {
  return number >= std::numeric_limits<Number>::min() &&
         number <= std::numeric_limits<Number>::max();
}

}  // namespace

int WellKnownType::FieldIndex(std::string_view field) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!field.empty() && fields[i].name == field) return static_cast<int>(i);
  }
  return -1;
}

const WellKnownType* FindWellKnownType(std::string_view name) {
  if (!name.empty() && name.front() == '.') name.remove_prefix(1);
  for (const WellKnownType& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

Value WellKnownNode::Eval(Frame& frame) const {
  std::array<Value, 2> set;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (type_->fields[i].name.empty()) continue;
    const TypeKind kind = type_->fields[i].type->kind;
    set[i] = fields_[i] ? fields_[i]->Eval(frame) : ZeroOf(kind);
    if (set[i].is_error()) return set[i];
    if (set[i].kind() != KindOf(kind)) {
      return frame.Fail("field type conversion error for " + std::string(type_->name) + "." +
                        std::string(type_->fields[i].name));
    }
  }
  const auto failure = [&](std::size_t field, std::string_view what) {
    return frame.Fail("field type conversion error for " + std::string(type_->name) + "." +
                      std::string(type_->fields[field].name) + " value type: " + std::string(what));
  };
  switch (type_->form) {
    case Form::kInt32:
      if (!Holds<std::int32_t>(set[0].as_int())) return failure(0, "integer overflow");
      return set[0];
    case Form::kUint32:
      if (set[0].as_uint() > std::numeric_limits<std::uint32_t>::max()) {
        return failure(0, "unsigned integer overflow");
      }
      return set[0];
    case Form::kFloat:
      return Value::Double(static_cast<float>(set[0].as_double()));
    case Form::kStruct:
    case Form::kList: {
      const Value json = JsonForm(frame, set[0]);
      return json.is_error() && !frame.exceeded() ? failure(0, MessageOf(json)) : json;
    }
    case Form::kTimestamp:
    case Form::kDuration: {
      const std::int64_t seconds = set[0].as_int();
      const std::int64_t nanos = set[1].as_int();
      if (!Holds<std::int32_t>(nanos)) return failure(1, "integer overflow");
      if (type_->form == Form::kDuration) return ClampedDuration(seconds, nanos);
      if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds)
        return kTimestampOverflow;
      return AddDuration(Value::Timestamp(seconds, 0, 0), Value::Duration(nanos));
    }
    default:
      return set[0];
  }
}

}  // namespace openchoreo::cel
