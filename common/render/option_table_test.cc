#include "common/render/option_table.h"

#include <gmock/gmock.h>

#include <set>

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Another value than the default's for each option.
std::vector<std::string> OtherValue(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::kList:
    case OptionType::kText:
      return {"other"};
    case OptionType::kBool:
      return {spec.fallback == "true" ? "false" : "true"};
    case OptionType::kChoice:
    case OptionType::kChoices:
      break;
  }
  return {std::string(spec.choices.back())};
}

TEST(OptionTableTest, EveryOptionChangesTheFingerprint) {
  std::set<std::string> seen;
  std::string fingerprint;
  AppendFingerprint(fingerprint, Options());
  seen.insert(fingerprint);
  for (const OptionSpec& spec : OptionTable()) {
    Options options;
    ASSERT_TRUE(SetOption(options, spec.name, OtherValue(spec))) << spec.name;
    fingerprint.clear();
    AppendFingerprint(fingerprint, options);
    EXPECT_EQ(seen.insert(fingerprint).second, spec.changes_result) << spec.name;
  }
}

TEST(OptionTableTest, TheDefaultsAreThoseOfOptions) {
  for (const OptionSpec& spec : OptionTable()) {
    if (spec.name == "namespaces" || spec.fallback.empty()) continue;  // said or not is told apart
    Options options;
    const std::vector<std::string> fallback = {std::string(spec.fallback)};
    ASSERT_TRUE(SetOption(options, spec.name, fallback)) << spec.name;
    std::string with, without;
    AppendFingerprint(with, options);
    AppendFingerprint(without, Options());
    EXPECT_EQ(with, without) << spec.name;
  }
}

TEST(OptionTableTest, OnlyWhatChangesABindingsBytesIsInItsFingerprint) {
  for (const OptionSpec& spec : OptionTable()) {
    Options options;
    ASSERT_TRUE(SetOption(options, spec.name, OtherValue(spec)));
    std::string with, without;
    AppendBindingFingerprint(with, options);
    AppendBindingFingerprint(without, Options());
    const bool changes = spec.name == "plane" || spec.name == "tracking" || spec.name == "record" ||
                         spec.name == "format" || spec.name == "origins";
    EXPECT_EQ(with != without, changes) << spec.name;
  }
}

TEST(OptionTableTest, ListsCannotBeMistakenForEachOther) {
  Options one, two;
  one.environments = {"a", "b"};
  two.environments = {"a"};
  two.projects = {"b"};
  std::string first, second;
  AppendFingerprint(first, one);
  AppendFingerprint(second, two);
  EXPECT_NE(first, second);
}

TEST(OptionTableTest, IncludeTakesSeveral) {
  Options options;
  const std::vector<std::string> values = {"bindings", "rendered"};
  ASSERT_TRUE(SetOption(options, "include", values));
  EXPECT_EQ(options.include, (Include{true, true, false}));
  const std::vector<std::string> all = {"all"};
  ASSERT_TRUE(SetOption(options, "include", all));
  EXPECT_EQ(options.include, Include::kAll);
}

TEST(OptionTableTest, SaysWhatItTakes) {
  struct Case {
    const char* name;
    std::vector<std::string> values;
    const char* want;
  };

  const Case cases[] = {
      {"plane", {"both"}, "plane must be one of data, observability, all"},
      {"include", {"rendered", "x"}, "include must be one or more of rendered, bindings"},
      {"strict", {"yes"}, "strict must be true or false"},
      {"namespace", {"a", "b"}, "namespace must be a name"},
      {"colour", {"red"}, "there is no option colour"},
  };
  for (const Case& test : cases) {
    Options options;
    const auto set = SetOption(options, test.name, test.values);
    ASSERT_FALSE(set) << test.name;
    EXPECT_EQ(set.error().code, base::ErrorCode::kUsage);
    EXPECT_THAT(set.error().message, HasSubstr(test.want));
  }
}

TEST(OptionTableTest, AnEmptyTextLeavesTheDefault) {
  Options options;
  const std::vector<std::string> empty = {""}, names = {"a", "b"};
  ASSERT_TRUE(SetOption(options, "namespace", empty));
  EXPECT_EQ(options.default_namespace, "default");
  ASSERT_TRUE(SetOption(options, "projects", names));
  EXPECT_THAT(options.projects, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace openchoreo::render
