#include "common/template/template_node.h"

#include <algorithm>
#include <string>

namespace openchoreo::tmpl {

std::string PathOf(const Node& node) {
  if (!node.parent) return {};
  const std::string above = PathOf(*node.parent);
  return node.parent->kind == Node::Kind::kList ? base::JoinPointer(above, node.parent_index)
                                                : base::JoinPointer(above, node.parent_key);
}

base::Error ExpressionError(const Node& node, const CompiledExpression& expression,
                            const base::Error& error) {
  base::Error result = error;
  result.message = error.code == base::ErrorCode::kCelCompile
                       ? "CEL compilation error in expression '"
                       : "CEL evaluation error in expression '";
  result.message += expression.inner;
  result.message += "': ";
  result.message += error.message;
  result.place.field = PathOf(node);
  // The engine counts from the expression's own start, which lies behind "${", and in text whose
  // invalid bytes it has replaced by longer ones.
  const bool exact = error.place.text_end > error.place.text_begin;
  const auto in_string = [&](std::uint32_t position) {
    return std::min(expression.begin + 2 + position, expression.end);
  };
  result.place.text_begin = exact ? in_string(error.place.text_begin) : expression.begin;
  result.place.text_end = exact ? in_string(error.place.text_end) : expression.end;
  return result;
}

}  // namespace openchoreo::tmpl
