#include "flux-source/external_artifact.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::flux {
namespace {

using value::Value;

WantedArtifact Wanted() {
  WantedArtifact wanted;
  wanted.key = {"ns", "app-dev", ""};
  wanted.source_name = "app";
  wanted.source_uid = "u1";
  wanted.labels = {{"team", "web"}};
  wanted.artifact = {"externalartifact/ns/app-dev/x.tar.gz",
                     "http://h/x.tar.gz",
                     "sha256:x",
                     "latest@sha256:y",
                     "2026-11-29T10:00:00Z",
                     5,
                     {{"k", "v"}}};
  wanted.reason = "Succeeded";
  wanted.message = "stored";
  return wanted;
}

class ExternalArtifactTest : public testing::Test {
 protected:
  // The object after both bodies were applied, at generation 1.
  Value Applied(const WantedArtifact& wanted) {
    std::string main = value::ToJson(MainBody(wanted, arena_));
    main.replace(main.find("\"metadata\":{"), 12, "\"metadata\":{\"generation\":1,");
    auto object = value::ReadJson(main, arena_);
    EXPECT_TRUE(object) << main;
    const Value status = StatusBody(*object, wanted, "2026-11-29T11:00:00Z", arena_).Get("status");
    main.insert(main.size() - 1, ",\"status\":" + value::ToJson(status));
    return *value::ReadJson(main, arena_);
  }

  base::Arena arena_;
};

TEST_F(ExternalArtifactTest, NothingToDoAfterApplying) {
  const WantedArtifact wanted = Wanted();
  const Value object = Applied(wanted);
  EXPECT_TRUE(MainIsAsWanted(object, wanted, ""));
  EXPECT_TRUE(MainIsAsWanted(object, wanted, value::ToJson(MainBody(wanted, arena_))));
  EXPECT_TRUE(StatusIsAsWanted(object, wanted));
  EXPECT_TRUE(IsOwnedBy(object, "u1"));
  EXPECT_FALSE(IsOwnedBy(object, "u2"));
  EXPECT_EQ(ReadArtifact(object.Get("status", "artifact")), wanted.artifact);
  EXPECT_EQ(value::ToJson(object.Get("status", "conditions")),
            R"([{"lastTransitionTime":"2026-11-29T11:00:00Z","message":"stored",)"
            R"("observedGeneration":1,"reason":"Succeeded","status":"True","type":"Ready"}])");
}

TEST_F(ExternalArtifactTest, EmptyMapsAreNotSent) {
  const std::string body = value::ToJson(MainBody(Wanted(), arena_));
  EXPECT_EQ(body.find("annotations"), std::string::npos) << body;
}

TEST_F(ExternalArtifactTest, SeesEachDifference) {
  const WantedArtifact wanted = Wanted();
  const Value object = Applied(wanted);
  using Change = void (*)(WantedArtifact&);
  const Change main[] = {[](WantedArtifact& w) { w.labels["team"] = "other"; },
                         [](WantedArtifact& w) { w.labels["more"] = "x"; },
                         [](WantedArtifact& w) { w.labels.clear(); },
                         [](WantedArtifact& w) { w.annotations["note"] = "x"; },
                         [](WantedArtifact& w) { w.source_uid = "u2"; },
                         [](WantedArtifact& w) { w.source_name = "b"; }};
  for (const Change change : main) {
    WantedArtifact other = wanted;
    change(other);
    EXPECT_FALSE(MainIsAsWanted(object, other, ""));
    EXPECT_TRUE(StatusIsAsWanted(object, other));
  }
  const Change status[] = {[](WantedArtifact& w) { w.artifact.url += "x"; },
                           [](WantedArtifact& w) { w.artifact.revision += "x"; },
                           [](WantedArtifact& w) { w.artifact.size = 6; },
                           [](WantedArtifact& w) { w.artifact.metadata["k"] = "w"; },
                           [](WantedArtifact& w) { w.ready = false; },
                           [](WantedArtifact& w) { w.message = "other"; }};
  for (const Change change : status) {
    WantedArtifact other = wanted;
    change(other);
    EXPECT_FALSE(StatusIsAsWanted(object, other));
    EXPECT_TRUE(MainIsAsWanted(object, other, ""));
  }
}

TEST_F(ExternalArtifactTest, LabelsOfOthersStayOnceOursAreKnown) {
  const WantedArtifact wanted = Wanted();
  WantedArtifact more = wanted;
  more.labels["somebody"] = "else";
  const Value object = Applied(more);
  EXPECT_FALSE(MainIsAsWanted(object, wanted, "")) << "it may be a former one of ours";
  EXPECT_TRUE(MainIsAsWanted(object, wanted, value::ToJson(MainBody(wanted, arena_))));
}

TEST_F(ExternalArtifactTest, TransitionTimeMovesWithTheStatusAlone) {
  WantedArtifact wanted = Wanted();
  const Value object = Applied(wanted);
  wanted.message = "other words";
  const auto time = [&](const WantedArtifact& w) {
    const Value body = StatusBody(object, w, "2026-11-29T12:00:00Z", arena_);
    return std::string(
        body.Get("status", "conditions").as_list()[0].Get("lastTransitionTime").string_or_empty());
  };
  EXPECT_EQ(time(wanted), "2026-11-29T11:00:00Z");
  wanted.ready = false;
  EXPECT_EQ(time(wanted), "2026-11-29T12:00:00Z");
}

TEST(ReadArtifact, NothingWithoutWhatCounts) {
  base::Arena arena;
  for (const char* json :
       {"null", "{}", R"({"url":"u","digest":"d"})", R"({"url":"u","revision":"r"})"}) {
    EXPECT_FALSE(ReadArtifact(*value::ReadJson(json, arena))) << json;
  }
}

}  // namespace
}  // namespace openchoreo::flux
