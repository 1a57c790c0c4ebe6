// A small tree of the current dialect, and what tests ask of a rendering of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/render/renderer.h"
#include "common/resource/memory_tree_for_tests.h"

namespace openchoreo::render {

using Files = std::map<std::string, std::string, std::less<>>;

// A data plane, two environments, and the pipeline from one to the other.
inline constexpr const char* kEnvironments = R"(
apiVersion: openchoreo.dev/v1alpha1
kind: DataPlane
metadata: {name: default, namespace: acme}
spec:
  planeID: a
  clusterAgent: {clientCA: {value: x}}
  gateway: {ingress: {external: {name: g, namespace: g, http: {host: apps.example, port: 80}}}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: dev, namespace: acme}
spec: {dataPlaneRef: {kind: DataPlane, name: default}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: prod, namespace: acme}
spec: {dataPlaneRef: {kind: DataPlane, name: default}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: DeploymentPipeline
metadata: {name: main, namespace: acme}
spec: {promotionPaths: [{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: prod}]}]}
)";

inline const std::string kPlatform = std::string(kEnvironments) + R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectType
metadata: {name: std, namespace: acme}
spec:
  resources:
    - id: ns
      template: {apiVersion: v1, kind: Namespace, metadata: {name: "${metadata.namespace}"}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: shop, namespace: acme}
spec: {deploymentPipelineRef: {name: main}, type: {name: std}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ComponentType
metadata: {name: web, namespace: acme}
spec:
  workloadType: deployment
  resources:
    - id: deployment
      template:
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "${metadata.name}", namespace: "${metadata.namespace}"}
        spec: {env: "${dependencies.toContainerEnvs()}", image: "${workload.container.image}"}
    - id: service
      template:
        apiVersion: v1
        kind: Service
        metadata: {name: "${metadata.componentName}", namespace: "${metadata.namespace}"}
        spec: {ports: "${workload.toServicePorts()}"}
)";

// What a binding of that kind and name has become: `objects` one after the other.
inline Group GroupOf(std::string kind, std::string name, const std::vector<std::string>& objects) {
  Group group;
  group.kind = std::move(kind);
  group.name = std::move(name);
  std::string text;
  for (const std::string& object : objects) {
    text += object;
    group.ends.push_back(text.size());
  }
  group.text = std::make_shared<const std::string>(std::move(text));
  return group;
}

// A Component with autoDeploy, its Workload, and `dependencies` (YAML flow) of that.
inline std::string Component(const std::string& name, const std::string& dependencies = "{}",
                             const std::string& image = "i:1") {
  return R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: )" +
         name + R"(, namespace: acme}
spec: {owner: {projectName: shop}, autoDeploy: true, componentType: {name: deployment/web}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: )" +
         name + R"(-workload, namespace: acme}
spec:
  owner: {projectName: shop, componentName: )" +
         name + R"(}
  container: {image: ")" +
         image + R"("}
  endpoints: {http: {type: HTTP, port: 80}}
  dependencies: )" +
         dependencies + "\n";
}

inline std::string ConnectionTo(const std::string& component) {
  return "{endpoints: [{component: " + component +
         ", name: http, visibility: project, envBindings: {address: URL}}]}";
}

inline std::string ReleaseBinding(const std::string& name, const std::string& environment,
                                  const std::string& release, const std::string& more = "") {
  return "---\napiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: " +
         name +
         ", namespace: acme}\nspec: {owner: {projectName: shop, componentName: api}, "
         "environment: " +
         environment + ", releaseName: " + release + more + "}\n";
}

inline Output Render(Renderer& renderer, Files files, Options options = {}) {
  resource::MemoryTree tree(std::move(files));
  source::FileTree* trees[] = {&tree};
  Output output = renderer.Render(trees, options);
  // The text outlives the tree, the table of sources does not.
  return output;
}

inline Output Render(Files files, Options options = {}) {
  Renderer renderer;
  return Render(renderer, std::move(files), options);
}

inline std::vector<std::string> Names(const Output& output) {
  std::vector<std::string> names;
  for (const Group& group : output.groups) names.push_back(group.kind + " " + group.name);
  return names;
}

inline std::vector<std::string> Messages(const Output& output,
                                         base::Severity severity = base::Severity::kError) {
  std::vector<std::string> messages;
  for (const base::Diagnostic& d : output.diagnostics) {
    if (d.severity == severity)
      messages.push_back(d.object.empty() ? d.message : d.object + ": " + d.message);
  }
  return messages;
}

inline std::string TextOf(const Output& output, std::string_view kind, std::string_view name) {
  for (const Group& group : output.groups) {
    if (group.kind == kind && group.name == name) return *group.text;
  }
  return "no group";
}

inline std::string AllText(const Output& output) {
  std::string text;
  for (const Group& group : output.groups) text += *group.text;
  return text;
}

}  // namespace openchoreo::render
