#include "common/resource/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/resource/dialect.h"
#include "common/resource/file_cache.h"
#include "common/resource/memory_tree_for_tests.h"
#include "common/value/json_writer.h"

namespace openchoreo::resource {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<Repository> LoadText(const std::string& text, LoadOptions options = {}) {
  static std::vector<std::unique_ptr<MemoryTree>> trees;
  trees.push_back(std::make_unique<MemoryTree>(
      std::map<std::string, std::string, std::less<>>{{"all.yaml", text}}));
  FileTree* tree = trees.back().get();
  return Load(std::span(&tree, 1), options);
}

std::vector<std::string> Messages(const Repository& repository) {
  std::vector<std::string> messages;
  for (const base::Diagnostic& diagnostic : repository.diagnostics()) {
    messages.push_back(diagnostic.message);
  }
  return messages;
}

constexpr char kBinding[] = R"(
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: api-dev, namespace: acme}
spec:
  owner: {projectName: shop, componentName: api}
  environment: dev
  releaseName: api-v1
)";

TEST(Repository, FindsADefaultedObject) {
  const auto repository = LoadText(kBinding);
  EXPECT_THAT(Messages(*repository), IsEmpty());
  const Object* binding = repository->Find(Kind::kReleaseBinding, "acme", "api-dev");
  ASSERT_TRUE(binding);
  EXPECT_EQ(value::ToJson(binding->spec()),
            R"({"environment":"dev","owner":{"componentName":"api","projectName":"shop"},)"
            R"("releaseName":"api-v1","state":"Active"})");
  EXPECT_EQ(Describe(*binding), "ReleaseBinding acme/api-dev");
  EXPECT_EQ(repository->All(Kind::kReleaseBinding).size(), 1u);
  EXPECT_EQ(repository->Find(Kind::kReleaseBinding, "other", "api-dev"), nullptr);
}

TEST(Repository, RefusedObjectsAreNotFoundButKept) {
  const auto repository = LoadText(std::string(kBinding) + "  state: Paused\n");
  EXPECT_EQ(repository->Find(Kind::kReleaseBinding, "acme", "api-dev"), nullptr);
  EXPECT_THAT(repository->All(Kind::kReleaseBinding), IsEmpty());
  ASSERT_EQ(repository->Refused(Kind::kReleaseBinding).size(), 1u);
  const Object* refused = repository->FindRefused(Kind::kReleaseBinding, "acme", "api-dev");
  ASSERT_TRUE(refused);
  EXPECT_EQ(
      refused->invalid,
      "spec.state: Unsupported value: \"Paused\": supported values: \"Active\", \"Undeploy\"; "
      "<nil>: Invalid value: null: some validation rules were not checked because the object "
      "was invalid; correct the existing errors to complete validation");
  EXPECT_THAT(Messages(*repository), ElementsAre(HasSubstr("ReleaseBinding \"api-dev\" is invalid: "
                                                           "spec.state: Unsupported value")));
}

}  // namespace
}  // namespace openchoreo::resource
