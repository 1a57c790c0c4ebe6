#include "common/health/shown.h"

#include <gtest/gtest.h>

#include "common/base/arena.h"
#include "common/health/health_table.h"
#include "common/value/json_reader.h"

namespace openchoreo::health {
namespace {

Shown Show(std::string_view json) {
  base::Arena arena;
  const auto object = value::ReadJson(json, arena);
  EXPECT_TRUE(object) << json;
  return ShownOf(*object);
}

TEST(Shown, TellsTheDecidingCondition) {
  const Shown shown = Show(R"({"metadata":{"generation":1},"status":{"conditions":[
      {"type":"ConnectionsResolved","status":"False","reason":"ConnectionsPending","message":"1 pending"},
      {"type":"Ready","status":"False","reason":"ReleaseSynced","message":"Release is not synced"}]}})");
  EXPECT_EQ(shown.status, "Progressing");
  EXPECT_EQ(shown.message, "ConnectionsPending: 1 pending");
  EXPECT_EQ(shown.flux, FluxStatus::kInProgress);
}

TEST(Shown, OfAnObjectWithoutSense) {
  EXPECT_EQ(Show("[]").status, "Progressing");
  EXPECT_EQ(Show(R"({"status":{"conditions":{"Ready":true}}})").status, "Progressing");
  EXPECT_EQ(Show(R"({"status":{"conditions":[3,{"type":4},{"type":"Ready"}]}})").status,
            "Progressing");
}

TEST(Shown, AReasonNobodyKnowsIsAFailure) {
  const Shown shown = Show(R"({"status":{"conditions":[
      {"type":"Ready","status":"False","reason":"Meteorite","message":""}]}})");
  EXPECT_EQ(shown.status, "Degraded");
  EXPECT_EQ(shown.message, "Meteorite");
  EXPECT_EQ(shown.flux, FluxStatus::kFailed);
}

TEST(HealthTable, HasAScriptForEachName) {
  for (const HealthScript& script : HealthScripts()) {
    EXPECT_FALSE(HealthScriptText(script.name).empty()) << script.name;
  }
  EXPECT_EQ(HealthScriptText("other"), "");
  EXPECT_NE(ArgoConfigText(true), ArgoConfigText(false));
}

}  // namespace
}  // namespace openchoreo::health
