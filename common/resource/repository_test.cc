#include "common/resource/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/resource/diagnostic_printer.h"
#include "common/resource/dialect.h"
#include "common/resource/file_cache.h"
#include "common/resource/repository_for_tests.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::resource {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kBinding[] = R"(
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: api-dev, namespace: acme}
spec:
  owner: {projectName: shop, componentName: api}
  environment: dev
  releaseName: api-v1
)";

TEST_F(RepositoryTest, FindsADefaultedObject) {
  const auto repository = LoadText(kBinding);
  EXPECT_THAT(Messages(*repository), IsEmpty());
  const Object* binding = repository->Find(names::Kind::kReleaseBinding, "acme", "api-dev");
  ASSERT_TRUE(binding);
  EXPECT_EQ(value::ToJson(binding->spec()),
            R"({"environment":"dev","owner":{"componentName":"api","projectName":"shop"},)"
            R"("releaseName":"api-v1","state":"Active"})");
  EXPECT_EQ(Describe(*binding), "ReleaseBinding acme/api-dev");
  EXPECT_EQ(repository->All(names::Kind::kReleaseBinding).size(), 1u);
  EXPECT_EQ(repository->Find(names::Kind::kReleaseBinding, "other", "api-dev"), nullptr);
}

TEST_F(RepositoryTest, RefusedObjectsAreNotFoundButKept) {
  const auto repository = LoadText(std::string(kBinding) + "  state: Paused\n");
  EXPECT_EQ(repository->Find(names::Kind::kReleaseBinding, "acme", "api-dev"), nullptr);
  EXPECT_THAT(repository->All(names::Kind::kReleaseBinding), IsEmpty());
  ASSERT_EQ(repository->Refused(names::Kind::kReleaseBinding).size(), 1u);
  const Object* refused = repository->FindRefused(names::Kind::kReleaseBinding, "acme", "api-dev");
  ASSERT_TRUE(refused);
  EXPECT_EQ(
      refused->invalid,
      "spec.state: Unsupported value: \"Paused\": supported values: \"Active\", \"Undeploy\"; "
      "<nil>: Invalid value: null: some validation rules were not checked because the object "
      "was invalid; correct the existing errors to complete validation");
  EXPECT_THAT(Messages(*repository), ElementsAre(HasSubstr("ReleaseBinding \"api-dev\" is invalid: "
                                                           "spec.state: Unsupported value")));
}

std::string Component(const std::string& name, const std::string& ns = "acme") {
  return kHeader +
         ("kind: Component\nmetadata: {name: " + name + ", namespace: " + ns +
          "}\nspec: {owner: {projectName: shop}, componentType: {name: deployment/web}}\n");
}

std::string Environment(const std::string& plane) {
  return kHeader +
         ("kind: Environment\nmetadata: {name: dev}\nspec: {dataPlaneRef: {kind: DataPlane, "
          "name: " +
          plane + "}}\n");
}

TEST_F(RepositoryTest, ContentNotLocation) {
  const auto repository = LoadFiles(
      {{{"a/b.yml", Component("one")}, {"notes.yaml", "kind: [broken"}},
       {{"x.json",
         R"({"apiVersion":"openchoreo.dev/v1alpha1","kind":"Project","metadata":{"name":"p"},)"
         R"("spec":{"deploymentPipelineRef":{"name":"m"},"type":{"name":"t"}}})"},
        {"other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: openchoreo.dev}\n"}}});
  EXPECT_THAT(Messages(*repository), IsEmpty());
  EXPECT_TRUE(repository->Find(names::Kind::kComponent, "acme", "one"));
  EXPECT_TRUE(repository->Find(names::Kind::kProject, "default", "p"));
  EXPECT_EQ(repository->sources().at(0).display_path, "0/a/b.yml");
}

TEST_F(RepositoryTest, DefaultNamespaceIsForNamespacedKindsOnly) {
  LoadOptions options;
  options.default_namespace = "team";
  const auto repository = LoadText(
      std::string(kHeader) + "kind: Environment\nmetadata: {name: dev}\nspec: {}\n---\n" + kHeader +
          "kind: ClusterTrait\nmetadata: {name: t, namespace: ignored}\nspec: {}\n",
      options);
  ASSERT_TRUE(repository->Find(names::Kind::kEnvironment, "team", "dev"));
  EXPECT_EQ(repository->Find(names::Kind::kEnvironment, "team", "dev")->root.Get("metadata").size(),
            1u);
  const Object* trait = repository->Find(names::Kind::kClusterTrait, "whatever", "t");
  ASSERT_TRUE(trait);
  EXPECT_EQ(trait->ns, "");
}

TEST_F(RepositoryTest, UidsOfKindsThatNeedThem) {
  const auto repository =
      LoadText(Component("api") + "---\n" + kHeader +
               "kind: Project\nmetadata: {name: shop, namespace: acme, uid: given}\nspec: "
               "{deploymentPipelineRef: {name: m}, type: {name: t}}\n");
  EXPECT_EQ(repository->Find(names::Kind::kComponent, "acme", "api")->uid,
            "f2aa45b6-1c96-55cc-a692-0a57100e3a19");
  EXPECT_EQ(repository->Find(names::Kind::kProject, "acme", "shop")->uid, "given");
}

TEST_F(RepositoryTest, ListsAreFlattened) {
  const auto repository = LoadText(R"(
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- apiVersion: openchoreo.dev/v1alpha1
  kind: EnvironmentList
  items:
  - {metadata: {name: dev}, spec: {zzz: 1}}
  - {metadata: {name: prod}}
)");
  EXPECT_EQ(repository->All(names::Kind::kEnvironment).size(), 2u);
  ASSERT_EQ(repository->diagnostics().size(), 1u);
  const base::Diagnostic& warning = repository->diagnostics()[0];
  EXPECT_EQ(warning.message, "unknown field \"spec.zzz\"");
  EXPECT_EQ(warning.place.field, "/items/1/items/0/spec/zzz");
  EXPECT_EQ(warning.object, "Environment default/dev");
  EXPECT_EQ(PlaceOf(*repository->Find(names::Kind::kEnvironment, "default", "dev"), "/spec").field,
            "/items/1/items/0/spec");
}

TEST_F(RepositoryTest, UnknownFieldsAreErrorsWhenStrict) {
  LoadOptions options;
  options.strict = true;
  const auto lenient = LoadText(std::string(kBinding) + "  zzz: 1\n");
  EXPECT_EQ(lenient->diagnostics().at(0).severity, base::Severity::kWarning);
  EXPECT_EQ(lenient->diagnostics().at(0).hint, "");
  const auto typo = LoadText(std::string(kBinding) + "  stat: Undeploy\n");
  EXPECT_EQ(typo->diagnostics().at(0).hint, "did you mean \"state\"?");
  const auto strict = LoadText(std::string(kBinding) + "  zzz: 1\n", options);
  EXPECT_EQ(strict->diagnostics().at(0).severity, base::Severity::kError);
  EXPECT_TRUE(strict->Find(names::Kind::kReleaseBinding, "acme", "api-dev"));
}

TEST_F(RepositoryTest, BrokenFilesAreErrorsOnlyIfTheySpeakOfOpenChoreo) {
  const auto repository =
      LoadFiles({{{"a.yaml", "a: {"},
                  {"b.yaml", "# openchoreo.dev\na: {\n---\n" + Component("one")},
                  {"c.yaml", Component("two")}}});
  ASSERT_EQ(repository->diagnostics().size(), 1u);
  EXPECT_EQ(repository->diagnostics()[0].severity, base::Severity::kError);
  EXPECT_EQ(repository->diagnostics()[0].code, base::ErrorCode::kYamlSyntax);
  EXPECT_EQ(repository->sources().at(repository->diagnostics()[0].place.source).display_path,
            "b.yaml");
  EXPECT_TRUE(repository->Find(names::Kind::kComponent, "acme", "one"));
  EXPECT_TRUE(repository->Find(names::Kind::kComponent, "acme", "two"));
}

TEST_F(RepositoryTest, WhatRenderingDoesNotUseIsNotedOnce) {
  const std::string build = std::string(kHeader) + "kind: Build\nmetadata: {name: b}\n---\n";
  const auto repository =
      LoadText(build + build + kHeader + "kind: Starship\nmetadata: {name: b}\n");
  EXPECT_THAT(Messages(*repository),
              ElementsAre("rendering has no use for Build, left alone (2 times)",
                          "no version of OpenChoreo has the kind Starship, left alone"));
  EXPECT_EQ(repository->diagnostics()[0].severity, base::Severity::kNote);
  EXPECT_EQ(repository->diagnostics()[1].severity, base::Severity::kWarning);
}

TEST_F(RepositoryTest, EqualDuplicatesAreFine) {
  const auto repository =
      LoadFiles({{{"a.yaml", Component("api")}}, {{"b.yaml", "# the same\n" + Component("api")}}});
  EXPECT_THAT(Messages(*repository), IsEmpty());
  EXPECT_THAT(repository->Find(names::Kind::kComponent, "acme", "api")->conflicts, IsEmpty());
}

TEST_F(RepositoryTest, OtherContentNamesAllPlaces) {
  const Files files = {{"a.yaml", Environment("one")},
                       {"b.yaml", Environment("two")},
                       {"c.yaml", Environment("three")}};
  const auto repository = LoadFiles({files});
  EXPECT_THAT(Messages(*repository), IsEmpty());
  const Object* environment = repository->Find(names::Kind::kEnvironment, "default", "dev");
  ASSERT_EQ(environment->conflicts.size(), 3u);
  EXPECT_EQ(repository->sources().at(environment->conflicts[2].source).display_path, "c.yaml");

  LoadOptions options;
  options.last_duplicate_wins = true;
  const auto last = LoadFiles({files}, options);
  environment = last->Find(names::Kind::kEnvironment, "default", "dev");
  EXPECT_EQ(environment->spec().Get("dataPlaneRef", "name").as_string(), "three");
  EXPECT_THAT(environment->conflicts, IsEmpty());
  EXPECT_EQ(last->All(names::Kind::kEnvironment).size(), 1u);
  EXPECT_EQ(last->diagnostics().size(), 2u);
}

TEST_F(RepositoryTest, OwnerAliasesOfTheGuide) {
  const auto repository =
      LoadText(std::string(kHeader) +
               "kind: ReleaseBinding\nmetadata: {name: b, namespace: acme}\n"
               "spec: {owner: {project: shop, component: api}, environment: e}\n");
  const Object* binding = repository->Find(names::Kind::kReleaseBinding, "acme", "b");
  ASSERT_TRUE(binding);
  EXPECT_EQ(value::ToJson(binding->spec().Get("owner")),
            R"({"componentName":"api","projectName":"shop"})");
  EXPECT_EQ(repository->diagnostics().size(), 2u);
  EXPECT_EQ(repository->diagnostics()[0].severity, base::Severity::kWarning);
}

std::string OwnerlessWorkload(const std::string& name) {
  return kHeader + ("kind: Workload\nmetadata: {name: " + name +
                    ", namespace: acme}\nspec: {containers: {main: {image: i}}}\n");
}

std::string OwnerOf(const Repository& repository, std::string_view workload) {
  const Object* found = repository.Find(names::Kind::kWorkload, "acme", workload);
  return found ? value::ToJson(found->spec().Get("owner")) : "refused";
}

TEST_F(RepositoryTest, WorkloadWithoutOwnerBelongsToTheComponentOfItsFolder) {
  const auto repository = LoadFiles({{{"c/one/component.yaml", Component("one")},
                                      {"c/one/workload.yaml", OwnerlessWorkload("w1")},
                                      {"c/two/component.yaml", Component("two")},
                                      {"c/two/workload.yaml", OwnerlessWorkload("w2")}}});
  EXPECT_EQ(OwnerOf(*repository, "w1"), R"({"componentName":"one","projectName":"shop"})");
  EXPECT_EQ(OwnerOf(*repository, "w2"), R"({"componentName":"two","projectName":"shop"})");
  EXPECT_THAT(Messages(*repository),
              ElementsAre("Workload acme/w1 has no spec.owner; taken as the workload of Component "
                          "acme/one, which lies in the same folder",
                          HasSubstr("Workload acme/w2 has no spec.owner")));
}

TEST_F(RepositoryTest, WorkloadWithoutOwnerElsewhereTakesTheOneComponentLeft) {
  const std::string owned = std::string(kHeader) +
                            "kind: Workload\nmetadata: {name: w, namespace: acme}\nspec: {owner: "
                            "{projectName: shop, componentName: one}, container: {image: i}}\n";
  const auto repository =
      LoadFiles({{{"components.yaml", Component("one") + "---\n" + Component("two")},
                  {"w/owned.yaml", owned},
                  {"w/workload.yaml", OwnerlessWorkload("free")}}});
  EXPECT_EQ(OwnerOf(*repository, "free"), R"({"componentName":"two","projectName":"shop"})");
}

TEST_F(RepositoryTest, WorkloadWithoutOwnerThatCouldBelongToTwoIsRefused) {
  const auto repository =
      LoadFiles({{{"components.yaml", Component("one") + "---\n" + Component("two")},
                  {"w/workload.yaml", OwnerlessWorkload("free")}}});
  EXPECT_EQ(OwnerOf(*repository, "free"), "refused");
  ASSERT_TRUE(repository->FindRefused(names::Kind::kWorkload, "acme", "free"));
  EXPECT_THAT(Messages(*repository),
              ElementsAre(HasSubstr("Workload \"free\" is invalid: spec.owner: Required value")));
  EXPECT_THAT(repository->diagnostics()[0].hint, HasSubstr("spec.owner"));
}

TEST_F(RepositoryTest, BindingTakesTheDialectOfItsRelease) {
  const std::string release =
      "kind: ComponentRelease\nmetadata: {name: api-v1, namespace: acme}\nspec: {owner: "
      "{projectName: "
      "shop, componentName: api}, componentProfile: {}, componentType: {workloadType: job, "
      "resources: "
      "[{id: job, template: {}}]}, workload: {}}\n";
  const auto repository = LoadText(std::string(kBinding) + "---\n" + kHeader + release);
  EXPECT_THAT(Messages(*repository), IsEmpty());
  const Object* binding = repository->Find(names::Kind::kReleaseBinding, "acme", "api-dev");
  ASSERT_TRUE(binding);
  EXPECT_EQ(binding->dialect, names::Dialect::kV012);
  EXPECT_EQ(binding->dialect_evidence, "");
}

TEST_F(RepositoryTest, ThreadsDoNotShow) {
  Files files;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    files["f" + n + ".yaml"] = Component("c" + n) + "zzz: 1\n---\n" + Environment("p" + n);
  }
  std::string printed[2];
  for (const unsigned jobs : {1u, 4u}) {
    LoadOptions options;
    options.jobs = jobs;
    const auto repository = LoadFiles({files}, options);
    std::string& text = printed[jobs > 1];
    for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
      text += DiagnosticPrinter(repository->sources()).Print(diagnostic);
    }
    for (const Object* object : repository->All(names::Kind::kComponent)) {
      text += Describe(*object) + "@" + std::to_string(object->place.source) + "\n";
    }
    const Object* environment = repository->Find(names::Kind::kEnvironment, "default", "dev");
    text += value::ToJson(environment->root) + std::to_string(environment->conflicts.size());
  }
  EXPECT_EQ(printed[0], printed[1]);
}

TEST_F(RepositoryTest, CacheKeepsWhatDidNotChange) {
  FileCache cache(1 << 20);
  const auto first =
      LoadFiles({{{"a.yaml", Component("a")}, {"b.yaml", Component("b")}}}, {}, &cache);
  const auto second = LoadFiles(
      {{{"moved.yaml", Component("a")}, {"b.yaml", Component("b") + "zzz: 1\n"}}}, {}, &cache);
  const auto id = [](const Repository& repository, const char* name) {
    return repository.Find(names::Kind::kComponent, "acme", name)->content_id;
  };
  EXPECT_NE(id(*first, "a"), 0u);
  EXPECT_EQ(id(*first, "a"), id(*second, "a"));
  EXPECT_NE(id(*first, "b"), id(*second, "b"));
  EXPECT_EQ(first->Find(names::Kind::kComponent, "acme", "a")->root.as_map().data(),
            second->Find(names::Kind::kComponent, "acme", "a")->root.as_map().data());
  EXPECT_EQ(cache.stats().hits, 1u);
  EXPECT_EQ(cache.stats().misses, 3u);
}

// Of a tree that is too large for the cache a part is kept, and identities of all its files.
TEST_F(RepositoryTest, CacheKeepsPartOfALargeTree) {
  FileCache cache(100'000);
  Files files;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    files["f" + n + ".yaml"] = Component("c" + n);
  }
  std::map<std::string, std::uint64_t> ids;
  for (int round = 0; round < 3; ++round) {
    const auto repository = LoadFiles({files}, {}, &cache);
    for (const Object* object : repository->All(names::Kind::kComponent)) {
      std::uint64_t& id = ids[std::string(object->name)];
      if (round == 0) id = object->content_id;
      EXPECT_EQ(object->content_id, id) << object->name;
    }
  }
  const FileCache::Stats stats = cache.stats();
  EXPECT_LT(stats.files, 90u);
  // Nearly all of them twice: one that is parsed again shares more, so that a few more fit.
  EXPECT_GE(stats.hits, 2 * stats.files - 5);
  EXPECT_LE(stats.hits, 2 * stats.files);
  // What is asked for no more makes room.
  for (int round = 0; round < 3; ++round) {
    LoadFiles({{{"other.yaml", Component("other")}}}, {}, &cache);
  }
  EXPECT_EQ(cache.stats().hits, stats.hits + 1);
}

TEST_F(RepositoryTest, LoadsShareACacheAcrossThreads) {
  FileCache cache(200'000);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 10; ++round) {
        Files files;
        for (int i = 0; i < 40; ++i) {
          const std::string n = std::to_string(i + (thread % 2 + round) * 20);
          files["f" + n + ".yaml"] =
              Component("c" + n) + "---\n" + kBinding + "  traitOverrides: {}\n";
        }
        MemoryTree tree(std::move(files));
        source::FileTree* trees[] = {&tree};
        LoadOptions options;
        options.jobs = 2;
        const auto repository = Load(trees, options, &cache);
        if (repository->All(names::Kind::kComponent).size() != 40) ++wrong;
        for (const Object* object : repository->All(names::Kind::kComponent)) {
          if (object->spec().Get("owner", "projectName").string_or_empty() != "shop") ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(cache.stats().bytes, 200'000u);
}

TEST_F(RepositoryTest, CacheIsBounded) {
  FileCache cache(20'000);
  for (int i = 0; i < 200; ++i) {
    LoadFiles({{{"a.yaml", Component("c" + std::to_string(i))}}}, {}, &cache);
    EXPECT_LE(cache.stats().bytes, 20'000u);
  }
  EXPECT_GT(cache.stats().files, 2u);
  const auto small = LoadFiles({{{"a.yaml", Component("c199")}}}, {}, &cache);
  EXPECT_EQ(cache.stats().hits, 1u);
}

TEST_F(RepositoryTest, ObjectsOfOneFileAreBounded) {
  std::string text;
  for (int i = 0; i < 100'100; ++i) text += "---\napiVersion: openchoreo.dev/v1\nkind: Workflow\n";
  const auto repository = LoadText(text);
  int limits = 0;
  for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
    limits += diagnostic.code == base::ErrorCode::kYamlLimit;
  }
  EXPECT_EQ(limits, 1);
}

}  // namespace
}  // namespace openchoreo::resource
