// Any bytes as the one file of a tree that holds a small platform beside: rendering ends within the
// limits, in objects or in errors.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/render/renderer.h"
#include "common/source/plain_tree.h"
#include "test/fuzz/ceilings.h"

namespace {

using namespace openchoreo;

constexpr std::string_view kPlatform = R"(apiVersion: openchoreo.dev/v1alpha1
kind: ClusterDataPlane
metadata: {name: default}
spec: {planeID: p, clusterAgent: {clientCA: {value: x}}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: dev, namespace: default}
spec: {dataPlaneRef: {kind: ClusterDataPlane, name: default}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: DeploymentPipeline
metadata: {name: default, namespace: default}
spec: {promotionPaths: [{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: []}]}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: p, namespace: default}
spec: {deploymentPipelineRef: {name: default}, type: {kind: ClusterProjectType, name: std}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: c, namespace: default}
spec: {owner: {projectName: p}, autoDeploy: false, componentType: {kind: ComponentType, name: deployment/t}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: c-dev, namespace: default}
spec: {owner: {projectName: p, componentName: c}, environment: dev, releaseName: c-v1}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source::PlainTree files({{"platform.yaml", std::make_shared<const std::string>(kPlatform)},
                           {"release.yaml", std::make_shared<const std::string>(
                                                reinterpret_cast<const char*>(data), size)}});
  source::FileTree* trees[] = {&files};
  render::Options options;
  base::RenderLimits& limits = options.limits;
  limits.max_nodes = 20'000;
  limits.max_binding_steps = 1'000'000;
  limits.max_binding_bytes = 8u << 20;
  limits.max_cel_steps = 500'000;
  limits.max_cel_bytes = 4u << 20;
  limits.max_output_bytes = 1u << 20;
  limits.max_for_each_items = 100;
  limits.max_resources_per_binding = 100;
  const Ceilings ceilings(10 * limits.max_binding_steps, 4 * limits.max_binding_bytes, size);
  const auto rendered = render::Renderer().Render(trees, options);
  Require(rendered.failed || !rendered.has_error(), "an error that does not fail the generation");
  for (const render::Group& group : rendered.groups) {
    Require(group.text->size() <= limits.max_output_bytes, "a binding beyond its output limit");
  }
  return 0;
}
