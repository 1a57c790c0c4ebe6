// Trees that are odd everywhere: nothing crashes, nothing vanishes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/resource/diagnostic_printer.h"
#include "common/resource/repository_for_tests.h"

namespace openchoreo::resource {
namespace {

using testing::ElementsAre;

TEST_F(RepositoryTest, AnyValueAnywhereIsSafe) {
  const std::string odd[] = {"null",
                             "true",
                             "7",
                             "-1.5",
                             "''",
                             "text",
                             "[]",
                             "{}",
                             "[null, {}, [1]]",
                             "{a: null, name: [x], kind: {}}"};
  const char* const fields[] = {"owner",
                                "owner.projectName",
                                "containers",
                                "container",
                                "containers.main",
                                "endpoints",
                                "endpoints.web",
                                "connections",
                                "schema",
                                "resources",
                                "componentType",
                                "componentType.spec",
                                "traits",
                                "workload",
                                "workload.containers",
                                "promotionPaths",
                                "dataPlaneRef",
                                "gateway",
                                "gateway.ingress",
                                "gateway.publicVirtualHost",
                                "workloadOverrides",
                                "traitOverrides",
                                "workloadOverrides.containers",
                                "parameters",
                                "type",
                                "deploymentPipelineRef",
                                "observabilityPlaneRef",
                                "validations",
                                "creates",
                                "patches"};
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    std::string text;
    for (const std::string& value : odd) {
      for (const char* field : fields) {
        std::string nested = value;
        std::string_view path = field;
        for (;;) {
          const std::size_t dot = path.rfind('.');
          const std::string_view key = path.substr(dot == std::string_view::npos ? 0 : dot + 1);
          nested = "{" + std::string(key) + ": " + nested + "}";
          if (dot == std::string_view::npos) break;
          path = path.substr(0, dot);
        }
        text += std::string(kHeader) +
                "kind: " + std::string(names::NameOf(static_cast<names::Kind>(kind))) +
                "\nmetadata: {name: a, labels: " + value + "}\nspec: " + nested + "\n---\n";
      }
      for (const char* field : {"spec", "metadata", "kind", "items", "status"}) {
        text +=
            std::string(kHeader) +
            (std::string("kind") == field
                 ? std::string()
                 : "kind: " + std::string(names::NameOf(static_cast<names::Kind>(kind))) + "\n") +
            field + ": " + value + "\n---\n";
      }
    }
    const auto repository = LoadText(text);
    for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
      EXPECT_FALSE(DiagnosticPrinter(repository->sources()).Print(diagnostic).empty());
    }
  }
}

// Severity and message of every finding.
std::vector<std::string> Findings(const Repository& repository) {
  std::vector<std::string> findings;
  for (const base::Diagnostic& diagnostic : repository.diagnostics()) {
    const char severity = "EWN"[static_cast<int>(diagnostic.severity)];
    findings.push_back(severity + (": " + diagnostic.message));
  }
  return findings;
}

TEST_F(RepositoryTest, NothingVanishes) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"- apiVersion: openchoreo.dev/v1alpha1\n  kind: Project\n",
       "E: a document that is a list of OpenChoreo's objects, which nothing reads"},
      {"items:\n- apiVersion: openchoreo.dev/v1alpha1\n  kind: Project\n",
       "E: OpenChoreo's objects below items: of a document without a kind"},
      {"apiVersion: v1\nkind: Lits\nitems:\n- {apiVersion: openchoreo.dev/v1alpha1, kind: Trait}\n",
       "E: OpenChoreo's objects below items: of a Lits, which is no list"},
      {"apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBindng\n",
       "E: OpenChoreo has no kind \"ReleaseBindng\""},
      {"apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: '${{ values.x }}'}\n",
       "W: a template that still has to be filled in ({{ … }}), left alone"},
  };

  for (const auto& c : cases) {
    EXPECT_THAT(Findings(*LoadText(c.text)), ElementsAre(c.want)) << c.text;
  }
}

TEST_F(RepositoryTest, BrokenFilesCountIfTheySpeakOfOpenChoreo) {
  LoadOptions small;
  small.limits.max_file_bytes = 200;
  const std::string ours = "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\n";
  const std::string filler(300, ' ');

  const struct {
    std::string text;
    char want;  // severity of the one finding
  } cases[] = {
      {ours + "\tname: x\n", 'E'},
      {"a: {{ .Values.x }}\nurl: https://openchoreo.dev\n", 'N'},
      {"{\n  // built for https://openchoreo.dev\n  \"a\": [\n", 'N'},
      {ours + "metadata: {{ .Values.x }}\n", 'W'},
      {ours + filler, 'E'},
      {"a: https://openchoreo.dev\n" + filler, 'N'},
  };

  for (const auto& c : cases) {
    const auto findings = Findings(*LoadText(c.text, small));
    ASSERT_EQ(findings.size(), 1u) << c.text;
    EXPECT_EQ(findings[0][0], c.want) << findings[0];
  }
}

}  // namespace
}  // namespace openchoreo::resource
