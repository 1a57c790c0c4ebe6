// Dependencies that cannot be resolved, and what only follows from another binding's failure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/tree_for_tests.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// `api` connects to a component that is in no source, `front` to one that is not in dev.
Files Absent() { return {{"a.yaml", kPlatform + Component("api", ConnectionTo("ghost"))}}; }

Files NotYet() {
  return {{"a.yaml", kPlatform + Component("api", ConnectionTo("later")) + R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: later, namespace: acme}
spec: {owner: {projectName: shop}, componentType: {name: deployment/web}}
)"}};
}

TEST(OnPending, SaysWhatFails) {
  struct Case {
    const char* name;
    Files files;
    OnPending on_pending;
    bool strict, fails;
  };

  const Case cases[] = {
      {"absent", Absent(), OnPending::kFailAbsent, false, true},
      {"absent, warn", Absent(), OnPending::kWarn, false, false},
      {"absent, fail", Absent(), OnPending::kFail, false, true},
      {"not yet", NotYet(), OnPending::kFailAbsent, false, false},
      {"not yet, warn", NotYet(), OnPending::kWarn, false, false},
      {"not yet, fail", NotYet(), OnPending::kFail, false, true},
      {"not yet, strict", NotYet(), OnPending::kFailAbsent, true, true},
  };
  for (const Case& test : cases) {
    Options options;
    options.on_pending = test.on_pending;
    options.strict = test.strict;
    const Output output = Render(test.files, options);
    EXPECT_EQ(output.failed, test.fails) << test.name;
    EXPECT_THAT(
        Messages(output, test.fails ? base::Severity::kError : base::Severity::kWarning),
        ElementsAre(HasSubstr("ReleaseBinding acme/api-dev: connection pending: ReleaseBinding not "
                              "found for component shop/")))
        << test.name;
  }
}

TEST(OnPending, APlanGivesTheDataEitherWay) {
  Options options;
  options.format = Format::kPlan;
  const Output output = Render(Absent(), options);
  EXPECT_TRUE(output.failed);
  ASSERT_EQ(output.groups.size(), 1u);
  EXPECT_THAT(*output.groups[0].text, HasSubstr("\"error\":null"));
  EXPECT_THAT(*output.groups[0].text, HasSubstr("\"kind\":\"Deployment\""));
}

TEST(OnPending, WhatIsInNoSourceIsSaid) {
  const Output output = Render(Absent());
  ASSERT_EQ(output.diagnostics.size(), 1u);
  EXPECT_THAT(output.diagnostics[0].notes,
              ElementsAre("component shop/ghost is in none of the sources"));
  EXPECT_THAT(output.diagnostics[0].hint, HasSubstr("--on-pending warn"));
}

TEST(OnPending, OthersStillGetTheEndpointsOfABindingThatFailsForIt) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api", ConnectionTo("ghost")) +
                                               Component("front", ConnectionTo("api"))}});
  EXPECT_EQ(Messages(output).size(), 1u);
  EXPECT_THAT(Messages(output, base::Severity::kWarning), IsEmpty());
  EXPECT_THAT(output.follow_ups, IsEmpty());
}

TEST(FollowUps, APendingConnectionToABrokenBindingIsOne) {
  const std::string broken = R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: api-dev, namespace: acme}
spec: {owner: {projectName: shop, componentName: api}, environment: dev, releaseName: nope}
)";
  const Files files = {{"a.yaml", kPlatform + Component("front", ConnectionTo("api")) + broken}};
  const Output output = Render(files);
  EXPECT_EQ(Messages(output).size(), 1u);
  EXPECT_THAT(Messages(output, base::Severity::kWarning), IsEmpty());
  ASSERT_EQ(output.follow_ups.size(), 1u);
  EXPECT_THAT(output.follow_ups[0].message, HasSubstr("endpoint \"http\" not yet resolved"));
  // Where its cause is not told, it is.
  Options options;
  options.components = {"front"};
  EXPECT_THAT(Messages(Render(files, options), base::Severity::kWarning),
              ElementsAre(HasSubstr("not yet resolved")));
}

TEST(FollowUps, ABindingWithoutItsDerivedReleaseIsOne) {
  const Output output = Render({{"a.yaml", kPlatform + std::string(R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: lone, namespace: acme}
spec: {owner: {projectName: shop}, autoDeploy: true, componentType: {name: deployment/web}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: lone-dev, namespace: acme}
spec: {owner: {projectName: shop, componentName: lone}, environment: dev}
)")}});
  EXPECT_THAT(Messages(output),
              ElementsAre(HasSubstr("Workload for component \"lone\" not found")));
  EXPECT_EQ(output.follow_ups.size(), 1u);
  ASSERT_EQ(output.subjects.size(), 1u);
  ASSERT_NE(output.SubjectOf(0), nullptr);
  EXPECT_EQ(output.SubjectOf(0)->kind, "Component");
  EXPECT_EQ(output.SubjectOf(0)->environment, "dev");
}

TEST(Limits, TooMuchInAllIsSaidOnce) {
  Options options;
  options.limits.max_total_output_bytes = 10;
  const Output output =
      Render({{"a.yaml", kPlatform + Component("api") + Component("front")}}, options);
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(Messages(output), ElementsAre(HasSubstr("more than 10 bytes in all")));
}

}  // namespace
}  // namespace openchoreo::render
