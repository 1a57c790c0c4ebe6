#include "health/record_shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "test/support/cluster_objects.h"

namespace openchoreo::mapper {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHome[] = "home", kEast[] = "east";
const KindName kDeployment{"apps/v1", "Deployment"};

class RecordShelfTest : public testing::Test {
 protected:
  // Records named `name` of these bindings' one Deployment, dp/web.
  std::vector<BindingId> Put(const std::string& cluster, const std::string& name,
                             const std::string& binding) {
    const std::string text =
        R"({"version":2,"owner":{},"binding":{"kind":"ReleaseBinding","namespace":"acme","name":")" +
        binding +
        R"("},"resources":[{"id":"d","apiVersion":"apps/v1","kind":"Deployment","namespace":"dp",)"
        R"("name":"web","digest":"ab"},{"id":"d","apiVersion":"apps/v1","kind":"Deployment",)"
        R"("namespace":"dp","name":"web","digest":"ab"}]})";
    auto object = test::RecordHolding(text);
    object["metadata"]["name"] = name;
    object["metadata"]["namespace"] = "dp";
    base::Arena arena;
    const auto live = kube::Live::Copy(value::ReadJson(object.dump(), arena).value());
    std::string problem;
    auto touched = shelf_.Put(cluster, {"dp", name, ""}, live, problem);
    EXPECT_EQ(problem, "");
    return touched;
  }

  std::vector<std::string> Of(const std::string& cluster, const KindName& kind = kDeployment,
                              const std::string& name = "web") {
    std::vector<std::string> names;
    for (const BindingId& id : shelf_.BindingsOf(cluster, kind, {"dp", name, ""}))
      names.push_back(id.name);
    return names;
  }

  RecordShelf shelf_;
};

TEST_F(RecordShelfTest, KnowsTheBindingsOfAnObject) {
  Put(kHome, "r1", "a");
  Put(kHome, "r2", "b");
  Put(kEast, "r1", "c");
  EXPECT_THAT(Of(kHome), ElementsAre("a", "b"));
  EXPECT_THAT(Of(kEast), ElementsAre("c"));
  EXPECT_THAT(Of(kHome, {"apps/v1beta1", "Deployment"}), IsEmpty());
  EXPECT_THAT(Of(kHome, {"apps/v1", "StatefulSet"}), IsEmpty());
  EXPECT_THAT(Of(kHome, kDeployment, "other"), IsEmpty());
  // A record that is another binding's now.
  EXPECT_THAT(Put(kHome, "r1", "d"), ElementsAre(BindingId{"ReleaseBinding", "acme", "a"},
                                                 BindingId{"ReleaseBinding", "acme", "d"}));
  EXPECT_THAT(Of(kHome), ElementsAre("b", "d"));
  std::string problem;
  shelf_.Put(kHome, {"dp", "r2", ""}, {}, problem);
  EXPECT_THAT(Of(kHome), ElementsAre("d"));
  shelf_.Drop(kHome);
  EXPECT_THAT(Of(kHome), IsEmpty());
  EXPECT_THAT(Of(kEast), ElementsAre("c"));
  EXPECT_THAT(shelf_.Kinds(kHome), IsEmpty());
}

TEST_F(RecordShelfTest, HoldsAllRecordsOfABinding) {
  Put(kHome, "r1", "a");
  Put(kEast, "r1", "a");
  Put(kHome, "r2", "a");
  const BindingId a{"ReleaseBinding", "acme", "a"};
  ASSERT_EQ(shelf_.FindAll(a).size(), 3u);
  EXPECT_EQ(shelf_.FindAll(a)[0]->cluster, kEast);
  EXPECT_EQ(shelf_.Find(a)->cluster, kEast);
  EXPECT_THAT(shelf_.Keep(kHome, {{"dp", "r2", ""}}), ElementsAre(a));
  EXPECT_EQ(shelf_.FindAll(a).size(), 2u);
  EXPECT_THAT(shelf_.FindAll({"ReleaseBinding", "acme", "b"}), IsEmpty());
}

}  // namespace
}  // namespace openchoreo::mapper
