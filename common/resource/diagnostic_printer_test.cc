#include "common/resource/diagnostic_printer.h"

#include <gtest/gtest.h>

#include "common/resource/repository.h"

namespace openchoreo::resource {
namespace {

struct Case {
  const char* name;
  std::string text;
  base::Diagnostic diagnostic;
  std::string want;
};

base::Diagnostic At(std::string field, std::string message, std::uint32_t begin = 0,
                    std::uint32_t end = 0) {
  base::Diagnostic diagnostic;
  diagnostic.code = base::ErrorCode::kCelCompile;
  diagnostic.message = std::move(message);
  diagnostic.place.source = 0;
  diagnostic.place.field = std::move(field);
  diagnostic.place.text_begin = begin;
  diagnostic.place.text_end = end;
  return diagnostic;
}

std::string Printed(const std::string& text, const base::Diagnostic& diagnostic) {
  SourceTable sources;
  sources.Add({"apps/a.yaml", std::make_shared<const std::string>(text), nullptr, "a.yaml"});
  return DiagnosticPrinter(sources).Print(diagnostic);
}

TEST(PrintTest, WholeText) {
  base::Diagnostic full =
      At("/spec/image", "ERROR: <input>:1:1: undeclared reference to 'x'\n | x.y\n | ^", 2, 5);
  full.object = "ReleaseBinding acme/cart-dev";
  full.hint = "declare x in the schema";
  full.notes = {"in trait a/b", "also declared at b.yaml:3:1"};
  base::Diagnostic missing = At("/spec/replicas/0/x", "spec.replicas is required");
  missing.severity = base::Severity::kWarning;
  base::Diagnostic nowhere = At("", "nothing to render");
  nowhere.place = base::Place();
  base::Diagnostic offset = At("", "did not find expected key");
  offset.code = base::ErrorCode::kYamlSyntax;
  offset.place.byte_offset = 5;
  const Case cases[] = {
      {"all parts", "spec:\n  image: ${x.y}\n", full,
       "apps/a.yaml:2:12: error[cel-compile]: ERROR: <input>:1:1: undeclared reference to 'x'\n | "
       "x.y\n | ^\n"
       "    2 |   image: ${x.y}\n"
       "      |            ^~~\n"
       "hint: declare x in the schema\n"
       "note: in ReleaseBinding acme/cart-dev\n"
       "note: in trait a/b\n"
       "note: also declared at b.yaml:3:1\n"},
      {"a missing field shows the nearest node", "spec:\n  image: a\n", missing,
       "apps/a.yaml:1:1: warning[cel-compile]: spec.replicas is required\n"
       "    1 | spec:\n"
       "      | ^~~~\n"
       "note: at spec.replicas[0].x\n"},
      {"no place", "", nowhere, "error[cel-compile]: nothing to render\n"},
      {"a byte offset", "a: 1\n  b: 2\n", offset,
       "apps/a.yaml:2:1: error[yaml-syntax]: did not find expected key\n"
       "    2 |   b: 2\n"
       "      | ^\n"},
      {"tabs and wide characters", "{\t\"日本\": \"x\"}", At("/日本", "wrong"),
       "apps/a.yaml:1:9: error[cel-compile]: wrong\n"
       "    1 | {    \"日本\": \"x\"}\n"
       "      |              ^~~\n"},
      {"what steers a terminal is not passed on", "a: \"\x1b[31m\xe2\x80\xae\"\n", offset,
       "apps/a.yaml:1:6: error[yaml-syntax]: did not find expected key\n"
       "    1 | a: \"\xef\xbf\xbd[31m\xef\xbf\xbd\"\n"
       "      |      ^\n"},
      {"a long line is cut on both sides",
       "a: " + std::string(200, 'x') + "${y}" + std::string(200, 'z'), At("/a", "wrong", 200, 204),
       "apps/a.yaml:1:204: error[cel-compile]: wrong\n"
       "    1 | …" +
           std::string(100, 'x') + "${y}" + std::string(56, 'z') + "…\n" + "      | " +
           std::string(101, ' ') + "^~~~\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(Printed(c.text, c.diagnostic), c.want) << c.name;
}

}  // namespace
}  // namespace openchoreo::resource
