#include "common/render/shared_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/tree_for_tests.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The type names its Service after nothing that tells two components apart.
std::string SharedName() {
  std::string platform = kPlatform;
  const std::string name = "metadata: {name: \"${metadata.componentName}\"";
  platform.replace(platform.find(name), name.size(), "metadata: {name: \"all\"");
  return platform;
}

TEST(SharedObjects, AreAWarningOrUnderStrictAnErrorInEveryFormat) {
  for (const Format format : {Format::kYaml, Format::kJson}) {
    Options options;
    options.format = format;
    const Files files = {{"a.yaml", SharedName() + Component("api") + Component("front")}};
    const Output output = Render(files, options);
    EXPECT_FALSE(output.failed);
    EXPECT_THAT(
        Messages(output, base::Severity::kWarning),
        ElementsAre("ReleaseBinding acme/front-dev: Service dp-acme-shop-dev-1c11194b/all is "
                    "rendered by ReleaseBinding acme/api-dev and by ReleaseBinding "
                    "acme/front-dev"));
    ASSERT_EQ(output.diagnostics.size(), 1u);
    EXPECT_THAT(output.diagnostics[0].notes, ElementsAre(HasSubstr("a.yaml")));
    options.strict = true;
    EXPECT_TRUE(Render(files, options).failed);
  }
}

TEST(SharedObjects, OfOtherNamesAreNone) {
  EXPECT_THAT(Messages(Render({{"a.yaml", kPlatform + Component("api") + Component("front")}}),
                       base::Severity::kWarning),
              IsEmpty());
}

}  // namespace
}  // namespace openchoreo::render
