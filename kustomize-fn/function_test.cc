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

// A second run on the first one's output changes nothing.
TEST_P(FunctionTest, IsIdempotent) {
  const fs::path folder = fs::path(OPENCHOREO_FUNCTION_CASES) / GetParam();
  const std::string input = ReadFile(InputOf(folder));
  const Outcome first = RunFunction(input, folder.string());
  const std::size_t config = input.find("\nfunctionConfig:");
  if (first.exit_code != kExitOk || config == std::string::npos) return;
  const std::string items = first.output.substr(0, first.output.find("\nresults:"));
  const Outcome second = RunFunction(items + input.substr(config), folder.string());
  EXPECT_EQ(second.exit_code, kExitOk) << second.messages;
  EXPECT_EQ(second.output.substr(0, items.size()), items);
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
