#include "argocd-cmp/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace openchoreo::argocd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Environment With(std::string json) {
  return {{"ARGOCD_APP_NAMESPACE", "destination"}, {"ARGOCD_APP_PARAMETERS", std::move(json)}};
}

TEST(Parameters, NoneGiven) {
  for (const char* text : {"", "null", "[]"}) {
    auto p = ReadParameters(With(text));
    ASSERT_TRUE(p) << text;
    EXPECT_EQ(p->options.default_namespace, "destination");
    EXPECT_EQ(p->options.format, render::Format::kJson);
    EXPECT_TRUE(p->options.tracking);
    EXPECT_TRUE(p->options.record);
    EXPECT_FALSE(p->options.allow_empty);
    EXPECT_TRUE(p->options.environments.empty());
  }
  EXPECT_EQ(ReadParameters({})->options.default_namespace, "default");
}

TEST(Parameters, AllOfThem) {
  auto p = ReadParameters(With(R"([
    {"name":"environments","array":["dev","prod"]},
    {"name":"projects","string":"shop, billing"},
    {"name":"components","array":["cart"]},
    {"name":"dataplanes","array":["eu"]},
    {"name":"namespace","string":"acme"},
    {"name":"include","string":"all"},
    {"name":"plane","string":"observability"},
    {"name":"tracking","string":"none"},
    {"name":"namespaces","string":"false"},
    {"name":"record","string":"false"},
    {"name":"on-error","string":"skip"},
    {"name":"allow_empty","string":"true"},
    {"name":"duplicates","string":"last"},
    {"name":"exclude","array":["vendor"]},
    {"name":"strict","string":"true"},
    {"name":"organizations","array":["acme"]},
    {"name":"bindings","array":["component"]},
    {"name":"onPending","string":"warn"},
    {"name":"allow-empty-selection","string":"true"},
    {"name":"kustomize","string":"true"},
    {"name":"sources","array":["/platform"]}])"));
  ASSERT_TRUE(p) << p.error().message;
  const render::Options& o = p->options;
  EXPECT_THAT(o.environments, ElementsAre("dev", "prod"));
  EXPECT_THAT(o.projects, ElementsAre("shop", "billing"));
  EXPECT_THAT(o.components, ElementsAre("cart"));
  EXPECT_THAT(o.dataplanes, ElementsAre("eu"));
  EXPECT_EQ(o.default_namespace, "acme");
  EXPECT_EQ(o.include, render::Include::kAll);
  EXPECT_EQ(o.plane, render::Plane::kObservability);
  EXPECT_FALSE(o.tracking);
  EXPECT_FALSE(o.namespaces);
  EXPECT_FALSE(o.record);
  EXPECT_TRUE(o.skip_broken);
  EXPECT_TRUE(o.allow_empty);
  EXPECT_TRUE(o.last_duplicate_wins);
  EXPECT_TRUE(o.strict);
  EXPECT_THAT(o.organizations, ElementsAre("acme"));
  EXPECT_THAT(o.bindings, ElementsAre("component"));
  EXPECT_EQ(o.on_pending, render::OnPending::kWarn);
  EXPECT_TRUE(o.allow_empty_selection);
  EXPECT_THAT(p->exclude, ElementsAre("vendor"));
  EXPECT_TRUE(p->kustomize);
  EXPECT_THAT(p->sources, ElementsAre("/platform"));
}

TEST(Parameters, EmptyCollectionsBesideTheValue) {
  auto p = ReadParameters(With(R"([{"name":"environments","array":[],"map":{}},
                                   {"name":"projects","string":""},
                                   {"name":"include","string":"rendered","array":[]}])"));
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_TRUE(p->options.environments.empty());
  EXPECT_TRUE(p->options.projects.empty());
}

TEST(Parameters, ErrorsListWhatIsKnown) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"name":"enviroments","string":"dev"}])",
       "unknown parameter \"enviroments\" (known: organizations, environments, projects"},
      {R"([{"string":"dev"}])", "parameter 1 has no name"},
      {R"({"name":"x"})", "not a list"},
      {"nonsense", "not JSON"},
      {R"([{"name":"strict","string":"yes"}])",
       "parameter \"strict\" is \"yes\"; it takes the string \"true\" or \"false\""},
      {R"([{"name":"include","string":"some"}])",
       "it takes an array of the strings rendered, bindings, openchoreo, all"},
      {R"([{"name":"plane","array":["all"]}])", "is an array; it takes one of the strings"},
      {R"([{"name":"environments","map":{"a":"b"}}])", "is a map; it takes an array of strings"},
      {R"([{"name":"environments"}])", "has no value"},
      {R"([{"name":"environments","array":["a",""]}])", "has an empty item"},
      {R"([{"name":"environments","array":["a",1]}])", "item 2 is not a string"},
      {R"([{"name":"strict","string":"true"},{"name":"Strict","string":"true"}])", "given twice"},
      {R"([{"name":"sources","array":["$values/platform"]}])",
       "names a ref source, which Argo CD resolves for Helm value files only"},
      {R"([{"name":"namespace","string":"$values"}])", "names a ref source"},
  };
  for (auto [json, want] : cases) {
    auto p = ReadParameters(With(json));
    ASSERT_FALSE(p) << json;
    EXPECT_EQ(p.error().code, base::ErrorCode::kUsage);
    EXPECT_THAT(p.error().message, HasSubstr(want));
  }
}

TEST(Parameters, FromTheApplicationsVariables) {
  Environment environment = With(R"([{"name":"projects","string":"shop"}])");
  for (auto [name, text] :
       {std::pair{"ARGOCD_ENV_ENVIRONMENTS", "development, staging"},
        std::pair{"ARGOCD_ENV_ON_PENDING", "warn"}, std::pair{"ARGOCD_ENV_STRICT", "true"},
        std::pair{"ARGOCD_ENV_GIT_CONFIG_COUNT", "0"}, std::pair{"ENVIRONMENTS", "production"}}) {
    environment.emplace_back(name, text);
  }
  auto p = ReadParameters(environment);
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_THAT(p->options.environments, ElementsAre("development", "staging"));
  EXPECT_THAT(p->options.projects, ElementsAre("shop"));
  EXPECT_EQ(p->options.on_pending, render::OnPending::kWarn);
  EXPECT_TRUE(p->options.strict);
  const std::pair<std::pair<const char*, const char*>, const char*> wrong[] = {
      {{"ARGOCD_ENV_PROJECTS", "x"}, "parameter \"projects\" is given twice"},
      {{"ARGOCD_ENV_RECORD", "no"}, "parameter \"record\" is \"no\""},
      {{"ARGOCD_ENV_ENVIROMENTS", "x"},
       "plugin.env \"ENVIROMENTS\" is no parameter; did you mean \"environments\"?"},
  };
  for (const auto& [variable, want] : wrong) {
    Environment more = With(R"([{"name":"projects","string":"shop"}])");
    more.emplace_back(variable.first, variable.second);
    auto refused = ReadParameters(more);
    ASSERT_FALSE(refused) << variable.first;
    EXPECT_THAT(refused.error().message, HasSubstr(want));
  }
}

TEST(Parameters, AllErrorsAtOnceButNotWithoutEnd) {
  std::string json = "[";
  for (int i = 0; i < 30; ++i)
    json += std::string(i ? "," : "") + R"({"name":"x)" + std::to_string(i) + R"(","string":""})";
  auto p = ReadParameters(With(json + "]"));
  ASSERT_FALSE(p);
  EXPECT_THAT(p.error().message, HasSubstr("\"x0\""));
  ASSERT_EQ(p.error().notes.size(), 20u);
  EXPECT_THAT(p.error().notes[18], HasSubstr("\"x19\""));
  EXPECT_EQ(p.error().notes[19], "… and 10 more");
}

TEST(Parameters, FingerprintTellsApart) {
  const char* some[] = {
      "[]",
      R"([{"name":"environments","array":["a"]}])",
      R"([{"name":"environments","array":["a","b"]}])",
      R"([{"name":"environments","array":["ab"]}])",
      R"([{"name":"projects","array":["a"]}])",
      R"([{"name":"strict","string":"true"}])",
      R"([{"name":"allowEmpty","string":"true"}])",
      R"([{"name":"record","string":"false"}])",
      R"([{"name":"include","string":"all"}])",
      R"([{"name":"plane","string":"all"}])",
      R"([{"name":"onError","string":"skip"}])",
      R"([{"name":"namespace","string":"other"}])",
      R"([{"name":"exclude","array":["a"]}])",
      R"([{"name":"sources","array":["/a"]}])",
      R"([{"name":"kustomize","string":"true"}])",
  };
  std::vector<std::string> seen;
  for (const char* json : some) seen.push_back(Fingerprint(*ReadParameters(With(json))));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST(Announce, CarriesWhatTheTreeHolds) {
  render::Inventory inventory;
  inventory.environments = {"dev", "prod"};
  auto all = Announce(inventory);
  ASSERT_EQ(all.size(), 23u);
  EXPECT_EQ(all[1].name, "environments");
  EXPECT_EQ(all[1].collection_type, "array");
  EXPECT_THAT(all[1].items, ElementsAre("dev", "prod"));
  EXPECT_THAT(all[1].tooltip, HasSubstr("In this tree: dev, prod."));
  for (const Announcement& a : all) {
    EXPECT_FALSE(a.title.empty());
    EXPECT_FALSE(a.tooltip.empty());
  }
}

}  // namespace
}  // namespace openchoreo::argocd
