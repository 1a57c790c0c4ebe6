#include "common/pipeline/validation_rules.h"

#include <optional>
#include <utility>

#include "common/base/go_quote.h"
#include "common/value/go_text.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

// Failures so far: one text, one place.
class Failures {
 public:
  explicit Failures(base::Budget& budget) : held_(budget) {}

  void Add(base::Error error) {
    if (!held_.Add(error.message.size())) return;
    if (!first_) {
      first_ = std::move(error);
      return;
    }
    first_->message += "; ";
    first_->message += error.message;
  }

  base::Result<void> Done() && {
    if (first_) return base::Fail(std::move(*first_));
    return {};
  }

 private:
  base::Charge held_;  // the text
  std::optional<base::Error> first_;
};

base::Error ErrorAt(const Expression& expression, const Scope& scope, std::string message) {
  return FailAt(base::ErrorCode::kValidationRule, std::move(message), scope, expression).value();
}

// One post-render rule in the scope of one iteration; `suffix` names the iteration.
class PostRenderCheck {
 public:
  PostRenderCheck(const PendingPostRender& pending, const PostRenderRule& rule,
                  const WorkingSet& resources)
      : label_(base::GoQuote(pending.label)), rule_(rule), resources_(resources) {}

  void Run(const Scope& scope, const std::string& suffix, Failures& failures) const {
    if (!scope.arena->budget().Spend(1 + resources_.size())) return;
    std::vector<const WorkingResource*> matched;
    for (const WorkingResource& resource : resources_) {
      if (!Matches(resource, rule_.target)) continue;
      auto holds = Holds(resource, scope);
      if (!holds) {
        failures.Add(
            base::Wrap(label_ + " post-render validation: ", std::move(holds).error()).value());
        return;
      }
      if (*holds) matched.push_back(&resource);
    }
    if (matched.empty() && rule_.must_match) {
      const Target& target = rule_.target;
      failures.Add(ErrorAt(rule_.rule, scope,
                           label_ + " post-render validation: no resource matched target " +
                               std::string(target.group) + "/" + std::string(target.version) + "/" +
                               std::string(target.kind) + suffix));
      return;
    }
    for (const WorkingResource* resource : matched) CheckOne(*resource, scope, suffix, failures);
  }

 private:
  base::Result<bool> Holds(const WorkingResource& resource, const Scope& scope) const {
    const Expression& where = rule_.target.where;
    if (!where) return true;
    const auto result = Render(where, WithResource(scope, rule_.target, resource.object));
    const auto clause = [&] { return "where clause " + base::GoQuote(where.text); };
    if (!result) return base::Wrap(clause() + " evaluation error: ", result.error());
    if (result->is_bool()) return result->as_bool();
    return FailAt(base::ErrorCode::kTemplate,
                  clause() + " must evaluate to boolean, got " + value::GoTypeName(*result), scope,
                  where);
  }

  void CheckOne(const WorkingResource& resource, const Scope& scope, const std::string& suffix,
                Failures& failures) const {
    auto result = Render(rule_.rule, WithResource(scope, rule_.target, resource.object));
    const std::string identity = IdentityOf(resource.object);
    if (!result) {
      base::Error error = std::move(result).error();
      error.message = label_ + " post-render rule evaluation error on " + identity + ": " +
                      error.message + suffix;
      failures.Add(std::move(error));
    } else if (!result->is_bool()) {
      failures.Add(ErrorAt(rule_.rule, scope,
                           label_ + " post-render rule on " + identity +
                               " must evaluate to boolean, got " + value::GoTypeName(*result) +
                               suffix));
    } else if (!result->as_bool()) {
      failures.Add(ErrorAt(rule_.rule, scope,
                           label_ + " post-render validation on " + identity +
                               " failed: " + std::string(rule_.message) + suffix));
    }
  }

  const std::string label_;
  const PostRenderRule& rule_;
  const WorkingSet& resources_;
};

void CheckPostRenderRule(const PendingPostRender& pending, const PostRenderRule& rule,
                         const WorkingSet& resources, Failures& failures) {
  const auto label = [&] { return base::GoQuote(pending.label) + " post-render validation: "; };
  auto include = ShouldInclude(rule.when, pending.scope);
  if (!include) {
    failures.Add(
        base::Wrap(label() + "when evaluation error: ", std::move(include).error()).value());
    return;
  }
  if (!*include) return;
  const PostRenderCheck check(pending, rule, resources);
  if (!rule.loop.for_each) {
    check.Run(pending.scope, "", failures);
    return;
  }
  auto result = Render(rule.loop.for_each, pending.scope);
  if (!result) {
    failures.Add(
        base::Wrap(label() + "forEach evaluation error: ", std::move(result).error()).value());
    return;
  }
  auto items = ItemsOf(*result, rule.loop, pending.scope);
  if (!items) {
    failures.Add(
        base::Wrap(label() + "invalid forEach result: ", std::move(items).error()).value());
    return;
  }
  for (const Value& item : *items) {
    std::string suffix = " (forEach ";
    suffix += rule.loop.variable;
    suffix += '=';
    value::AppendGoText(suffix, item, pending.scope.arena->budget());
    suffix += ')';
    check.Run(WithItem(pending.scope, rule.loop, item), suffix, failures);
    if (pending.scope.arena->budget().spent()) return;
  }
}

}  // namespace

base::Result<void> CheckPreRender(const PreRenderRules& rules, const Scope& scope) {
  if (rules.rules.empty()) return {};
  auto checked =
      tmpl::EvaluateValidationRules(rules.rules, scope.slots, *scope.arena, *scope.limits);
  if (!checked) return base::Fail(Placed(std::move(checked).error(), *scope.place, rules.path));
  return {};
}

base::Result<void> CheckPostRender(std::span<const PendingPostRender> pending,
                                   const WorkingSet& resources, base::Budget& budget) {
  Failures failures(budget);
  for (const PendingPostRender& definition : pending) {
    for (const PostRenderRule& rule : definition.rules) {
      CheckPostRenderRule(definition, rule, resources, failures);
    }
  }
  if (budget.spent()) return base::Fail(base::ErrorOf(budget));
  return std::move(failures).Done();
}

}  // namespace openchoreo::pipeline
