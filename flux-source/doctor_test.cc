#include "flux-source/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/value/json_reader.h"

namespace openchoreo::flux {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

kube::Live Live(const std::string& json) {
  base::Arena arena;
  auto object = value::ReadJson(json, arena);
  EXPECT_TRUE(object) << json;
  return kube::Live::Copy(*object);
}

kube::Live Deployment(const std::string& ns, const std::string& name, const std::string& args) {
  return Live(R"({"metadata":{"namespace":")" + ns + R"(","name":")" + name +
              R"("},"spec":{"template":{"spec":{"containers":[{"args":[)" + args + "]}]}}}}");
}

kube::Live Kustomization(const std::string& message) {
  return Live(
      R"({"metadata":{"namespace":"ns","name":"app"},"spec":{"sourceRef":{"kind":"ExternalArtifact"}},
    "status":{"conditions":[{"type":"Ready","status":"False","reason":"ArtifactFailed","message":")" +
      message + R"("}]}})");
}

ClusterView Good() {
  ClusterView view;
  view.our_kind = view.artifact_kind = true;
  view.deployments = {
      Deployment("flux-system", "kustomize-controller",
                 R"("--log-level=info","--feature-gates=Other=true,ExternalArtifact=true")"),
      Deployment("flux-system", "openchoreo-flux-source", "")};
  return view;
}

std::string Told(const ClusterView& view) {
  std::string text;
  for (const DoctorFinding& finding : Diagnose(view))
    text += finding.what + " -> " + finding.change + "\n";
  return text;
}

TEST(Diagnose, NothingInTheWay) {
  EXPECT_EQ(Told(Good()), "");
  ClusterView view = Good();
  view.kustomizations = {Kustomization("kustomize build failed")};
  EXPECT_EQ(Told(view), "") << "the user's own errors are not ours to explain";
}

TEST(Diagnose, MissingKinds) {
  ClusterView view = Good();
  view.our_kind = false;
  EXPECT_THAT(Told(view), HasSubstr("openchoreo-flux-source crd | kubectl apply"));
  view = Good();
  view.artifact_kind = false;
  EXPECT_THAT(Told(view), HasSubstr("flux install"));
}

TEST(Diagnose, FeatureGate) {
  ClusterView view = Good();
  view.deployments[0] = Deployment("flux-system", "kustomize-controller", R"("--log-level=info")");
  EXPECT_THAT(Told(view), AllOf(HasSubstr("feature gate is off"),
                                HasSubstr("--feature-gates=ExternalArtifact=true")));
  view.deployments.clear();
  view.kustomizations = {Kustomization("ExternalArtifact feature gate is disabled")};
  EXPECT_THAT(Told(view), HasSubstr("--feature-gates=ExternalArtifact=true"));
}

TEST(Diagnose, BlockedDownloads) {
  ClusterView view = Good();
  view.kustomizations = {
      Kustomization("GET http://x giving up after 10 attempt(s): connection refused")};
  EXPECT_THAT(Told(view), HasSubstr("--storage-adv-addr"));
  view = Good();
  view.objects = {
      Live(R"({"metadata":{"namespace":"ns","name":"app"},"status":{"conditions":[{"type":"Ready",
    "status":"False","reason":"SourceFetchFailed","message":"repo: http://a/b: Failed to connect to a port 80: Couldn't connect"}]}})")};
  EXPECT_THAT(Told(view), HasSubstr("source-controller.yaml"));
}

TEST(Diagnose, PlacementOutsideFluxSystem) {
  ClusterView view = Good();
  view.deployments[1] = Deployment("openchoreo-flux", "openchoreo-flux-source", "");
  EXPECT_EQ(Told(view), "") << "no policies at all";
  view.network_policies = {
      Live(R"({"metadata":{"namespace":"flux-system","name":"allow-egress"}})")};
  EXPECT_THAT(Told(view), HasSubstr("source-controller.yaml"));
  view.network_policies.push_back(
      Live(R"({"metadata":{"namespace":"flux-system","name":"allow-openchoreo-flux-source"}})"));
  EXPECT_EQ(Told(view), "");
}

}  // namespace
}  // namespace openchoreo::flux
