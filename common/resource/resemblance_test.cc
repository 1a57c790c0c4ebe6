#include "common/resource/resemblance.h"

#include <gtest/gtest.h>

#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

std::string Verdict(std::string_view text) {
  base::Arena arena;
  const auto read = yaml::Read(text, arena);
  if (read.documents.empty()) return "unreadable";
  const auto found = FindResemblance(read.documents[0].root);
  if (!found) return "";
  return found->message + " | " + found->hint + " @" + found->field;
}

TEST(ResemblanceTest, AlmostOpenChoreo) {
  const std::string meant = R"(did you mean "openchoreo.dev/v1alpha1"? @/apiVersion)";

  const struct {
    const char* text;
    std::string want;
  } cases[] = {
      {"{piVersion: openchoreo.dev/v1alpha1, kind: Component}",
       R"(no apiVersion, but "piVersion" | did you mean "apiVersion"? @/piVersion)"},
      {"{apiversion: openchoreo.dev/v1alpha1, kind: Component}",
       R"(no apiVersion, but "apiversion" | did you mean "apiVersion"? @/apiversion)"},
      {"{kind: ReleaseBinding}",
       "a ReleaseBinding without apiVersion | add apiVersion: openchoreo.dev/v1alpha1 @"},
      {"{kind: ReleaseBindng}",
       "a ReleaseBinding without apiVersion | add apiVersion: openchoreo.dev/v1alpha1 @"},
      {"{apiVersion: v1alpha1, kind: ReleaseBinding}",
       "a ReleaseBinding of apiVersion \"v1alpha1\" | " + meant},
      {"{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBindng}",
       R"(OpenChoreo has no kind "ReleaseBindng" | did you mean "ReleaseBinding"? @/kind)"},
      {"{apiVersion: openchoreo.dev/v1alpha1, kind: releasebinding}",
       R"(OpenChoreo has no kind "releasebinding" | did you mean "ReleaseBinding"? @/kind)"},
      {"{apiVersion: openchoreo.dev/v1alpha1, kind: Components}",
       R"(OpenChoreo has no kind "Components" | did you mean "Component"? @/kind)"},
      {"{apiVersion: openchoreo.io/v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"openchoreo.io/v1alpha1\" | " + meant},
      {"{apiVersion: openchoroe.dev/v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"openchoroe.dev/v1alpha1\" | " + meant},
      {"{apiVersion: OpenChoreo.dev/v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"OpenChoreo.dev/v1alpha1\" | " + meant},
      {"{apiVersion: openchoreo/v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"openchoreo/v1alpha1\" | " + meant},
      {"{apiVersion: openchoreo.dev, kind: Component}",
       "OpenChoreo has no version \"openchoreo.dev\" | " + meant},
      {"{apiVersion: openchoreo.dev/v1alpha2, kind: Component}",
       "OpenChoreo has no version \"openchoreo.dev/v1alpha2\" | " + meant},
      {"{apiVersion: openchoreo.dev.v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"openchoreo.dev.v1alpha1\" | " + meant},
      {"{apiVersion: https://openchoreo.dev/v1alpha1, kind: Component}",
       "no group of OpenChoreo: \"https://openchoreo.dev/v1alpha1\" | " + meant},
      {"{apiVersion: choreo.dev/v1alpha1, kind: ReleaseBinding}",
       "a ReleaseBinding of apiVersion \"choreo.dev/v1alpha1\" | " + meant},
      {"{apiVersion: \"openchoreo\\u200b.dev/v1alpha1\", kind: Component}",
       "no group of OpenChoreo: \"openchoreo\u200b.dev/v1alpha1\" | " + meant},
      {"{apiVersion: openchoreo.dev/v1alpha1, kind: \"Release\\u200bBinding\"}",
       "OpenChoreo has no kind \"Release\u200bBinding\" | did you mean \"ReleaseBinding\"? @/kind"},
  };

  for (const auto& c : cases) EXPECT_EQ(Verdict(c.text), c.want) << c.text;
}

TEST(ResemblanceTest, OthersAreLeftAlone) {
  for (const char* text : {
           "{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding}",
           "{apiVersion: openchoreo.dev/v1alpha1, kind: Starship}",
           "{apiVersion: backstage.io/v1alpha1, kind: Component}",
           "{apiVersion: argoproj.io/v1alpha1, kind: Workflow}",
           "{apiVersion: kustomize.config.k8s.io/v1alpha1, kind: Component}",
           "{apiVersion: gitops.openchoreo.dev/v1alpha1, kind: OpenChoreoRender}",
           "{apiVersion: gitops.openchoreo.dev/v1alpha1, kind: OpenChoreoSource}",
           "{apiVersion: core.openchoreo.dev/v1, kind: ReleaseBinding}",
           "{apiVersion: choreo.dev/v1alpha1, kind: Component}",
           "{apiVersion: example.org/v1, kind: ReleaseBinding}",
           "{apiVersion: v1, kind: ConfigMap}",
           "{apiVersion: apps/v1, kind: Deployment}",
           "{resources: [a.yaml]}",
           "{kind: Component, name: x}",
           "{kind: Service}",
       }) {
    EXPECT_EQ(Verdict(text), "") << text;
  }
}

TEST(ResemblanceTest, AnApiVersionLineSpeaks) {
  const struct {
    const char* text;
    bool want;
  } cases[] = {
      {"apiVersion: openchoreo.dev/v1alpha1\n\tkind: x", true},
      {"a: 1\n  - \"apiVersion\" : 'openchoreo.dev/v1alpha1'\r\n", true},
      {"piVersion: openchoreo.dev/v1alpha1", true},
      {"apiVersion: openchoroe.dev/v1alpha1", true},
      {R"({"a": 1, "apiVersion": "openchoreo.dev/v1alpha1")", true},
      {"a: [openchoreo.dev/v1\n", true},
      {"see: https://docs.example.org/openchoreo.dev/v1", false},
      {"# apiVersion: openchoreo.dev/v1alpha1", false},
      {"{\n  // built for https://openchoreo.dev\n}", false},
      {"url: https://openchoreo.dev", false},
      {"apiVersion: gitops.openchoreo.dev/v1alpha1", false},
      {"apiVersion: v1 # openchoreo.dev/v1alpha1", false},
      {"", false},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(SpeaksOfOpenChoreo(c.text), c.want) << c.text;
    if (c.want) {
      EXPECT_TRUE(MayHoldOpenChoreo(c.text)) << c.text;
    }
  }
  EXPECT_TRUE(MayHoldOpenChoreo("kind: ReleaseBindng\n"));
  EXPECT_TRUE(MayHoldOpenChoreo("knd: ReleaseBinding\n"));
  EXPECT_TRUE(MayHoldOpenChoreo(R"([{"kind":"ReleaseBinding"}])"));
  EXPECT_FALSE(MayHoldOpenChoreo("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"));
}

TEST(ResemblanceTest, Utf16IsNarrowed) {
  EXPECT_EQ(*NarrowedUtf16(std::string_view("\xff\xfe"
                                            "a\0b\0",
                                            6)),
            "ab");
  EXPECT_EQ(*NarrowedUtf16(std::string_view("\xfe\xff\0a\0b", 6)), "ab");
  EXPECT_EQ(*NarrowedUtf16(std::string_view("a\0b\0", 4)), "ab");
  EXPECT_FALSE(NarrowedUtf16("a: 1"));
}

}  // namespace
}  // namespace openchoreo::resource
