#include "flux-source/notifier.h"

#include <gtest/gtest.h>

namespace openchoreo::flux {
namespace {

TEST(NotificationBody, AsTheNotificationControllerReadsIt) {
  kube::Event event{{"source.toolkit.fluxcd.io/v1", "ExternalArtifact", "ns", "app-dev", "u1", "7"},
                    true,
                    "BuildFailed",
                    "it is broken",
                    {{"event.toolkit.fluxcd.io/revision", "latest@sha256:1"}}};
  EXPECT_EQ(
      NotificationBody(event, "2026-11-29T10:00:00Z", "pod-1"),
      R"({"involvedObject":{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"ExternalArtifact",)"
      R"("name":"app-dev","namespace":"ns","resourceVersion":"7","uid":"u1"},"message":"it is broken",)"
      R"("metadata":{"event.toolkit.fluxcd.io/revision":"latest@sha256:1"},"reason":"BuildFailed",)"
      R"("reportingController":"openchoreo-flux-source","reportingInstance":"pod-1","severity":"error",)"
      R"("timestamp":"2026-11-29T10:00:00Z"})");
  event.warning = false;
  event.annotations.clear();
  event.message = std::string(50'000, 'x');
  const std::string body = NotificationBody(event, "2026-11-29T10:00:00Z", "pod-1");
  EXPECT_NE(body.find(R"("severity":"info")"), std::string::npos);
  EXPECT_EQ(body.find("metadata"), std::string::npos);
  EXPECT_LT(body.size(), 39'000u);
}

}  // namespace
}  // namespace openchoreo::flux
