#include "common/template/control_flow.h"

#include <string>
#include <utility>

#include "common/base/go_quote.h"
#include "common/base/utf8.h"

namespace openchoreo::tmpl {

using value::MapEntry;
using value::Value;

namespace {

constexpr std::size_t kMaxRuleRunes = 120;

std::string ShortRule(std::string_view rule) {
  std::size_t end = 0;
  for (std::size_t runes = 0; runes < kMaxRuleRunes && end < rule.size(); ++runes) {
    end += base::DecodeRune(rule.substr(end)).size;
  }
  std::string text(rule.substr(0, end));
  if (end < rule.size()) text += "...";
  return text;
}

tl::unexpected<base::Error> TooMany(std::size_t items, const base::RenderLimits& limits) {
  return base::Fail(base::ErrorCode::kLimit,
                    "forEach has " + std::to_string(items) + " items, more than " +
                        std::to_string(limits.max_for_each_items) + " (max_for_each_items)");
}

// The failure of one rule, or "". `place` becomes that of an expression that failed.
std::string FailureOf(const ValidationRule& rule, std::span<const Value> slots, base::Arena& arena,
                      const base::RenderLimits& limits, base::Place& place) {
  const auto result = rule.compiled->Render(slots, arena, limits);
  if (!result) {
    place = result.error().place;
    return " evaluation error: " + result.error().message;
  }
  if (!result->is_bool())
    return std::string(" must evaluate to boolean, got ") + GoTypeName(*result);
  if (!result->as_bool()) return " evaluated to false: " + std::string(rule.message);
  return {};
}

}  // namespace

base::Result<bool> EvaluateIncludeWhen(const CompiledTemplate& include_when,
                                       std::span<const Value> slots, base::Arena& arena,
                                       const base::RenderLimits& limits) {
  OC_TRY(const Value result, include_when.Render(slots, arena, limits));
  if (!result.is_bool()) {
    return base::Fail(
        base::ErrorCode::kTemplate,
        std::string("includeWhen must evaluate to boolean, got ") + GoTypeName(result));
  }
  return result.as_bool();
}

base::Result<std::span<const Value>> IterableItems(const Value& rendered, base::Arena& arena,
                                                   const base::RenderLimits& limits) {
  const bool foreign = (rendered.flags() & (Value::kGoStrings | Value::kGoReferences)) != 0;
  if (rendered.is_list() && !foreign) {
    if (rendered.size() > limits.max_for_each_items) return TooMany(rendered.size(), limits);
    return rendered.as_list();
  }
  if (!rendered.is_map() || foreign) {
    return base::Fail(
        base::ErrorCode::kTemplate,
        std::string("forEach must evaluate to array or map, got ") + GoTypeName(rendered));
  }
  const auto entries = rendered.as_map();
  if (entries.size() > limits.max_for_each_items) return TooMany(entries.size(), limits);
  auto* items = arena.AllocateArray<Value>(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto* pair = arena.AllocateArray<MapEntry>(2);
    pair[0] = {Value::String("key"), entries[i].key};
    pair[1] = {Value::String("value"), entries[i].value};
    items[i] = Value::Map({pair, 2});
  }
  return std::span<const Value>(items, entries.size());
}

base::Result<bool> EvaluateValidationRules(std::span<const ValidationRule> rules,
                                           std::span<const Value> slots, base::Arena& arena,
                                           const base::RenderLimits& limits) {
  base::Error error;
  base::Charge held(arena.budget());
  std::string& failures = error.message;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    base::Place place;
    const std::string failure = FailureOf(rules[i], slots, arena, limits, place);
    if (arena.budget().spent()) return base::Fail(base::ErrorOf(arena.budget()));
    if (failure.empty()) continue;
    if (!held.Add(failure.size())) return base::Fail(base::ErrorOf(arena.budget()));
    if (failures.empty()) {
      error.place = std::move(place);
      error.place.field = "/" + std::to_string(i) + "/rule" + error.place.field;
    } else {
      failures += "; ";
    }
    failures +=
        "rule[" + std::to_string(i) + "] " + base::GoQuote(ShortRule(rules[i].rule)) + failure;
  }
  if (failures.empty()) return true;
  error.code = base::ErrorCode::kValidationRule;
  return base::Fail(std::move(error));
}

}  // namespace openchoreo::tmpl
