#include "flux-source/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/arena.h"
#include "common/render/option_table.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"
#include "flux-source/crd.h"

namespace openchoreo::flux {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

tl::expected<Spec, Refusal> Read(const std::string& spec, bool cross_namespace = true) {
  static base::Arena arena;
  auto object = value::ReadJson(
      R"({"metadata": {"name": "app", "namespace": "ns"}, "spec": )" + spec + "}", arena);
  EXPECT_TRUE(object) << spec;
  return ReadSpec(*object, cross_namespace);
}

constexpr const char* kRepo =
    R"("sources": [{"alias": "repo", "kind": "GitRepository", "name": "r"}])";

TEST(ReadSpec, Defaults) {
  auto spec = Read(std::string("{") + kRepo + "}");
  ASSERT_TRUE(spec) << spec.error().message;
  ASSERT_EQ(spec->sources.size(), 1u);
  EXPECT_EQ(spec->sources[0].ns, "ns");
  EXPECT_EQ(spec->sources[0].path, "");
  EXPECT_EQ(spec->interval, milliseconds(3'600'000));
  EXPECT_EQ(spec->timeout, milliseconds(300'000));
  EXPECT_FALSE(spec->retry_interval);
  EXPECT_THAT(spec->split, ElementsAre(false, true, false, false));
  EXPECT_TRUE(spec->options.empty());
}

TEST(ReadSpec, EverythingGiven) {
  auto spec = Read(R"({"sources": [{"alias": "a", "kind": "Bucket", "name": "r", "path": "./x//y"},
    {"alias": "b", "kind": "ExternalArtifact", "name": "s", "namespace": "other"}],
    "interval": "10m", "retryInterval": "30s", "timeout": "1.5m", "suspend": true, "namespace": "acme",
    "selection": {"environments": ["dev", "prod"], "dataPlanes": ["one"]}, "include": "rendered,bindings",
    "record": false, "onPending": "warn", "splitBy": ["Project", "Organization"],
    "originRevisionFrom": "b", "allowEmpty": true,
    "commonMetadata": {"labels": {"team": "web"}, "annotations": {"note": "x"}}})");
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->sources[0].path, "x/y");
  EXPECT_EQ(spec->sources[1].ns, "other");
  EXPECT_EQ(spec->retry_interval, milliseconds(30'000));
  EXPECT_EQ(spec->timeout, milliseconds(90'000));
  EXPECT_TRUE(spec->suspend && spec->allow_empty && !spec->allow_empty_selection);
  EXPECT_THAT(
      spec->options,
      ElementsAre(Pair("environments", ElementsAre("dev", "prod")),
                  Pair("dataplanes", ElementsAre("one")), Pair("namespace", ElementsAre("acme")),
                  Pair("include", ElementsAre("rendered", "bindings")),
                  Pair("record", ElementsAre("false")), Pair("onPending", ElementsAre("warn")),
                  Pair("allowEmpty", ElementsAre("true"))));
  EXPECT_THAT(spec->split, ElementsAre(true, false, false, true));
  EXPECT_EQ(spec->origin, 1u);
  EXPECT_THAT(spec->labels, ElementsAre(Pair("team", "web")));
}

TEST(ReadSpec, Refuses) {
  const std::string git = R"("kind": "GitRepository", "name": "r")";
  const std::pair<std::string, const char*> cases[] = {
      {"{}", "names no source"},
      {R"({"sources": []})", "names no source"},
      {R"({"sources": [{"alias": "a/b", )" + git + "}]}", "is no alias"},
      {R"({"sources": [{"alias": "a", )" + git + R"(}, {"alias": "a", )" + git + "}]}",
       "two sources"},
      {R"({"sources": [{"alias": "a", "kind": "HelmRepository", "name": "r"}]})",
       "no kind of source"},
      {R"({"sources": [{"alias": "a", )" + git + R"(, "path": "../x"}]})", "not below"},
      {R"({"sources": [{"alias": "a", )" + git + R"(, "path": "x/../y"}]})", "not below"},
      {R"({"sources": [{"alias": "a", )" + git + R"(, "path": "/x"}]})", "not below"},
      {std::string("{") + kRepo + R"(, "interval": "soon"})", "no duration"},
      {std::string("{") + kRepo + R"(, "interval": "0s"})", "no duration"},
      {std::string("{") + kRepo + R"(, "originRevisionFrom": "b"})", "no source has the alias"},
      {std::string("{") + kRepo + R"(, "splitBy": ["Team"]})", "none of"},
      {std::string("{") + kRepo + R"(, "splitBy": ["Project"], "include": "rendered,all"})",
       "splitBy: []"},
      {std::string("{") + kRepo + R"(, "passthrough": true})", "splitBy: []"},
  };
  for (const auto& [spec, want] : cases) {
    auto read = Read(spec);
    ASSERT_FALSE(read) << spec;
    EXPECT_EQ(read.error().reason, "ValidationFailed") << spec;
    EXPECT_THAT(read.error().message, HasSubstr(want)) << spec;
  }
  EXPECT_TRUE(Read(std::string("{") + kRepo + R"(, "splitBy": [], "include": "all"})"));
}

TEST(ReadSpec, OtherNamespacesOnlyWhereAllowed) {
  const std::string spec =
      R"({"sources": [{"alias": "a", "kind": "GitRepository", "name": "r", "namespace": "platform"}]})";
  EXPECT_TRUE(Read(spec));
  auto read = Read(spec, false);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, "AccessDenied");
  EXPECT_THAT(read.error().message, HasSubstr("platform/r"));
  EXPECT_TRUE(Read(std::string("{") + kRepo + "}", false));
}

// The API server prunes what the CRD does not name.
TEST(Crd, HasEveryOptionOfRender) {
  base::Arena arena;
  const auto read = yaml::Read(CrdYaml(), arena);
  ASSERT_EQ(read.documents.size(), 1u);
  const value::Value versions = read.documents.front().root.Get("spec", "versions");
  const value::Value fields = versions.as_list()[0]
                                  .Get("schema", "openAPIV3Schema")
                                  .Get("properties", "spec")
                                  .Get("properties");
  const value::Value selection = fields.Get("selection", "properties");
  for (const render::OptionSpec& option : render::OptionTable()) {
    // A broken binding fails its artifact, and only that.
    if (option.command_line_only || option.name == "onError") continue;
    EXPECT_TRUE(fields.Find(option.name) || selection.Find(option.name) ||
                (option.name == "dataplanes" && selection.Find("dataPlanes")))
        << option.name;
  }
}

TEST(IsSuspended, BySpecOrAnnotation) {
  base::Arena arena;
  const std::pair<const char*, bool> cases[] = {
      {R"({"spec": {"suspend": true}})", true},
      {R"({"spec": {"suspend": false}})", false},
      {R"({"metadata": {"annotations": {"source.extensions.fluxcd.io/reconcile": "disabled"}}})",
       true},
      {R"({"metadata": {"annotations": {"source.extensions.fluxcd.io/reconcile": "enabled"}}})",
       false},
      {"{}", false}};
  for (const auto& [json, want] : cases)
    EXPECT_EQ(IsSuspended(*value::ReadJson(json, arena)), want) << json;
}

}  // namespace
}  // namespace openchoreo::flux
