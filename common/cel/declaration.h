// Functions: their overloads as the checker sees them, and what runs them.
//
// A function is added in the functions/ file of its family: declare it there with its overloads, in
// cel-go's order (the order decides deduced types), and name the C++ function that computes it.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/cel/frame.h"
#include "common/cel/type.h"

namespace openchoreo::cel {

// Computes a call whose arguments (receiver first) are no errors and fit the overload.
using Implementation = value::Value (*)(Frame& frame, const value::Value* arguments);

struct Overload {
  std::string_view id;
  bool member;
  bool checked;  // false: the checker passes it over (mixed numeric comparisons), the run time does
                 // not
  std::uint8_t parameter_types;  // how many of <A>, <B> it has
  std::vector<const Type*> parameters;
  const Type* result;
  Implementation implementation;  // nullptr where the function has one for all
};

// A set of value kinds.
using KindSet = std::uint32_t;

constexpr KindSet KindBit(value::Kind kind) { return KindSet{1} << static_cast<unsigned>(kind); }

class Function {
 public:
  explicit Function(std::string_view function_name) : name_(function_name) {}

  // --- declaring, chained ---

  Function& Global(std::string_view id, std::initializer_list<const Type*> parameters,
                   const Type* result, Implementation implementation = nullptr);
  Function& Member(std::string_view id, std::initializer_list<const Type*> parameters,
                   const Type* result, Implementation implementation = nullptr);

  // An overload that exists at run time only.
  Function& Unchecked(std::string_view id, std::initializer_list<const Type*> parameters,
                      const Type* result);

  // One implementation for all overloads, for first arguments of the kinds in `first` (0: any);
  // others give "no such overload: <name>".
  Function& ForAll(Implementation implementation, KindSet first = 0);

  // Runs whatever the argument kinds; the implementation checks them itself.
  Function& WithoutGuards();

  // --- using ---

  std::string_view name() const { return name_; }

  const std::vector<Overload>& overloads() const { return overloads_; }

  // What every call runs, or nullptr if that depends on the arguments.
  Implementation unconditional() const { return first_kinds_ == 0 ? for_all_ : nullptr; }

  // Calls the overload `only`, or the one that fits the arguments if it is nullptr.
  value::Value Call(Frame& frame, const Overload* only, const value::Value* arguments,
                    std::size_t count) const;

 private:
  bool Fits(const Overload& overload, const value::Value* arguments, std::size_t count) const;

  std::string_view name_;
  std::vector<Overload> overloads_;
  Implementation for_all_ = nullptr;
  KindSet first_kinds_ = 0;
  bool guards_ = true;
};

// All functions there are. Immutable once made; thread-safe.
class Declarations {
 public:
  static const Declarations& All();

  // nullptr if there is none.
  const Function* Find(std::string_view name) const;

  // --- for the families ---

  // The function of that name, new or as another family left it.
  Function& Add(std::string_view name);

  // A function that takes the place of the one named `name` in some environments: found by `key`
  // alone, which is no identifier.
  Function& AddVariant(std::string_view key, std::string_view name);

  const Type* List(const Type* element) { return types::List(arena_, element); }

  const Type* Map(const Type* key, const Type* value) { return types::Map(arena_, key, value); }

  const Type* Optional(const Type* held) { return types::Optional(arena_, held); }

  const Type* TypeOf(const Type* type) { return types::TypeOf(arena_, type); }

 private:
  Declarations();

  base::Arena arena_;
  std::deque<Function> functions_;
  std::unordered_map<std::string_view, Function*> by_name_;
};

// Where string.format of cel-go v0.22.1 is found.
inline constexpr std::string_view kFormatV022 = "format@v0.22";

// Type parameters <A> and <B> of a declaration.
namespace types {
inline constexpr Type Parameter(std::uint32_t index) {
  Type type;
  type.kind = TypeKind::kParam;
  type.index = index;
  type.name = "";
  return type;
}

inline constexpr Type kA = Parameter(0);
inline constexpr Type kB = Parameter(1);
}  // namespace types

// Whether `value` may be passed for `type`; of a list or map the first element decides, as in
// cel-go.
bool FitsType(const Type& type, const value::Value& value);

// "no such overload: name(type, type)"
value::Value NoSuchOverload(Frame& frame, std::string_view name, const value::Value* arguments,
                            std::size_t count);

// What cel-go answers if a function that has one implementation for all cannot take `first`.
value::Value WithoutOverload(Frame& frame, std::string_view name, const value::Value& first);

// The families, each in functions/<family>.cc.
void DeclareOperators(Declarations& all);
void DeclareComparisons(Declarations& all);
void DeclareCollections(Declarations& all);
void DeclareConversions(Declarations& all);
void DeclareStrings(Declarations& all);
void DeclareStringFormat(Declarations& all);
void DeclareStringFormatV022(Declarations& all);
void DeclareTime(Declarations& all);
void DeclareOptionals(Declarations& all);
void DeclareLists(Declarations& all);
void DeclareSets(Declarations& all);
void DeclareMath(Declarations& all);
void DeclareEncoders(Declarations& all);
void DeclareOpenChoreo(Declarations& all);
void DeclareConfigurations(Declarations& all);

}  // namespace openchoreo::cel
