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

bool HasExpressions(const Value& value, base::Budget& budget) {
  if (value.is_string()) {
    return budget.SpendText(value.size()) && value.as_string().find("${") != std::string_view::npos;
  }
  if (value.is_list()) {
    if (!budget.Spend(1 + value.size())) return false;
    for (const Value& item : value.as_list()) {
      if (HasExpressions(item, budget)) return true;
    }
  } else if (value.is_map()) {
    if (!budget.Spend(1 + value.size())) return false;
    for (const value::MapEntry& entry : value.as_map()) {
      if (HasExpressions(entry.key, budget) || HasExpressions(entry.value, budget)) return true;
    }
  }
  return false;
}

class TreeTemplate final : public CompiledTemplate {
 public:
  TreeTemplate(const Value& source, const cel::Environment& environment, base::Budget& budget)
      : arena_(budget, 512), environment_(environment), budget_(&budget) {
    constexpr std::size_t kEnvironmentBytes = 2048;
    budget.Take(sizeof(TreeTemplate) + kEnvironmentBytes);
    // Upstream's templates come from encoding/json: numbers are doubles.
    root_ = Build(value::NumbersAsDoubles(arena_, value::DeepCopy(arena_, source)));
    if (budget.spent()) {
      nodes_.clear();
      Node* broken = NewNode(Node::Kind::kBroken);
      broken->error = base::ErrorOf(budget);
      root_ = broken;
    }
    programs_.clear();
    arena_.LeaveBudget();
    budget_ = nullptr;
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
    // Its place in its parent included.
    budget_->Take(sizeof(Node) + sizeof(Field));
    nodes_.emplace_back();
    nodes_.back().kind = kind;
    return &nodes_.back();
  }

  // The depth of `value` is the reader's limit at most.
  Node* Build(const Value& value) {
    if (!HasExpressions(value, *budget_)) {
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
      if (budget_->spent()) break;
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
      if (budget_->spent()) break;
      Field field;
      field.key = entry.key.as_string();
      if (HasExpressions(entry.key, *budget_)) {
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
    budget_->Take(sizeof(CompiledExpression));
    const auto [it, fresh] = programs_.try_emplace(expression.inner);
    // A character takes about so many steps to read, check and plan.
    if (fresh && budget_->Spend(100 + 12 * expression.inner.size())) {
      auto program = cel::Compile(expression.inner, environment_);
      if (program) {
        it->second.program = std::move(program).value();
        budget_->Take(it->second.program->bytes());
        budget_->Spend(1 + it->second.program->pattern_steps());
      } else {
        it->second.error = std::make_shared<const base::Error>(std::move(program).error());
        budget_->Take(sizeof(base::Error) + it->second.error->message.size());
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
  base::Budget* budget_;                               // likewise
};

}  // namespace

std::shared_ptr<const CompiledTemplate> Compile(const Value& source,
                                                const cel::Environment& environment,
                                                base::Budget& budget) {
  return std::make_shared<TreeTemplate>(source, environment, budget);
}

std::shared_ptr<const CompiledTemplate> Compile(const Value& source,
                                                const cel::Environment& environment) {
  base::Budget budget = base::Budget::ForDefinition();
  return Compile(source, environment, budget);
}

}  // namespace openchoreo::tmpl
