#include "common/render/stamp.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::render {
namespace {

using names::Dialect;

struct Case {
  const char* name;
  Stamp stamp;
  const char* id;
  const char* object;
  const char* want;
};

const Case kCases[] = {
    {"labels and annotation beside those that are there",
     {Dialect::kV1, "api-dev", "acme"},
     "service-api",
     R"({"kind":"Service","metadata":{"annotations":{"c":"d"},"labels":{"a":"b"},"name":"api"}})",
     R"({"kind":"Service","metadata":{"annotations":{"c":"d","gitops.openchoreo.dev/digest":"0123"},)"
     R"("labels":{"a":"b","openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/rendered-release-name":"api-dev","openchoreo.dev/rendered-release-namespace":"acme",)"
     R"("openchoreo.dev/rendered-release-resource-id":"service-api"},"name":"api"}})"},
    {"old labels",
     {Dialect::kV012, "api-dev", "acme"},
     "service-api",
     R"({"kind":"Service","metadata":{}})",
     R"({"kind":"Service","metadata":{"annotations":{"gitops.openchoreo.dev/digest":"0123"},)"
     R"("labels":{"openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/release-name":"api-dev","openchoreo.dev/release-namespace":"acme",)"
     R"("openchoreo.dev/release-resource-id":"service-api"}}})"},
    {"an id that is no label value, annotations that are no map",
     {Dialect::kV1, "r", "n"},
     "role-a:b",
     R"({"kind":"Role","metadata":{"annotations":"x"}})",
     R"({"kind":"Role","metadata":{"annotations":"x","labels":{)"
     R"("openchoreo.dev/managed-by":"openchoreo-gitops",)"
     R"("openchoreo.dev/rendered-release-name":"r","openchoreo.dev/rendered-release-namespace":"n",)"
     R"("openchoreo.dev/rendered-release-resource-id":"role-6739d859342291df"}}})"},
};

TEST(Stamped, IsWhatTheControllerAddsOnApplyAndTheDigest) {
  for (const Case& test : kCases) {
    base::Arena arena;
    const auto object = value::ReadJson(test.object, arena);
    ASSERT_TRUE(object.has_value()) << test.name;
    EXPECT_EQ(value::ToJson(Stamped(*object, test.id, "0123", test.stamp, arena)), test.want)
        << test.name;
  }
}

struct RestartCase {
  const char* name;
  const char* object;
  const char* want;
};

const RestartCase kRestarts[] = {
    {"a deployment", R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{}}})",
     R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"metadata":{"annotations":{)"
     R"("openchoreo.dev/restartedAt":"now"}}}}})"},
    {"another group's deployment", R"({"apiVersion":"x/v1","kind":"Deployment"})",
     R"({"apiVersion":"x/v1","kind":"Deployment"})"},
    {"annotations that are no strings",
     R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"metadata":{"annotations":{"a":1}}}}})",
     "failed to inject restartedAt on resource d: read pod template annotations: "
     ".spec.template.metadata.annotations accessor error"},
};

TEST(WithRestartedAt, IsWhatTheControllerAddsToDeployments) {
  for (const RestartCase& test : kRestarts) {
    base::Arena arena;
    const auto object = value::ReadJson(test.object, arena);
    ASSERT_TRUE(object.has_value()) << test.name;
    const auto restarted = WithRestartedAt(*object, "d", "now", arena);
    EXPECT_EQ(restarted ? value::ToJson(*restarted) : restarted.error().message, test.want)
        << test.name;
  }
}

TEST(WithoutSubstitution, TellsFluxToLeaveTheObjectAlone) {
  base::Arena arena;
  const auto object = value::ReadJson(R"({"kind":"ConfigMap","metadata":{"name":"c"}})", arena);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(value::ToJson(WithoutSubstitution(*object, arena)),
            R"({"kind":"ConfigMap","metadata":{"annotations":{)"
            R"("kustomize.toolkit.fluxcd.io/substitute":"disabled"},"name":"c"}})");
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

TEST(MakeRecord, IsAConfigMapInTheTargetNamespace) {
  base::Arena arena;
  Binding binding;
  binding.kind = names::Kind::kReleaseBinding;
  binding.ns = "acme";
  binding.name = "api-dev";
  binding.project = "shop";
  binding.environment = "dev";
  binding.target_namespace = "dp-x";
  EXPECT_EQ(
      value::ToJson(MakeRecord(binding, "{}\n", arena)),
      R"({"apiVersion":"v1","data":{"record.json":"{}\n"},"kind":"ConfigMap","metadata":{"labels":{)"
      R"("gitops.openchoreo.dev/record":"v2","openchoreo.dev/environment":"dev",)"
      R"("openchoreo.dev/managed-by":"openchoreo-gitops","openchoreo.dev/namespace":"acme",)"
      R"("openchoreo.dev/project":"shop"},"name":"openchoreo-record-releasebinding-api-dev-ba08a8f2",)"
      R"("namespace":"dp-x"}})");
}

}  // namespace
}  // namespace openchoreo::render
