#include "common/render/resource_outputs.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::render {
namespace {

constexpr const char* kOutputs =
    R"([{"name":"host","value":"db"},{"name":"pass","secretKeyRef":{"name":"s","key":"k"}},)"
    R"({"name":"ca","configMapKeyRef":{"name":"c","key":"ca.crt"}},{"name":"none","value":""}])";

struct Case {
  const char* name;
  const char* dependency;
  const char* want;  // the item, or why it is pending
};

constexpr Case kCases[] = {
    {"environment variables by output name",
     R"({"ref":"db","envBindings":{"pass":"P","host":"H","none":"N"}})",
     R"({"envVars":[{"name":"H","value":"db"},{"name":"N"},{"name":"P","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}],)"
     R"("ref":"db","volumeMounts":[],"volumes":[]})"},
    {"files", R"({"ref":"db","fileBindings":{"ca":"/ca","pass":"/p"}})",
     R"({"envVars":[],"ref":"db","volumeMounts":[{"mountPath":"/ca","name":"r-9589616a","subPath":"ca.crt"},)"
     R"({"mountPath":"/p","name":"r-9b1eff20","subPath":"k"}],"volumes":[{"configMap":{"name":"c"},"name":"r-9589616a"},)"
     R"({"name":"r-9b1eff20","secret":{"secretName":"s"}}]})"},
    {"missing output", R"({"ref":"db","envBindings":{"nope":"P"}})",
     "output not resolved on resource release binding: nope"},
    {"a value is no file", R"({"ref":"db","fileBindings":{"host":"/h"}})",
     "output kind cannot be mounted as file: host"},
};

TEST(BuildResourceDependency, FollowsTheController) {
  for (const Case& test : kCases) {
    base::Arena arena;
    const auto outputs = value::ReadJson(kOutputs, arena),
               dependency = value::ReadJson(test.dependency, arena);
    ASSERT_TRUE(outputs && dependency) << test.name;
    std::string pending;
    const auto item =
        BuildResourceDependency(*dependency, ToOutputs(*outputs, arena.budget()), arena, pending);
    EXPECT_EQ(item ? value::ToJson(*item) : pending, test.want) << test.name;
  }
}

}  // namespace
}  // namespace openchoreo::render
