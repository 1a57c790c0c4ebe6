#include "common/health/own_rules.h"

#include <array>
#include <optional>

#include "common/names/api_version.h"

namespace openchoreo::health {

using value::Value;

namespace {

constexpr std::array<std::string_view, 6> kFields = {"apiVersion", "kind",   "metadata",
                                                     "spec",       "status", "data"};

const cel::Environment& Fields() {
  static const cel::Environment* const environment = [] {
    return new cel::Environment(std::vector<std::string>(kFields.begin(), kFields.end()));
  }();
  return *environment;
}

std::string_view GivenText(const Value& check, std::string_view key) {
  return check.Get(key).string_or_empty();
}

base::Result<std::shared_ptr<const cel::Program>> CompileField(const Value& check,
                                                               std::string_view key,
                                                               const std::string& place) {
  const Value text = check.Get(key);
  if (text.is_null()) return std::shared_ptr<const cel::Program>();
  if (!text.is_string()) {
    return base::Fail(base::ErrorCode::kUsage, place + "." + std::string(key) + " must be a text");
  }
  auto program = cel::Compile(text.as_string(), Fields());
  if (!program) {
    return base::Wrap(place + "." + std::string(key) + ": ", std::move(program).error());
  }
  return program;
}

// What an expression says; nothing where it fails or says no truth.
std::optional<bool> Ask(const cel::Program& program, std::span<const Value> slots,
                        base::Arena& arena, const base::RenderLimits& limits) {
  const auto answer = program.Evaluate(slots, arena, limits);
  if (!answer || !answer->is_bool()) return std::nullopt;
  return answer->as_bool();
}

}  // namespace

base::Result<OwnRules> OwnRules::Read(const Value& checks) {
  OwnRules rules;
  if (checks.is_null()) return rules;
  if (!checks.is_list()) {
    return base::Fail(base::ErrorCode::kUsage, "healthCheckExprs must be a list");
  }
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const Value& check = checks.as_list()[i];
    const std::string place = "healthCheckExprs[" + std::to_string(i) + "]";
    const std::string_view api_version = GivenText(check, "apiVersion");
    Rule rule;
    rule.group = names::GroupOf(api_version);
    rule.kind = GivenText(check, "kind");
    if (api_version.empty() || rule.kind.empty()) {
      return base::Fail(base::ErrorCode::kUsage, place + ": apiVersion and kind must be given");
    }
    OC_TRY(rule.in_progress, CompileField(check, "inProgress", place));
    OC_TRY(rule.failed, CompileField(check, "failed", place));
    OC_TRY(rule.current, CompileField(check, "current", place));
    if (!rule.current) {
      return base::Fail(base::ErrorCode::kUsage, place + ": current must be given");
    }
    rules.rules_.push_back(std::move(rule));
  }
  return rules;
}

Judgement OwnRules::Judge(std::string_view api_version, std::string_view kind, const Value& live,
                          const Terms& terms, base::Arena& arena,
                          const base::RenderLimits& limits) const {
  const std::string_view group = names::GroupOf(api_version);
  const Rule* own = nullptr;
  for (const Rule& rule : rules_) {
    if (rule.group != group || (rule.kind != "*" && rule.kind != kind)) continue;
    own = &rule;
    break;
  }
  const bool judged_as_ever = !own || terms.mode == Mode::kUpstream || !live.is_map() ||
                              !live.Get("metadata", "deletionTimestamp").is_null();
  if (judged_as_ever) return JudgeObject(api_version, kind, live, terms);
  std::array<Value, kFields.size()> slots;
  for (std::size_t i = 0; i < kFields.size(); ++i) slots[i] = live.Get(kFields[i]);

  struct Question {
    const cel::Program* program;
    Judgement answer;
  };

  const Question questions[] = {
      {own->in_progress.get(), {State::kProgressing, "its own rule says inProgress", {}}},
      {own->failed.get(), {State::kDegraded, "its own rule says failed", {}}},
      {own->current.get(), {State::kHealthy, "its own rule says current", {}}},
  };
  for (const Question& question : questions) {
    if (!question.program) continue;
    const auto said = Ask(*question.program, slots, arena, limits);
    if (!said) return {State::kUnknown, "its own rule fails", std::nullopt};
    if (*said) return question.answer;
  }
  return {State::kProgressing, "none of its own rule's expressions holds", std::nullopt};
}

}  // namespace openchoreo::health
