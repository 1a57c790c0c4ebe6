#include "common/pipeline/post_process.h"

#include <gtest/gtest.h>

#include "common/pipeline/json_for_tests.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::pipeline {
namespace {

using value::Value;

class PostProcessTest : public testing::Test {
 protected:
  void Add(const char* json, TargetPlane plane = TargetPlane::kData) {
    resources_.push_back({Json(arena_, json), plane, nullptr, nullptr});
  }

  base::Arena arena_;
  WorkingSet resources_;
};

TEST_F(PostProcessTest, LabelsAreMergedAndWin) {
  Add(R"({"metadata":{"labels":{"a":"own","z":"kept"}}})");
  Add(R"({"metadata":{"labels":"no map"}})");
  Add(R"({"metadata":{}})");
  ASSERT_TRUE(AddLabels(Json(arena_, R"({"a":"1","b":"2"})"), resources_, arena_));
  EXPECT_EQ(value::ToJson(resources_[0].object),
            R"({"metadata":{"labels":{"a":"1","b":"2","z":"kept"}}})");
  EXPECT_EQ(value::ToJson(resources_[1].object), R"({"metadata":{"labels":{"a":"1","b":"2"}}})");
  EXPECT_EQ(value::ToJson(resources_[2].object), R"({"metadata":{"labels":{"a":"1","b":"2"}}})");
  Add(R"({"kind":"X"})");
  const auto failed = AddLabels(Json(arena_, "{}"), resources_, arena_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "failed to add labels: resource missing metadata");
}

TEST_F(PostProcessTest, HashGoesToTheFirstWorkload) {
  Add(R"({"kind":"Deployment","metadata":{"name":"a"},"spec":{"template":{"metadata":{"annotations":{"x":"y"}}}}})");
  Add(R"({"kind":"Deployment","metadata":{"name":"b"},"spec":{}})");
  ASSERT_TRUE(AnnotateResourceHash("deployment", resources_, arena_));
  EXPECT_EQ(resources_[0].object.Get("spec", "template", "metadata", "annotations").size(), 1u)
      << "nothing to hash";

  Add(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"}})",
      TargetPlane::kObservability);
  ASSERT_TRUE(AnnotateResourceHash("deployment", resources_, arena_));
  EXPECT_EQ(resources_[0].object.Get("spec", "template", "metadata", "annotations").size(), 1u)
      << "other plane";

  Add(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"}})");
  ASSERT_TRUE(AnnotateResourceHash("proxy", resources_, arena_));
  EXPECT_EQ(resources_[0].object.Get("spec", "template", "metadata", "annotations").size(), 1u)
      << "other type";
  ASSERT_TRUE(AnnotateResourceHash("deployment", resources_, arena_));
  const Value annotations = resources_[0].object.Get("spec", "template", "metadata", "annotations");
  EXPECT_EQ(annotations.Get("x").as_string(), "y");
  EXPECT_TRUE(annotations.Get("openchoreo.dev/dp-resource-hash").is_string());
  EXPECT_EQ(resources_[1].object.Get("spec").size(), 0u);
}

TEST_F(PostProcessTest, HashNeedsASpecAndMakesTheRest) {
  Add(R"({"kind":"StatefulSet","spec":{"template":1}})");
  Add(R"({"kind":"ConfigMap"})");
  ASSERT_TRUE(AnnotateResourceHash("statefulset", resources_, arena_));
  EXPECT_EQ(resources_[0].object.Get("spec", "template", "metadata", "annotations").size(), 1u);
  resources_[0].object = Json(arena_, R"({"kind":"StatefulSet"})");
  const auto failed = AnnotateResourceHash("statefulset", resources_, arena_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message,
            "failed to add dp-resource-hash annotation: failed to add annotation to StatefulSet: "
            "resource missing spec");
}

TEST_F(PostProcessTest, FinalChecks) {
  const struct {
    const char* object;
    const char* want;
  } cases[] = {
      {R"({"kind":"X","metadata":{"name":"n"}})", "resource #0 (X) missing apiVersion"},
      {R"({"apiVersion":"v1","metadata":{"name":"n"}})", "resource #0 missing kind"},
      {R"({"apiVersion":"v1","kind":"X","metadata":[]})", "resource #0 (X) missing metadata"},
      {R"({"apiVersion":"v1","kind":"X","metadata":{"name":3}})",
       "resource #0 (X) missing metadata.name"},
  };

  for (const auto& c : cases) {
    resources_.clear();
    Add(c.object);
    const auto checked = CheckObjects(resources_);
    ASSERT_FALSE(checked) << c.object;
    EXPECT_EQ(checked.error().message, c.want);
  }
}

TEST_F(PostProcessTest, SortIsStable) {
  Add(R"({"kind":"B","apiVersion":"v1","metadata":{"name":"a"}})");
  Add(R"({"kind":"A","apiVersion":"v2","metadata":{"name":"a"}})");
  Add(R"({"kind":"A","apiVersion":"v1","metadata":{"namespace":"n","name":"a"}})");
  Add(R"({"kind":"A","apiVersion":"v1","metadata":{"name":"z"},"n":1})");
  Add(R"({"kind":"A","apiVersion":"v1","metadata":{"name":"z"},"n":0})");
  SortObjects(resources_);
  std::string order;
  for (const auto& resource : resources_) {
    order += std::string(KindOf(resource.object)) + std::string(ApiVersionOf(resource.object)) +
             std::string(resource.object.Get("metadata", "namespace").string_or_empty()) +
             (resource.object.Find("n") ? std::to_string(resource.object.Get("n").as_int()) : "") +
             " ";
  }
  EXPECT_EQ(order, "Av11 Av10 Av1n Av2 Bv1 ");
}

}  // namespace
}  // namespace openchoreo::pipeline
