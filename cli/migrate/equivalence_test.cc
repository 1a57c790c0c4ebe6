#include "cli/migrate/equivalence.h"

#include <gtest/gtest.h>

namespace openchoreo::migrate {
namespace {

std::string Element(const std::string& resources) {
  return R"({"error":null,"targetNamespace":"ns","resources":)" + resources + "}";
}

TEST(EquivalenceTest, SetsTheDocumentedDifferencesAside) {
  const std::string before = Element(R"([
    {"kind":"ConfigMap","metadata":{"name":"a-main-env-configs-11111111","labels":{"openchoreo.dev/project":"p"}},"data":{"K":"v"}},
    {"kind":"Deployment","metadata":{"name":"a","labels":{"app":"x"}},
     "spec":{"ref":"a-main-env-configs-11111111","volumes":[{"name":"main-file-mount-0a0a0a0a"},{"name":"b"}]}}])");
  const std::string after = Element(R"([
    {"kind":"ConfigMap","metadata":{"name":"a-env-configs-22222222","labels":{"openchoreo.dev/project":"p","openchoreo.dev/project-uid":"u"}},"data":{"K":"v"}},
    {"kind":"Deployment","metadata":{"name":"a","labels":{"app":"x","openchoreo.dev/n":"1"}},
     "spec":{"ref":"a-env-configs-22222222","volumes":[{"name":"b"},{"name":"file-mount-0a0a0a0a"}]}},
    {"kind":"NetworkPolicy","metadata":{"name":"openchoreo-a"},"spec":{}}])");
  EXPECT_EQ(FirstDifference({{"b", before}}, {{"b", after}}), "");
}

TEST(EquivalenceTest, SeesEverythingElse) {
  const std::string base =
      Element(R"([{"kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":1}}])");
  const std::string more =
      Element(R"([{"kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":2}}])");
  const std::string renamed =
      Element(R"([{"kind":"Deployment","metadata":{"name":"b"},"spec":{"replicas":1}}])");
  const std::string failed = R"({"error":"broken"})";
  EXPECT_EQ(FirstDifference({{"b", base}}, {{"b", more}}), "b: a resource changes: Deployment");
  EXPECT_NE(FirstDifference({{"b", base}}, {{"b", renamed}}), "");
  EXPECT_EQ(FirstDifference({{"b", base}}, {{"b", failed}}), "b: it would fail: broken");
  EXPECT_EQ(FirstDifference({{"b", failed}}, {{"b", failed}}), "");
  EXPECT_EQ(FirstDifference({{"b", base}}, {}), "b: it disappears");
  EXPECT_EQ(FirstDifference({}, {{"b", base}}), "b: it is new");
}

}  // namespace
}  // namespace openchoreo::migrate
