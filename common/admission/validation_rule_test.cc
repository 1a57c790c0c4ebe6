#include "common/admission/validation_rule.h"

#include <gtest/gtest.h>

#include "common/admission/shape_texts.h"
#include "common/yaml/reader.h"

namespace openchoreo::admission {
namespace {

// What the API server says of `yaml` under the rule with that message.
std::string Broken(std::string_view message, std::string_view yaml) {
  for (std::size_t i = 0; i < RuleTexts().size(); ++i) {
    if (RuleTexts()[i].message != message) continue;
    base::Arena arena, scratch;
    const auto read = yaml::Read(yaml, arena);
    return BrokenRule(static_cast<ValidationRule>(i), read.documents.front().root, scratch);
  }
  return "no such rule";
}

TEST(ValidationRuleTest, EveryRuleCompiles) {
  base::Arena scratch;
  for (std::size_t i = 0; i < RuleTexts().size(); ++i) {
    BrokenRule(static_cast<ValidationRule>(i), value::Value::Map({}), scratch);
    EXPECT_EQ(MessageOf(static_cast<ValidationRule>(i)), RuleTexts()[i].message);
    EXPECT_EQ(ExpressionOf(static_cast<ValidationRule>(i)), RuleTexts()[i].expression);
  }
}

TEST(ValidationRuleTest, HoldOrNot) {
  constexpr const char* kVar = "var is required when forEach is specified";
  constexpr const char* kOne = "exactly one of value or valueFrom must be set";
  constexpr const char* kPrimary =
      "resources must contain a primary resource with id matching workloadType";
  constexpr const char* kBindings =
      "envBindings keys (output names) and values (env var names) cannot be empty";

  const struct {
    const char *rule, *yaml, *want;
  } cases[] = {
      {kVar, "{}", ""},
      {kVar, "{forEach: x}", kVar},
      {kVar, "{forEach: x, var: y}", ""},
      {kOne, "{}", kOne},
      {kOne, "{value: ''}", ""},
      {kOne, "{value: '', valueFrom: {}}", kOne},
      {kPrimary, "{workloadType: job, resources: [{id: a}, {id: job}]}", ""},
      {kPrimary, "{workloadType: job, resources: [{id: a}]}", kPrimary},
      {kPrimary, "{workloadType: job}",
       "no such key: resources evaluating rule: resources must contain a primary resource with id "
       "matching workloadType"},
      {kBindings, "{a: B}", ""},
      {kBindings, "{a: ''}", kBindings},
  };

  for (const auto& c : cases) EXPECT_EQ(Broken(c.rule, c.yaml), c.want) << c.rule << c.yaml;
}

}  // namespace
}  // namespace openchoreo::admission
