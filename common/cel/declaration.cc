#include "common/cel/declaration.h"

#include <algorithm>

namespace openchoreo::cel {

namespace {

// How many type parameters occur: 1 more than the highest index.
std::uint8_t ParameterTypes(const Type& type) {
  if (type.kind == TypeKind::kParam) return static_cast<std::uint8_t>(type.index + 1);
  std::uint8_t count = 0;
  for (std::size_t i = 0; i < type.parameter_count; ++i) {
    count = std::max(count, ParameterTypes(*type.parameters[i]));
  }
  return count;
}

Overload MakeOverload(std::string_view id, bool member, bool checked,
                      std::initializer_list<const Type*> parameters, const Type* result,
                      Implementation implementation) {
  Overload overload{id,         member, checked,       ParameterTypes(*result),
                    parameters, result, implementation};
  for (const Type* parameter : parameters) {
    overload.parameter_types = std::max(overload.parameter_types, ParameterTypes(*parameter));
  }
  return overload;
}

}  // namespace

Function& Function::Global(std::string_view id, std::initializer_list<const Type*> parameters,
                           const Type* result, Implementation implementation) {
  overloads_.push_back(MakeOverload(id, false, true, parameters, result, implementation));
  return *this;
}

Function& Function::Member(std::string_view id, std::initializer_list<const Type*> parameters,
                           const Type* result, Implementation implementation) {
  overloads_.push_back(MakeOverload(id, true, true, parameters, result, implementation));
  return *this;
}

Function& Function::Unchecked(std::string_view id, std::initializer_list<const Type*> parameters,
                              const Type* result) {
  overloads_.push_back(MakeOverload(id, false, false, parameters, result, nullptr));
  return *this;
}

Function& Function::ForAll(Implementation implementation, KindSet first) {
  for_all_ = implementation;
  first_kinds_ = first;
  return *this;
}

Function& Function::WithoutGuards() {
  guards_ = false;
  return *this;
}

bool FitsType(const Type& type, const value::Value& value) {
  using value::Kind;
  const Kind kind = value.kind();
  switch (type.kind) {
    case TypeKind::kDyn:
    case TypeKind::kAny:
    case TypeKind::kParam:
      return true;
    case TypeKind::kBool:
      return kind == Kind::kBool;
    case TypeKind::kInt:
      return kind == Kind::kInt;
    case TypeKind::kUint:
      return kind == Kind::kUint;
    case TypeKind::kDouble:
      return kind == Kind::kDouble;
    case TypeKind::kString:
      return kind == Kind::kString;
    case TypeKind::kBytes:
      return kind == Kind::kBytes;
    case TypeKind::kNull:
      return kind == Kind::kNull;
    case TypeKind::kTimestamp:
      return kind == Kind::kTimestamp;
    case TypeKind::kDuration:
      return kind == Kind::kDuration;
    case TypeKind::kType:
      return kind == Kind::kType;
    case TypeKind::kOptional:
      return kind == Kind::kOptional;
    case TypeKind::kList:
      return kind == Kind::kList &&
             (value.size() == 0 || FitsType(*type.parameters[0], value.as_list().front()));
    case TypeKind::kMap:
      return kind == Kind::kMap &&
             (value.size() == 0 || (FitsType(*type.parameters[0], value.as_map().front().key) &&
                                    FitsType(*type.parameters[1], value.as_map().front().value)));
    default:
      return false;
  }
}

value::Value NoSuchOverload(Frame& frame, std::string_view name, const value::Value* arguments,
                            std::size_t count) {
  std::string message = "no such overload: ";
  message.append(name).append("(");
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) message += ", ";
    message += RuntimeTypeName(arguments[i]);
  }
  return frame.Fail(message + ")");
}

value::Value WithoutOverload(Frame& frame, std::string_view name, const value::Value& first) {
  // cel-go asks strings and times themselves, whose answer is shorter.
  constexpr KindSet kReceivers = KindBit(value::Kind::kString) | KindBit(value::Kind::kTimestamp) |
                                 KindBit(value::Kind::kDuration);
  if (kReceivers & KindBit(first.kind())) return kNoSuchOverload;
  return frame.Fail("no such overload: " + std::string(name));
}

bool Function::Fits(const Overload& overload, const value::Value* arguments,
                    std::size_t count) const {
  if (overload.parameters.size() != count) return false;
  if (!guards_) return true;
  for (std::size_t i = 0; i < count; ++i) {
    if (!FitsType(*overload.parameters[i], arguments[i])) return false;
  }
  return true;
}

value::Value Function::Call(Frame& frame, const Overload* only, const value::Value* arguments,
                            std::size_t count) const {
  if (for_all_) {
    if (first_kinds_ == 0 || (first_kinds_ & KindBit(arguments[0].kind()))) [[likely]] {
      return for_all_(frame, arguments);
    }
    return WithoutOverload(frame, name_, arguments[0]);
  }
  if (only) {
    if (Fits(*only, arguments, count)) [[likely]]
      return only->implementation(frame, arguments);
    return NoSuchOverload(frame, name_, arguments, count);
  }
  for (const Overload& overload : overloads_) {
    if (Fits(overload, arguments, count)) return overload.implementation(frame, arguments);
  }
  return NoSuchOverload(frame, name_, arguments, count);
}

Function& Declarations::Add(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return *found->second;
  Function& function = functions_.emplace_back(name);
  by_name_.emplace(function.name(), &function);
  return function;
}

Function& Declarations::AddVariant(std::string_view key, std::string_view name) {
  Function& function = functions_.emplace_back(name);
  by_name_.emplace(key, &function);
  return function;
}

const Function* Declarations::Find(std::string_view name) const {
  if (!name.empty() && name.front() == '.') name.remove_prefix(1);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Declarations::Declarations() {
  DeclareOperators(*this);
  DeclareComparisons(*this);
  DeclareCollections(*this);
  DeclareConversions(*this);
  DeclareStrings(*this);
  DeclareStringFormat(*this);
  DeclareStringFormatV022(*this);
  DeclareTime(*this);
  DeclareOptionals(*this);
  DeclareLists(*this);
  DeclareSets(*this);
  DeclareMath(*this);
  DeclareEncoders(*this);
  DeclareOpenChoreo(*this);
  DeclareConfigurations(*this);
}

const Declarations& Declarations::All() {
  static const Declarations all;
  return all;
}

}  // namespace openchoreo::cel
