#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/findings.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;

base::Diagnostic Finding(base::Severity severity, std::string message, std::string object,
                         std::string hint = "", std::string field = "") {
  base::Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.object = std::move(object);
  diagnostic.hint = std::move(hint);
  diagnostic.place.source = 0;
  diagnostic.place.field = std::move(field);
  return diagnostic;
}

std::vector<std::string> Messages(const base::Diagnostics& diagnostics) {
  std::vector<std::string> messages;
  for (const base::Diagnostic& d : diagnostics) messages.push_back(d.message);
  return messages;
}

TEST(Told, ACauseIsToldOnceErrorsFirst) {
  using base::Severity;
  base::Diagnostics all = {Finding(Severity::kWarning, "pending", "ReleaseBinding acme/z")};
  for (const char* name : {"acme/a", "acme/b", "acme/c", "acme/d", "acme/a"}) {
    all.push_back(Finding(Severity::kError, "Environment \"x\" not found",
                          std::string("ReleaseBinding ") + name, "", name));
  }
  all.push_back(Finding(Severity::kError, "unknown", "Component acme/a"));
  all.push_back(Finding(Severity::kError, "unknown", "Workload acme/a"));
  all.push_back(Finding(Severity::kError, "not YAML", "", "", "/a"));
  all.push_back(Finding(Severity::kError, "not YAML", "", "", "/b"));
  EXPECT_THAT(Messages(Told(all, Door::kCommandLine)),
              ElementsAre("Environment \"x\" not found in 4 bindings: acme/a, acme/b, acme/c …",
                          "unknown in 2 objects: Component acme/a, Workload acme/a", "not YAML",
                          "not YAML", "pending"));
}

TEST(Told, OneObjectKeepsItsName) {
  const base::Diagnostics told =
      Told({Finding(base::Severity::kError, "broken", "ReleaseBinding acme/a")}, Door::kArgoCd);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].message, "broken");
  EXPECT_EQ(told[0].object, "ReleaseBinding acme/a");
}

TEST(InWordsOf, SpeaksTheDoorsLanguage) {
  struct Case {
    const char* text;
    Door door;
    const char* want;
  };

  const Case cases[] = {
      {"render without it (--on-pending warn)", Door::kArgoCd,
       "render without it (onPending: warn)"},
      {"allow it (--allow-empty)", Door::kFunction, "allow it (allowEmpty: true)"},
      {"allow it (--allow-empty-selection)", Door::kFlux, "allow it (allowEmptySelection: true)"},
      {"--namespaces=true adds them", Door::kFlux, "namespaces: true adds them"},
      {"give --namespace my-org.", Door::kFlux, "give namespace: my-org."},
      {"--plane all gives both", Door::kArgoCd, "plane: all gives both"},
      {"add it, or name the source that does as one more PATH", Door::kFunction,
       "add it, or name the source that does under resources: or in spec.root"},
      {"add it, or name the source that does as one more PATH", Door::kArgoCd,
       "add it, or name the source that does in the parameter sources"},
      {"--allow-empty and one more PATH", Door::kCommandLine, "--allow-empty and one more PATH"},
      {"-- --unknown --", Door::kFlux, "-- --unknown --"},
      {"leave it out (--exclude a/b.yaml), or build it (--kustomize)", Door::kArgoCd,
       "leave it out (exclude a/b.yaml), or build it (kustomize: true)"},
      {"leave it out (--exclude a/b.yaml)", Door::kFunction,
       "leave it out (.sourceignore a/b.yaml)"},
      {"leave it out (--exclude a/b.yaml)", Door::kFlux, "leave it out (exclude a/b.yaml)"},
      {"leave it out (--exclude a/b.yaml)", Door::kCommandLine,
       "leave it out (--exclude a/b.yaml)"},
  };
  for (const Case& test : cases) EXPECT_EQ(InWordsOf(test.text, test.door), test.want);
}

TEST(CountsLine, CountsErrorsWarningsAndFiles) {
  using base::Severity;
  const base::Diagnostic error = Finding(Severity::kError, "a", "");
  const base::Diagnostic warning = Finding(Severity::kWarning, "b", "");
  const base::Diagnostic note = Finding(Severity::kNote, "c", "");
  EXPECT_EQ(CountsLine({note}, 3), "");
  EXPECT_EQ(CountsLine({error, error, warning, note}, 18),
            "2 errors, 1 warning in 1 file; 18 bindings read");
  EXPECT_EQ(CountsLine({warning}, 1), "1 warning in 1 file; 1 binding read");
}

}  // namespace
}  // namespace openchoreo::render
