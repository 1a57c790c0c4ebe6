"""A small tree that renders, with holes for what a test puts in."""

PLATFORM = '''apiVersion: openchoreo.dev/v1alpha1
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
'''

BOUND = '''---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {{name: {name}, namespace: default}}
spec: {{owner: {{projectName: p}}, autoDeploy: false, componentType: {{kind: ComponentType, name: deployment/t}}}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {{name: {name}-dev, namespace: default}}
spec: {{owner: {{projectName: p, componentName: {name}}}, environment: dev, releaseName: {name}-v1}}
'''

RELEASE = '''---
apiVersion: openchoreo.dev/v1alpha1
kind: ComponentRelease
metadata: {{name: {name}-v1, namespace: default}}
spec:
  owner: {{projectName: p, componentName: {name}}}
  componentType:
    kind: ComponentType
    name: deployment/t
    spec:
      workloadType: deployment
      resources:
        - id: deployment
          template:
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{name: {name}}}
            spec:
              value: {value}
  workload:
    container: {{image: x}}
'''


def component(name='c', value='1'):
    return (BOUND + RELEASE).format(name=name, value=value)


def tree(value='1', components=1):
    """One file's text; `value` stands in every Deployment."""
    names = ['c'] if components == 1 else [f'c{i}' for i in range(components)]
    return PLATFORM + ''.join(component(name, value) for name in names)
