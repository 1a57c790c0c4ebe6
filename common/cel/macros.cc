#include "common/cel/macros.h"

#include <array>
#include <string>

#include "common/cel/macros_openchoreo.h"

namespace openchoreo::cel {

namespace {

using value::Value;

constexpr std::string_view kAccumulator = "@result";
constexpr std::string_view kOldAccumulator = "__result__";
constexpr std::string_view kUnused = "#unused";

// One expansion; every node it makes points to the macro's call.
class Expansion {
 public:
  Expansion(const MacroCall& call, ExprFactory& factory, Issues& issues)
      : call_(call), factory_(factory), issues_(issues) {}

  // Follows cel-go parser/macro.go MakeHas.
  MacroResult Has() {
    const Expr* argument = call_.arguments[0];
    if (argument->kind != ExprKind::kSelect) {
      return Fail(argument->range, "invalid argument to has() macro");
    }
    Expr* test = factory_.Select(call_.range, argument->operand, argument->name);
    test->test_only = true;
    return Done(test);
  }

  // all, exists, exists_one over one variable or two (cel-go parser/macro.go,
  // ext/comprehensions.go).
  MacroResult Quantifier(Fold fold) {
    Comprehension loop{};
    if (!Variables(loop, "argument must be a simple name")) return Failed();
    loop.fold = fold;
    Expr* predicate = call_.arguments.back();
    loop.body = predicate;
    switch (fold) {
      case Fold::kAll:
        loop.init = factory_.Literal(call_.range, Value::Bool(true));
        loop.condition = Call(op::kNotStrictlyFalse, {Accumulator()});
        loop.step = Call(op::kAnd, {Accumulator(), predicate});
        loop.result = Accumulator();
        break;
      case Fold::kExists:
        loop.init = factory_.Literal(call_.range, Value::Bool(false));
        loop.condition = Call(op::kNotStrictlyFalse, {Call(op::kNot, {Accumulator()})});
        loop.step = Call(op::kOr, {Accumulator(), predicate});
        loop.result = Accumulator();
        break;
      default:
        loop.init = factory_.Literal(call_.range, Value::Int(0));
        loop.condition = True();
        loop.step = Call(op::kConditional,
                         {predicate, Call(op::kAdd, {Accumulator(), One()}), Accumulator()});
        loop.result = Call(op::kEquals, {Accumulator(), One()});
        break;
    }
    return Done(factory_.Fold(call_.range, loop));
  }

  // map (two or three arguments) and transformList.
  MacroResult Map(bool two_variables) {
    Comprehension loop{};
    loop.fold = Fold::kList;
    if (!Variables(loop, Complaint(two_variables), two_variables)) return Failed();
    loop.body = call_.arguments.back();
    loop.filter = Filter(two_variables);
    FinishList(loop, call_.receiver);
    return Done(factory_.Fold(call_.range, loop));
  }

  MacroResult Filter() {
    Comprehension loop{};
    loop.fold = Fold::kList;
    if (!Variables(loop, Complaint(false))) return Failed();
    loop.body = call_.arguments[0];
    loop.filter = call_.arguments[1];
    FinishList(loop, call_.receiver);
    return Done(factory_.Fold(call_.range, loop));
  }

  // transformMap and transformMapEntry.
  MacroResult TransformMap(bool entries) {
    Comprehension loop{};
    loop.fold = entries ? Fold::kMapEntry : Fold::kMap;
    if (!Variables(loop, Complaint(true), true)) return Failed();
    loop.body = call_.arguments.back();
    loop.filter = Filter(true);
    loop.init = factory_.Map(call_.range, {});
    loop.condition = True();
    loop.step = entries ? Call(op::kMapInsert, {Accumulator(), loop.body})
                        : Call(op::kMapInsert, {Accumulator(), Name(loop.variable), loop.body});
    AddFilter(loop);
    loop.result = Accumulator();
    return Done(factory_.Fold(call_.range, loop));
  }

  // optMap and optFlatMap (cel-go cel/library.go).
  MacroResult OptionalMap(bool flat) {
    const Expr* variable = call_.arguments[0];
    if (variable->kind != ExprKind::kIdent) {
      return Fail(variable->range,
                  std::string(call_.function) + "() variable name must be a simple identifier");
    }
    Expr* target = factory_.Copy(*call_.receiver, kMaxNodes);
    if (!target) return TooLarge();
    Expr* bind =
        Bind(variable->name, factory_.Call(call_.range, "value", target, {}), call_.arguments[1]);
    Expr* present = flat ? bind : Call("optional.of", {bind});
    Expr* test = factory_.Call(call_.range, "hasValue", call_.receiver, {});
    Expr* choice = Call(op::kConditional, {test, present, Call("optional.none", {})});
    choice->optional_map = true;
    return Done(choice);
  }

  // sortBy (cel-go ext/lists.go).
  MacroResult SortBy() {
    constexpr std::string_view kInput = "@__sortBy_input__";
    switch (call_.receiver->kind) {
      case ExprKind::kList:
      case ExprKind::kSelect:
      case ExprKind::kIdent:
      case ExprKind::kComprehension:
      case ExprKind::kCall:
        break;
      default:
        return Fail(
            call_.receiver->range,
            "sortBy can only be applied to a list, identifier, comprehension, call or select "
            "expression");
    }
    Comprehension keys{};
    keys.fold = Fold::kList;
    if (!Variables(keys, Complaint(false))) return Failed();
    keys.body = call_.arguments[1];
    FinishList(keys, Name(kInput));
    Expr* key_list = factory_.Fold(call_.range, keys);
    Expr* sort = factory_.Call(call_.range, "@sortByAssociatedKeys", Name(kInput),
                               std::array<Expr*, 1>{key_list});
    return Done(Bind(kInput, call_.receiver, sort));
  }

  // math.greatest and math.least (cel-go ext/math.go).
  MacroResult Extremum(std::string_view function) {
    if (call_.receiver->kind != ExprKind::kIdent || call_.receiver->name != "math") return {};
    const std::string name = "math." + std::string(call_.function);
    const auto& arguments = call_.arguments;
    if (arguments.empty())
      return Fail(call_.receiver->range, name + "() requires at least one argument");
    if (arguments.size() == 1) {
      const Expr& only = *arguments[0];
      const bool is_list = only.kind == ExprKind::kList;
      if (is_list) {
        bool numbers = !only.arguments.empty();
        for (const Expr* element : only.arguments) numbers = numbers && MayBeNumber(*element);
        if (!numbers) return Fail(only.range, name + "() invalid single argument value");
      } else if (!MayBeNumber(only)) {
        return Fail(only.range, name + "() invalid single argument value");
      }
      return Done(Call(function, {arguments[0]}));
    }
    for (const Expr* argument : arguments) {
      if (!MayBeNumber(*argument)) {
        return Fail(argument->range, name + "() simple literal arguments must be numeric");
      }
    }
    if (arguments.size() == 2) return Done(Call(function, {arguments[0], arguments[1]}));
    return Done(Call(function, {factory_.List(call_.range, arguments)}));
  }

 private:
  static MacroResult Done(Expr* expr) { return {MacroResult::Outcome::kExpanded, expr}; }

  static MacroResult Failed() { return {MacroResult::Outcome::kError, nullptr}; }

  MacroResult Fail(Range range, std::string message) {
    issues_.Add(range, std::move(message));
    return Failed();
  }

  MacroResult TooLarge() {
    return Fail(call_.range, "expression count exceeds limit of " + std::to_string(kMaxNodes) +
                                 " while expanding macro '" + std::string(call_.function) + "'");
  }

  Expr* Call(std::string_view function, std::initializer_list<Expr*> arguments) {
    return factory_.Call(call_.range, function, arguments);
  }

  Expr* Name(std::string_view name) { return factory_.Ident(call_.range, name); }

  Expr* Accumulator() { return Name(kAccumulator); }

  Expr* True() { return factory_.Literal(call_.range, Value::Bool(true)); }

  Expr* One() { return factory_.Literal(call_.range, Value::Int(1)); }

  static const char* Complaint(bool two_variables) {
    return two_variables ? "argument must be a simple name" : "argument is not an identifier";
  }

  static bool MayBeNumber(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return expr.literal.is_number();
      case ExprKind::kList:
      case ExprKind::kMap:
      case ExprKind::kStruct:
        return false;
      default:
        return true;
    }
  }

  // The filter argument, if there is one more than variables and body.
  Expr* Filter(bool two_variables) const {
    const std::size_t variables = two_variables ? 2 : 1;
    return call_.arguments.size() == variables + 2 ? call_.arguments[variables] : nullptr;
  }

  void AddFilter(Comprehension& loop) {
    if (loop.filter) loop.step = Call(op::kConditional, {loop.filter, loop.step, Accumulator()});
  }

  void FinishList(Comprehension& loop, Expr* range) {
    loop.range = range;
    loop.accumulator = kAccumulator;
    loop.init = factory_.List(call_.range, {});
    loop.condition = True();
    loop.step = Call(op::kAdd,
                     {Accumulator(), factory_.List(call_.range, std::array<Expr*, 1>{loop.body})});
    AddFilter(loop);
    loop.result = Accumulator();
  }

  // cel.bind in effect: `name` is `bound` within `body`.
  Expr* Bind(std::string_view name, Expr* bound, Expr* body) {
    Comprehension bind{};
    bind.fold = Fold::kBind;
    bind.variable = kUnused;
    bind.accumulator = name;
    bind.range = factory_.List(call_.range, {});
    bind.init = bound;
    bind.condition = factory_.Literal(call_.range, Value::Bool(false));
    bind.step = Name(name);
    bind.result = body;
    bind.body = body;
    return factory_.Fold(call_.range, bind);
  }

  bool Variable(const Expr& argument, const char* complaint, std::string_view& out) {
    if (argument.kind != ExprKind::kIdent) {
      issues_.Add(argument.range, complaint);
      return false;
    }
    out = argument.name;
    return true;
  }

  bool NotAccumulator(const Expr& argument, std::string_view name) {
    if (name != kAccumulator && name != kOldAccumulator) return true;
    issues_.Add(argument.range, "iteration variable overwrites accumulator variable");
    return false;
  }

  // Takes the variables from the first arguments; quantifiers have two if there are three
  // arguments.
  bool Variables(Comprehension& loop, const char* complaint) {
    return Variables(loop, complaint, IsQuantifier(call_.function) && call_.arguments.size() == 3);
  }

  static bool IsQuantifier(std::string_view function) {
    return function == "all" || function.substr(0, 6) == "exists";
  }

  bool Variables(Comprehension& loop, const char* complaint, bool two) {
    loop.range = call_.receiver;
    loop.accumulator = kAccumulator;
    const Expr& first = *call_.arguments[0];
    if (!Variable(first, complaint, loop.variable)) return false;
    if (!two) return NotAccumulator(first, loop.variable);
    const Expr& second = *call_.arguments[1];
    if (!Variable(second, complaint, loop.variable2)) return false;
    if (loop.variable == loop.variable2) {
      issues_.Add(second.range, "duplicate variable name: " + std::string(loop.variable));
      return false;
    }
    return NotAccumulator(first, loop.variable) && NotAccumulator(second, loop.variable2);
  }

  const MacroCall& call_;
  ExprFactory& factory_;
  Issues& issues_;
};

MacroResult ExpandReceiver(Expansion& expansion, const MacroCall& call) {
  const std::string_view name = call.function;
  const std::size_t count = call.arguments.size();
  const bool two_or_three = count == 2 || count == 3;
  if (name == "all" && two_or_three) return expansion.Quantifier(Fold::kAll);
  if (name == "exists" && two_or_three) return expansion.Quantifier(Fold::kExists);
  if ((name == "exists_one" && two_or_three) || (name == "existsOne" && count == 3)) {
    return expansion.Quantifier(Fold::kExistsOne);
  }
  if (name == "map" && two_or_three) return expansion.Map(false);
  if (name == "filter" && count == 2) return expansion.Filter();
  const bool three_or_four = count == 3 || count == 4;
  if (name == "transformList" && three_or_four) return expansion.Map(true);
  if (name == "transformMap" && three_or_four) return expansion.TransformMap(false);
  if (name == "transformMapEntry" && three_or_four) return expansion.TransformMap(true);
  if (name == "optMap" && count == 2) return expansion.OptionalMap(false);
  if (name == "optFlatMap" && count == 2) return expansion.OptionalMap(true);
  if (name == "sortBy" && count == 2) return expansion.SortBy();
  if (name == "greatest") return expansion.Extremum("math.@max");
  if (name == "least") return expansion.Extremum("math.@min");
  return {};
}

}  // namespace

MacroResult ExpandMacro(const MacroCall& call, Macros macros, ExprFactory& factory,
                        Issues& issues) {
  Expansion expansion(call, factory, issues);
  MacroResult result;
  if (!call.receiver) {
    if (call.function == "has" && call.arguments.size() == 1) {
      result = expansion.Has();
    } else if (call.function.substr(0, 3) == "oc_") {
      result = ExpandOpenChoreoCall(call, factory, issues);
    }
  } else {
    result = ExpandReceiver(expansion, call);
    if (result.outcome == MacroResult::Outcome::kNoMacro && macros != Macros::kNone) {
      result = ExpandContextCall(call, macros, factory);
    }
  }
  if (result.outcome == MacroResult::Outcome::kExpanded && factory.count() > kMaxNodes) {
    issues.Add(call.range, "expression count exceeds limit of " + std::to_string(kMaxNodes) +
                               " while expanding macro '" + std::string(call.function) + "'");
    return {MacroResult::Outcome::kError, nullptr};
  }
  return result;
}

}  // namespace openchoreo::cel
