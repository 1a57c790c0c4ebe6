#include "common/names/references.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace openchoreo::names {
namespace {

TEST(ReferencesTest, AreEachGivenOnceAndByKind) {
  std::set<std::tuple<Kind, std::string, Kind>> seen;
  Kind last = static_cast<Kind>(0);
  for (const Reference& reference : References()) {
    EXPECT_TRUE(seen.emplace(reference.from, reference.path, reference.target).second)
        << reference.path;
    EXPECT_LE(last, reference.from);
    last = reference.from;
  }
}

TEST(ReferencesTest, HoldAWorkloadsWhereverItStands) {
  std::set<std::pair<Kind, std::string>> paths;
  for (const Reference& reference : References()) paths.emplace(reference.from, reference.path);
  const std::string field = "container/env/*/valueFrom/secretKeyRef/name";
  EXPECT_TRUE(paths.contains({Kind::kWorkload, "spec/" + field}));
  EXPECT_TRUE(paths.contains({Kind::kComponentRelease, "spec/workload/" + field}));
  EXPECT_TRUE(paths.contains({Kind::kReleaseBinding, "spec/workloadOverrides/" + field}));
}

TEST(ReferencesTest, HoldWhatBindingsBind) {
  int bindings = 0;
  for (int i = 0; i < kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const BindingFields* const fields = BindingFieldsOf(kind);
    EXPECT_EQ(fields != nullptr, NameOf(kind).ends_with("Binding")) << NameOf(kind);
    if (fields == nullptr) continue;
    ++bindings;
    EXPECT_EQ(TargetOf(kind, "spec/owner/" + std::string(fields->owner_field), ""), fields->owner);
    EXPECT_EQ(TargetOf(kind, "spec/" + std::string(fields->release_field), ""), fields->release);
  }
  EXPECT_EQ(bindings, 3);
}

TEST(ReferencesTest, KnowTwins) {
  EXPECT_EQ(TwinOf(Kind::kTrait), Kind::kClusterTrait);
  EXPECT_EQ(TwinOf(Kind::kClusterDataPlane), Kind::kDataPlane);
  EXPECT_EQ(TwinOf(Kind::kProject), Kind::kProject);
}

TEST(ReferencesTest, TellWhatAFieldMeans) {
  EXPECT_EQ(TargetOf(Kind::kEnvironment, "spec/dataPlaneRef", ""), Kind::kDataPlane);
  EXPECT_EQ(TargetOf(Kind::kEnvironment, "spec/dataPlaneRef", "ClusterDataPlane"),
            Kind::kClusterDataPlane);
  EXPECT_EQ(TargetOf(Kind::kEnvironment, "spec/dataPlaneRef", "Secret"), Kind::kDataPlane);
  EXPECT_EQ(TargetOf(Kind::kComponent, "spec/workflow", "Workflow"), Kind::kWorkflow);
  EXPECT_EQ(TargetOf(Kind::kComponent, "spec/workflow", ""), Kind::kClusterWorkflow);
  EXPECT_EQ(TargetOf(Kind::kProject, "spec/deploymentPipelineRef", "DeploymentPipeline"),
            Kind::kDeploymentPipeline);
  EXPECT_EQ(TargetOf(Kind::kWorkflow, "spec/workflowPlaneRef", "ClusterWorkflowPlane"),
            Kind::kClusterWorkflowPlane);
}

}  // namespace
}  // namespace openchoreo::names
