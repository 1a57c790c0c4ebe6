// Whole runs of the function: test/<case>/input.{yaml,json} in that folder gives expected.{out,err}
// and the exit status in expected.status. OC_UPDATE_GOLDEN=1 rewrites them.
#include "kustomize-fn/function.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "kustomize-fn/guard.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void Compare(const fs::path& path, const std::string& actual) {
  const char* update = std::getenv("OC_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1")
    std::ofstream(path, std::ios::binary) << actual;
  EXPECT_EQ(actual, ReadFile(path)) << path;
}

fs::path InputOf(const fs::path& folder) {
  const fs::path yaml = folder / "input.yaml";
  return fs::exists(yaml) ? yaml : folder / "input.json";
}

class FunctionTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FunctionTest, GivesWhatIsExpected) {
  const fs::path folder = fs::path(OPENCHOREO_FUNCTION_CASES) / GetParam();
  const Outcome outcome = RunFunction(ReadFile(InputOf(folder)), folder.string());
  Compare(folder / "expected.out", outcome.output);
  Compare(folder / "expected.err", outcome.messages);
  Compare(folder / "expected.status", std::to_string(outcome.exit_code) + "\n");
}

// A second run on the first one's output changes nothing, or says that the inputs are gone.
TEST_P(FunctionTest, IsIdempotent) {
  const fs::path folder = fs::path(OPENCHOREO_FUNCTION_CASES) / GetParam();
  const std::string input = ReadFile(InputOf(folder));
  const Outcome first = RunFunction(input, folder.string());
  const std::size_t config = input.find("\nfunctionConfig:");
  if (first.exit_code != kExitOk || config == std::string::npos) return;
  if (first.output.find(kGuardApiVersion) != std::string::npos) return;  // made anew each time
  const std::string items = first.output.substr(0, first.output.find("\nresults:"));
  const Outcome second = RunFunction(items + input.substr(config), folder.string());
  if (second.exit_code != kExitOk) {
    EXPECT_NE(second.messages.find("error[empty-result]"), std::string::npos) << second.messages;
  }
  EXPECT_EQ(second.output.substr(0, items.size()), items);
}

// A legacy plugin gets the same items as a stream and gives a stream: the same objects.
TEST(PluginTest, GivesWhatTheFunctionGives) {
  const fs::path folder =
      fs::path(OPENCHOREO_FUNCTION_CASES) / "renders-bindings-and-passes-the-rest-on";
  const std::string input = ReadFile(folder / "input.yaml");
  base::Arena arena;
  const auto list = ReadResourceList(input, arena);
  ASSERT_TRUE(list);
  std::string stream;
  for (const Item& item : list->items) stream += "---\n" + DocumentOf(item);
  const std::string config = value::ToJson(list->function_config);
  const Outcome plugin = RunFunction(stream, folder.string(), config);
  EXPECT_EQ(plugin.exit_code, kExitOk) << plugin.messages;

  const Outcome function = RunFunction(input, folder.string());
  const auto want = ReadResourceList(function.output, arena);
  ASSERT_TRUE(want);
  auto got = ReadStream(plugin.output, config, arena);
  ASSERT_TRUE(got);
  // A plugin is always kustomize's, so it guards what it has rendered.
  EXPECT_EQ(std::erase_if(got->items,
                          [](const Item& item) { return item.api_version == kGuardApiVersion; }),
            5u);
  ASSERT_EQ(got->items.size(), want->items.size());
  for (std::size_t i = 0; i < want->items.size(); ++i) {
    EXPECT_TRUE(
        value::JsonEquals(*ReadItem(got->items[i], arena), *ReadItem(want->items[i], arena)))
        << Describe(want->items[i]);
  }
  EXPECT_TRUE(plugin.output.starts_with("---\n" + DocumentOf(list->items[0])));
}

TEST(PluginTest, WithoutItemsItIsAGenerator) {
  const fs::path folder = fs::path(OPENCHOREO_FUNCTION_CASES) / "a-generator-reads-files";
  const Outcome outcome =
      RunFunction("", folder.string(),
                  "apiVersion: gitops.openchoreo.dev/v1alpha1\nkind: OpenChoreoRender\n"
                  "metadata: {name: a}\nspec: {root: tree}\n");
  EXPECT_EQ(outcome.exit_code, kExitOk) << outcome.messages;
  EXPECT_NE(outcome.output.find("kind: Deployment"), std::string::npos);
}

TEST(LargeInputTest, FiftyMegabytesPassThrough) {
  std::string input = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";
  const std::string filler(2000, 'x');
  for (int i = 0; input.size() < 50'000'000; ++i) {
    input += "- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c" + std::to_string(i) +
             "\n  data:\n    a:   'b'  # kept\n    filler: " + filler + "\n";
  }
  const Outcome outcome = RunFunction(input, OPENCHOREO_FUNCTION_CASES);
  EXPECT_EQ(outcome.exit_code, kExitOk);
  EXPECT_TRUE(outcome.output.starts_with(input));
}

std::vector<std::string> Cases() {
  std::vector<std::string> cases;
  for (const fs::directory_entry& entry : fs::directory_iterator(OPENCHOREO_FUNCTION_CASES)) {
    cases.push_back(entry.path().filename().string());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, FunctionTest, ::testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace openchoreo::kustomize_fn
