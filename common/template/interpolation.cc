#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "common/base/go_format.h"
#include "common/template/cel_result.h"
#include "common/template/template_renderer.h"
#include "common/value/go_text.h"
#include "common/value/json_writer.h"

namespace openchoreo::tmpl {

using value::Kind;
using value::Value;

namespace {

// The text a value stands for inside a string. Points into the value or `arena`.
std::string_view TextOf(const Value& value, base::Arena& arena) {
  if (value.is_string()) return value.as_string();
  std::string text;  // numbers fit its own buffer: no allocation
  switch (value.kind()) {
    case Kind::kInt:
      base::AppendInt(text, value.as_int());
      break;
    case Kind::kDouble:
      base::AppendG(text, value.as_double());
      break;
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    default:
      if (!value::AppendJson(text, value, arena.budget(), value::HtmlEscape::kOn)) {
        text = value::GoText(value, arena.budget());
      }
  }
  return arena.budget().HasRoom(text.size()) ? arena.CopyString(text) : std::string_view();
}

// The pieces of one rendering; few in most strings, so they lie on the stack.
class Pieces {
 public:
  explicit Pieces(std::size_t count) {
    if (count > few_.size()) many_.resize(count);
  }

  std::string_view& operator[](std::size_t i) { return many_.empty() ? few_[i] : many_[i]; }

 private:
  std::array<std::string_view, 8> few_;
  std::vector<std::string_view> many_;
};

base::Result<Value> TooLong(const Node& node, const RenderScope& scope) {
  base::Error error;
  error.code = base::ErrorCode::kLimit;
  error.message = "text is longer than " + std::to_string(scope.limits.max_scalar_bytes) + " bytes";
  error.place.field = PathOf(node);
  return base::Fail(std::move(error));
}

// Upstream's way, step by step; as far as the budget allows. The text may grow with each step.
Value ReplaceOneByOne(const Node& node, Pieces& pieces, base::Arena& arena) {
  base::Budget& budget = arena.budget();
  std::string text(node.text);
  for (std::size_t i = 0; i < node.expressions.size(); ++i) {
    const CompiledExpression& expression = node.expressions[i];
    const std::string_view full =
        node.text.substr(expression.begin, expression.end - expression.begin);
    if (!budget.Spend(1 + (text.size() + pieces[i].size()) / 16)) break;
    const std::size_t at = text.find(full);
    if (at != std::string::npos) text.replace(at, full.size(), pieces[i]);
  }
  return Value::String(budget.HasRoom(text.size()) ? arena.CopyString(text) : std::string_view());
}

}  // namespace

base::Result<Value> RenderText(const Node& node, const RenderScope& scope) {
  const auto& expressions = node.expressions;
  Pieces pieces(expressions.size());
  std::size_t size = node.text.size();
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const CompiledExpression& expression = expressions[i];
    if (!expression.program)
      return base::Fail(ExpressionError(node, expression, *expression.error));
    auto result = expression.program->Evaluate(scope.slots, scope.arena, scope.limits);
    if (!result) return base::Fail(ExpressionError(node, expression, result.error()));
    pieces[i] = TextOf(FromCelResult(*result, scope.arena, JoinedOmits::kKeep), scope.arena);
    if (scope.arena.budget().spent()) return Spent(node, scope);
    size = size - (expression.end - expression.begin) + pieces[i].size();
    if (pieces[i].size() > scope.limits.max_scalar_bytes || size > scope.limits.max_scalar_bytes) {
      return TooLong(node, scope);
    }
  }

  if (!scope.arena.budget().Spend(1 + size / 64) || !scope.arena.budget().HasRoom(size))
    return Spent(node, scope);
  char* const text = static_cast<char*>(scope.arena.Allocate(size, 1));
  char* cursor = text;
  std::size_t position = 0;
  std::size_t last_piece = 0;
  const auto put = [&cursor](std::string_view part) {
    if (!part.empty()) std::memcpy(cursor, part.data(), part.size());
    cursor += part.size();
  };
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    put(node.text.substr(position, expressions[i].begin - position));
    last_piece = static_cast<std::size_t>(cursor - text);
    put(pieces[i]);
    position = expressions[i].end;
  }
  put(node.text.substr(position));

  // The literal text holds no "${" before the last expression. If the values put in front of it
  // made none either, each expression's text stood first at its own place.
  if (std::string_view(text, last_piece).find("${") != std::string_view::npos) {
    const Value replaced = ReplaceOneByOne(node, pieces, scope.arena);
    if (scope.arena.budget().spent()) return Spent(node, scope);
    return replaced;
  }
  return Value::String({text, size});
}

}  // namespace openchoreo::tmpl
