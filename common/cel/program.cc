#include "common/cel/program.h"

#include <cstddef>
#include <memory>

#include "common/base/utf8.h"
#include "common/cel/compiler.h"
#include "common/cel/parser.h"
#include "common/cel/planner.h"

namespace openchoreo::cel {

using value::Value;

Environment::Environment(std::vector<std::string> variables, Macros macros,
                         StringFormat string_format)
    : variables_(std::move(variables)), macros_(macros), string_format_(string_format) {
  key_ = std::to_string(static_cast<int>(macros_)) + "," +
         std::to_string(static_cast<int>(string_format_));
  for (const std::string& name : variables_) key_.append(1, '\n').append(name);
}

int Environment::SlotOf(std::string_view name) const {
  const auto found = std::find(variables_.begin(), variables_.end(), name);
  return found == variables_.end() ? -1 : static_cast<int>(found - variables_.begin());
}

namespace {

class PlannedProgram final : public Program {
 public:
  base::Result<Value> Evaluate(std::span<const Value> slots, base::Arena& arena,
                               const base::RenderLimits& limits) const override {
    // Not initialized beyond the locals there are: most programs have none.
    alignas(Value) std::byte few[kFewLocals * sizeof(Value)];
    auto* locals = reinterpret_cast<Value*>(few);
    if (plan_.locals > kFewLocals) locals = arena.AllocateArray<Value>(plan_.locals);
    std::uninitialized_fill_n(locals, plan_.locals, Value());
    Frame frame(slots.data(), locals, arena, limits);
    const Value result = plan_.root->Eval(frame);
    if (!frame.Finish()) return base::Fail(frame.ErrorOfLimit());
    if (result.is_error()) {
      return base::Fail(base::ErrorCode::kCelEvaluate, std::string(MessageOf(result)));
    }
    return result;
  }

  std::size_t bytes() const override {
    return sizeof(PlannedProgram) + arena_.bytes() + patterns_.bytes();
  }

  std::uint64_t pattern_steps() const override { return patterns_.steps(); }

 private:
  friend base::Result<Compiled> openchoreo::cel::CompileWith(std::string_view, const Environment&,
                                                             const CompileOptions&);
  static constexpr std::size_t kFewLocals = 8;

  base::Arena arena_{512};
  Patterns patterns_;
  Plan plan_;
};

// Go decodes the text into code points first, so bytes that are none become U+FFFD.
std::string Sanitized(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const base::DecodedRune rune = base::DecodeRune(text);
    base::AppendRune(out, rune.rune);
    text.remove_prefix(rune.size);
  }
  return out;
}

}  // namespace

base::Result<Compiled> CompileWith(std::string_view text, const Environment& environment,
                                   const CompileOptions& options) {
  std::string sanitized;
  if (!base::IsValidUtf8(text)) {
    sanitized = Sanitized(text);
    text = sanitized;
  }
  base::Arena arena;
  Issues issues(text);
  ExprFactory factory(arena);
  const Expr* expr = Parse(text, environment.macros(), factory, issues);
  if (!expr) return base::Fail(issues.ToDiagnostic());
  const CheckedExpr checked =
      Check(*expr, factory.count(), environment, options.typed, arena, issues);
  if (!issues.empty()) return base::Fail(issues.ToDiagnostic());
  Compiled compiled;
  compiled.type = TypeText(*checked.types[expr->id]);
  if (options.check_only) return compiled;
  auto program = std::make_shared<PlannedProgram>();
  OC_TRY(program->plan_, MakePlan(*expr, checked, program->arena_, program->patterns_));
  compiled.program = std::move(program);
  return compiled;
}

base::Result<std::shared_ptr<const Program>> Compile(std::string_view text,
                                                     const Environment& environment) {
  OC_TRY(Compiled compiled, CompileWith(text, environment, {}));
  return std::move(compiled.program);
}

}  // namespace openchoreo::cel
