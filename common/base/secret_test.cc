#include "common/base/secret.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(SecretTest, KnowsSecretsByTheirNames) {
  for (const char* name : {"password",
                           "Password",
                           "DB_PASSWORD",
                           "dbPassword",
                           "db-password",
                           "pgPasswd",
                           "passphrase",
                           "token",
                           "apiToken",
                           "GITHUB_TOKEN",
                           "DB_PASS",
                           "secret",
                           "client-secret",
                           "CLIENT_SECRET",
                           "apiKey",
                           "API_KEY",
                           "api-keys",
                           "privateKey",
                           "AWS_SECRET_ACCESS_KEY",
                           "secret_key",
                           "SECRET_KEY",
                           "credentials",
                           "connectionString",
                           "PASSWORD_2",
                           "TOKEN_OLD",
                           "HTTPToken",
                           "spec.password",
                           "signingKey"}) {
    EXPECT_TRUE(IsSecretName(name)) << name;
  }
  for (const char* name : {"",
                           "name",
                           "image",
                           "secretName",
                           "secretRef",
                           "secretKeyRef",
                           "secretKey",
                           "secretStoreRef",
                           "tokenUrl",
                           "passwordPolicy",
                           "token_endpoint",
                           "key",
                           "keys",
                           "publicKey",
                           "compass",
                           "passenger",
                           "host",
                           "proxy_pass",
                           "pass",
                           "secretType",
                           "tokenReviewer"}) {
    EXPECT_FALSE(IsSecretName(name)) << name;
  }
}

TEST(SecretTest, HidesWhatHasTheShapeOfASecret) {
  const struct {
    std::string text, want;
  } cases[] = {
      {"clone https://bot:hunter2@git.example.com/x.git failed",
       "clone https://***@git.example.com/x.git failed"},
      {"\"https://TOKEN@host/x\"", "\"https://***@host/x\""},
      {"https://a@b@host/", "https://***@host/"},
      {"ssh://git@github.com/a/b", "ssh://git@github.com/a/b"},
      {"git@github.com:a/b", "git@github.com:a/b"},
      {"https://host/a@b", "https://host/a@b"},
      {"postgres://u:p@db:5432/x?sslmode=off", "postgres://***@db:5432/x?sslmode=off"},
      {"https://h/x?access_token=abc&b=1", "https://h/x?access_token=***&b=1"},
      {"PASSWORD=hunter2 run", "PASSWORD=*** run"},
      {"password=${parameters.password}", "password=${parameters.password}"},
      {"token==x", "token==x"},
      {"ghp_abcdefghijklmnopqrstuvwxyz0123456789", "***"},
      {"xghp_abcdefghijklmnopqrstuvwxyz0123456789", "xghp_abcdefghijklmnopqrstuvwxyz0123456789"},
      {"key AKIAIOSFODNN7EXAMPLE.", "key ***."},
      {"task-sk-learn", "task-sk-learn"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d'", "***'"},
      {"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest", "***\nrest"},
      {"-----BEGIN PRIVATE KEY-----\nabc", "***"},
      {"-----BEGIN CERTIFICATE-----\nabc", "-----BEGIN CERTIFICATE-----\nabc"},
      {"spec.password: Required value", "spec.password: Required value"},
  };

  for (const auto& test : cases) {
    EXPECT_EQ(WithoutSecrets(test.text), test.want) << test.text;
    EXPECT_EQ(LooksSecret(test.text), test.text != test.want) << test.text;
  }
}

}  // namespace
}  // namespace openchoreo::base
