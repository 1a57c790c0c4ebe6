#include "common/cel/type.h"

namespace openchoreo::cel {

namespace types {

namespace {

const Type* Make(base::Arena& arena, TypeKind kind, std::string_view name, const Type* first,
                 const Type* second = nullptr) {
  const std::uint32_t size = 1 + first->size + (second ? second->size : 0);
  if (size > kMaxTypeSize) return &kDyn;
  Type* type = arena.AllocateArray<Type>(1);
  *type = Type{};
  type->size = size;
  type->kind = kind;
  type->name = name;
  type->parameter_count = second ? 2 : 1;
  type->parameters = {first, second};
  return type;
}

}  // namespace

const Type* List(base::Arena& arena, const Type* element) {
  return Make(arena, TypeKind::kList, "list", element);
}

const Type* Map(base::Arena& arena, const Type* key, const Type* value) {
  return Make(arena, TypeKind::kMap, "map", key, value);
}

const Type* Optional(base::Arena& arena, const Type* held) {
  return Make(arena, TypeKind::kOptional, "optional_type", held);
}

const Type* TypeOf(base::Arena& arena, const Type* type) {
  return Make(arena, TypeKind::kType, "type", type);
}

const Type* Named(base::Arena& arena, std::string_view name) {
  static constexpr const Type* kNamed[] = {&kBool,   &kBytes,     &kDouble,   &kInt,      &kNull,
                                           &kString, &kTimestamp, &kDuration, &kTypeType, &kUint};
  for (const Type* type : kNamed) {
    if (type->name == name) return type;
  }
  if (name == "list") return List(arena, &kDyn);
  if (name == "map") return Map(arena, &kDyn, &kDyn);
  if (name == "optional_type") return Optional(arena, &kDyn);
  return nullptr;
}

const Type* OfLiteral(const value::Value& literal) {
  switch (literal.kind()) {
    case value::Kind::kBool:
      return &kBool;
    case value::Kind::kInt:
      return &kInt;
    case value::Kind::kUint:
      return &kUint;
    case value::Kind::kDouble:
      return &kDouble;
    case value::Kind::kString:
      return &kString;
    case value::Kind::kBytes:
      return &kBytes;
    default:
      return &kNull;
  }
}

}  // namespace types

bool SameType(const Type& a, const Type& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind || a.parameter_count != b.parameter_count) return false;
  if (a.kind == TypeKind::kVariable || a.kind == TypeKind::kParam) return a.index == b.index;
  if (a.name != b.name) return false;
  for (std::size_t i = 0; i < a.parameter_count; ++i) {
    if (!SameType(*a.parameters[i], *b.parameters[i])) return false;
  }
  return true;
}

namespace {

constexpr std::string_view kParamNames = "ABKVTU";

template <typename NameOf>
void AppendType(std::string& out, const Type& type, NameOf name_of) {
  if (type.wrapper) {
    out.append("wrapper(").append(type.name).append(")");
    return;
  }
  out.append(name_of(type));
  if (type.parameter_count == 0) return;
  out += '(';
  for (std::size_t i = 0; i < type.parameter_count; ++i) {
    if (i > 0) out += ", ";
    AppendType(out, *type.parameters[i], name_of);
  }
  out += ')';
}

std::string VariableName(const Type& type) { return "_var" + std::to_string(type.index); }

}  // namespace

std::string TypeText(const Type& type) {
  std::string out;
  AppendType(out, type, [](const Type& t) {
    if (t.kind == TypeKind::kVariable) return "<" + VariableName(t) + ">";
    if (t.kind == TypeKind::kParam) return "<" + std::string(1, kParamNames[t.index]) + ">";
    return std::string(t.name);
  });
  return out;
}

std::string MessageTypeText(const Type& type) {
  std::string out;
  AppendType(out, type, [](const Type& t) -> std::string {
    switch (t.kind) {
      case TypeKind::kAny:
        return "any";
      case TypeKind::kDuration:
        return "duration";
      case TypeKind::kTimestamp:
        return "timestamp";
      case TypeKind::kError:
        return "!error!";
      case TypeKind::kNull:
        return "null";
      case TypeKind::kVariable:
        return VariableName(t);
      case TypeKind::kParam:
        return std::string(1, kParamNames[t.index]);
      default:
        return std::string(t.name);
    }
  });
  return out;
}

std::string SignatureText(std::span<const Type* const> arguments, bool member) {
  std::string text = "(";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument = MessageTypeText(*arguments[i]);
    if (member && i == 0) {
      text = argument + ".(";
    } else {
      text += (i > (member ? 1u : 0u) ? ", " : "") + argument;
    }
  }
  return text + ")";
}

namespace {

// Recursive descent over "name(arg, arg)"; the text comes from test tools and is depth-limited.
class TypeTextParser {
 public:
  TypeTextParser(base::Arena& arena, std::string_view text) : arena_(arena), rest_(text) {}

  const Type* ParseAll() {
    const Type* type = Parse(0);
    SkipSpaces();
    return rest_.empty() ? type : nullptr;
  }

 private:
  static constexpr int kMaxDepth = 32;

  const Type* Parse(int depth) {
    if (depth > kMaxDepth) return nullptr;
    SkipSpaces();
    const std::size_t end = rest_.find_first_of("(),");
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(name.size());
    if (rest_.empty() || rest_.front() != '(') return Named(name);
    const Type* arguments[2] = {nullptr, nullptr};
    std::size_t count = 0;
    do {
      rest_.remove_prefix(1);
      if (count == 2) return nullptr;
      arguments[count] = Parse(depth + 1);
      if (!arguments[count]) return nullptr;
      ++count;
      SkipSpaces();
    } while (!rest_.empty() && rest_.front() == ',');
    if (rest_.empty() || rest_.front() != ')') return nullptr;
    rest_.remove_prefix(1);
    if (count == 2) return name == "map" ? types::Map(arena_, arguments[0], arguments[1]) : nullptr;
    if (name == "list") return types::List(arena_, arguments[0]);
    if (name == "type") return types::TypeOf(arena_, arguments[0]);
    if (name == "optional_type") return types::Optional(arena_, arguments[0]);
    if (name == "wrapper") {
      Type* wrapper = arena_.AllocateArray<Type>(1);
      *wrapper = *arguments[0];
      wrapper->wrapper = true;
      return wrapper;
    }
    return nullptr;
  }

  const Type* Named(std::string_view name) {
    static constexpr const Type* kNamed[] = {
        &types::kDyn,    &types::kBool,  &types::kInt,     &types::kUint,      &types::kDouble,
        &types::kString, &types::kBytes, &types::kNull,    &types::kTimestamp, &types::kDuration,
        &types::kAny,    &types::kError, &types::kTypeType};
    for (const Type* type : kNamed) {
      if (type->name == name) return type;
    }
    if (name.empty()) return nullptr;
    Type* object = arena_.AllocateArray<Type>(1);
    *object = types::Simple(TypeKind::kObject, arena_.CopyString(name));
    return object;
  }

  void SkipSpaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  base::Arena& arena_;
  std::string_view rest_;
};

}  // namespace

const Type* ParseTypeText(base::Arena& arena, std::string_view text) {
  return TypeTextParser(arena, text).ParseAll();
}

std::string_view RuntimeTypeName(const value::Value& value) {
  using value::Kind;
  switch (value.kind()) {
    case Kind::kNull:
      return types::kNull.name;
    case Kind::kBool:
      return types::kBool.name;
    case Kind::kInt:
      return types::kInt.name;
    case Kind::kUint:
      return types::kUint.name;
    case Kind::kDouble:
      return types::kDouble.name;
    case Kind::kString:
      return types::kString.name;
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kBytes:
      return types::kBytes.name;
    case Kind::kTimestamp:
      return types::kTimestamp.name;
    case Kind::kDuration:
      return types::kDuration.name;
    case Kind::kType:
      return types::kTypeType.name;
    case Kind::kOptional:
      return "optional_type";
    case Kind::kOmit:
      return types::kOmit.name;
    case Kind::kError:
      return types::kError.name;
  }
  return "dyn";
}

}  // namespace openchoreo::cel
