#include "common/cel/format_check.h"

#include "common/cel/format_string.h"

namespace openchoreo::cel {

namespace {

bool Accepts(char verb, TypeKind kind, StringFormat rules) {
  if (kind == TypeKind::kDyn) return true;
  const bool integer = kind == TypeKind::kInt || kind == TypeKind::kUint;
  if (rules == StringFormat::kV022) {
    if (verb == 'd') return integer;
    // Of texts "NaN" and "Infinity" are numbers there, which only the run time can tell.
    if (verb == 'f' || verb == 'e') return kind == TypeKind::kDouble || kind == TypeKind::kString;
  }
  switch (verb) {
    case 'd':
    case 'f':
    case 'e':
      return integer || kind == TypeKind::kDouble;
    case 'b':
      return integer || kind == TypeKind::kBool;
    case 'o':
      return integer;
    case 'x':
    case 'X':
      return integer || kind == TypeKind::kString || kind == TypeKind::kBytes;
    default:
      break;
  }
  switch (kind) {
    case TypeKind::kOptional:
    case TypeKind::kAny:
    case TypeKind::kError:
    case TypeKind::kObject:
      return false;
    default:
      return true;
  }
}

// The part of a %s argument that cannot be text; nullptr if all of it can.
const Expr* FindUnprintable(const Expr& expr, StringFormat rules,
                            const std::vector<const Type*>& types) {
  if (!Accepts('s', types[expr.id]->kind, rules)) return &expr;
  if (expr.kind != ExprKind::kList && expr.kind != ExprKind::kMap) return nullptr;
  for (const Expr* part : expr.arguments) {
    if (const Expr* found = FindUnprintable(*part, rules, types)) return found;
  }
  return nullptr;
}

}  // namespace

void CheckFormat(const Expr& call, StringFormat rules, const std::vector<const Type*>& types,
                 Issues& issues) {
  const Expr& target = *call.operand;
  if (target.kind != ExprKind::kLiteral || !target.literal.is_string()) return;
  if (call.arguments.size() != 1 || call.arguments[0]->kind != ExprKind::kList) return;
  const auto arguments = call.arguments[0]->arguments;
  const Expr* culprit = &call;
  std::size_t used = 0;
  const std::string error = WalkFormat(
      target.literal.as_string(), arguments.size(), [](std::string_view) {},
      [&](const FormatClause& clause, std::size_t index) -> std::string {
        const Expr& argument = *arguments[index];
        used = index + 1;
        const Expr* bad = nullptr;
        if (clause.verb == 's') {
          bad = FindUnprintable(argument, rules, types);
        } else if (!Accepts(clause.verb, types[argument.id]->kind, rules)) {
          bad = &argument;
        }
        if (!bad) return "";
        culprit = bad;
        return ClauseError(clause.verb, rules, types[bad->id]->name);
      });
  if (!error.empty()) {
    issues.Add(culprit->range, error);
  } else if (arguments.size() > used) {
    issues.Add(call.range, "too many arguments supplied to string.format (expected " +
                               std::to_string(used) + ", got " + std::to_string(arguments.size()) +
                               ")");
  }
}

}  // namespace openchoreo::cel
