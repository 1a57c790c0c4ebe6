#include "common/cel/ast.h"

#include <algorithm>

namespace openchoreo::cel {

Expr* ExprFactory::New(ExprKind kind, Range range) {
  Expr* expr = new (arena_.AllocateArray<Expr>(1)) Expr{};
  expr->kind = kind;
  expr->range = range;
  expr->id = next_id_++;
  return expr;
}

std::span<Expr*> ExprFactory::Store(std::span<Expr* const> exprs) {
  Expr** stored = arena_.AllocateArray<Expr*>(exprs.size());
  std::copy(exprs.begin(), exprs.end(), stored);
  return {stored, exprs.size()};
}

Expr* ExprFactory::Literal(Range range, value::Value literal) {
  Expr* expr = New(ExprKind::kLiteral, range);
  expr->literal = literal;
  return expr;
}

Expr* ExprFactory::Ident(Range range, std::string_view name) {
  Expr* expr = New(ExprKind::kIdent, range);
  expr->name = name;
  return expr;
}

Expr* ExprFactory::Select(Range range, Expr* operand, std::string_view field) {
  Expr* expr = New(ExprKind::kSelect, range);
  expr->operand = operand;
  expr->name = field;
  return expr;
}

Expr* ExprFactory::Call(Range range, std::string_view function,
                        std::initializer_list<Expr*> arguments) {
  return Call(range, function, nullptr,
              std::span<Expr* const>(arguments.begin(), arguments.size()));
}

Expr* ExprFactory::Call(Range range, std::string_view function, Expr* receiver,
                        std::span<Expr* const> arguments) {
  Expr* expr = New(ExprKind::kCall, range);
  expr->name = function;
  expr->operand = receiver;
  expr->arguments = Store(arguments);
  return expr;
}

Expr* ExprFactory::List(Range range, std::span<Expr* const> elements) {
  Expr* expr = New(ExprKind::kList, range);
  expr->arguments = Store(elements);
  return expr;
}

Expr* ExprFactory::Map(Range range, std::span<Expr* const> keys_and_values) {
  Expr* expr = New(ExprKind::kMap, range);
  expr->arguments = Store(keys_and_values);
  return expr;
}

Expr* ExprFactory::Fold(Range range, const Comprehension& comprehension) {
  Expr* expr = New(ExprKind::kComprehension, range);
  expr->comprehension = new (arena_.AllocateArray<Comprehension>(1)) Comprehension(comprehension);
  return expr;
}

namespace {

// `part` is one of the nodes below `from`; its counterpart below the copy `to`.
Expr* Counterpart(const Expr* part, const Expr* from, Expr* to) {
  if (!part || !from || !to) return nullptr;
  if (part == from) return to;
  for (std::size_t i = 0; i < from->arguments.size(); ++i) {
    if (Expr* found = Counterpart(part, from->arguments[i], to->arguments[i])) return found;
  }
  return nullptr;
}

}  // namespace

Expr* ExprFactory::Copy(const Expr& expr, std::uint32_t max_count) {
  if (next_id_ > max_count) return nullptr;
  Expr* copy = New(expr.kind, expr.range);
  const std::uint32_t id = copy->id;
  *copy = expr;
  copy->id = id;
  if (expr.operand && !(copy->operand = Copy(*expr.operand, max_count))) return nullptr;
  copy->arguments = Store(expr.arguments);
  for (Expr*& argument : copy->arguments) {
    if (!(argument = Copy(*argument, max_count))) return nullptr;
  }
  if (expr.comprehension) {
    const Comprehension& from = *expr.comprehension;
    Comprehension to = from;
    for (auto part : {&Comprehension::range, &Comprehension::init, &Comprehension::condition,
                      &Comprehension::step, &Comprehension::result}) {
      if (!(to.*part = Copy(*(from.*part), max_count))) return nullptr;
    }
    if (from.fold == Fold::kBind) {
      to.body = to.result;
    } else {
      to.filter = Counterpart(from.filter, from.step, to.step);
      to.body = Counterpart(from.body, from.step, to.step);
    }
    copy->comprehension = new (arena_.AllocateArray<Comprehension>(1)) Comprehension(to);
  }
  return copy;
}

}  // namespace openchoreo::cel
