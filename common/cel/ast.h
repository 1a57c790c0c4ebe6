// The syntax tree, macros already expanded. Nodes live in the compilation's arena.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/arena.h"
#include "common/cel/source.h"
#include "common/value/value.h"

namespace openchoreo::cel {

enum class ExprKind : std::uint8_t {
  kError,  // something that was reported; the program never runs
  kLiteral,
  kIdent,
  kSelect,
  kCall,
  kList,
  kMap,
  kStruct,
  kComprehension,
};

// What a comprehension came from. The planner runs each kind by a loop of its own; the accumulator
// expressions exist for the checker, whose types depend on them.
enum class Fold : std::uint8_t {
  kAll,
  kExists,
  kExistsOne,
  kList,      // map, filter, transformList: appends `body` where `filter` holds
  kMap,       // transformMap: inserts first variable → `body`
  kMapEntry,  // transformMapEntry: inserts the entries of `body`
  kBind,      // one value under a name: optMap, optFlatMap, sortBy
};

struct Expr;

struct Comprehension {
  Fold fold;
  std::string_view variable;   // element, key or index; "#unused" for kBind
  std::string_view variable2;  // "" unless there are two
  std::string_view accumulator;
  Expr* range;
  Expr* init;
  Expr* condition;
  Expr* step;
  Expr* result;
  Expr* filter;  // part of step; nullptr without one
  Expr* body;    // part of step
};

struct Expr {
  ExprKind kind = ExprKind::kError;
  bool test_only = false;  // kSelect: has(operand.name)
  bool optional_map =
      false;  // kCall _?_:_ made by optMap or optFlatMap: args[0]'s target is also in args[1]
  std::uint16_t depth = 0;  // nesting below, as the parser bounds it
  std::uint32_t id = 0;     // dense, from 0
  Range range;              // where to point
  Range source;             // the whole text it was parsed from; empty for what macros made
  std::string_view name;    // identifier, field, function or message name
  value::Value literal;
  Expr* operand = nullptr;  // kSelect: operand; kCall: receiver or nullptr
  std::span<Expr*>
      arguments;  // kCall, kList: in order; kMap: key, value, key, value, …; kStruct: values
  const bool* optionals = nullptr;  // kList, kMap: per element or entry; nullptr if none is
  const std::string_view* fields = nullptr;  // kStruct: names
  const Range* field_places = nullptr;       // kStruct: their colons
  Comprehension* comprehension = nullptr;
};

// Operator names, as overloads and messages spell them.
namespace op {
inline constexpr std::string_view kConditional = "_?_:_";
inline constexpr std::string_view kAnd = "_&&_";
inline constexpr std::string_view kOr = "_||_";
inline constexpr std::string_view kNot = "!_";
inline constexpr std::string_view kNegate = "-_";
inline constexpr std::string_view kEquals = "_==_";
inline constexpr std::string_view kNotEquals = "_!=_";
inline constexpr std::string_view kLess = "_<_";
inline constexpr std::string_view kLessEquals = "_<=_";
inline constexpr std::string_view kGreater = "_>_";
inline constexpr std::string_view kGreaterEquals = "_>=_";
inline constexpr std::string_view kAdd = "_+_";
inline constexpr std::string_view kSubtract = "_-_";
inline constexpr std::string_view kMultiply = "_*_";
inline constexpr std::string_view kDivide = "_/_";
inline constexpr std::string_view kModulo = "_%_";
inline constexpr std::string_view kIn = "@in";
inline constexpr std::string_view kIndex = "_[_]";
inline constexpr std::string_view kOptIndex = "_[?_]";
inline constexpr std::string_view kOptSelect = "_?._";
inline constexpr std::string_view kNotStrictlyFalse = "@not_strictly_false";
inline constexpr std::string_view kMapInsert = "cel.@mapInsert";
}  // namespace op

// Makes nodes and numbers them. Not thread-safe.
class ExprFactory {
 public:
  explicit ExprFactory(base::Arena& arena) : arena_(arena) {}

  base::Arena& arena() { return arena_; }

  std::uint32_t count() const { return next_id_; }

  Expr* New(ExprKind kind, Range range);
  Expr* Literal(Range range, value::Value literal);
  Expr* Ident(Range range, std::string_view name);
  Expr* Select(Range range, Expr* operand, std::string_view field);
  Expr* Call(Range range, std::string_view function, std::initializer_list<Expr*> arguments);
  Expr* Call(Range range, std::string_view function, Expr* receiver,
             std::span<Expr* const> arguments);
  Expr* List(Range range, std::span<Expr* const> elements);
  Expr* Map(Range range, std::span<Expr* const> keys_and_values);
  Expr* Fold(Range range, const Comprehension& comprehension);

  // A deep copy with fresh numbers; nullptr if it would pass `max_count` nodes in all.
  Expr* Copy(const Expr& expr, std::uint32_t max_count);

  std::span<Expr*> Store(std::span<Expr* const> exprs);

 private:
  base::Arena& arena_;
  std::uint32_t next_id_ = 0;
};

}  // namespace openchoreo::cel
