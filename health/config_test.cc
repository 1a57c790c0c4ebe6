#include "health/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace openchoreo::mapper {
namespace {

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() : folder_(testing::TempDir() + "mapper-config") {
    std::filesystem::create_directories(folder_);
  }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  const std::string folder_;
};

TEST_F(ConfigTest, TriesRulesOnObjects) {
  const std::string config = File("config.yaml",
                                  "healthCheckExprs:\n"
                                  "- apiVersion: db.example.com/v1\n"
                                  "  kind: Cluster\n"
                                  "  current: status.phase == 'Ready'\n");
  const std::string objects =
      File("objects.yaml",
           "apiVersion: db.example.com/v1\nkind: Cluster\nmetadata: {name: a}\nstatus: {phase: "
           "Ready}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n");
  std::ostringstream out, err;
  EXPECT_EQ(RunCheck(config, objects, out, err), 0);
  EXPECT_EQ(out.str(),
            "Cluster a: Healthy: its own rule says current\n"
            "ConfigMap b: Healthy: it is there and has no status\n");
}

TEST_F(ConfigTest, IsCheckedWhenRead) {
  struct Case {
    const char* text;
    const char* message;
  };

  for (const Case& c :
       {Case{"- a\n", ": want one document, a map"}, Case{"other: 1\n", ": unknown key other"},
        Case{"healthCheckExprs: [{kind: X}]\n",
             ": healthCheckExprs[0]: apiVersion and kind must be given"}}) {
    const std::string path = File("bad.yaml", c.text);
    const auto rules = ReadConfig(path);
    ASSERT_FALSE(rules);
    EXPECT_EQ(rules.error().message, path + c.message);
  }
  EXPECT_FALSE(ReadConfig(folder_ + "/none.yaml"));
}

}  // namespace
}  // namespace openchoreo::mapper
