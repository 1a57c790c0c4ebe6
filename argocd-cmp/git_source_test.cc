#include "argocd-cmp/git_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "common/platform/process/child_process.h"

namespace openchoreo::argocd {
namespace {

using testing::HasSubstr;

const std::string kCommit(40, 'a');

TEST(ParseGitSource, Accepts) {
  struct Case {
    std::string text, url, folder, host;
  };

  const Case cases[] = {
      {"https://host/acme/platform?ref=", "https://host/acme/platform", "", "https://host"},
      {"https://host:8443/acme/platform.git//a/b?ref=", "https://host:8443/acme/platform.git",
       "a/b", "https://host:8443"},
      {"ssh://git@host/acme/p.git//x?ref=", "ssh://git@host/acme/p.git", "x", "ssh://host"},
      {"git@host:acme/p.git//x/?ref=", "git@host:acme/p.git", "x", "ssh://host"},
      {"file:///srv/p.git?ref=", "file:///srv/p.git", "", "file://"},
  };
  for (const Case& c : cases) {
    auto source = ParseGitSource(c.text + kCommit);
    ASSERT_TRUE(source) << c.text << source.error().message;
    EXPECT_EQ(source->url, c.url);
    EXPECT_EQ(source->folder, c.folder);
    EXPECT_EQ(source->commit, kCommit);
    EXPECT_EQ(HostOf(source->url), c.host);
  }
}

TEST(ParseGitSource, Refuses) {
  const std::pair<std::string, const char*> cases[] = {
      {"https://host/p", "is not pinned"},
      {"https://host/p?ref=main", "not pinned by a commit"},
      {"https://host/p?ref=" + kCommit.substr(1), "not pinned by a commit"},
      {"https://user:secret@host/p?ref=" + kCommit, "holds a password"},
      {"https://host/p//../x?ref=" + kCommit, "folder outside"},
      {"https://host/a/../p?ref=" + kCommit, "holds \"..\""},
      {"ext::sh -c x?ref=" + kCommit, "blank"},
      {"ext::sh?ref=" + kCommit, "is not a Git URL"},
      {"ftp://host/p?ref=" + kCommit, "scheme other than"},
      {"--upload-pack=x?ref=" + kCommit, "is not a Git URL"},
      {"ssh://-oProxyCommand=x/p?ref=" + kCommit, "is not a Git URL"},
      {"-x@host:p?ref=" + kCommit, "is not a Git URL"},
      {"https://host?ref=" + kCommit, "is not a Git URL"},
  };
  for (const auto& [text, want] : cases) {
    auto source = ParseGitSource(text);
    ASSERT_FALSE(source) << text;
    EXPECT_THAT(source.error().message, HasSubstr(want));
  }
}

TEST(ParseGitSource, NeverQuotesWhatMayBeASecret) {
  const std::string long_path(300, 'x');
  for (const std::string& text : std::vector<std::string>{
           "https://bot:hunter2@git.example.com/platform.git?ref=" + kCommit,
           "https://hunter2@git.example.com/platform.git?ref=main",
           "https://bot:hunter2@git.example.com/" + long_path + "?ref=" + kCommit,
           "https://bot:hunter2" + long_path + "@git.example.com/p?ref=" + kCommit}) {
    auto source = ParseGitSource(text);
    ASSERT_FALSE(source) << text;
    EXPECT_THAT(source.error().message, testing::Not(HasSubstr("hunter2")));
    EXPECT_THAT(source.error().message, HasSubstr("https://***@git.example.com/"));
  }
}

class Repository : public testing::Test {
 protected:
  void SetUp() override {
    if (process::FindProgram("git").empty()) GTEST_SKIP() << "git is not installed";
    char name[] = "/tmp/git-source-XXXXXX";
    root_ = mkdtemp(name);
    std::filesystem::create_directories(root_ + "/repo/app");
    Write("app/a.yaml", "a: 1\n");
    Write("app/note.txt", "no");
    Write("b.yaml", "b: $Format:%H$\n");
    Write(".gitattributes", "b.yaml export-ignore export-subst\n");
    Git({"init", "--quiet", "-b", "main"});
    Git({"add", "."});
    Git({"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "x"});
    commit_ = Git({"rev-parse", "HEAD"}).substr(0, 40);
  }

  void TearDown() override {
    std::error_code ignored;
    if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
  }

  void Write(const std::string& path, const std::string& text) {
    std::ofstream(root_ + "/repo/" + path) << text;
  }

  std::string Git(std::vector<std::string> arguments) {
    process::Command command;
    command.arguments = {"git"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = {"PATH=/usr/bin:/bin", "HOME=" + root_};
    command.folder = root_ + "/repo";
    auto result = process::RunCommand(command);
    EXPECT_TRUE(result && result->exit_code == 0);
    return result ? result->output : "";
  }

  GitOptions Options() { return {{"file:///tmp/**"}, root_ + "/work", 1u << 20, {}}; }

  std::string Url() const { return "file://" + root_ + "/repo"; }

  std::string root_, commit_;
};

TEST_F(Repository, IsAllowedByUrlAndProject) {
  auto source = ParseGitSource(Url() + "?ref=" + commit_);
  ASSERT_TRUE(source) << source.error().message;

  struct Case {
    std::string allowed, project;
    bool want;
  };

  const std::string folder = root_.substr(0, root_.rfind('/'));
  const std::vector<Case> cases = {
      {"file:///tmp/**", "", true},
      {"file:///tmp/**", "shop", true},
      {"file:///srv/**", "shop", false},
      {"shop=file:///tmp/**", "shop", true},
      {"shop=file:///tmp/**", "payments", false},
      {"shop=file:///tmp/**", "", false},
      {"team-*=file:///tmp/**", "team-a", true},
      {"team-*=file:///tmp/**", "shop", false},
      {"file://" + folder + "/{project}*/repo", "git", true},
      {"file://" + folder + "/{project}*/repo", "shop", false},
      {"file://" + folder + "/{project}/repo", "*", false},
      {"file://" + folder + "/{project}**", "", false},
  };
  for (const Case& c : cases) {
    source::ContentStore contents;
    GitOptions options = Options();
    options.allowed = {c.allowed};
    GitSources git(options, &contents);
    auto files = git.Fetch(*source, {{"ARGOCD_APP_PROJECT_NAME", c.project}}, base::Cancel());
    EXPECT_EQ(files.has_value(), c.want) << c.allowed << " for " << c.project;
    if (!files) {
      EXPECT_THAT(files.error().message, HasSubstr("does not allow"));
    }
  }
}

TEST_F(Repository, FetchesTheCommitWhateverItsAttributesSay) {
  source::ContentStore contents;
  GitSources git(Options(), &contents);
  auto source = ParseGitSource(Url() + "?ref=" + commit_);
  ASSERT_TRUE(source) << source.error().message;
  auto files = git.Fetch(*source, {}, base::Cancel());
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ((*files)->size(), 2u);
  EXPECT_EQ((**files)[0].path, "app/a.yaml");
  EXPECT_EQ(*(**files)[1].content, "b: $Format:%H$\n");
  auto again = git.Fetch(*source, {}, base::Cancel());
  EXPECT_EQ(*again, *files);
  // Another project's credentials might not open it: it is fetched anew.
  auto other = git.Fetch(*source, {{"ARGOCD_APP_PROJECT_NAME", "other"}}, base::Cancel());
  EXPECT_NE(*other, *files);
  EXPECT_TRUE(std::filesystem::is_empty(root_ + "/work"));
}

TEST_F(Repository, FolderAndFailures) {
  source::ContentStore contents;
  GitSources git(Options(), &contents);
  auto folder = git.Fetch(*ParseGitSource(Url() + "//app?ref=" + commit_), {}, base::Cancel());
  ASSERT_TRUE(folder) << folder.error().message;
  ASSERT_EQ((*folder)->size(), 1u);
  EXPECT_EQ((**folder)[0].path, "a.yaml");
  auto missing = git.Fetch(*ParseGitSource(Url() + "?ref=" + kCommit), {}, base::Cancel());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("cannot fetch " + Url()));
  EXPECT_THAT(missing.error().message, HasSubstr("none of its branches holds this commit"));
  EXPECT_EQ(missing.error().hint, "");
  // Not what git says at the end of every failure.
  auto nowhere =
      git.Fetch(*ParseGitSource(Url() + "/nope?ref=" + kCommit),
                {{"ARGOCD_APP_SOURCE_REPO_URL", "https://elsewhere/acme/app.git"}}, base::Cancel());
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message,
              testing::EndsWith("nope' does not appear to be a git repository"));
  EXPECT_THAT(nowhere.error().hint, testing::EndsWith("on https://elsewhere"));
  const base::Cancel given_up;
  given_up.Set();
  auto cancelled = git.Fetch(*ParseGitSource(Url() + "?ref=" + std::string(40, 'b')), {}, given_up);
  ASSERT_FALSE(cancelled);
}

// A git that says it has begun and then never ends.
TEST_F(Repository, ACallThatWaitsForAnothersFetchHearsThatItWasGivenUp) {
  const std::string begun = root_ + "/begun", program = root_ + "/bin/git";
  std::filesystem::create_directories(root_ + "/bin");
  std::ofstream(program) << "#!/bin/sh\n: > " << begun << "\nexec sleep 600\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (root_ + "/bin:" + path).c_str(), 1);
  source::ContentStore contents;
  GitSources git(Options(), &contents);
  const auto source = *ParseGitSource(Url() + "?ref=" + commit_);
  const base::Cancel end, given_up;
  given_up.Set();
  std::thread first([&] { EXPECT_FALSE(git.Fetch(source, {}, end)); });
  while (!std::filesystem::exists(begun)) std::this_thread::yield();
  const auto waiting = git.Fetch(source, {}, given_up);
  end.Set();
  first.join();
  setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(waiting);
  EXPECT_EQ(waiting.error().code, base::ErrorCode::kCancelled);
  EXPECT_THAT(waiting.error().message, HasSubstr("waiting for the fetch of"));
}

TEST_F(Repository, OnlyWhatTheOperatorAllows) {
  source::ContentStore contents;
  GitSources off({{}, root_ + "/work", 0, {}}, &contents);
  auto refused = off.Fetch(*ParseGitSource(Url() + "?ref=" + commit_), {}, base::Cancel());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().hint, HasSubstr("--allow-source"));
  GitSources other({{"https://host/**"}, root_ + "/work", 0, {}}, &contents);
  EXPECT_FALSE(other.Fetch(*ParseGitSource(Url() + "?ref=" + commit_), {}, base::Cancel()));
}

}  // namespace
}  // namespace openchoreo::argocd
