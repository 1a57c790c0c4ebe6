#include "health/pod_trouble.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "health/crd_dialect.h"
#include "health/shard.h"

namespace openchoreo::mapper {
namespace {

class PodTroubleTest : public testing::Test {
 protected:
  value::Value Json(std::string_view text) { return value::ReadJson(text, arena_).value(); }

  std::string Of(const std::string& status) {
    return TroubleOfPod(Json(R"({"metadata":{"name":"web-1"},"status":)" + status + "}"));
  }

  base::Arena arena_;
};

TEST_F(PodTroubleTest, TellsWhatAContainerWaitsFor) {
  EXPECT_EQ(Of(R"({"containerStatuses":[{"name":"main","state":{"waiting":{"reason":"ErrImagePull",
      "message":"no such image\nmore"}}}]})"),
            "pod web-1: container main: ErrImagePull: no such image");
  EXPECT_EQ(Of(R"({"containerStatuses":[{"name":"main","state":{"waiting":
      {"reason":"CrashLoopBackOff","message":"back-off 20s"}}}]})"),
            "pod web-1: container main: CrashLoopBackOff");
  EXPECT_EQ(Of(R"({"initContainerStatuses":[{"name":"init","state":{"terminated":
      {"reason":"Error","exitCode":3}}}]})"),
            "pod web-1: container init: Error (exit code 3)");
}

TEST_F(PodTroubleTest, TellsWhyItIsNotScheduled) {
  EXPECT_EQ(Of(R"({"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",
      "message":"0/2 nodes"}]})"),
            "pod web-1: Unschedulable: 0/2 nodes");
}

TEST_F(PodTroubleTest, IsSilentOfWhatStartsOrIsOfAnotherShape) {
  EXPECT_EQ(Of(R"({"containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}},
      {"state":{"terminated":{"exitCode":0}}},{"state":{"running":{}}}]})"),
            "");
  EXPECT_EQ(Of(R"({"containerStatuses":7,"conditions":["x",null]})"), "");
  EXPECT_EQ(TroubleOfPod(value::Value()), "");
}

TEST_F(PodTroubleTest, SelectsByTheWorkloadsLabels) {
  EXPECT_EQ(SelectorOf(Json(R"({"spec":{"selector":{"matchLabels":{"a":"b","c":"d"}}}})")),
            "a=b,c=d");
  EXPECT_EQ(SelectorOf(Json(R"({"spec":{"selector":{"matchExpressions":[]}}})")), "");
}

TEST_F(PodTroubleTest, CrdsTellTheirDialect) {
  const auto version = [&](const std::string& fields) {
    return VersionOf(Json(
        R"({"components":{"schemas":{"dev.openchoreo.v1alpha1.ReleaseBinding":{"properties":
        {"status":{"properties":)" +
        fields + "}}}}}}"));
  };
  EXPECT_EQ(version(R"({"conditions":{},"observedGeneration":{}})"), health::Version::kV1);
  EXPECT_EQ(version(R"({"conditions":{}})"), health::Version::kV012);
  EXPECT_FALSE(VersionOf(Json("{}")));
}

TEST(ShardTest, EveryNamespaceIsOfOneShard) {
  const Shard whole;
  for (const char* ns : {"acme", "default", "a", ""}) {
    EXPECT_TRUE(whole.Has(ns));
    unsigned owners = 0;
    for (unsigned index = 0; index < 3; ++index) owners += Shard{index, 3}.Has(ns);
    EXPECT_EQ(owners, 1u) << ns;
  }
}

}  // namespace
}  // namespace openchoreo::mapper
