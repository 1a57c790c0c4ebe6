#include "common/template/template_renderer.h"

#include <algorithm>
#include <string>

#include "common/template/cel_result.h"
#include "common/value/go_text.h"
#include "common/value/map_builder.h"

namespace openchoreo::tmpl {

using value::MapEntry;
using value::Value;

namespace {

base::Result<Value> RenderExpression(const Node& node, const RenderScope& scope) {
  const CompiledExpression& expression = node.expressions.front();
  if (!expression.program) return base::Fail(ExpressionError(node, expression, *expression.error));
  auto result = expression.program->Evaluate(scope.slots, scope.arena, scope.limits);
  if (!result) return base::Fail(ExpressionError(node, expression, result.error()));
  const Value value = FromCelResult(*result, scope.arena);
  if (scope.arena.budget().spent()) return Spent(node, scope);
  return value;
}

base::Result<std::string_view> RenderKey(const Field& field, const RenderScope& scope) {
  OC_TRY(const Value key, RenderNode(*field.key_node, scope));
  if (key.is_string()) return key.as_string();
  base::Error error;
  error.code = base::ErrorCode::kTemplate;
  error.message = "dynamic map key '" + std::string(field.key) +
                  "' must evaluate to a string, got " + GoTypeName(key) + ": " +
                  value::GoText(key, scope.arena.budget());
  error.place.field = PathOf(*field.value);
  return base::Fail(std::move(error));
}

// Sorts by key; of equal keys the last stays (upstream: either, by chance).
std::size_t SortKeys(MapEntry* entries, std::size_t count) {
  const auto less = [](const MapEntry& a, const MapEntry& b) {
    return a.key.as_string() < b.key.as_string();
  };
  if (std::is_sorted(entries, entries + count, less) &&
      std::adjacent_find(entries, entries + count, [](const MapEntry& a, const MapEntry& b) {
        return a.key.as_string() == b.key.as_string();
      }) == entries + count) {
    return count;
  }
  std::stable_sort(entries, entries + count, less);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 1 < count && entries[i].key.as_string() == entries[i + 1].key.as_string()) continue;
    entries[kept++] = entries[i];
  }
  return kept;
}

base::Result<Value> RenderMap(const Node& node, const RenderScope& scope) {
  if (!scope.arena.budget().Spend(1 + node.fields.size())) return Spent(node, scope);
  auto* entries = scope.arena.AllocateArray<MapEntry>(node.fields.size());
  std::size_t count = 0;
  for (const Field& field : node.fields) {
    std::string_view key = field.key;
    if (field.key_node) {
      OC_TRY(key, RenderKey(field, scope));
    }
    if (field.value->kind == Node::Kind::kConstant) {
      entries[count++] = {Value::String(key), field.value->constant};
      continue;
    }
    OC_TRY(const Value value, RenderNode(*field.value, scope));
    if (!value.is_omit()) entries[count++] = {Value::String(key), value};
  }
  if (node.dynamic_keys) count = SortKeys(entries, count);
  return Value::Map({entries, count});
}

base::Result<Value> RenderList(const Node& node, const RenderScope& scope) {
  if (!scope.arena.budget().Spend(1 + node.items.size())) return Spent(node, scope);
  auto* items = scope.arena.AllocateArray<Value>(node.items.size());
  std::size_t count = 0;
  for (const Node* item : node.items) {
    OC_TRY(const Value value, RenderNode(*item, scope));
    if (!value.is_omit()) items[count++] = value;
  }
  return Value::List({items, count});
}

}  // namespace

tl::unexpected<base::Error> Spent(const Node& node, const RenderScope& scope) {
  base::Error error = base::ErrorOf(scope.arena.budget());
  error.place.field = PathOf(node);
  return base::Fail(std::move(error));
}

base::Result<Value> RenderNode(const Node& node, const RenderScope& scope) {
  if (!scope.arena.budget().Spend(1)) return Spent(node, scope);
  switch (node.kind) {
    case Node::Kind::kConstant:
      return node.constant;
    case Node::Kind::kExpression:
      return RenderExpression(node, scope);
    case Node::Kind::kText:
      return RenderText(node, scope);
    case Node::Kind::kList:
      return RenderList(node, scope);
    case Node::Kind::kMap:
      return RenderMap(node, scope);
    case Node::Kind::kBroken:
      break;
  }
  base::Error error = *node.error;
  error.place.field = PathOf(node);
  return base::Fail(std::move(error));
}

}  // namespace openchoreo::tmpl
