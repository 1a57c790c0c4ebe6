// The checked tree of an expression, for people: what each part is and what it gave.
#include <map>
#include <optional>

#include "common/base/go_format.h"
#include "common/cel/compiler.h"
#include "common/cel/go_text.h"
#include "common/cel/parser.h"
#include "common/cel/planner.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

namespace {

using value::Value;

// The last value of each sub-expression, and how often it was computed.
class Recorder final : public Observer {
 public:
  struct Seen {
    Value value;
    std::size_t times = 0;
  };

  void Observe(std::uint32_t expr_id, const Value& value) override {
    Seen& seen = seen_[expr_id];
    seen.value = value;
    ++seen.times;
  }

  const Seen* Find(std::uint32_t expr_id) const {
    const auto found = seen_.find(expr_id);
    return found == seen_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::uint32_t, Seen> seen_;
};

std::string ShortText(std::string text) {
  constexpr std::size_t kLongest = 120;
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string ValueText(const Value& value) {
  switch (value.kind()) {
    case value::Kind::kError:
      return "error: " + std::string(MessageOf(value));
    case value::Kind::kOmit:
      return "omit";
    case value::Kind::kOptional:
      if (!value.optional_value()) return "optional.none()";
      return "optional.of(" + ValueText(*value.optional_value()) + ")";
    case value::Kind::kType:
    case value::Kind::kTimestamp:
    case value::Kind::kDuration:
    case value::Kind::kDouble:
      return ShortText(GoText(value));
    default:
      return ShortText(value::ToJson(value));
  }
}

class Printer {
 public:
  Printer(const CheckedExpr& checked, const Recorder& recorder)
      : checked_(checked), recorder_(recorder) {}

  std::string Take() { return std::move(out_); }

  void Print(const Expr& expr, int depth) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    out_ += Label(expr);
    out_ += " : " + TypeText(*checked_.types[expr.id]);
    if (const Recorder::Seen* seen = recorder_.Find(expr.id)) {
      out_ += " = " + ValueText(seen->value);
      if (seen->times > 1) out_ += "  (last of " + std::to_string(seen->times) + ")";
    } else if (expr.kind != ExprKind::kLiteral) {
      out_ += "  (not evaluated)";
    }
    out_ += '\n';
    PrintParts(expr, depth + 1);
  }

 private:
  std::string Label(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return ValueText(expr.literal);
      case ExprKind::kIdent:
        return std::string(expr.name);
      case ExprKind::kSelect:
        return (expr.test_only ? "has ." : ".") + std::string(expr.name);
      case ExprKind::kCall:
        if (expr.name == op::kOptSelect) {
          return ".?" + std::string(expr.arguments[1]->literal.as_string());
        }
        if (expr.optional_map) return "optMap";
        return std::string(checked_.calls[expr.id].function
                               ? checked_.calls[expr.id].function->name()
                               : expr.name) +
               "()";
      case ExprKind::kList:
        return "[]";
      case ExprKind::kMap:
        return "{}";
      case ExprKind::kComprehension:
        return FoldLabel(*expr.comprehension);
      default:
        return "?";
    }
  }

  static std::string FoldLabel(const Comprehension& loop) {
    static constexpr const char* kNames[] = {
        "all", "exists", "exists_one", "map", "transformMap", "transformMapEntry", "bind"};
    std::string label = kNames[static_cast<std::size_t>(loop.fold)];
    const bool keeps = loop.body->kind == ExprKind::kIdent && loop.body->name == loop.variable;
    if (loop.fold == Fold::kList && loop.filter && keeps) label = "filter";
    label.append(" ").append(loop.fold == Fold::kBind ? loop.accumulator : loop.variable);
    if (!loop.variable2.empty()) label.append(", ").append(loop.variable2);
    return label;
  }

  void PrintParts(const Expr& expr, int depth) {
    if (expr.comprehension) {
      const Comprehension& loop = *expr.comprehension;
      Print(loop.fold == Fold::kBind ? *loop.init : *loop.range, depth);
      if (loop.filter) Print(*loop.filter, depth);
      Print(*loop.body, depth);
      return;
    }
    if (expr.optional_map) {
      const Expr* bind = expr.arguments[1];
      if (bind->kind != ExprKind::kComprehension) bind = bind->arguments[0];
      Print(*expr.arguments[0]->operand, depth);
      Print(*bind->comprehension->body, depth);
      return;
    }
    if (expr.operand && !checked_.qualified[expr.id] && checked_.slots[expr.id] < 0) {
      Print(*expr.operand, depth);
    }
    if (expr.name == op::kOptSelect) return Print(*expr.arguments[0], depth);
    for (const Expr* argument : expr.arguments) Print(*argument, depth);
  }

  const CheckedExpr& checked_;
  const Recorder& recorder_;
  std::string out_;
};

}  // namespace

base::Result<std::string> Explain(std::string_view text, const Environment& environment,
                                  std::span<const Value> slots, const base::RenderLimits& limits) {
  base::Arena arena;
  Issues issues(text);
  ExprFactory factory(arena);
  const Expr* expr = Parse(text, environment.macros(), factory, issues);
  if (!expr) return base::Fail(issues.ToDiagnostic());
  const CheckedExpr checked = Check(*expr, factory.count(), environment, {}, arena, issues);
  if (!issues.empty()) return base::Fail(issues.ToDiagnostic());
  Patterns patterns;
  Recorder recorder;
  OC_TRY(const Plan plan, MakePlan(*expr, checked, arena, patterns, &recorder));
  std::vector<Value> locals(plan.locals);
  Frame frame(slots.data(), locals.data(), arena, limits);
  plan.root->Eval(frame);
  if (frame.limit()) return base::Fail(base::ErrorCode::kLimit, frame.limit());
  Printer printer(checked, recorder);
  printer.Print(*expr, 0);
  return printer.Take();
}

}  // namespace openchoreo::cel
