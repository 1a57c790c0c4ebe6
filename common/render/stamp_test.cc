#include "common/render/stamp.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"

namespace openchoreo::render {
namespace {

using resource::Dialect;

struct Case {
  const char* name;
  Stamp stamp;
  const char* id;
  const char* object;
  const char* want;
};

const Case kCases[] = {
    {"labels beside those that are there",
     {Dialect::kV1, "api-dev", "acme", ""},
     "service-api",
     R"({"kind":"Service","metadata":{"labels":{"a":"b"},"name":"api"}})",
     R"({"kind":"Service","metadata":{"labels":{"a":"b","openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/rendered-release-name":"api-dev","openchoreo.dev/rendered-release-namespace":"acme",)"
     R"("openchoreo.dev/rendered-release-resource-id":"service-api"},"name":"api"}})"},
    {"old labels",
     {Dialect::kV012, "api-dev", "acme", ""},
     "service-api",
     R"({"kind":"Service","metadata":{}})",
     R"({"kind":"Service","metadata":{"labels":{"openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/release-name":"api-dev","openchoreo.dev/release-namespace":"acme",)"
     R"("openchoreo.dev/release-resource-id":"service-api"}}})"},
    {"an id that is no label value",
     {Dialect::kV1, "r", "n", ""},
     "role-a:b",
     R"({"kind":"Role","metadata":{}})",
     R"({"kind":"Role","metadata":{"labels":{"openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/rendered-release-name":"r","openchoreo.dev/rendered-release-namespace":"n",)"
     R"("openchoreo.dev/rendered-release-resource-id":"role-6739d859342291df"}}})"},
    {"restart",
     {Dialect::kV1, "r", "n", "now"},
     "d",
     R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{"template":{}}})",
     R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/rendered-release-name":"r","openchoreo.dev/rendered-release-namespace":"n",)"
     R"("openchoreo.dev/rendered-release-resource-id":"d"}},"spec":{"template":{"metadata":{"annotations":{)"
     R"("openchoreo.dev/restartedAt":"now"}}}}})"},
    {"annotations that are no strings",
     {Dialect::kV1, "r", "n", "now"},
     "d",
     R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{"template":{"metadata":{"annotations":{"a":1}}}}})",
     "failed to inject restartedAt on resource d: read pod template annotations: "
     ".spec.template.metadata.annotations "
     "accessor error"},
};

TEST(Stamped, IsWhatTheControllerAddsOnApply) {
  for (const Case& test : kCases) {
    base::Arena arena;
    const auto object = value::ReadJson(test.object, arena);
    ASSERT_TRUE(object.has_value()) << test.name;
    const auto stamped = Stamped(*object, test.id, test.stamp, arena);
    EXPECT_EQ(stamped ? value::ToJson(*stamped) : stamped.error().message, test.want) << test.name;
  }
}

TEST(NameLabel, CutsWhatIsTooLong) {
  EXPECT_EQ(NameLabel("api-dev"), "api-dev");
  const std::string label = NameLabel(std::string(70, 'a'));
  EXPECT_EQ(label.size(), 63u);
}

TEST(MakeNamespace, IsKeptByBothOperators) {
  base::Arena arena;
  EXPECT_EQ(
      value::ToJson(MakeNamespace("dp-x", Dialect::kV1, "acme", "shop", "dev", arena)),
      R"({"apiVersion":"v1","kind":"Namespace","metadata":{"annotations":{)"
      R"("argocd.argoproj.io/compare-options":"IgnoreExtraneous",)"
      R"("argocd.argoproj.io/sync-options":"Prune=false,Delete=false","kustomize.toolkit.fluxcd.io/prune":"disabled"},)"
      R"("labels":{"openchoreo.dev/created-by":"openchoreo-gitops","openchoreo.dev/environment":"dev",)"
      R"("openchoreo.dev/namespace":"acme","openchoreo.dev/project":"shop"},"name":"dp-x"}})");
}

TEST(MakeRecord, ListsWhatWasRendered) {
  base::Arena arena;
  const auto object = value::ReadJson(
      R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"n"}})", arena);
  ASSERT_TRUE(object.has_value());
  std::string entries;
  AppendRecordEntry(entries, "service-s", *object, "ab");
  RecordInput input;
  input.kind = "ReleaseBinding";
  input.ns = "acme";
  input.name = "api-dev";
  input.owner = value::Value::Map({});
  input.project = "shop";
  input.environment = "dev";
  input.release = "api-v1";
  input.target_namespace = "dp-x";
  input.objects = entries;
  input.endpoints = value::Value::List({});
  std::string json;
  const value::Value record = MakeRecord(input, arena, json);
  EXPECT_EQ(
      record.Get("data", "record.json").string_or_empty(),
      R"({"binding":{"kind":"ReleaseBinding","name":"api-dev","namespace":"acme"},"endpoints":[],)"
      R"("environment":"dev","owner":{},"release":"api-v1","resources":[{"apiVersion":"v1","digest":"ab",)"
      R"("id":"service-s","kind":"Service","name":"s","namespace":"n"}],"version":1})");
  EXPECT_EQ(record.Get("metadata", "namespace").string_or_empty(), "dp-x");
  EXPECT_EQ(record.Get("metadata", "labels", "gitops.openchoreo.dev/record").string_or_empty(),
            "v1");
}

}  // namespace
}  // namespace openchoreo::render
