#include "flux-source/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace openchoreo::flux {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr SplitBy kNone{}, kEnvironment{false, true, false, false},
    kProjects{false, true, false, true}, kPlanes{false, false, true, false},
    kPlanesByOrganization{true, false, true, false};

// "name: index,index" of each part, and "?: …" for those without place.
std::vector<std::string> Plan(const SplitBy& split, const std::vector<Placement>& bindings,
                              const std::set<std::string>& environments = {}) {
  std::vector<std::size_t> unplaced;
  auto parts = PlanParts("app", split, bindings, environments, unplaced);
  if (!parts) return {"error: " + parts.error().message};
  std::vector<std::string> lines;
  const auto line = [&](const std::string& name, const std::vector<std::size_t>& members) {
    std::string text = name + ":";
    for (std::size_t i : members) text += " " + std::to_string(i);
    lines.push_back(text);
  };
  for (const PartPlan& part : *parts) line(part.name, part.bindings);
  if (!unplaced.empty()) line("?", unplaced);
  return lines;
}

Placement Facts(std::string_view environment, std::string_view project,
                std::string_view organization = "acme", std::string_view plane = "default") {
  static std::set<std::string, std::less<>> ids;
  const std::string id = "DataPlane " + std::string(organization) + "/" + std::string(plane);
  return {organization, environment, project, plane, *ids.insert(id).first};
}

TEST(PlanParts, ByWhatSplitByNames) {
  const std::vector<Placement> bindings = {Facts("dev", "shop"), Facts("prod", "shop"),
                                           Facts("dev", "desk")};
  EXPECT_THAT(Plan(kNone, bindings), ElementsAre("app: 0 1 2"));
  EXPECT_THAT(Plan(kEnvironment, bindings), ElementsAre("app-dev: 0 2", "app-prod: 1"));
  EXPECT_THAT(Plan(kProjects, bindings),
              ElementsAre("app-dev-desk: 2", "app-dev-shop: 0", "app-prod-shop: 1"));
  EXPECT_THAT(Plan(kPlanes, bindings), ElementsAre("app-default: 0 1 2"));
}

TEST(PlanParts, EnvironmentsWithoutBindingsAreEmpty) {
  const std::vector<Placement> bindings = {Facts("dev", "shop")};
  EXPECT_THAT(Plan(kEnvironment, bindings, {"dev", "prod"}),
              ElementsAre("app-dev: 0", "app-prod:"));
  EXPECT_THAT(Plan(kProjects, bindings, {"dev", "prod"}), ElementsAre("app-dev-shop: 0"));
  EXPECT_THAT(Plan(kNone, {}), ElementsAre("app:"));
}

TEST(PlanParts, BindingsWithoutAValueHaveNoPlace) {
  Placement lost = Facts("dev", "shop");
  lost.data_plane = {};
  EXPECT_THAT(Plan(kPlanes, {lost, Facts("dev", "desk")}), ElementsAre("app-default: 1", "?: 0"));
  EXPECT_THAT(Plan(kEnvironment, {lost}), ElementsAre("app-dev: 0"));
}

TEST(PlanParts, OneNameForTwoIsAnError) {
  const std::vector<Placement> planes = {Facts("dev", "shop"), Facts("dev", "shop", "beta")};
  EXPECT_THAT(Plan(kPlanes, planes)[0], testing::AllOf(HasSubstr("DataPlane acme/default"),
                                                       HasSubstr("DataPlane beta/default"),
                                                       HasSubstr("add Organization to splitBy")));
  EXPECT_THAT(Plan(kPlanesByOrganization, planes),
              ElementsAre("app-acme-default: 0", "app-beta-default: 1"));
  EXPECT_THAT(Plan(kEnvironment, planes), ElementsAre("app-dev: 0 1")) << "environments go by name";
  EXPECT_THAT(Plan(kProjects, {Facts("a-b", "c"), Facts("a", "b-c")})[0],
              HasSubstr("two artifacts would be named app-a-b-c"));
}

TEST(PlanParts, LongNamesAndLabelsAreGenerated) {
  const std::string longer(200, 'x');
  std::vector<std::size_t> unplaced;
  auto parts =
      PlanParts(std::string(100, 'o'), kEnvironment, {Facts(longer, "shop")}, {}, unplaced);
  ASSERT_TRUE(parts);
  EXPECT_LE(parts->front().name.size(), 253u);
  EXPECT_LE(parts->front().labels.at("gitops.openchoreo.dev/environment").size(), 63u);
}

}  // namespace
}  // namespace openchoreo::flux
