#include "common/render/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace openchoreo::render {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

base::Diagnostic Error(std::string message) {
  base::Diagnostic error;
  error.message = std::move(message);
  return error;
}

TEST(FindingsText, ErrorsWithObjectAndHint) {
  base::Diagnostic first = Error("it is broken");
  first.object = "ReleaseBinding acme/cart";
  first.hint = "mend it";
  base::Diagnostic warning = Error("never shown");
  warning.severity = base::Severity::kWarning;
  EXPECT_EQ(FindingsText({first, warning, Error("second")}, nullptr, 2048),
            "it is broken (ReleaseBinding acme/cart)\n  hint: mend it\nsecond");
  EXPECT_EQ(FindingsText({warning}, nullptr, 2048), "");
}

TEST(FindingsText, NoMoreThanThePlaceHolds) {
  base::Diagnostics many, longer;
  for (int i = 0; i < 25; ++i) {
    many.push_back(Error("broken " + std::to_string(100 + i)));
    longer.push_back(Error(std::string(500, 'x') + std::to_string(i)));
  }
  EXPECT_THAT(FindingsText(many, nullptr, 2048), EndsWith("broken 119\n… and 5 more errors"));
  const std::string text = FindingsText(longer, nullptr, 2048);
  EXPECT_LE(text.size(), 2048u);
  EXPECT_THAT(text, HasSubstr("more errors"));
}

TEST(FindingsText, OneCauseOnce) {
  EXPECT_EQ(FindingsText(base::Diagnostics(25, Error("broken")), nullptr, 2048), "broken");
}

TEST(FindingsText, FluxIsToldOfEachWhileTheyFit) {
  base::Diagnostics two(2, Error("broken\nmore of it"));
  two[0].object = "ReleaseBinding acme/cart";
  two[1].object = "ReleaseBinding acme/mail";
  EXPECT_THAT(FindingsText(two, nullptr, 2048, Door::kFlux),
              testing::AllOf(HasSubstr("(ReleaseBinding acme/cart)\n"),
                             EndsWith("(ReleaseBinding acme/mail)")));
}

TEST(CutBytes, AtACharactersBorder) {
  EXPECT_EQ(CutBytes("grün", 4), "grü…");
  EXPECT_EQ(CutBytes("grün", 3), "gr…");
  EXPECT_EQ(CutBytes("grün", 5), "grün");
}

}  // namespace
}  // namespace openchoreo::render
