// Free type variables and what they stand for, while one expression is checked.
// Follows cel-go checker/types.go.
#pragma once

#include <span>
#include <vector>

#include "common/cel/type.h"

namespace openchoreo::cel {

class Unifier {
 public:
  explicit Unifier(base::Arena& arena) : arena_(arena) {}

  // A new free variable.
  const Type* NewVariable();

  // Whether `from` may be used as `to`. Variables are bound as that needs; nothing changes if it is
  // false.
  bool Assignable(const Type& from, const Type& to);
  bool Assignable(std::span<const Type* const> from, std::span<const Type* const> to);

  // `type` with bound variables replaced; free ones become dyn if `free_to_dyn`.
  const Type* Substitute(const Type* type, bool free_to_dyn);

  // `type` with the parameters of a declaration replaced by `variables[index]`.
  const Type* Instantiate(const Type* type, std::span<const Type* const> variables);

 private:
  struct Change {
    std::uint32_t variable;
    const Type* previous;
  };

  bool InternalAssignable(const Type* a, const Type* b);
  bool InternalAssignableParameters(const Type& a, const Type& b);
  bool ValidSubstitution(const Type* a, const Type* variable, bool& bound);
  bool NotReferencedIn(const Type* variable, const Type* within);
  const Type* Find(const Type* type) const;
  void Bind(const Type* variable, const Type* to);
  void RollBack();

  template <typename Replace>
  const Type* Rebuild(const Type* type, Replace replace);

  // Bound variables may repeat each other as parameters may: beyond so many steps whatever is asked
  // is answered as for dyn.
  bool Exhausted() { return ++steps_ > kMaxSteps; }

  static constexpr std::uint64_t kMaxSteps = 2'000'000;

  base::Arena& arena_;
  std::uint64_t steps_ = 0;
  std::vector<const Type*> bindings_;
  std::vector<Change> changes_;  // of the Assignable call under way
};

// The more general of two types that unify.
const Type* MostGeneral(const Type* a, const Type* b);

inline bool IsDyn(const Type& type) {
  return type.kind == TypeKind::kDyn || type.kind == TypeKind::kAny;
}

inline bool IsDynOrError(const Type& type) { return IsDyn(type) || type.kind == TypeKind::kError; }

}  // namespace openchoreo::cel
