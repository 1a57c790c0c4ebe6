#include "common/cel/planner.h"

#include <algorithm>
#include <array>
#include <optional>

#include "common/cel/attribute_nodes.h"
#include "common/cel/fold_nodes.h"
#include "common/cel/go_text.h"
#include "common/cel/literal_nodes.h"
#include "common/cel/match_node.h"
#include "common/cel/operator_nodes.h"
#include "common/cel/well_known.h"
#include "common/value/map_builder.h"

namespace openchoreo::cel {

using value::Value;

namespace {

class ObservedNode final : public Node {
 public:
  ObservedNode(const Node* node, std::uint32_t id, Observer* observer)
      : node_(node), id_(id), observer_(observer) {}

  Value Eval(Frame& frame) const override {
    const Value value = node_->Eval(frame);
    observer_->Observe(id_, value);
    return value;
  }

 private:
  const Node* node_;
  std::uint32_t id_;
  Observer* observer_;
};

class Planner {
 public:
  Planner(const CheckedExpr& checked, base::Arena& arena, Patterns& patterns, Observer* observer)
      : checked_(checked), arena_(arena), patterns_(patterns), observer_(observer) {}

  base::Result<Plan> Run(const Expr& expr) {
    Plan plan;
    plan.root = PlanExpr(expr);
    plan.locals = max_locals_;
    if (error_) return base::Fail(*error_);
    return plan;
  }

 private:
  struct Local {
    std::string_view name;
    std::uint32_t index;
  };

  template <typename T, typename... Arguments>
  const T* Make(Arguments&&... arguments) {
    ++made_;
    return new (arena_.Allocate(sizeof(T), alignof(T))) T(std::forward<Arguments>(arguments)...);
  }

  template <typename T>
  std::span<const T> Store(const std::vector<T>& items) {
    T* stored = arena_.AllocateArray<T>(items.size());
    std::uninitialized_copy(items.begin(), items.end(), stored);
    return {stored, items.size()};
  }

  void Report(Range range, std::string message) {
    if (error_) return;
    error_.emplace();
    error_->code = base::ErrorCode::kCelCompile;
    error_->message = std::move(message);
    error_->place.text_begin = range.begin;
    error_->place.text_end = range.end;
  }

  // cel-go takes every identifier of a type's type for the name of a type (planner.go
  // planCheckedIdent).
  void RefuseTypeVariable(const Expr& ident) {
    if (checked_.types[ident.id]->kind == TypeKind::kType && checked_.names[ident.id].empty()) {
      Report(ident.range, "reference to undefined type: " + std::string(ident.name));
    }
  }

  const Node* Constant(const Value& value) {
    return Make<ConstantNode>(value::DeepCopy(arena_, value));
  }

  const Node* PlanExpr(const Expr& expr) {
    const Node* node = PlanUnobserved(expr);
    return observer_ ? Make<ObservedNode>(node, expr.id, observer_) : node;
  }

  const Node* PlanUnobserved(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return Constant(expr.literal);
      case ExprKind::kIdent:
        return PlanIdent(expr);
      case ExprKind::kSelect:
        return PlanAttribute(expr);
      case ExprKind::kCall:
        return PlanCall(expr);
      case ExprKind::kList:
        return PlanList(expr);
      case ExprKind::kMap:
        return PlanMap(expr);
      case ExprKind::kStruct:
        return PlanStruct(expr);
      case ExprKind::kComprehension:
        return PlanFold(expr);
      default:
        return Make<ConstantNode>(Value());
    }
  }

  // --- constants ---

  bool AllConstant(std::span<const Node* const> nodes) const {
    return std::all_of(nodes.begin(), nodes.end(),
                       [](const Node* node) { return node->AsConstant() != nullptr; });
  }

  // `node` computed now, if that gives a value and no error; errors must stay errors of the run
  // time.
  const Node* Fold(const Node* node) {
    if (observer_) return node;
    base::RenderLimits limits;
    limits.max_cel_steps = 1000;
    limits.max_cel_bytes = 4096;
    base::Arena scratch(1024);
    Frame frame(nullptr, nullptr, scratch, limits);
    const Value value = node->Eval(frame);
    return value.is_error() || frame.exceeded() ? node : Constant(value);
  }

  // --- names and chains ---

  const Node* PlanVariable(const Expr& expr) {
    if (const std::string_view name = checked_.names[expr.id]; !name.empty()) {
      return Make<ConstantNode>(name == kNullValue ? Value::Int(0) : Value::Type(name));
    }
    const int slot = checked_.slots[expr.id];
    if (slot < 0) return nullptr;
    return Make<SlotNode>(static_cast<std::uint32_t>(slot), arena_.CopyString(VariableName(expr)));
  }

  static std::string VariableName(const Expr& expr) {
    if (expr.kind == ExprKind::kSelect) {
      return VariableName(*expr.operand) + "." + std::string(expr.name);
    }
    return std::string(expr.name.front() == '.' ? expr.name.substr(1) : expr.name);
  }

  const Node* PlanIdent(const Expr& expr) {
    // cel-go takes every identifier of a type's type for the name of a type (planner.go
    // planCheckedIdent).
    if (checked_.types[expr.id]->kind == TypeKind::kType && checked_.names[expr.id].empty()) {
      Report(expr.range, "reference to undefined type: " + std::string(expr.name));
    }
    if (const Node* variable = PlanVariable(expr)) return variable;
    for (std::size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i].name == expr.name) return Make<LocalNode>(locals_[i].index);
    }
    return Make<ConstantNode>(kNoSuchOverload);  // the checker let no other name pass
  }

  static bool IsIndex(const Expr& expr) {
    return expr.kind == ExprKind::kCall &&
           (expr.name == op::kIndex || expr.name == op::kOptIndex || expr.name == op::kOptSelect);
  }

  Qualifier PlanQualifier(const Expr& expr) {
    Qualifier qualifier;
    if (expr.kind == ExprKind::kSelect) {
      qualifier.key = Value::String(arena_.CopyString(expr.name));
      qualifier.test_only = expr.test_only;
      return qualifier;
    }
    qualifier.optional = expr.name != op::kIndex;
    const Expr& index = *expr.arguments[1];
    const Node* key = PlanExpr(index);
    const ConstantNode* constant = key->AsConstant();
    if (constant && MayQualify(constant->constant())) {
      qualifier.key = constant->constant();
    } else {
      qualifier.computed = key;
      // cel-go refuses such a literal while planning; a computed key fails when it is used.
      if (constant && (index.kind == ExprKind::kLiteral || !checked_.names[index.id].empty())) {
        Report(index.range,
               std::string("invalid qualifier type: ") + RefTypeName(constant->constant()));
      }
    }
    return qualifier;
  }

  // A chain of selections and indexes, outermost first.
  const Node* PlanAttribute(const Expr& outermost) {
    std::vector<Qualifier> qualifiers;
    const Expr* expr = &outermost;
    const Node* base = nullptr;
    std::vector<const Expr*> links;
    while (true) {
      if (expr->kind == ExprKind::kSelect) {
        base = expr->test_only ? nullptr : PlanVariable(*expr);
        if (base) break;
        links.push_back(expr);
        expr = expr->operand;
      } else if (IsIndex(*expr)) {
        links.push_back(expr);
        expr = expr->arguments[0];
      } else {
        break;
      }
      // Every link's value is of interest to an observer, so no link is skipped over.
      if (observer_) break;
    }
    if (links.empty()) return base;
    const bool conditional =
        expr->kind == ExprKind::kCall && expr->name == op::kConditional && !expr->optional_map;
    const ConditionalNode* choice = conditional && !observer_ ? PlanConditional(*expr) : nullptr;
    if (!base && !choice) base = PlanExpr(*expr);
    for (std::size_t i = links.size(); i-- > 0;) qualifiers.push_back(PlanQualifier(*links[i]));
    const auto stored = Store(qualifiers);
    if (choice) return Make<ConditionalAttributeNode>(choice, stored);
    const bool constant = base->AsConstant() != nullptr;
    if (const Node* path = PlanFieldPath(base, stored)) return path;
    const Node* node = Make<GeneralAttributeNode>(base, stored);
    const bool computed = std::any_of(stored.begin(), stored.end(),
                                      [](const Qualifier& q) { return q.computed != nullptr; });
    return constant && !computed ? Fold(node) : node;
  }

  // nullptr unless all qualifiers are fields that must be there, the last perhaps inside has().
  const Node* PlanFieldPath(const Node* base, std::span<const Qualifier> qualifiers) {
    const bool plain = std::all_of(qualifiers.begin(), qualifiers.end(), [](const Qualifier& q) {
      return !q.computed && !q.optional && q.key.is_string();
    });
    if (!plain || observer_) return nullptr;
    const bool test = qualifiers.back().test_only;
    if (const SlotNode* slot = base->AsSlot()) {
      if (test) return Make<FieldPathNode<SlotNode, true>>(slot, qualifiers);
      return Make<FieldPathNode<SlotNode, false>>(slot, qualifiers);
    }
    if (const LocalNode* local = base->AsLocal()) {
      if (test) return Make<FieldPathNode<LocalNode, true>>(local, qualifiers);
      return Make<FieldPathNode<LocalNode, false>>(local, qualifiers);
    }
    if (test || base->AsConstant()) return nullptr;
    return Make<ComputedFieldPathNode>(base, qualifiers);
  }

  // --- calls ---

  const ConditionalNode* PlanConditional(const Expr& expr) {
    const Node* condition = PlanExpr(*expr.arguments[0]);
    const Node* if_true = PlanExpr(*expr.arguments[1]);
    const Node* if_false = PlanExpr(*expr.arguments[2]);
    return Make<ConditionalNode>(condition, if_true, if_false);
  }

  const Node* PlanCall(const Expr& expr) {
    if (IsIndex(expr)) return PlanAttribute(expr);
    if (expr.name == op::kConditional) {
      if (expr.optional_map) return PlanOptionalMap(expr);
      return PlanConditional(expr);
    }
    std::vector<const Node*> arguments;
    if (expr.operand && !checked_.qualified[expr.id]) arguments.push_back(PlanExpr(*expr.operand));
    for (const Expr* argument : expr.arguments) arguments.push_back(PlanExpr(*argument));
    const bool constant = AllConstant(arguments);
    const Node* node = nullptr;
    const CheckedCall& call = checked_.calls[expr.id];
    const std::string_view name = call.function->name();
    if (name == op::kAnd) {
      node = Make<AndNode>(Store(arguments));
    } else if (name == op::kOr) {
      node = Make<OrNode>(Store(arguments));
    } else if (name == op::kEquals || name == op::kNotEquals) {
      node = Make<EqualNode>(arguments[0], arguments[1], name == op::kNotEquals);
    } else if ((name == "or" || name == "orValue") && arguments.size() == 2) {
      node = Make<OptionalOrNode>(arguments[0], arguments[1], name == "orValue");
    } else if (name == "matches" && !observer_) {
      node = PlanMatches(arguments);
    }
    if (!node) node = Make<CallNode>(call.function, call.overload, Store(arguments));
    return constant ? Fold(node) : node;
  }

  // matches with a constant pattern; nullptr if the pattern is none or wrong, which the run time
  // tells.
  const Node* PlanMatches(const std::vector<const Node*>& arguments) {
    const ConstantNode* pattern = arguments[1]->AsConstant();
    if (!pattern || !pattern->constant().is_string()) return nullptr;
    const base::GoRegexp* compiled = patterns_.Compile(pattern->constant().as_string());
    return compiled ? Make<MatchNode>(arguments[0], compiled) : nullptr;
  }

  const Node* PlanList(const Expr& expr) {
    std::vector<const Node*> elements;
    for (const Expr* element : expr.arguments) elements.push_back(PlanExpr(*element));
    const bool constant = AllConstant(elements);
    const Node* node =
        Make<ListNode>(Store(elements), StoreOptionals(expr.optionals, elements.size()));
    return constant ? Fold(node) : node;
  }

  const bool* StoreOptionals(const bool* optionals, std::size_t count) {
    if (!optionals) return nullptr;
    bool* stored = arena_.AllocateArray<bool>(count);
    std::copy(optionals, optionals + count, stored);
    return stored;
  }

  const Node* PlanStruct(const Expr& expr) {
    const WellKnownType* message = FindWellKnownType(expr.name);
    std::array<const Node*, 2> fields{};
    bool constant = true;
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
      const Node* field = PlanExpr(*expr.arguments[i]);
      fields[static_cast<std::size_t>(message->FieldIndex(expr.fields[i]))] = field;
      constant = constant && field->AsConstant();
    }
    const Node* node = Make<WellKnownNode>(message, fields);
    return constant ? Fold(node) : node;
  }

  const Node* PlanMap(const Expr& expr) {
    std::vector<const Node*> parts;
    for (const Expr* part : expr.arguments) parts.push_back(PlanExpr(*part));
    const bool constant = AllConstant(parts);
    const Node* node = expr.optionals ? nullptr : PlanRecord(parts);
    if (!node) {
      node = Make<MapNode>(Store(parts), StoreOptionals(expr.optionals, parts.size() / 2));
    }
    return constant ? Fold(node) : node;
  }

  // nullptr unless all keys are different constant strings.
  const Node* PlanRecord(const std::vector<const Node*>& parts) {
    std::vector<Value> keys;
    std::vector<const Node*> values;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      const ConstantNode* key = parts[i]->AsConstant();
      if (!key || !key->constant().is_string()) return nullptr;
      keys.push_back(key->constant());
      values.push_back(parts[i + 1]);
    }
    const std::vector<std::uint32_t> ranks = RanksOfDistinct(keys);
    if (ranks.size() != keys.size()) return nullptr;
    return Make<RecordNode>(Store(keys), Store(values), Store(ranks));
  }

  // --- loops ---

  std::uint32_t NewLocal(std::string_view name) {
    const std::uint32_t index = next_local_++;
    max_locals_ = std::max(max_locals_, next_local_);
    locals_.push_back({name, index});
    return index;
  }

  void DropLocals(std::size_t names) {
    locals_.resize(names);
    next_local_ = names == 0 ? 0 : locals_.back().index + 1;
  }

  // The identifier in a transformMap's step, cel.@mapInsert(accumulator, key, value), filtered or
  // not.
  static const Expr* InsertedKey(const Expr& step) {
    const Expr& insert = step.name == op::kConditional ? *step.arguments[1] : step;
    return insert.arguments[1];
  }

  const Node* PlanFold(const Expr& expr) {
    const Comprehension& loop = *expr.comprehension;
    const std::size_t names = locals_.size();
    if (loop.fold == cel::Fold::kBind) {
      RefuseTypeVariable(*loop.step);
      const Node* bound = PlanExpr(*loop.init);
      const std::uint32_t variable = NewLocal(loop.accumulator);
      const Node* body = PlanExpr(*loop.body);
      DropLocals(names);
      return Make<BindNode>(bound, variable, body);
    }
    if (loop.fold == cel::Fold::kMap) RefuseTypeVariable(*InsertedKey(*loop.step));
    Loop plan{};
    plan.range = PlanExpr(*loop.range);
    const std::uint32_t before = made_;
    plan.variable = NewLocal(loop.variable);
    plan.two = !loop.variable2.empty();
    if (plan.two) plan.variable2 = NewLocal(loop.variable2);
    plan.filter = loop.filter ? PlanExpr(*loop.filter) : nullptr;
    plan.body = PlanExpr(*loop.body);
    DropLocals(names);
    plan.cost = made_ - before + 1;
    switch (loop.fold) {
      case cel::Fold::kAll:
        return Make<AllNode>(plan);
      case cel::Fold::kExists:
        return Make<ExistsNode>(plan);
      case cel::Fold::kExistsOne:
        return Make<ExistsOneNode>(plan);
      case cel::Fold::kList:
        return Make<ListFoldNode>(plan);
      default:
        return Make<MapFoldNode>(plan, loop.fold == cel::Fold::kMapEntry);
    }
  }

  // args: target.hasValue(), optional.of(bind) or bind, optional.none(). The target runs once.
  const Node* PlanOptionalMap(const Expr& expr) {
    const Expr* bind = expr.arguments[1];
    const bool flat = bind->kind == ExprKind::kComprehension;
    if (!flat) bind = bind->arguments[0];
    const Node* target = PlanExpr(*expr.arguments[0]->operand);
    RefuseTypeVariable(*bind->comprehension->step);
    const std::size_t names = locals_.size();
    const std::uint32_t variable = NewLocal(bind->comprehension->accumulator);
    const Node* body = PlanExpr(*bind->comprehension->body);
    DropLocals(names);
    return Make<OptionalMapNode>(target, variable, body, flat);
  }

  const CheckedExpr& checked_;
  base::Arena& arena_;
  Patterns& patterns_;
  std::optional<base::Error> error_;  // the first
  Observer* observer_;
  std::vector<Local> locals_;
  std::uint32_t next_local_ = 0;
  std::uint32_t max_locals_ = 0;
  std::uint32_t made_ = 0;
};

}  // namespace

base::Result<Plan> MakePlan(const Expr& expr, const CheckedExpr& checked, base::Arena& arena,
                            Patterns& patterns, Observer* observer) {
  return Planner(checked, arena, patterns, observer).Run(expr);
}

}  // namespace openchoreo::cel
