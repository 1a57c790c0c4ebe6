#include <deque>
#include <map>
#include <string>

#include "common/base/utf8.h"
#include "common/template/compiled_template.h"
#include "common/template/expression_scan.h"
#include "common/template/template_node.h"
#include "common/template/template_renderer.h"
#include "common/value/map_builder.h"

namespace openchoreo::tmpl {

using value::Value;

namespace {

bool HasExpressions(const Value& value) {
  if (value.is_string()) return value.as_string().find("${") != std::string_view::npos;
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (HasExpressions(item)) return true;
    }
  } else if (value.is_map()) {
    for (const value::MapEntry& entry : value.as_map()) {
      if (HasExpressions(entry.key) || HasExpressions(entry.value)) return true;
    }
  }
  return false;
}

class TreeTemplate final : public CompiledTemplate {
 public:
  TreeTemplate(const Value& source, const cel::Environment& environment)
      : environment_(environment) {
    // Upstream's templates come from encoding/json: numbers are doubles.
    root_ = Build(value::NumbersAsDoubles(arena_, value::DeepCopy(arena_, source)));
    programs_.clear();
  }

  base::Result<Value> Render(std::span<const Value> slots, base::Arena& arena,
                             const base::RenderLimits& limits) const override {
    return RenderNode(*root_, RenderScope{slots, arena, limits});
  }

 private:
  // What is found once per text.
  struct CompiledText {
    std::shared_ptr<const cel::Program> program;
    std::shared_ptr<const base::Error> error;
  };

  Node* NewNode(Node::Kind kind) {
    nodes_.emplace_back();
    nodes_.back().kind = kind;
    return &nodes_.back();
  }

  // The depth of `value` is the reader's limit at most.
  Node* Build(const Value& value) {
    if (!HasExpressions(value)) {
      Node* node = NewNode(Node::Kind::kConstant);
      node->constant = value;
      return node;
    }
    if (value.is_list()) return BuildList(value);
    if (value.is_map()) return BuildMap(value);
    return BuildString(value.as_string());
  }

  Node* BuildList(const Value& list) {
    Node* node = NewNode(Node::Kind::kList);
    node->items.reserve(list.size());
    for (const Value& item : list.as_list()) {
      Node* child = Build(item);
      child->parent = node;
      child->parent_index = node->items.size();
      node->items.push_back(child);
    }
    return node;
  }

  Node* BuildMap(const Value& map) {
    Node* node = NewNode(Node::Kind::kMap);
    node->fields.reserve(map.size());
    const auto adopt = [&](Node* child, std::string_view key) {
      child->parent = node;
      child->parent_key = key;
      return child;
    };
    for (const value::MapEntry& entry : map.as_map()) {
      Field field;
      field.key = entry.key.as_string();
      if (HasExpressions(entry.key)) {
        Node* key = BuildString(field.key);
        if (key->kind != Node::Kind::kConstant) {
          field.key_node = adopt(key, field.key);
          node->dynamic_keys = true;
        }
      }
      field.value = adopt(Build(entry.value), field.key);
      node->fields.push_back(field);
    }
    return node;
  }

  Node* BuildString(std::string_view text) {
    auto expressions = FindExpressions(text);
    if (!expressions) {
      Node* node = NewNode(Node::Kind::kBroken);
      node->error = std::move(expressions).error();
      return node;
    }
    if (expressions->empty()) {
      Node* node = NewNode(Node::Kind::kConstant);
      node->constant = Value::String(text);
      return node;
    }
    const Expression& first = expressions->front();
    const bool whole = expressions->size() == 1 &&
                       base::TrimSpace(text) == text.substr(first.begin, first.end - first.begin);
    Node* node = NewNode(whole ? Node::Kind::kExpression : Node::Kind::kText);
    node->text = text;
    node->expressions.reserve(expressions->size());
    for (const Expression& expression : *expressions)
      node->expressions.push_back(CompileOne(expression));
    return node;
  }

  CompiledExpression CompileOne(const Expression& expression) {
    CompiledExpression compiled;
    compiled.begin = static_cast<std::uint32_t>(expression.begin);
    compiled.end = static_cast<std::uint32_t>(expression.end);
    compiled.inner = expression.inner;
    const auto [it, fresh] = programs_.try_emplace(expression.inner);
    if (fresh) {
      auto program = cel::Compile(expression.inner, environment_);
      if (program) {
        it->second.program = std::move(program).value();
      } else {
        it->second.error = std::make_shared<const base::Error>(std::move(program).error());
      }
    }
    compiled.program = it->second.program;
    compiled.error = it->second.error;
    return compiled;
  }

  base::Arena arena_;
  cel::Environment environment_;
  std::deque<Node> nodes_;  // addresses stay
  const Node* root_ = nullptr;
  std::map<std::string_view, CompiledText> programs_;  // while building
};

}  // namespace

std::shared_ptr<const CompiledTemplate> Compile(const Value& source,
                                                const cel::Environment& environment) {
  return std::make_shared<TreeTemplate>(source, environment);
}

}  // namespace openchoreo::tmpl
