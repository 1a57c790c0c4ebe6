#include "common/cel/checker.h"

#include <algorithm>
#include <string>

#include "common/cel/format_check.h"
#include "common/cel/well_known.h"

namespace openchoreo::cel {

namespace {

constexpr int kNoSlot = -1;

class Checker {
 public:
  Checker(const Environment& environment, std::span<const TypedVariable> typed, base::Arena& arena,
          Issues& issues)
      : environment_(environment), typed_(typed), arena_(arena), issues_(issues), unifier_(arena) {
    for (const std::string& name : environment.variables()) {
      dotted_ = dotted_ || name.find('.') != std::string::npos;
    }
  }

  CheckedExpr Run(const Expr& root, std::size_t count) {
    result_.types.assign(count, &types::kError);
    result_.calls.resize(count);
    result_.slots.assign(count, kNoSlot);
    result_.names.resize(count);
    result_.qualified.resize(count);
    CheckExpr(root);
    for (const Type*& type : result_.types) type = unifier_.Substitute(type, true);
    if (issues_.empty()) {
      for (const Expr* call : formats_) {
        CheckFormat(*call, environment_.string_format(), result_.types, issues_);
      }
    }
    return std::move(result_);
  }

 private:
  struct Local {
    std::string_view name;
    const Type* type;
  };

  const Type* TypeOf(const Expr& expr) const { return result_.types[expr.id]; }

  void SetType(const Expr& expr, const Type* type) { result_.types[expr.id] = type; }

  void Report(const Expr& expr, std::string message) {
    issues_.Add(expr.range, std::move(message));
  }

  void ReportUndeclared(const Expr& expr, std::string_view name) {
    Report(expr, "undeclared reference to '" + std::string(name) + "' (in container '')");
  }

  void ReportMismatch(const Expr& expr, const Type& expected, const Type& found) {
    Report(expr, "expected type '" + MessageTypeText(expected) + "' but found '" +
                     MessageTypeText(found) + "'");
  }

  void CheckExpr(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kError:
        return;
      case ExprKind::kLiteral:
        return SetType(expr, types::OfLiteral(expr.literal));
      case ExprKind::kIdent:
        return CheckIdent(expr);
      case ExprKind::kSelect:
        return CheckSelect(expr);
      case ExprKind::kCall:
        return CheckCall(expr);
      case ExprKind::kList:
        return CheckList(expr);
      case ExprKind::kMap:
        return CheckMap(expr);
      case ExprKind::kStruct:
        return CheckStruct(expr);
      case ExprKind::kComprehension:
        return CheckComprehension(expr);
    }
  }

  // --- names ---

  const Local* FindLocal(std::string_view name) const {
    for (std::size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i].name == name) return &locals_[i];
    }
    return nullptr;
  }

  // Resolves a variable or type name at `expr`; false if there is none.
  bool ResolveGlobal(const Expr& expr, std::string_view name) {
    const int slot = environment_.SlotOf(name);
    if (slot >= 0) {
      result_.slots[expr.id] = slot;
      SetType(expr, &types::kDyn);
      for (const TypedVariable& variable : typed_) {
        if (variable.name == name) SetType(expr, variable.type);
      }
      return true;
    }
    if (name == kNullValue) {
      result_.names[expr.id] = kNullValue;
      SetType(expr, &types::kInt);
      return true;
    }
    const Type* type = types::Named(arena_, name);
    if (!type) return false;
    result_.names[expr.id] = type->name;
    SetType(expr, types::TypeOf(arena_, type));
    return true;
  }

  void CheckIdent(const Expr& expr) {
    std::string_view name = expr.name;
    const bool absolute = name.front() == '.';
    if (absolute) name.remove_prefix(1);
    if (const Local* local = absolute ? nullptr : FindLocal(name))
      return SetType(expr, local->type);
    if (!ResolveGlobal(expr, name)) ReportUndeclared(expr, expr.name);
  }

  // "a.b.c" of nested selections over an identifier; false for anything else.
  static bool QualifiedName(const Expr& expr, std::string& out) {
    if (expr.kind == ExprKind::kIdent) {
      out = expr.name;
      return true;
    }
    if (expr.kind != ExprKind::kSelect || expr.test_only || !QualifiedName(*expr.operand, out)) {
      return false;
    }
    out.append(".").append(expr.name);
    return true;
  }

  static std::string_view RootName(const Expr& expr) {
    const Expr* root = &expr;
    while (root->kind == ExprKind::kSelect) root = root->operand;
    return root->kind == ExprKind::kIdent ? root->name : std::string_view();
  }

  bool CheckQualified(const Expr& expr) {
    const std::string_view root = RootName(expr);
    if (root.empty() || (!dotted_ && root != "google" && root != ".google")) return false;
    if (root.front() != '.' && FindLocal(root)) return false;
    std::string name;
    if (!QualifiedName(expr, name)) return false;
    return ResolveGlobal(expr, name.front() == '.' ? std::string_view(name).substr(1) : name);
  }

  void CheckSelect(const Expr& expr) {
    if (!expr.test_only && CheckQualified(expr)) return;
    const Type* type = CheckField(expr, *expr.operand, false);
    SetType(expr, expr.test_only ? &types::kBool : unifier_.Substitute(type, false));
  }

  const Type* CheckField(const Expr& expr, const Expr& operand, bool optional) {
    CheckExpr(operand);
    const Type* target = unifier_.Substitute(TypeOf(operand), false);
    if (target->kind == TypeKind::kOptional) {
      target = target->parameters[0];
      optional = true;
    }
    const Type* type = &types::kDyn;
    if (target->kind == TypeKind::kMap) {
      type = target->parameters[1];
    } else if (target->kind == TypeKind::kVariable) {
      unifier_.Assignable(types::kDyn, *target);
    } else if (!IsDynOrError(*target)) {
      Report(expr, "type '" + MessageTypeText(*target) + "' does not support field selection");
    }
    return optional ? types::Optional(arena_, type) : type;
  }

  // --- calls ---

  void CheckCall(const Expr& expr) {
    if (expr.name == op::kOptSelect) {
      const Type* type = CheckField(expr, *expr.arguments[0], true);
      SetType(*expr.arguments[1], &types::kString);
      SetType(expr, unifier_.Substitute(type, false));
      return;
    }
    for (const Expr* argument : expr.arguments) CheckExpr(*argument);
    const Declarations& declarations = Declarations::All();
    if (!expr.operand) {
      const Function* function = declarations.Find(expr.name);
      if (!function || !IsDeclared(*function)) return ReportUndeclared(expr, expr.name);
      return Resolve(expr, *function, nullptr);
    }
    std::string qualified;
    if (QualifiedName(*expr.operand, qualified)) {
      qualified.append(".").append(expr.name);
      if (const Function* function = declarations.Find(qualified)) {
        result_.qualified[expr.id] = true;
        return Resolve(expr, *function, nullptr);
      }
    }
    CheckExpr(*expr.operand);
    const bool old_format =
        expr.name == "format" && environment_.string_format() == StringFormat::kV022;
    const Function* function = declarations.Find(old_format ? kFormatV022 : expr.name);
    if (!function) return ReportUndeclared(expr, expr.name);
    Resolve(expr, *function, expr.operand);
  }

  // The functions behind v0.12's macros exist in its environment alone.
  bool IsDeclared(const Function& function) const {
    constexpr std::string_view kPrefix = "configurationsTo";
    return environment_.macros() == Macros::kComponentV012 ||
           function.name().substr(0, kPrefix.size()) != kPrefix;
  }

  bool CheckLogic(const Expr& expr) {
    bool fits = true;
    for (const Expr* argument : expr.arguments) {
      if (unifier_.Assignable(*TypeOf(*argument), types::kBool)) continue;
      ReportMismatch(*argument, types::kBool, *TypeOf(*argument));
      fits = false;
    }
    return fits;
  }

  void Resolve(const Expr& expr, const Function& function, const Expr* receiver) {
    CheckedCall& call = result_.calls[expr.id];
    call.function = &function;
    if (function.name() == op::kAnd || function.name() == op::kOr) {
      if (CheckLogic(expr)) SetType(expr, &types::kBool);
      return;
    }
    argument_types_.clear();
    if (receiver) argument_types_.push_back(TypeOf(*receiver));
    for (const Expr* argument : expr.arguments) argument_types_.push_back(TypeOf(*argument));
    const Type* result = nullptr;
    for (const Overload& overload : function.overloads()) {
      if ((!overload.checked && !mixed_numbers_) || overload.member != (receiver != nullptr))
        continue;
      if (overload.parameters.size() != argument_types_.size()) continue;
      const Type* candidate = Fit(overload);
      if (!candidate) continue;
      call.overload = call.resolved ? nullptr : &overload;
      call.resolved = true;
      if (!result) {
        result = candidate;
      } else if (!IsDyn(*result) && !SameType(*candidate, *result)) {
        result = &types::kDyn;
      }
    }
    if (!result) return ReportNoOverload(expr, function, receiver != nullptr);
    SetType(expr, result);
    if (receiver && function.name() == "format") formats_.push_back(&expr);
  }

  // The result type of `overload` for argument_types_; nullptr if it does not take them.
  const Type* Fit(const Overload& overload) {
    if (overload.parameter_types == 0) {
      return unifier_.Assignable(argument_types_, overload.parameters) ? overload.result : nullptr;
    }
    constexpr std::size_t kParameters = 2;
    const Type* variables[kParameters] = {};
    for (std::size_t i = 0; i < overload.parameter_types; ++i)
      variables[i] = unifier_.NewVariable();
    parameter_types_.clear();
    for (const Type* parameter : overload.parameters) {
      parameter_types_.push_back(unifier_.Instantiate(parameter, variables));
    }
    if (!unifier_.Assignable(argument_types_, parameter_types_)) return nullptr;
    return unifier_.Substitute(unifier_.Instantiate(overload.result, variables), false);
  }

  void ReportNoOverload(const Expr& expr, const Function& function, bool member) {
    std::vector<const Type*> substituted;
    for (const Type* type : argument_types_) {
      substituted.push_back(unifier_.Substitute(type, true));
    }
    Report(expr, "found no matching overload for '" + std::string(function.name()) +
                     "' applied to '" + SignatureText(substituted, member) + "'");
  }

  // --- literals and loops ---

  // The type of an optional element or entry, [?e] or {?k: v}.
  const Type* Unwrap(const Expr& element) {
    const Type* type = TypeOf(element);
    if (type->kind == TypeKind::kOptional) return type->parameters[0];
    if (!IsDyn(*type)) ReportMismatch(element, *types::Optional(arena_, type), *type);
    return type;
  }

  const Type* Join(const Type* previous, const Type* current) {
    if (!previous) return current;
    return unifier_.Assignable(*previous, *current) ? MostGeneral(previous, current) : &types::kDyn;
  }

  void CheckList(const Expr& expr) {
    const Type* element_type = nullptr;
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
      const Expr& element = *expr.arguments[i];
      CheckExpr(element);
      const bool optional = expr.optionals && expr.optionals[i];
      element_type = Join(element_type, optional ? Unwrap(element) : TypeOf(element));
    }
    SetType(expr, types::List(arena_, element_type ? element_type : unifier_.NewVariable()));
  }

  void CheckMap(const Expr& expr) {
    const Type* key_type = nullptr;
    const Type* value_type = nullptr;
    for (std::size_t i = 0; i < expr.arguments.size(); i += 2) {
      const Expr& key = *expr.arguments[i];
      CheckExpr(key);
      key_type = Join(key_type, TypeOf(key));
      const Expr& entry_value = *expr.arguments[i + 1];
      CheckExpr(entry_value);
      const bool optional = expr.optionals && expr.optionals[i / 2];
      value_type = Join(value_type, optional ? Unwrap(entry_value) : TypeOf(entry_value));
    }
    if (!key_type) {
      key_type = unifier_.NewVariable();
      value_type = unifier_.NewVariable();
    }
    SetType(expr, types::Map(arena_, key_type, value_type));
  }

  void CheckStruct(const Expr& expr) {
    const WellKnownType* message = FindWellKnownType(expr.name);
    if (!message) return ReportUndeclared(expr, expr.name);
    SetType(expr, message->type);
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
      const Expr& field = *expr.arguments[i];
      CheckExpr(field);
      const int index = message->FieldIndex(expr.fields[i]);
      if (index < 0) {
        issues_.Add(expr.field_places[i], "undefined field '" + std::string(expr.fields[i]) + "'");
        continue;
      }
      const Type& expected = *message->fields[static_cast<std::size_t>(index)].type;
      if (unifier_.Assignable(expected, *TypeOf(field))) continue;
      issues_.Add(expr.field_places[i], "expected type of field '" + std::string(expr.fields[i]) +
                                            "' is '" + MessageTypeText(expected) +
                                            "' but provided type is '" +
                                            MessageTypeText(*TypeOf(field)) + "'");
    }
  }

  void AssertType(const Expr& expr, const Type& type) {
    if (!unifier_.Assignable(type, *TypeOf(expr))) ReportMismatch(expr, type, *TypeOf(expr));
  }

  void CheckComprehension(const Expr& expr) {
    const Comprehension& loop = *expr.comprehension;
    CheckExpr(*loop.range);
    CheckExpr(*loop.init);
    const Type* range = unifier_.Substitute(TypeOf(*loop.range), false);
    const Type* accumulator = TypeOf(*loop.init);
    const Type* first = &types::kDyn;
    const Type* second = &types::kDyn;
    const bool two = !loop.variable2.empty();
    switch (range->kind) {
      case TypeKind::kList:
        first = two ? &types::kInt : range->parameters[0];
        second = range->parameters[0];
        break;
      case TypeKind::kMap:
        first = range->parameters[0];
        second = range->parameters[1];
        break;
      case TypeKind::kDyn:
      case TypeKind::kError:
      case TypeKind::kVariable:
        unifier_.Assignable(types::kDyn, *range);
        break;
      default:
        Report(*loop.range,
               "expression of type '" + MessageTypeText(*range) +
                   "' cannot be range of a comprehension (must be list, map, or dynamic)");
        first = second = &types::kError;
        break;
    }
    mixed_numbers_ = true;
    const std::size_t scope = locals_.size();
    locals_.push_back({loop.accumulator, accumulator});
    locals_.push_back({loop.variable, first});
    if (two) locals_.push_back({loop.variable2, second});
    CheckExpr(*loop.condition);
    AssertType(*loop.condition, types::kBool);
    CheckExpr(*loop.step);
    AssertType(*loop.step, *accumulator);
    locals_.resize(scope + 1);
    CheckExpr(*loop.result);
    locals_.resize(scope);
    SetType(expr, unifier_.Substitute(TypeOf(*loop.result), false));
  }

  const Environment& environment_;
  std::span<const TypedVariable> typed_;
  base::Arena& arena_;
  Issues& issues_;
  Unifier unifier_;
  bool dotted_ = false;
  // cel-go forgets to refuse `1 < 1.5` once it has entered a comprehension (checker/env.go
  // enterScope).
  bool mixed_numbers_ = false;
  std::vector<Local> locals_;
  std::vector<const Type*> argument_types_;
  std::vector<const Type*> parameter_types_;
  std::vector<const Expr*> formats_;  // calls of string.format
  CheckedExpr result_;
};

}  // namespace

CheckedExpr Check(const Expr& expr, std::size_t count, const Environment& environment,
                  std::span<const TypedVariable> typed, base::Arena& arena, Issues& issues) {
  return Checker(environment, typed, arena, issues).Run(expr, count);
}

}  // namespace openchoreo::cel
