#include "common/cel/parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/base/utf8.h"
#include "common/cel/lexer.h"
#include "common/cel/literal.h"

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
class Parser {
 public:
  Parser(std::string_view text, Macros macros, ExprFactory& factory, Issues& issues)
      : text_(text),
        macros_(macros),
        factory_(factory),
        issues_(issues),
        tokens_(Tokenize(text, issues)) {}

  Expr* Run() {
    Expr* expr = ParseExpr();
    if (expr && Peek() != TokenKind::kEnd) {
      SyntaxError("expecting the end of the expression");
      return nullptr;
    }
    return issues_.empty() ? expr : nullptr;
  }

 private:
  // How deep one grammar rule is entered, as ANTLR's listener counts it for cel-go: the right
  // operand of a left-recursive rule is a level deeper, whatever stands to its left.
  struct Depths {
    int expr = 0;
    int relation = 0;
    int calc = 0;
    int member = 0;
  };

  class DepthScope {
   public:
    DepthScope(Parser& parser, int Depths::*rule) : depths_(parser.depths_), saved_(depths_) {
      ok_ = parser.Enter(rule);
    }

    ~DepthScope() { depths_ = saved_; }

    DepthScope(const DepthScope&) = delete;
    DepthScope& operator=(const DepthScope&) = delete;

    bool ok() const { return ok_; }

   private:
    Depths& depths_;
    Depths saved_;
    bool ok_;
  };

  bool Enter(int Depths::*rule) {
    if (++(depths_.*rule) <= kMaxRecursion) return true;
    TooDeep(CurrentRange(),
            "expression recursion limit exceeded: " + std::to_string(kMaxRecursion));
    return false;
  }

  void TooDeep(Range range, std::string message) {
    if (!failed_) issues_.AddWithoutPlace(range, std::move(message));
    failed_ = true;
  }

  // Bounds the tree itself: cel-go's visitor recurses once per operator, selection, index and
  // member call.
  Expr* Deepen(Expr* expr, int own, std::span<Expr* const> children) {
    if (!expr) return nullptr;
    int depth = 0;
    for (const Expr* child : children) depth = std::max<int>(depth, child->depth);
    if (depth + own > kMaxRecursion) {
      TooDeep(expr->range, "max recursion depth exceeded");
      return nullptr;
    }
    expr->depth = static_cast<std::uint16_t>(depth + own);
    return expr;
  }

  // --- tokens ---

  TokenKind Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)].kind;
  }

  Range RangeOf(const Token& token) const { return {token.begin, token.end}; }

  Range CurrentRange() const { return RangeOf(tokens_[at_]); }

  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  const Token& Take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  bool TakeIf(TokenKind kind) {
    if (Peek() != kind) return false;
    Take();
    return true;
  }

  bool Expect(TokenKind kind, const char* expected) {
    if (TakeIf(kind)) return true;
    SyntaxError(expected);
    return false;
  }

  Expr* SyntaxError(const char* expected) {
    if (failed_) return nullptr;
    failed_ = true;
    const Token& token = tokens_[at_];
    const std::string got = token.kind == TokenKind::kEnd ? "<EOF>" : std::string(TextOf(token));
    issues_.Add(RangeOf(token), "Syntax error: mismatched input '" + got + "' " + expected);
    return nullptr;
  }

  // Reports an error of meaning and goes on with a placeholder.
  Expr* Report(Range range, std::string message) {
    issues_.Add(range, std::move(message));
    return factory_.New(ExprKind::kError, range);
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
    return Deepen(choice, 1, choice->arguments);
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
    return Deepen(factory_.Call(range, name, nullptr, terms), 0, terms);
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
    return Deepen(call, 1, call->arguments);
  }

  Expr* ParseUnary() {
    if (Peek() == TokenKind::kNot) {
      const Range range = CurrentRange();
      bool odd = false;
      while (TakeIf(TokenKind::kNot)) odd = !odd;
      Expr* operand = ParseMember();
      return operand && odd ? Unary(range, op::kNot, operand) : operand;
    }
    const bool signed_literal = Peek() == TokenKind::kMinus &&
                                (Peek(1) == TokenKind::kInt || Peek(1) == TokenKind::kDouble);
    if (Peek() == TokenKind::kMinus && !signed_literal) {
      const Range range = CurrentRange();
      bool odd = false;
      while (TakeIf(TokenKind::kMinus)) odd = !odd;
      Expr* operand = ParseMember();
      return operand && odd ? Unary(range, op::kNegate, operand) : operand;
    }
    return ParseMember();
  }

  Expr* Unary(Range range, std::string_view name, Expr* operand) {
    Expr* call = factory_.Call(range, name, {operand});
    return Deepen(call, 0, call->arguments);
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
    if (Peek() != TokenKind::kIdentifier) return SyntaxError("expecting a field name");
    if (optional || Peek(1) != TokenKind::kLeftParen) return Select(dot, operand, optional);
    const std::string_view name = TextOf(Take());
    const Range open = RangeOf(Take());
    return Call(open, name, operand);
  }

  Expr* Select(Range dot, Expr* operand, bool optional) {
    const Token& token = Take();
    std::string_view name = TextOf(token);
    if (token.kind == TokenKind::kEscapedIdentifier) name = name.substr(1, name.size() - 2);
    Expr* select = nullptr;
    if (optional) {
      Expr* field = factory_.Literal(RangeOf(token), Value::String(name));
      select = factory_.Call(dot, op::kOptSelect, {operand, field});
    } else {
      select = factory_.Select(dot, operand, name);
    }
    return Deepen(select, 1, std::array<Expr*, 1>{operand});
  }

  Expr* ParseIndex(Expr* operand) {
    const Range open = RangeOf(Take());
    const bool optional = TakeIf(TokenKind::kQuestion);
    Expr* index = ParseExpr();
    if (!index || !Expect(TokenKind::kRightBracket, "expecting ']'")) return nullptr;
    Expr* call = factory_.Call(open, optional ? op::kOptIndex : op::kIndex, {operand, index});
    return Deepen(call, 1, call->arguments);
  }

  // The arguments and ')' of a call whose '(' was taken.
  Expr* Call(Range open, std::string_view name, Expr* receiver) {
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
    const int own = receiver ? 1 : 0;
    const MacroCall call{open, name, receiver, arguments};
    const MacroResult macro = ExpandMacro(call, macros_, factory_, issues_);
    switch (macro.outcome) {
      case MacroResult::Outcome::kExpanded:
        return Deepen(macro.expr, own, children);
      case MacroResult::Outcome::kError:
        return factory_.New(ExprKind::kError, issues_.last());
      case MacroResult::Outcome::kNoMacro:
        break;
    }
    return Deepen(factory_.Call(open, name, receiver, arguments), own, children);
  }

  Expr* ParsePrimary() {
    switch (Peek()) {
      case TokenKind::kDot:
      case TokenKind::kIdentifier:
        return ParseName();
      case TokenKind::kLeftParen: {
        Take();
        Expr* inner = ParseExpr();
        return inner && Expect(TokenKind::kRightParen, "expecting ')'") ? inner : nullptr;
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
    const std::uint32_t begin = CurrentRange().begin;
    const bool absolute = TakeIf(TokenKind::kDot);
    if (Peek() != TokenKind::kIdentifier) return SyntaxError("expecting an identifier");
    if (StartsMessage()) return ParseMessage(absolute);
    const Token& token = Take();
    std::string_view name = TextOf(token);
    if (IsReserved(name)) {
      Expr* error = Report({begin, token.end}, "reserved identifier: " + std::string(name));
      if (Peek() != TokenKind::kLeftParen) return error;
      const std::size_t known = issues_.size();
      if (!Call(RangeOf(Take()), name, nullptr)) return nullptr;
      issues_.Truncate(known);  // what its arguments mean is not looked at
      return error;
    }
    if (absolute) name = factory_.arena().CopyString("." + std::string(name));
    if (Peek() != TokenKind::kLeftParen) return factory_.Ident(RangeOf(token), name);
    const Range open = RangeOf(Take());
    return Call(open, name, nullptr);
  }

  // Whether a dotted name followed by '{' starts here.
  bool StartsMessage() const {
    std::size_t ahead = 1;
    while (Peek(ahead) == TokenKind::kDot && Peek(ahead + 1) == TokenKind::kIdentifier) ahead += 2;
    return Peek(ahead) == TokenKind::kLeftBrace;
  }

  Expr* ParseMessage(bool absolute) {
    std::string name = absolute ? "." : "";
    name += TextOf(Take());
    while (TakeIf(TokenKind::kDot)) name.append(".").append(TextOf(Take()));
    Expr* message = factory_.New(ExprKind::kStruct, RangeOf(Take()));
    message->name = factory_.arena().CopyString(name);
    std::vector<Expr*> values;
    std::vector<std::string_view> fields;
    bool more = Peek() != TokenKind::kRightBrace && Peek() != TokenKind::kComma;
    while (more) {
      TakeIf(TokenKind::kQuestion);
      if (Peek() != TokenKind::kIdentifier && Peek() != TokenKind::kEscapedIdentifier) {
        return SyntaxError("expecting a field name");
      }
      fields.push_back(TextOf(Take()));
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
    return Deepen(message, 0, values);
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
    return Deepen(list, 0, elements);
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
    return Deepen(map, 0, entries);
  }

  Expr* ParseLiteral() {
    const bool negative = Peek() == TokenKind::kMinus &&
                          (Peek(1) == TokenKind::kInt || Peek(1) == TokenKind::kDouble);
    const std::uint32_t begin = CurrentRange().begin;
    if (negative) Take();
    const Token& token = tokens_[at_];
    const Range range{begin, token.end};
    const std::string_view text = TextOf(token);
    switch (token.kind) {
      case TokenKind::kInt: {
        Take();
        const auto number = ParseIntLiteral(text, negative);
        return number ? factory_.Literal(range, Value::Int(*number))
                      : Report(range, "invalid int literal");
      }
      case TokenKind::kUint: {
        Take();
        const auto number = ParseUintLiteral(text);
        return number ? factory_.Literal(range, Value::Uint(*number))
                      : Report(range, "invalid uint literal");
      }
      case TokenKind::kDouble: {
        Take();
        const auto number = ParseDoubleLiteral(text, negative);
        return number ? factory_.Literal(range, Value::Double(*number))
                      : Report(range, "invalid double literal");
      }
      case TokenKind::kString:
      case TokenKind::kBytes: {
        Take();
        const bool is_bytes = token.kind == TokenKind::kBytes;
        const auto unquoted = Unquote(is_bytes ? text.substr(1) : text, is_bytes, factory_.arena());
        // After an error the literal counts as what was written.
        if (!unquoted) Report(range, unquoted.error().message);
        const std::string_view held = unquoted ? *unquoted : text;
        return factory_.Literal(range, is_bytes ? Value::Bytes(held) : Value::String(held));
      }
      case TokenKind::kTrue:
      case TokenKind::kFalse:
        Take();
        return factory_.Literal(range, Value::Bool(token.kind == TokenKind::kTrue));
      case TokenKind::kNull:
        Take();
        return factory_.Literal(range, Value::Null());
      default:
        return SyntaxError("expecting an expression");
    }
  }

  std::string_view text_;
  Macros macros_;
  ExprFactory& factory_;
  Issues& issues_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool failed_ = false;  // the error that ends the parse is reported
  Depths depths_;
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
