#include "argocd-cmp/repository_root.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace openchoreo::argocd {
namespace {

namespace fs = std::filesystem;

struct Case {
  const char* name;
  const char* folder;  // below the unpacked repository, "" = itself
  const char* path;    // ARGOCD_APP_SOURCE_PATH
  bool certain;
};

TEST(RepositoryRootTest, NeverLiesAboveTheUnpackedRepository) {
  const fs::path base =
      fs::canonical(fs::temp_directory_path()) / ("root-test-" + std::to_string(::getpid()));
  const fs::path repository = base / "_cmp_server/request-a";
  fs::create_directories(repository / "projects/shop/projects");
  fs::create_directories(base / "_cmp_server/request-b");
  fs::create_directory_symlink("projects", repository / "link");
  const Case cases[] = {
      {"the root", "", ".", true},
      {"the root, not named", "", "", true},
      {"a folder", "projects", "projects", true},
      {"nested", "projects/shop/projects", "projects/shop/projects", true},
      {"trailing slashes", "projects", "projects//", true},
      {"a leading slash", "projects", "/projects", true},
      {"dots", "projects", "./projects/.", true},
      {"up and down again", "projects", "projects/../projects", true},
      {"up and down, deep", "projects/shop", "projects/shop/../../projects/shop", true},
      {"up to the root", "", "projects/..", true},
      {"above", "projects", "../projects", false},
      {"above, hidden", "projects", "projects/../../request-a/projects", false},
      {"absolute elsewhere", "projects", "/etc", false},
      {"another folder's path", "projects", "projects/shop", false},
      {"a part of the repository was sent", "projects", "team/projects", false},
      {"as deep as the disk", "projects", "a/b/c/d/e/f/g/h/i/j/projects", false},
      {"a link", "link", "link", false},
      {"a control character", "projects", "projects\n", false},
  };
  for (const Case& test : cases) {
    auto root = RepositoryRoot((repository / test.folder).string(),
                               {{"ARGOCD_APP_NAME", "app"}, {"ARGOCD_APP_SOURCE_PATH", test.path}});
    ASSERT_EQ(root.has_value(), test.certain) << test.name;
    if (test.certain) {
      EXPECT_EQ(*root, repository.string()) << test.name;
    } else {
      EXPECT_EQ(root.error().code, base::ErrorCode::kUsage) << test.name;
    }
  }
  EXPECT_FALSE(RepositoryRoot(repository, {{"ARGOCD_APP_NAME", "app"}}))
      << "no path in the request";
  EXPECT_FALSE(RepositoryRoot("/", {{"ARGOCD_APP_SOURCE_PATH", "."}}));
  // By hand.
  EXPECT_EQ(*RepositoryRoot(repository / "projects", {}), (repository / "projects").string());
  fs::create_directories(repository / ".git");
  EXPECT_EQ(*RepositoryRoot(repository / "projects/shop", {}), repository.string());
  // A .git somewhere above a request says nothing about the request.
  fs::create_directories(base / ".git");
  EXPECT_EQ(*RepositoryRoot(repository / "projects", {{"ARGOCD_APP_SOURCE_PATH", "projects"}}),
            repository.string());
  fs::remove_all(base);
}

}  // namespace
}  // namespace openchoreo::argocd
