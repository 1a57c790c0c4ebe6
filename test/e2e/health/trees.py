"""Trees whose releases the cases change as a team would: a new ComponentRelease, and the binding names it. One of OpenChoreo
v1, and the guide's own in its dialect (v0.9 to v0.12)."""
import pathlib
import re

EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / 'examples'
NODE = 'nodeSelector: {example.com/none: "true"}\n'  # no node has it: pods wait for ever

SERVICE = '''- id: deployment
  template:
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: ${metadata.name}
      namespace: ${metadata.namespace}
    spec:
      replicas: ${parameters.replicas}
      selector:
        matchLabels: ${metadata.podSelectors}
      template:
        metadata:
          labels: ${metadata.podSelectors}
        spec:
          containers:
            - name: main
              image: example.com/my-service:1.2.0
- id: service
  template:
    apiVersion: v1
    kind: Service
    metadata:
      name: ${metadata.componentName}
      namespace: ${metadata.namespace}
    spec:
      selector: ${metadata.podSelectors}
      ports: [{name: http, port: 80, targetPort: 8080}]
- id: settings
  template:
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: ${metadata.name}-settings
      namespace: ${metadata.namespace}
    data: {level: info}
'''
CRON_JOB = '''- id: cronjob
  template:
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: ${metadata.name}
      namespace: ${metadata.namespace}
    spec:
      schedule: "0 3 * * *"
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          template:
            metadata:
              labels: ${metadata.podSelectors}
            spec:
              restartPolicy: OnFailure
              containers:
                - name: main
                  image: example.com/nightly-report:0.4.0
'''
JOB = '''- id: job
  template:
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: ${metadata.name}
      namespace: ${metadata.namespace}
    spec:
      backoffLimit: 0
      template:
        metadata:
          labels: ${metadata.podSelectors}
        spec:
          restartPolicy: Never
          containers:
            - name: main
              image: example.com/migration:1.0.0
'''
TYPES = {'my-service': ('deployment', SERVICE), 'nightly-report': ('cronjob', CRON_JOB), 'migration': ('job', JOB),
         'broken-migration': ('job', JOB)}


def indent(text, by):
    return ''.join(' ' * by + line if line.strip() else line for line in text.splitlines(True))


def changed(text, replicas=None, paused=False, image=None, deadline=None, stuck=False, suspend=False, seconds=None,
            broken=False):
    """The text of a release with another workload: what a developer would have changed."""
    def put(before, line, last=False):
        nonlocal text
        found = list(re.finditer(rf'(?m)^( *){re.escape(before)}', text))
        assert found, f'no {before}'
        found = found[-1 if last else 0]
        text = text[:found.start()] + found.group(1) + line + text[found.start():]
    if paused:
        put('replicas: $', 'paused: true\n')
    if deadline:
        put('replicas: $', f'progressDeadlineSeconds: {deadline}\n')
    if replicas is not None:
        text = text.replace('replicas: ${parameters.replicas}', f'replicas: {replicas}')
    if image:
        text = re.sub(r'(example/|example\.com/)([a-z-]+):[0-9.]+', rf'\1\2:{image}', text)
    if suspend:
        put('schedule: ', 'suspend: true\n', last=True)  # the guide's schema has one, too
    if seconds:
        put('backoffLimit: ', f'activeDeadlineSeconds: {seconds}\n')
    if stuck:
        put('containers:\n', NODE)
    if broken:
        text = text.replace('namespace: ${metadata.namespace}', 'namespace: ${metadata.nosuch.field}', 1)
    return text


class Tree:
    """path -> text of the files of a repository."""
    project = 'my-project'

    def __init__(self):
        self.files, self.count = {}, 0

    def binding_path(self, component, environment='development'):
        return f'projects/{self.project}/components/{component}/release-bindings/{component}-{environment}.yaml'

    def release_path(self, component, name):
        return f'projects/{self.project}/components/{component}/releases/{name}.yaml'

    def release(self, component, environment='development', **changes):
        """Makes a release with the changes and binds it; returns the name of the one bound before."""
        self.count += 1
        before = self.bound(component, environment)
        name = f'{component}-r{self.count}'
        base = self.base[component]
        text = changed(self.files[self.release_path(component, base)], **changes)
        self.files[self.release_path(component, name)] = text.replace(f'name: {base}\n', f'name: {name}\n')
        self.bind(component, name, environment)
        return before

    def bound(self, component, environment='development'):
        return re.search(r'releaseName: (\S+)', self.files[self.binding_path(component, environment)]).group(1)

    def bind(self, component, name, environment='development'):
        path = self.binding_path(component, environment)
        self.files[path] = re.sub(r'releaseName: \S+', f'releaseName: {name}', self.files[path])

    def undeploy(self, component, yes=True):
        path = self.binding_path(component)
        text = self.files[path].replace('  state: Undeploy\n', '')
        self.files[path] = text + ('  state: Undeploy\n' if yes else '')

    def write(self, folder):
        for path, text in self.files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


class V1(Tree):
    organization, dialect, undeploys = 'acme', 'v1', True

    def __init__(self):
        super().__init__()
        self.base = {component: f'{component}-r0' for component in TYPES}
        ns = f'namespace: {self.organization}'
        head = 'apiVersion: openchoreo.dev/v1alpha1\n'
        self.files['platform/data-plane.yaml'] = head + f'''kind: DataPlane
metadata: {{name: default, {ns}}}
spec:
  planeID: default
  clusterAgent: {{clientCA: {{value: unused}}}}
  gateway: {{ingress: {{external: {{name: gw, namespace: gw, http: {{host: example.com, listenerName: http, port: 80}}}}}}}}
'''
        for environment in ('development', 'staging'):
            self.files[f'platform/{environment}.yaml'] = head + f'''kind: Environment
metadata: {{name: {environment}, {ns}}}
spec:
  dataPlaneRef: {{kind: DataPlane, name: default}}
'''
        self.files['platform/pipeline.yaml'] = head + f'''kind: DeploymentPipeline
metadata: {{name: main, {ns}}}
spec:
  promotionPaths:
  - sourceEnvironmentRef: {{name: development}}
    targetEnvironmentRefs: [{{name: staging}}]
'''
        self.files['platform/project-type.yaml'] = head + f'''kind: ProjectType
metadata: {{name: team, {ns}}}
spec:
  resources:
  - id: namespace
    template:
      apiVersion: v1
      kind: Namespace
      metadata:
        name: ${{metadata.namespace}}
        labels: ${{metadata.labels}}
'''
        self.files[f'projects/{self.project}/project.yaml'] = head + f'''kind: Project
metadata: {{name: {self.project}, {ns}}}
spec:
  deploymentPipelineRef: {{name: main}}
  type: {{kind: ProjectType, name: team}}
'''
        for component in TYPES:
            self.component(component, head, ns)
        for component in ('my-service', 'nightly-report', 'migration'):
            self.add(component)

    def component(self, component, head, ns):
        word, resources = TYPES[component]
        owner = f'  owner: {{projectName: {self.project}, componentName: {component}}}\n'
        self.files[f'projects/{self.project}/components/{component}/component.yaml'] = head + f'''kind: Component
metadata: {{name: {component}, {ns}}}
spec:
  owner: {{projectName: {self.project}}}
  autoDeploy: false
  componentType: {{kind: ComponentType, name: {word}/{component}}}
---
{head}kind: Workload
metadata: {{name: {component}, {ns}}}
spec:
{owner}  container: {{image: "example.com/{component}:1"}}
'''
        spec = f'''workloadType: {word}
parameters:
  openAPIV3Schema:
    type: object
    properties:
      replicas: {{type: integer, default: 1}}
resources:
{resources}'''
        self.files[f'platform/{component}.yaml'] = head + f'''kind: ComponentType
metadata: {{name: {component}, {ns}}}
spec:
{indent(spec, 2)}'''
        self.files[self.release_path(component, self.base[component])] = head + f'''kind: ComponentRelease
metadata:
  name: {self.base[component]}
  {ns}
spec:
{owner}  componentType:
    kind: ComponentType
    name: {word}/{component}
    spec:
{indent(spec, 6)}  workload:
    container: {{image: "example.com/{component}:1"}}
'''

    def add(self, component, environment='development'):
        self.files[self.binding_path(component, environment)] = f'''apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata:
  name: {component}-{environment}
  namespace: {self.organization}
spec:
  owner: {{projectName: {self.project}, componentName: {component}}}
  environment: {environment}
  releaseName: {self.bound_release(component)}
'''

    def bound_release(self, component):
        path = self.binding_path(component)
        return self.bound(component) if path in self.files else self.base[component]


class Guide(Tree):
    """examples/guide/mono-repo without what needs more than Kubernetes, and with a Job that the guide only speaks of."""
    organization, dialect, undeploys = 'my-org', 'v0.12', False

    def __init__(self):
        super().__init__()
        root = EXAMPLES / 'guide/mono-repo'
        for file in sorted(root.rglob('*.yaml')):
            path = str(file.relative_to(root))
            if not path.startswith('expected') and '/my-web/' not in path and 'staging.yaml' not in path.split('/')[-1]:
                self.files[path] = file.read_text()
        self.files['platform/infrastructure/environments/staging-environment.yaml'] = (
            root / 'platform/infrastructure/environments/staging-environment.yaml').read_text()
        self.base = {'my-service': 'my-service-20260301-1', 'nightly-report': 'nightly-report-20260215-1',
                     'migration': 'migration-r0', 'broken-migration': 'broken-migration-r0'}
        head = 'apiVersion: openchoreo.dev/v1alpha1\n'
        ns = f'namespace: {self.organization}'
        for component in ('migration', 'broken-migration'):
            folder = f'projects/{self.project}/components/{component}'
            owner = f'  owner: {{projectName: {self.project}, componentName: {component}}}\n'
            self.files[f'{folder}/component.yaml'] = head + f'''kind: Component
metadata: {{name: {component}, {ns}}}
spec:
  owner: {{projectName: {self.project}}}
  componentType: job/migration
'''
            self.files[f'{folder}/workload.yaml'] = head + f'''kind: Workload
metadata: {{name: {component}, {ns}}}
spec:
{owner}  containers: {{main: {{image: "example.com/migration:1.0.0"}}}}
'''
            self.files[self.release_path(component, self.base[component])] = head + f'''kind: ComponentRelease
metadata:
  name: {self.base[component]}
  {ns}
spec:
{owner}  componentType:
    workloadType: job
    resources:
{indent(JOB, 6)}  componentProfile: {{}}
  workload:
    containers: {{main: {{image: "example.com/migration:1.0.0"}}}}
'''
        self.files['platform/component-types/migration.yaml'] = head + f'''kind: ComponentType
metadata: {{name: migration, {ns}}}
spec:
  workloadType: job
  resources:
{indent(JOB, 4)}'''
        self.add('migration')

    add = V1.add
    bound_release = V1.bound_release
