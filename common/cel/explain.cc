// The checked tree of an expression, for people: what each part is and what it gave.
#include <map>
#include <vector>

#include "common/base/go_format.h"
#include "common/cel/compiler.h"
#include "common/cel/go_text.h"
#include "common/cel/parser.h"
#include "common/cel/planner.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

namespace {

using value::Value;

// The first values of each sub-expression, the last one, and how often it was computed.
class Recorder final : public Observer {
 public:
  static constexpr std::size_t kKept = 4;

  struct Seen {
    std::vector<Value> first;  // at most kKept
    Value last;
    std::size_t times = 0;
  };

  void Observe(std::uint32_t expr_id, const Value& value) override {
    Seen& seen = seen_[expr_id];
    if (seen.first.size() < kKept) seen.first.push_back(value);
    seen.last = value;
    ++seen.times;
  }

  const Seen* Find(std::uint32_t expr_id) const {
    const auto found = seen_.find(expr_id);
    return found == seen_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::uint32_t, Seen> seen_;
};

// `text` on one line, cut after `longest` bytes.
std::string ShortText(std::string_view text, std::size_t longest) {
  std::string out;
  for (char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  if (out.size() <= longest) return out;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  return out.substr(0, end) + "…";
}

constexpr std::size_t kLongestValue = 120;
constexpr std::size_t kLongestSource = 100;

std::string ValueText(const Value& value) {
  // What does not fit is cut anyway.
  base::Budget budget(1u << 20, 16u << 20, 1u << 20);
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
      return ShortText(GoText(value, budget), kLongestValue);
    default: {
      const std::string text = value::ToJson(value, budget);
      return budget.spent() ? "a large value" : ShortText(text, kLongestValue);
    }
  }
}

class Printer {
 public:
  Printer(std::string_view text, const CheckedExpr& checked, const Recorder& recorder)
      : text_(text), checked_(checked), recorder_(recorder) {}

  std::string Take() { return std::move(out_); }

  void Print(const Expr& expr, int depth) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    const Recorder::Seen* seen = recorder_.Find(expr.id);
    out_ += Label(expr) + " : " + TypeOf(expr, seen);
    out_ += seen ? " = " + Values(*seen) : "  (not evaluated)";
    out_ += '\n';
    if (seen) PrintParts(expr, depth + 1);
  }

 private:
  // What a reader sees at a glance in the line above: a literal, or a step of a path that is there.
  bool IsPlain(const Expr& expr) const {
    if (expr.kind == ExprKind::kLiteral) return true;
    if (expr.kind != ExprKind::kSelect || expr.test_only) return false;
    const Recorder::Seen* seen = recorder_.Find(expr.id);
    return seen && !seen->last.is_error() && seen->last.kind() != value::Kind::kOptional;
  }

  void PrintPart(const Expr& expr, int depth) {
    if (expr.kind != ExprKind::kLiteral) Print(expr, depth);
  }

  // The checker's type; of what it knows nothing about, the value's kind too.
  std::string TypeOf(const Expr& expr, const Recorder::Seen* seen) const {
    const Type& type = *checked_.types[expr.id];
    if (type.kind != TypeKind::kDyn || !seen || seen->last.is_error()) return TypeText(type);
    return "dyn (" + std::string(RuntimeTypeName(seen->last)) + ")";
  }

  static std::string Values(const Recorder::Seen& seen) {
    if (seen.times == 1) return ValueText(seen.last);
    std::string out;
    for (const Value& value : seen.first) out += (out.empty() ? "" : " | ") + ValueText(value);
    if (seen.times == seen.first.size()) return out;
    if (seen.times > seen.first.size() + 1) out += " | …";
    return out + " | " + ValueText(seen.last) + "  (" + std::to_string(seen.times) + " times)";
  }

  // The author's text, or for what a macro put there a name.
  std::string Label(const Expr& expr) const {
    const std::size_t size = expr.source.end - expr.source.begin;
    if (size > 0) return ShortText(text_.substr(expr.source.begin, size), kLongestSource);
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return ValueText(expr.literal);
      case ExprKind::kIdent:
        return std::string(expr.name);
      case ExprKind::kSelect:
        return (expr.test_only ? "has ." : ".") + std::string(expr.name);
      case ExprKind::kCall:
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
      PrintPart(loop.fold == Fold::kBind ? *loop.init : *loop.range, depth);
      if (loop.filter) PrintPart(*loop.filter, depth);
      // What filter keeps is its own variable.
      if (loop.body->kind != ExprKind::kIdent) PrintPart(*loop.body, depth);
      return;
    }
    if (expr.optional_map) {
      const Expr* bind = expr.arguments[1];
      if (bind->kind != ExprKind::kComprehension) bind = bind->arguments[0];
      PrintPart(*expr.arguments[0]->operand, depth);
      PrintPart(*bind->comprehension->body, depth);
      return;
    }
    if (IsPlain(expr)) return;
    if (expr.operand && !checked_.qualified[expr.id] && checked_.slots[expr.id] < 0) {
      PrintPart(*expr.operand, depth);
    }
    for (const Expr* argument : expr.arguments) PrintPart(*argument, depth);
  }

  std::string_view text_;
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
  if (!frame.Finish()) return base::Fail(frame.ErrorOfLimit());
  Printer printer(text, checked, recorder);
  printer.Print(*expr, 0);
  return printer.Take();
}

}  // namespace openchoreo::cel
