#include "health/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace openchoreo::mapper {
namespace {

using testing::HasSubstr;

TEST(MetricsText, TellsOfBindingsAndOfItself) {
  MapperFigures figures;
  figures.bindings = 3;
  Judged judged;
  judged.binding = {"ReleaseBinding", "acme", "web-dev"};
  judged.component = "we\"b";
  judged.release = "web-r1";
  judged.cluster = "east";
  judged.conditions = {{"Ready", "False", "ResourcesDegraded", "m", 1, ""}};
  const std::string text = MetricsText(figures, {judged}, true);
  EXPECT_THAT(text, HasSubstr("\nopenchoreo_health_mapper_bindings 3\n"));
  EXPECT_THAT(text, HasSubstr("\nopenchoreo_health_mapper_leader 1\n"));
  EXPECT_THAT(
      text,
      HasSubstr("openchoreo_releasebinding_condition{kind=\"ReleaseBinding\",namespace=\"acme\","
                "name=\"web-dev\",project=\"\",component=\"we\\\"b\",environment=\"\","
                "type=\"Ready\",status=\"False\",reason=\"ResourcesDegraded\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("cluster=\"east\",release=\"web-r1\"} 1\n"));
}

}  // namespace
}  // namespace openchoreo::mapper
