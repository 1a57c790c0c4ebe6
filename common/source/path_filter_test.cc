#include "common/source/path_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/source/ignore_rules.h"

namespace openchoreo::source {
namespace {

using testing::ElementsAre;

TEST(GlobMatches, Table) {
  struct Case {
    const char* glob;
    const char* path;
    bool want;
  };

  const Case cases[] = {
      {"*.yaml", "a.yaml", true},
      {"*.yaml", "d/a.yaml", false},
      {"d/*", "d/a", true},
      {"d/*", "d/a/b", false},
      {"**/a", "a", true},
      {"**/a", "x/y/a", true},
      {"a/**", "a", false},
      {"a/**", "a/b/c", true},
      {"a/**/z", "a/z", true},
      {"a/**/z", "a/b/c/z", true},
      {"a/**/z", "a/b/c", false},
      {"[a-c]?", "bx", true},
      {"[!a-c]?", "bx", false},
      {"[!a-c]?", "dx", true},
      {"\\*", "*", true},
      {"\\*", "x", false},
      {"[", "[", false},  // no glob
      {"a]", "a]", true},
      {"a*b*c", "axxbyyc", true},
      {"a*b*c", "axxbyy", false},
      {"", "", true},
      {"*", "", true},
      {"[]]", "]", false},  // no glob: Go wants "[\\]]"
      {"[\\]]", "]", true},
      {"[^a-c]?", "dx", true},
      {"?.yaml", "\u00e9.yaml", true},
      {"[\u00e0-\u00f0]", "\u00e9", true},
      {"**", "a/b", true},
      {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaa", false},
  };
  for (const Case& c : cases)
    EXPECT_EQ(GlobMatches(c.glob, c.path), c.want) << c.glob << " ~ " << c.path;
}

TEST(IgnoreRules, AsFlux) {
  IgnoreRules rules;
  rules.AddFile(
      "", "# note\n\n/*\n!/deploy\n*.tmp.yaml\r\nbuild/\n!build/kept.yaml\n\\#odd\ntrailing   \n");
  rules.AddFile("deploy/eu", "/only-here.yaml\n!kept.tmp.yaml\n");
  const std::pair<const char*, bool> cases[] = {
      {"a.yaml", true},
      {"deploy/a.yaml", false},
      {"deploy/x/a.yaml", false},
      {"deploy/x/a.tmp.yaml", true},
      {"deploy/eu/kept.tmp.yaml", false},
      {"deploy/eu/x/kept.tmp.yaml", false},
      {"deploy/kept.tmp.yaml", true},
      {"deploy/eu/only-here.yaml", true},
      {"deploy/eu/x/only-here.yaml", false},
      {"deploy/only-here.yaml", false},
      {"deploy/build/a.yaml", true},
      {"deploy/build/kept.yaml", true},  // "build/kept.yaml" is that of the root
      {"build/kept.yaml", false},
      {"deploy/build", false},  // "build/" names folders
      {"deploy/#odd", true},
      {"deploy/trailing", true},
      {"elsewhere/deploy/a.yaml", true},
  };
  for (auto [path, want] : cases) EXPECT_EQ(rules.Ignores(path), want) << path;
}

// What one folder is taken back by: git would leave out "clusters" itself, and never look into it.
TEST(IgnoreRules, TakesBackFilesOfWhatIsLeftOut) {
  IgnoreRules rules;
  rules.AddFile("", "**/*\n!/clusters/**\n");
  EXPECT_TRUE(rules.Ignores("apps/a.yaml"));
  EXPECT_FALSE(rules.Ignores("clusters/eu/a.yaml"));
}

std::vector<std::string> Select(const std::map<std::string, std::string>& files,
                                std::vector<std::string> exclude = {},
                                std::vector<LeftOut>* left_out = nullptr) {
  std::vector<std::string> paths;
  for (const auto& [path, text] : files) paths.push_back(path);
  std::vector<LeftOut> unused;
  auto selected = SelectFiles(
      paths,
      [&](std::string_view path) -> base::Result<FileContent> {
        return std::make_shared<const std::string>(files.at(std::string(path)));
      },
      {std::move(exclude)}, left_out ? *left_out : unused);
  EXPECT_TRUE(selected);
  return *selected;
}

TEST(SelectFiles, FollowsTheDesign) {
  EXPECT_THAT(
      Select({{"b.yaml", ""},
              {"a.yml", ""},
              {"c/d.json", ""},
              {"c/readme.md", ""},
              {".github/workflow.yaml", ""},
              {"c/.hidden/x.yaml", ""},
              {".dotfile.yaml", ""},
              {"charts/web/Chart.yaml", ""},
              {"charts/web/values.yaml", ""},
              {"charts/web/templates/deep/a.yaml", ""},
              {"charts/templates/a.yaml", ""},
              {".sourceignore", "/ignored.yaml\n"},
              {"ignored.yaml", ""},
              {"c/ignored.yaml", ""}}),
      ElementsAre(".dotfile.yaml", "a.yml", "b.yaml", "c/d.json", "c/ignored.yaml",
                  "charts/templates/a.yaml", "charts/web/Chart.yaml", "charts/web/values.yaml"));
}

TEST(SelectFiles, Excludes) {
  EXPECT_THAT(Select({{"a.yaml", ""},
                      {"vendor/x.yaml", ""},
                      {"d/vendor/y.yaml", ""},
                      {"d/b.gen.yaml", ""},
                      {"e/f.yaml", ""}},
                     {"vendor", "*.gen.yaml", "e/*"}),
              ElementsAre("a.yaml"));
}

TEST(MayMatter, Table) {
  for (const char* yes :
       {"a.yaml", "x/.sourceignore", "x/Chart.yaml", ".sourceignore", "a/b.json"}) {
    EXPECT_TRUE(MayMatter(yes)) << yes;
  }
  for (const char* no : {"a.txt", ".git/config.yaml", "a/.b/c.yaml", "yaml", ""})
    EXPECT_FALSE(MayMatter(no)) << no;
}

TEST(SelectFiles, TellsWhatItLeavesOut) {
  std::vector<LeftOut> left_out;
  Select({{".sourceignore", "gen/\n"},
          {".github/workflows/ci.yaml", ""},
          {".github/x.yaml", ""},
          {"Chart.yaml", ""},
          {"README.md", ""},
          {"a.yaml", ""},
          {"gen/a.yaml", ""},
          {"old/b.yaml", ""},
          {"staging.YAML", ""},
          {"templates/b.yaml", ""},
          {"templates/c.yaml", ""},
          {"typo.ymal", ""},
          {"windows.yaml.txt", ""},
          {"blank.yaml ", ""},
          {"notes.txt", ""}},
         {"old/", "templates/c.yaml"}, &left_out);
  EXPECT_THAT(left_out, ElementsAre(LeftOut{".github", LeftOutReason::kHiddenFolder},
                                    LeftOut{"blank.yaml ", LeftOutReason::kFileEnding},
                                    LeftOut{"gen/a.yaml", LeftOutReason::kIgnored},
                                    LeftOut{"old/b.yaml", LeftOutReason::kExcluded},
                                    LeftOut{"staging.YAML", LeftOutReason::kFileEnding},
                                    LeftOut{"templates/b.yaml", LeftOutReason::kChartTemplate},
                                    LeftOut{"templates/c.yaml", LeftOutReason::kExcluded},
                                    LeftOut{"typo.ymal", LeftOutReason::kFileEnding},
                                    LeftOut{"windows.yaml.txt", LeftOutReason::kFileEnding}));
}

}  // namespace
}  // namespace openchoreo::source
