#include "common/cel/unifier.h"

namespace openchoreo::cel {

namespace {

bool IsEqualOrLessSpecific(const Type& a, const Type& b) {
  if (IsDyn(a) || a.kind == TypeKind::kVariable) return true;
  if (IsDyn(b) || b.kind == TypeKind::kVariable) return false;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case TypeKind::kOptional:
    case TypeKind::kList:
    case TypeKind::kMap:
      for (std::size_t i = 0; i < a.parameter_count; ++i) {
        if (!IsEqualOrLessSpecific(*a.parameters[i], *b.parameters[i])) return false;
      }
      return true;
    case TypeKind::kType:
      return true;
    default:
      return SameType(a, b);
  }
}

// Types that the original type checker lets null stand for.
bool IsNullable(const Type& type) {
  switch (type.kind) {
    case TypeKind::kNull:
    case TypeKind::kOptional:
    case TypeKind::kObject:
    case TypeKind::kAny:
    case TypeKind::kDuration:
    case TypeKind::kTimestamp:
      return true;
    default:
      return type.wrapper;
  }
}

}  // namespace

const Type* MostGeneral(const Type* a, const Type* b) {
  return IsEqualOrLessSpecific(*a, *b) ? a : b;
}

const Type* Unifier::NewVariable() {
  Type* variable = arena_.AllocateArray<Type>(1);
  *variable = Type{};
  variable->kind = TypeKind::kVariable;
  variable->name = "";
  variable->index = static_cast<std::uint32_t>(bindings_.size());
  bindings_.push_back(nullptr);
  return variable;
}

const Type* Unifier::Find(const Type* type) const {
  return type->kind == TypeKind::kVariable ? bindings_[type->index] : nullptr;
}

void Unifier::Bind(const Type* variable, const Type* to) {
  changes_.push_back({variable->index, bindings_[variable->index]});
  bindings_[variable->index] = to;
}

void Unifier::RollBack() {
  for (std::size_t i = changes_.size(); i-- > 0;) {
    bindings_[changes_[i].variable] = changes_[i].previous;
  }
}

bool Unifier::Assignable(const Type& from, const Type& to) {
  const Type* const a[] = {&from};
  const Type* const b[] = {&to};
  return Assignable(a, b);
}

bool Unifier::Assignable(std::span<const Type* const> from, std::span<const Type* const> to) {
  if (from.size() != to.size()) return false;
  changes_.clear();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (InternalAssignable(from[i], to[i])) continue;
    RollBack();
    return false;
  }
  return true;
}

bool Unifier::InternalAssignableParameters(const Type& a, const Type& b) {
  if (a.parameter_count != b.parameter_count) return false;
  for (std::size_t i = 0; i < a.parameter_count; ++i) {
    if (!InternalAssignable(a.parameters[i], b.parameters[i])) return false;
  }
  return true;
}

bool Unifier::InternalAssignable(const Type* a, const Type* b) {
  if (Exhausted()) return true;
  bool bound = false;
  if (b->kind == TypeKind::kVariable) {
    if (ValidSubstitution(a, b, bound)) return true;
    if (bound) return false;
  }
  if (a->kind == TypeKind::kVariable) return ValidSubstitution(b, a, bound);
  if (IsDynOrError(*a) || IsDynOrError(*b)) return true;
  if (a->kind == TypeKind::kNull) return IsNullable(*b);
  if (b->kind == TypeKind::kNull) return IsNullable(*a);
  switch (a->kind) {
    case TypeKind::kType:
      return b->kind == TypeKind::kType;
    case TypeKind::kOptional:
    case TypeKind::kList:
    case TypeKind::kMap:
      return a->kind == b->kind && InternalAssignableParameters(*a, *b);
    default:
      return a->kind == b->kind && a->name == b->name;
  }
}

bool Unifier::ValidSubstitution(const Type* a, const Type* variable, bool& bound) {
  bound = true;
  if (a->kind == variable->kind && SameType(*a, *variable)) return true;
  if (const Type* current = Find(variable)) {
    if (a->kind == current->kind && SameType(*a, *current)) return true;
    if (!InternalAssignable(a, current)) return false;
    const Type* general = MostGeneral(a, current);
    if (NotReferencedIn(variable, general)) Bind(variable, general);
    return true;
  }
  bound = false;
  if (!NotReferencedIn(variable, a)) return false;
  Bind(variable, a);
  return true;
}

bool Unifier::NotReferencedIn(const Type* variable, const Type* within) {
  if (Exhausted()) return false;
  if (SameType(*variable, *within)) return false;
  if (within->kind == TypeKind::kVariable) {
    const Type* bound = Find(within);
    return !bound || NotReferencedIn(variable, bound);
  }
  for (std::size_t i = 0; i < within->parameter_count; ++i) {
    if (!NotReferencedIn(variable, within->parameters[i])) return false;
  }
  return true;
}

template <typename Replace>
const Type* Unifier::Rebuild(const Type* type, Replace replace) {
  if (type->parameter_count == 0) return type;
  std::array<const Type*, 2> parameters{};
  bool same = true;
  std::uint32_t size = 1;
  for (std::size_t i = 0; i < type->parameter_count; ++i) {
    parameters[i] = replace(type->parameters[i]);
    same = same && parameters[i] == type->parameters[i];
    size += parameters[i]->size;
  }
  if (same) return type;
  if (size > kMaxTypeSize) return &types::kDyn;
  Type* rebuilt = arena_.AllocateArray<Type>(1);
  *rebuilt = *type;
  rebuilt->parameters = parameters;
  rebuilt->size = size;
  return rebuilt;
}

const Type* Unifier::Substitute(const Type* type, bool free_to_dyn) {
  if (Exhausted()) return &types::kDyn;
  while (const Type* bound = Find(type)) type = bound;
  if (type->kind == TypeKind::kVariable) return free_to_dyn ? &types::kDyn : type;
  return Rebuild(type, [&](const Type* parameter) { return Substitute(parameter, free_to_dyn); });
}

const Type* Unifier::Instantiate(const Type* type, std::span<const Type* const> variables) {
  if (type->kind == TypeKind::kParam) return variables[type->index];
  return Rebuild(type, [&](const Type* parameter) { return Instantiate(parameter, variables); });
}

}  // namespace openchoreo::cel
