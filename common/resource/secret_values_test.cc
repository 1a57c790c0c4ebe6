#include "common/resource/secret_values.h"

#include <gtest/gtest.h>

#include "common/base/arena.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

SecretValues SecretsOf(const std::string& text) {
  base::Arena arena;
  SecretValues secrets;
  for (const yaml::Document& document : yaml::Read(text, arena).documents)
    secrets.Add(document.root);
  return secrets;
}

TEST(SecretValuesTest, HidesWhatATreeHoldsUnderASecretsName) {
  const SecretValues secrets = SecretsOf(R"(
kind: Component
spec:
  parameters:
    password: hunter2
    apiToken: "abc"
    port: 5432
    pinCode: 1234
    secretName: database-credentials
    dbPassword: ${parameters.password}
    tokens: [first-token, second-token]
    credentials: {user: admin-user, password: nested-one}
    adminPassword: 987654321
    envBindings: {password: DB_PASSWORD}
    privateKey: |
      line one of it
      line two of it
  env:
    - {key: DB_PASSWORD, value: swordfish}
    - key: LOG_LEVEL
      value: debugging
    - name: API_KEY
      value: 'quo"ted\'
---
kind: Secret
stringData: {any: a-plain-value}
data: {other: bGl0dGxl}
)");

  const struct {
    std::string text, want;
  } cases[] = {
      {"Invalid value: \"hunter2\": must be", "Invalid value: \"***\": must be"},
      {"hunter2hunter2", "***"},
      {"is \"abc\", not abc", "is \"***\", not abc"},
      {"5432 1234 database-credentials", "5432 1234 database-credentials"},
      {"${parameters.password}", "${parameters.password}"},
      {"map[a:first-token b:second-token]", "map[a:*** b:***]"},
      {"admin-user has nested-one", "admin-user has ***"},
      {"987654321", "***"},
      {"variable DB_PASSWORD", "variable DB_PASSWORD"},
      {"got line one of it", "got ***"},
      {"swordfish debugging", "*** debugging"},
      {R"(parsing "quo\"ted\\")", R"(parsing "***")"},
      {"a-plain-value bGl0dGxl", "*** ***"},
      {"https://u:p@h/", "https://***@h/"},
  };

  for (const auto& test : cases) EXPECT_EQ(secrets.Hide(test.text), test.want) << test.text;
}

TEST(SecretValuesTest, FindsSecretsOfALineByTheirKeys) {
  const struct {
    const char* name;
    std::string text;
    std::size_t line;  // 0-based
    std::string want;
  } cases[] = {
      {"block", "a:\n  password: hunter2 # old\n", 1, "  password: ******* # old"},
      {"quoted", "password: \"hunter2\"\n", 0, "password: *********"},
      {"with commas", "password: a,b}c\n", 0, "password: *****"},
      {"not closed", "password: \"hunter2\nx: y", 0, "password: ********"},
      {"flow", "{user: x, password: hunter2, port: 1}", 0, "{user: x, password: *******, port: 1}"},
      {"JSON", R"({"password":"hunter2","a":1})", 0, R"({"password":*********,"a":1})"},
      {"an expression is none", "password: ${parameters.password}", 0,
       "password: ${parameters.password}"},
      {"flow, an expression", "{password: ${a.b}, token: x}", 0, "{password: ${a.b}, token: *}"},
      {"a reference is none", "secretKeyRef: {name: db, key: password}", 0,
       "secretKeyRef: {name: db, key: password}"},
      {"variable in flow style", "- {key: DB_PASSWORD, value: swordfish}", 0,
       "- {key: DB_PASSWORD, value: *********}"},
      {"variable above", "- name: DB_PASSWORD\n  value: swordfish\n", 1, "  value: *********"},
      {"variable below", "- value: swordfish\n  name: DB_PASSWORD\n", 0, "- value: *********"},
      {"another entry's name", "- value: debug\n- name: DB_PASSWORD\n", 0, "- value: debug"},
      {"another variable", "- name: LEVEL\n  value: debug\n", 1, "  value: debug"},
      {"a map", "credentials: {a: b}", 0, "credentials: {a: b}"},
  };

  for (const auto& test : cases) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < test.line; ++i) begin = test.text.find('\n', begin) + 1;
    const std::size_t end = std::min(test.text.find('\n', begin), test.text.size());
    std::string shown = test.text;
    for (const auto& [from, to] : SecretsOfLine(test.text, begin, end))
      shown.replace(from, to - from, to - from, '*');
    EXPECT_EQ(shown.substr(begin, end - begin), test.want) << test.name;
  }
}

}  // namespace
}  // namespace openchoreo::resource
