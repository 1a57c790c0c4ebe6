#include "common/pipeline/validation_rules.h"

#include <optional>
#include <utility>

#include "common/base/go_quote.h"
#include "common/base/utf8.h"
#include "common/value/go_text.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

constexpr std::size_t kShownRuleRunes = 120;

// Failures so far: one text, one place.
class Failures {
 public:
  void Add(base::Error error) {
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
  std::optional<base::Error> first_;
};

base::Error ErrorAt(const Expression& expression, const Scope& scope, std::string message) {
  return FailAt(base::ErrorCode::kValidationRule, std::move(message), scope, expression).value();
}

std::string ShownRule(std::string_view rule) {
  if (base::CountRunes(rule) <= kShownRuleRunes) return std::string(rule);
  std::string_view rest = rule;
  for (std::size_t i = 0; i < kShownRuleRunes; ++i) rest.remove_prefix(base::DecodeRune(rest).size);
  return std::string(rule.substr(0, rule.size() - rest.size())) + "...";
}

std::optional<base::Error> CheckRule(const ValidationRule& rule, std::size_t index,
                                     const Scope& scope) {
  const auto label = [&] {
    return "rule[" + std::to_string(index) + "] " + base::GoQuote(ShownRule(rule.rule.text));
  };
  auto result = Render(rule.rule, scope);
  if (!result)
    return base::Wrap(label() + " evaluation error: ", std::move(result).error()).value();
  if (!result->is_bool()) {
    return ErrorAt(rule.rule, scope,
                   label() + " must evaluate to boolean, got " + value::GoTypeName(*result));
  }
  if (result->as_bool()) return std::nullopt;
  return ErrorAt(rule.rule, scope, label() + " evaluated to false: " + std::string(rule.message));
}

// One post-render rule in the scope of one iteration; `suffix` names the iteration.
class PostRenderCheck {
 public:
  PostRenderCheck(const PendingPostRender& pending, const PostRenderRule& rule,
                  const WorkingSet& resources)
      : label_(base::GoQuote(pending.label)), rule_(rule), resources_(resources) {}

  void Run(const Scope& scope, const std::string& suffix, Failures& failures) const {
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
  Scope Looking(const WorkingResource& resource, const Scope& scope) const {
    Scope looking = scope;
    looking.slots[static_cast<std::size_t>(rule_.target.resource_slot)] = resource.object;
    return looking;
  }

  base::Result<bool> Holds(const WorkingResource& resource, const Scope& scope) const {
    const Expression& where = rule_.target.where;
    if (!where) return true;
    const auto result = Render(where, Looking(resource, scope));
    const auto clause = [&] { return "where clause " + base::GoQuote(where.text); };
    if (!result) return base::Wrap(clause() + " evaluation error: ", result.error());
    if (result->is_bool()) return result->as_bool();
    return FailAt(base::ErrorCode::kTemplate,
                  clause() + " must evaluate to boolean, got " + value::GoTypeName(*result), scope,
                  where);
  }

  void CheckOne(const WorkingResource& resource, const Scope& scope, const std::string& suffix,
                Failures& failures) const {
    auto result = Render(rule_.rule, Looking(resource, scope));
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
    value::AppendGoText(suffix, item);
    suffix += ')';
    check.Run(WithItem(pending.scope, rule.loop, item), suffix, failures);
  }
}

}  // namespace

base::Result<void> CheckPreRender(std::span<const ValidationRule> rules, const Scope& scope) {
  Failures failures;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (auto error = CheckRule(rules[i], i, scope)) failures.Add(std::move(*error));
  }
  return std::move(failures).Done();
}

base::Result<void> CheckPostRender(std::span<const PendingPostRender> pending,
                                   const WorkingSet& resources) {
  Failures failures;
  for (const PendingPostRender& definition : pending) {
    for (const PostRenderRule& rule : definition.rules) {
      CheckPostRenderRule(definition, rule, resources, failures);
    }
  }
  return std::move(failures).Done();
}

}  // namespace openchoreo::pipeline
