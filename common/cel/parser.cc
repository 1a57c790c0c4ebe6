#include "common/cel/parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/base/utf8.h"
#include "common/cel/literal.h"
#include "common/cel/token_reader.h"

namespace openchoreo::cel {

namespace {

using value::Value;

constexpr std::array<std::string_view, 18> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",    "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while", "in"};

bool IsReserved(std::string_view name) {
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

struct BinaryOperator {
  TokenKind token;
  std::string_view name;
};

constexpr std::array<BinaryOperator, 7> kRelations = {
    {{TokenKind::kEquals, op::kEquals},
     {TokenKind::kNotEquals, op::kNotEquals},
     {TokenKind::kLess, op::kLess},
     {TokenKind::kLessEquals, op::kLessEquals},
     {TokenKind::kGreater, op::kGreater},
     {TokenKind::kGreaterEquals, op::kGreaterEquals},
     {TokenKind::kIn, op::kIn}}};
constexpr std::array<BinaryOperator, 2> kSums = {
    {{TokenKind::kPlus, op::kAdd}, {TokenKind::kMinus, op::kSubtract}}};
constexpr std::array<BinaryOperator, 3> kProducts = {{{TokenKind::kStar, op::kMultiply},
                                                      {TokenKind::kSlash, op::kDivide},
                                                      {TokenKind::kPercent, op::kModulo}}};

template <std::size_t N>
std::string_view FindOperator(const std::array<BinaryOperator, N>& operators, TokenKind token) {
  for (const BinaryOperator& entry : operators) {
    if (entry.token == token) return entry.name;
  }
  return {};
}

// Recursive descent. A syntax error ends the parse; errors of meaning (a bad literal, a macro's
// arguments) are collected. After a failure functions return nullptr, and their callers too.
class Parser : private TokenReader {
 public:
  Parser(std::string_view text, Macros macros, ExprFactory& factory, Issues& issues)
      : TokenReader(text, issues), macros_(macros), factory_(factory), issues_(issues) {}

  Expr* Run() {
    Expr* expr = ParseExpr();
    if (expr && Peek() != TokenKind::kEnd) {
      SyntaxError("expecting the end of the expression");
      return nullptr;
    }
    return issues_.empty() ? expr : nullptr;
  }

 private:
  // Ends the making of a node whose last token was taken. Bounds the tree itself: cel-go's visitor
  // recurses once per operator, selection, index and member call.
  Expr* Finish(Expr* expr, int own, std::span<Expr* const> children) {
    if (!expr) return nullptr;
    int depth = 0;
    expr->source = {expr->range.begin, LastEnd()};
    for (const Expr* child : children) {
      depth = std::max<int>(depth, child->depth);
      expr->source.begin = std::min(expr->source.begin, child->source.begin);
    }
    if (depth + own > kMaxRecursion) {
      TooDeep(expr->range, "max recursion depth exceeded");
      return nullptr;
    }
    expr->depth = static_cast<std::uint16_t>(depth + own);
    return expr;
  }

  Expr* Unexpected(const char* expected) {
    SyntaxError(expected);
    return nullptr;
  }

  // Reports an error of meaning and goes on with a placeholder.
  Expr* Report(Range range, std::string message) {
    issues_.Add(range, std::move(message));
    return Leaf(factory_.New(ExprKind::kError, range));
  }

  static Expr* Leaf(Expr* expr) {
    expr->source = expr->range;
    return expr;
  }

  // --- grammar, top down ---

  Expr* ParseExpr() {
    DepthScope depth(*this, &Depths::expr);
    if (!depth.ok()) return nullptr;
    Expr* condition = ParseOr();
    if (!condition || Peek() != TokenKind::kQuestion) return condition;
    const Range range = RangeOf(Take());
    Expr* if_true = ParseOr();
    if (!if_true || !Expect(TokenKind::kColon, "expecting ':'")) return nullptr;
    Expr* if_false = ParseExpr();
    if (!if_false) return nullptr;
    Expr* choice = factory_.Call(range, op::kConditional, {condition, if_true, if_false});
    return Finish(choice, 1, choice->arguments);
  }

  Expr* ParseOr() { return ParseLogic(TokenKind::kOr, op::kOr, &Parser::ParseAnd); }

  Expr* ParseAnd() { return ParseLogic(TokenKind::kAnd, op::kAnd, &Parser::ParseRelation); }

  // All terms of one operator become one call: they are equal in rank.
  Expr* ParseLogic(TokenKind token, std::string_view name, Expr* (Parser::*operand)()) {
    Expr* first = (this->*operand)();
    if (!first || Peek() != token) return first;
    std::vector<Expr*> terms = {first};
    Range range{};
    while (Peek() == token) {
      range = RangeOf(Take());
      Expr* next = (this->*operand)();
      if (!next) return nullptr;
      terms.push_back(next);
    }
    return Finish(factory_.Call(range, name, nullptr, terms), 0, terms);
  }

  Expr* ParseRelation() {
    DepthScope depth(*this, &Depths::relation);
    if (!depth.ok()) return nullptr;
    Expr* left = ParseSum();
    while (left) {
      const std::string_view name = FindOperator(kRelations, Peek());
      if (name.empty()) break;
      left = Binary(name, left, &Depths::relation, &Parser::ParseSum);
    }
    return left;
  }

  Expr* ParseSum() {
    DepthScope depth(*this, &Depths::calc);
    if (!depth.ok()) return nullptr;
    Expr* left = ParseProduct();
    while (left) {
      const std::string_view name = FindOperator(kSums, Peek());
      if (name.empty()) break;
      left = Binary(name, left, &Depths::calc, &Parser::ParseProduct);
    }
    return left;
  }

  Expr* ParseProduct() {
    Expr* left = ParseUnary();
    while (left) {
      const std::string_view name = FindOperator(kProducts, Peek());
      if (name.empty()) break;
      left = Binary(name, left, &Depths::calc, &Parser::ParseUnary);
    }
    return left;
  }

  Expr* Binary(std::string_view name, Expr* left, int Depths::*rule, Expr* (Parser::*operand)()) {
    const Range range = RangeOf(Take());
    DepthScope depth(*this, rule);
    if (!depth.ok()) return nullptr;
    Expr* right = (this->*operand)();
    if (!right) return nullptr;
    Expr* call = factory_.Call(range, name, {left, right});
    return Finish(call, 1, call->arguments);
  }

  Expr* ParseUnary() {
    if (Peek() == TokenKind::kNot) {
      const Range range = RangeOf(Current());
      bool odd = false;
      while (TakeIf(TokenKind::kNot)) odd = !odd;
      Expr* operand = ParseMember();
      return operand && odd ? Unary(range, op::kNot, operand) : operand;
    }
    const bool signed_literal = Peek() == TokenKind::kMinus &&
                                (Peek(1) == TokenKind::kInt || Peek(1) == TokenKind::kDouble);
    if (Peek() == TokenKind::kMinus && !signed_literal) {
      const Range range = RangeOf(Current());
      bool odd = false;
      while (TakeIf(TokenKind::kMinus)) odd = !odd;
      Expr* operand = ParseMember();
      return operand && odd ? Unary(range, op::kNegate, operand) : operand;
    }
    return ParseMember();
  }

  Expr* Unary(Range range, std::string_view name, Expr* operand) {
    Expr* call = factory_.Call(range, name, {operand});
    return Finish(call, 0, call->arguments);
  }

  Expr* ParseMember() {
    DepthScope depth(*this, &Depths::member);
    if (!depth.ok()) return nullptr;
    Expr* expr = ParsePrimary();
    while (expr) {
      if (Peek() == TokenKind::kDot) {
        expr = ParseDot(expr);
      } else if (Peek() == TokenKind::kLeftBracket) {
        expr = ParseIndex(expr);
      } else {
        break;
      }
    }
    return expr;
  }

  // .name  .?name  .name(arguments)
  Expr* ParseDot(Expr* operand) {
    const Range dot = RangeOf(Take());
    const bool optional = TakeIf(TokenKind::kQuestion);
    if (Peek() == TokenKind::kEscapedIdentifier) {
      return Select(dot, operand, optional);
    }
    if (Peek() != TokenKind::kIdentifier) return Unexpected("expecting a field name");
    if (optional || Peek(1) != TokenKind::kLeftParen) return Select(dot, operand, optional);
    const std::string_view name = TextOf(Take());
    return Call(operand->source.begin, name, operand);
  }

  Expr* Select(Range dot, Expr* operand, bool optional) {
    const Token& token = Take();
    std::string_view name = TextOf(token);
    if (token.kind == TokenKind::kEscapedIdentifier) name = name.substr(1, name.size() - 2);
    Expr* select = nullptr;
    if (optional) {
      Expr* field = Leaf(factory_.Literal(RangeOf(token), Value::String(name)));
      select = factory_.Call(dot, op::kOptSelect, {operand, field});
    } else {
      select = factory_.Select(dot, operand, name);
    }
    return Finish(select, 1, std::array<Expr*, 1>{operand});
  }

  Expr* ParseIndex(Expr* operand) {
    const Range open = RangeOf(Take());
    const bool optional = TakeIf(TokenKind::kQuestion);
    Expr* index = ParseExpr();
    if (!index || !Expect(TokenKind::kRightBracket, "expecting ']'")) return nullptr;
    Expr* call = factory_.Call(open, optional ? op::kOptIndex : op::kIndex, {operand, index});
    return Finish(call, 1, call->arguments);
  }

  // The '(', arguments and ')' of a call whose text starts at `begin`.
  Expr* Call(std::uint32_t begin, std::string_view name, Expr* receiver) {
    const Range open = RangeOf(Take());
    std::vector<Expr*> arguments;
    if (Peek() != TokenKind::kRightParen) {
      do {
        Expr* argument = ParseExpr();
        if (!argument) return nullptr;
        arguments.push_back(argument);
      } while (TakeIf(TokenKind::kComma));
    }
    if (!Expect(TokenKind::kRightParen, "expecting ')'")) return nullptr;
    std::vector<Expr*> children = arguments;
    if (receiver) children.push_back(receiver);
    const MacroCall call{open, name, receiver, arguments};
    const MacroResult macro = ExpandMacro(call, macros_, factory_, issues_);
    if (macro.outcome == MacroResult::Outcome::kError) {
      return Leaf(factory_.New(ExprKind::kError, issues_.last()));
    }
    Expr* expr = macro.outcome == MacroResult::Outcome::kExpanded
                     ? macro.expr
                     : factory_.Call(open, name, receiver, arguments);
    expr = Finish(expr, receiver ? 1 : 0, children);
    if (expr) expr->source.begin = begin;
    return expr;
  }

  Expr* ParsePrimary() {
    switch (Peek()) {
      case TokenKind::kDot:
      case TokenKind::kIdentifier:
        return ParseName();
      case TokenKind::kLeftParen: {
        const std::uint32_t begin = Take().begin;
        Expr* inner = ParseExpr();
        if (!inner || !Expect(TokenKind::kRightParen, "expecting ')'")) return nullptr;
        inner->source = {begin, LastEnd()};
        return inner;
      }
      case TokenKind::kLeftBracket:
        return ParseList();
      case TokenKind::kLeftBrace:
        return ParseMap();
      default:
        return ParseLiteral();
    }
  }

  // identifier, .identifier, function(arguments) or message{fields}
  Expr* ParseName() {
    const std::uint32_t begin = Current().begin;
    const bool absolute = TakeIf(TokenKind::kDot);
    if (Peek() != TokenKind::kIdentifier) return Unexpected("expecting an identifier");
    if (StartsMessage()) return ParseMessage(absolute);
    const Token& token = Take();
    std::string_view name = TextOf(token);
    if (IsReserved(name)) {
      Expr* error = Report({begin, token.end}, "reserved identifier: " + std::string(name));
      if (Peek() != TokenKind::kLeftParen) return error;
      const std::size_t known = issues_.size();
      if (!Call(begin, name, nullptr)) return nullptr;
      issues_.Truncate(known);  // what its arguments mean is not looked at
      return error;
    }
    if (absolute) name = factory_.arena().CopyString("." + std::string(name));
    if (Peek() == TokenKind::kLeftParen) return Call(begin, name, nullptr);
    Expr* ident = factory_.Ident(RangeOf(token), name);
    ident->source = {begin, token.end};
    return ident;
  }

  // Whether a dotted name followed by '{' starts here.
  bool StartsMessage() const {
    std::size_t ahead = 1;
    while (Peek(ahead) == TokenKind::kDot && Peek(ahead + 1) == TokenKind::kIdentifier) ahead += 2;
    return Peek(ahead) == TokenKind::kLeftBrace;
  }

  Expr* ParseMessage(bool absolute) {
    const std::uint32_t begin = Current().begin;
    std::string name = absolute ? "." : "";
    name += TextOf(Take());
    while (TakeIf(TokenKind::kDot)) name.append(".").append(TextOf(Take()));
    Expr* message = factory_.New(ExprKind::kStruct, RangeOf(Take()));
    message->name = factory_.arena().CopyString(name);
    std::vector<Expr*> values;
    std::vector<std::string_view> fields;
    std::vector<Range> places;
    bool more = Peek() != TokenKind::kRightBrace && Peek() != TokenKind::kComma;
    while (more) {
      TakeIf(TokenKind::kQuestion);
      if (Peek() != TokenKind::kIdentifier && Peek() != TokenKind::kEscapedIdentifier) {
        return Unexpected("expecting a field name");
      }
      fields.push_back(TextOf(Take()));
      places.push_back(RangeOf(Current()));
      if (!Expect(TokenKind::kColon, "expecting ':'")) return nullptr;
      Expr* field_value = ParseExpr();
      if (!field_value) return nullptr;
      values.push_back(field_value);
      more = Peek() == TokenKind::kComma && Peek(1) != TokenKind::kRightBrace;
      if (more) Take();
    }
    TakeIf(TokenKind::kComma);
    if (!Expect(TokenKind::kRightBrace, "expecting '}'")) return nullptr;
    message->arguments = factory_.Store(values);
    auto* names = factory_.arena().AllocateArray<std::string_view>(fields.size());
    std::copy(fields.begin(), fields.end(), names);
    message->fields = names;
    Range* colons = factory_.arena().AllocateArray<Range>(places.size());
    std::copy(places.begin(), places.end(), colons);
    message->field_places = colons;
    if (!Finish(message, 0, values)) return nullptr;
    message->source.begin = begin;
    return message;
  }

  const bool* StoreOptionals(const std::vector<bool>& optionals) {
    if (std::find(optionals.begin(), optionals.end(), true) == optionals.end()) return nullptr;
    bool* stored = factory_.arena().AllocateArray<bool>(optionals.size());
    std::copy(optionals.begin(), optionals.end(), stored);
    return stored;
  }

  // [a, ?b, c,]
  Expr* ParseList() {
    const Range open = RangeOf(Take());
    std::vector<Expr*> elements;
    std::vector<bool> optionals;
    bool more = Peek() != TokenKind::kRightBracket && Peek() != TokenKind::kComma;
    while (more) {
      optionals.push_back(TakeIf(TokenKind::kQuestion));
      Expr* element = ParseExpr();
      if (!element) return nullptr;
      elements.push_back(element);
      more = Peek() == TokenKind::kComma && Peek(1) != TokenKind::kRightBracket;
      if (more) Take();
    }
    TakeIf(TokenKind::kComma);
    if (!Expect(TokenKind::kRightBracket, "expecting ']'")) return nullptr;
    Expr* list = factory_.List(open, elements);
    list->optionals = StoreOptionals(optionals);
    return Finish(list, 0, elements);
  }

  // {key: value, ?key: value,}
  Expr* ParseMap() {
    const Range open = RangeOf(Take());
    std::vector<Expr*> entries;
    std::vector<bool> optionals;
    bool more = Peek() != TokenKind::kRightBrace && Peek() != TokenKind::kComma;
    while (more) {
      optionals.push_back(TakeIf(TokenKind::kQuestion));
      Expr* key = ParseExpr();
      if (!key || !Expect(TokenKind::kColon, "expecting ':'")) return nullptr;
      Expr* entry_value = ParseExpr();
      if (!entry_value) return nullptr;
      entries.push_back(key);
      entries.push_back(entry_value);
      more = Peek() == TokenKind::kComma && Peek(1) != TokenKind::kRightBrace;
      if (more) Take();
    }
    TakeIf(TokenKind::kComma);
    if (!Expect(TokenKind::kRightBrace, "expecting '}'")) return nullptr;
    Expr* map = factory_.Map(open, entries);
    map->optionals = StoreOptionals(optionals);
    return Finish(map, 0, entries);
  }

  Expr* ParseLiteral() {
    const bool negative = Peek() == TokenKind::kMinus &&
                          (Peek(1) == TokenKind::kInt || Peek(1) == TokenKind::kDouble);
    const std::uint32_t begin = Current().begin;
    if (negative) Take();
    const Token& token = Current();
    const auto literal = LiteralValue(token.kind, TextOf(token), negative, factory_.arena());
    if (!literal) return Unexpected("expecting an expression");
    Take();
    const Range range{begin, token.end};
    if (literal->error.empty()) return Leaf(factory_.Literal(range, literal->value));
    Expr* error = Report(range, literal->error);
    return literal->value.is_null() ? error : Leaf(factory_.Literal(range, literal->value));
  }

  Macros macros_;
  ExprFactory& factory_;
  Issues& issues_;
};

}  // namespace

Expr* Parse(std::string_view text, Macros macros, ExprFactory& factory, Issues& issues) {
  const std::size_t size = text.size() > kMaxExpressionSize ? base::CountRunes(text) : 0;
  if (size > kMaxExpressionSize) {
    issues.Add({}, "expression code point size exceeds limit: size: " + std::to_string(size) +
                       ", limit " + std::to_string(kMaxExpressionSize));
    return nullptr;
  }
  return Parser(text, macros, factory, issues).Run();
}

}  // namespace openchoreo::cel
