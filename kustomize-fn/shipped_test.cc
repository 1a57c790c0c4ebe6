#include "kustomize-fn/shipped.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "common/base/arena.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {
namespace {

// config/ holds what the program prints. OC_UPDATE_GOLDEN=1 rewrites it.
TEST(ShippedTest, FilesAreWhatTheTablesSay) {
  for (const auto& [name, text] :
       {std::pair("openchoreo-kustomizeconfig.yaml", KustomizeConfig(names::Dialect::kV1)),
        std::pair("openchoreo-kustomizeconfig-v0.12.yaml", KustomizeConfig(names::Dialect::kV012)),
        std::pair("openchoreo-openapi.json", OpenApi(names::Dialect::kV1)),
        std::pair("openchoreo-openapi-v0.12.json", OpenApi(names::Dialect::kV012))}) {
    const std::string path = std::string(OPENCHOREO_FUNCTION_CONFIG) + "/" + name;
    const char* update = std::getenv("OC_UPDATE_GOLDEN");
    if (update != nullptr && std::string(update) == "1") std::ofstream(path) << text;
    std::ifstream in(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text) << path;
  }
}

// A kustomization may name no file outside its folder: the example has copies, as its users do.
TEST(ShippedTest, TheExampleHasThem) {
  const std::string config = OPENCHOREO_FUNCTION_CONFIG;
  for (const std::string name : {"openchoreo-kustomizeconfig.yaml", "openchoreo-openapi.json"}) {
    std::ifstream shipped(config + "/" + name);
    std::ifstream copy(config + "/../../examples/kustomize/sources/" + name);
    const std::string text(std::istreambuf_iterator<char>(copy), {});
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(shipped), {}), text) << name;
  }
}

TEST(ShippedTest, ListsHaveTheirKeys) {
  base::Arena arena;
  auto root = value::ReadJson(OpenApi(names::Dialect::kV1), arena);
  ASSERT_TRUE(root) << root.error().message;
  const auto key = [&](std::string_view kind, std::initializer_list<std::string_view> path) {
    value::Value at = root->Get("definitions")
                          .Get("dev.openchoreo.v1alpha1." + std::string(kind))
                          .Get("properties", "spec");
    for (const std::string_view field : path) {
      const value::Value* property = at.Get("properties").Find(field);
      at = property != nullptr ? *property
                               : at.Get("additionalProperties").Get("properties").Get(field);
    }
    std::string keys(at.Get("x-kubernetes-patch-merge-key").string_or_empty());
    for (std::size_t i = 0; i < at.Get("x-kubernetes-list-map-keys").size(); ++i) {
      keys += i == 0 ? "" : " ";
      keys += at.Get("x-kubernetes-list-map-keys").as_list()[i].string_or_empty();
    }
    return keys;
  };
  EXPECT_EQ(key("Workload", {"container", "env"}), "key");
  EXPECT_EQ(key("Workload", {"containers", "files"}), "key");  // the older dialect
  EXPECT_EQ(key("ComponentRelease", {"workload", "container", "files"}), "key");
  EXPECT_EQ(key("ReleaseBinding", {"workloadOverrides", "container", "env"}), "key");
  EXPECT_EQ(key("Component", {"traits"}), "instanceName");
  EXPECT_EQ(key("ProjectType", {"resources"}), "id");
  EXPECT_EQ(key("Workload", {"connections", "inject", "env"}), "name");  // the older dialect
  EXPECT_EQ(key("Workload", {"dependencies", "endpoints"}), "component name project");
  EXPECT_EQ(key("ComponentType", {"allowedTraits"}), "name kind");
  EXPECT_EQ(key("ClusterComponentType", {"allowedWorkflows"}), "name kind");
  EXPECT_EQ(key("ComponentType", {"allowedWorkflows"}), "name kind");
  EXPECT_EQ(key("ComponentType", {"validations"}), "");
  root = value::ReadJson(OpenApi(names::Dialect::kV012), arena);
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(key("ComponentType", {"allowedTraits"}), "");  // texts
  EXPECT_EQ(key("ComponentType", {"traits"}), "instanceName");
  EXPECT_EQ(key("Workload", {"dependencies", "endpoints"}), "component name project");
}

TEST(ShippedTest, TheConfigurationReads) {
  base::Arena arena;
  for (const names::Dialect dialect : {names::Dialect::kV1, names::Dialect::kV012}) {
    const yaml::ReadResult read = yaml::Read(KustomizeConfig(dialect), arena);
    ASSERT_TRUE(read.errors.empty());
    const value::Value root = read.documents.front().root;
    for (const char* part : {"images", "nameReference", "namespace", "varReference"})
      EXPECT_GT(root.Get(part).size(), 0u) << part;
  }
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
