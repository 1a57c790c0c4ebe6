#!/usr/bin/env python3
"""The GitOps guide's snippets, with the variations a reader would make: all of them mean what the guide's own text means.

usage: variations_test.py PROGRAM EXAMPLES [VARIATION...]
"""
import os, shutil, subprocess, sys, tempfile
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'slips'))
from trees import copy, move, text, whole, without_line, write

SERVICE = 'projects/my-project/components/my-service/'
BINDING = SERVICE + 'release-bindings/my-service-staging.yaml'
WORKLOAD = SERVICE + 'workload.yaml'
PLANE = 'platform/infrastructure/dataplanes/non-prod-dataplane.yaml'
DEV = 'platform/infrastructure/environments/dev-environment.yaml'
SECRET = 'platform/secret-references/database-secret-reference.yaml'

def both(*edits):
    def edit(root):
        for one in edits: one(root)
    return edit

VARIATIONS = [
    ("the guide's owner names", both(text(BINDING, 'projectName:', 'project:'), text(BINDING, 'componentName:', 'component:'))),
    ("one of the guide's owner names", text(BINDING, 'componentName:', 'component:')),
    ('a workload without owner', whole(WORKLOAD, lambda t: t.replace(
        '  owner:\n    projectName: my-project\n    componentName: my-service\n', ''))),
    ('a DataPlane with its secret store alone needs no agent', whole(PLANE, lambda t: t.replace(
        '  clusterAgent:\n    clientCA:\n      secretRef:\n        name: non-prod-agent-ca\n        key: ca.crt\n', ''))),
    ('quotes', text(BINDING, 'environment: staging', 'environment: "staging"')),
    ('single quotes', text(BINDING, 'environment: staging', "environment: 'staging'")),
    ('a tag', text(BINDING, 'environment: staging', 'environment: !!str staging')),
    ('flow style', whole(BINDING, lambda t: t.replace(
        '  owner:\n    projectName: my-project\n    componentName: my-service\n',
        '  owner: {projectName: my-project, componentName: my-service}\n'))),
    ('an anchor', whole(BINDING, lambda t: t.replace('name: my-service-staging', 'name: &n my-service-staging'))),
    ('a merge key', whole(BINDING, lambda t: t.replace(
        '  owner:\n    projectName: my-project\n', '  owner:\n    <<: {projectName: my-project}\n'))),
    ('another order of keys', whole(BINDING, lambda t: 'kind: ReleaseBinding\n' + t.replace('kind: ReleaseBinding\n', ''))),
    ('comments', whole(BINDING, lambda t: '# who\n' + t.replace('spec:', 'spec: # what'))),
    ('blanks at line ends', whole(BINDING, lambda t: t.replace('\n', '  \n'))),
    ('blank lines', whole(BINDING, lambda t: t.replace('\n', '\n\n'))),
    ('--- before and ... behind', whole(BINDING, lambda t: '---\n' + t + '...\n')),
    ('--- behind', whole(BINDING, lambda t: t + '---\n')),
    ('an empty document before it', whole(BINDING, lambda t: '---\n---\n# nothing\n---\n' + t)),
    ('line breaks of Windows', whole(BINDING, lambda t: t.replace('\n', '\r\n'))),
    ('what kubectl get shows', whole(BINDING, lambda t: t.replace(
        'metadata:\n', 'metadata:\n  creationTimestamp: "2026-01-02T03:04:05Z"\n  generation: 3\n  resourceVersion: "77"\n')
        + 'status:\n  conditions:\n    - {type: Ready, status: "True"}\n')),
    ('last-applied and other annotations', whole(BINDING, lambda t: t.replace(
        'metadata:\n', 'metadata:\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}\n'))),
    ('labels', whole(BINDING, lambda t: t.replace('metadata:\n', 'metadata:\n  labels: {managed-by: gitops}\n'))),
    ('null where nothing is meant', whole(BINDING, lambda t: t.replace('spec:\n', 'spec:\n  workloadOverrides:\n'))),
    ('an empty map where nothing is meant', whole(BINDING, lambda t: t.replace('spec:\n', 'spec:\n  workloadOverrides: {}\n'))),
    ('the same object again', copy(BINDING, 'again.yaml')),
    ('the object as JSON beside it', lambda root: write(os.path.join(root, 'dev.json'),
        '{"apiVersion": "openchoreo.dev/v1alpha1", "kind": "Environment", "metadata": {"name": "development", '
        '"namespace": "my-org"}, "spec": {"dataPlaneRef": "non-prod-dataplane", "isProduction": false}}\n')),
    ('another file name', move(BINDING, SERVICE + 'release-bindings/staging.yml')),
    ('another folder', move(BINDING, 'deployments/staging/my-service.yaml')),
    ('platform and bindings in one file', both(whole(DEV, lambda t: t + '---\n'), lambda root: whole(
        DEV, lambda t: t + open(os.path.join(root, BINDING)).read())(root), lambda root: os.remove(os.path.join(root, BINDING)))),
    ('no Organization', lambda root: os.remove(os.path.join(root, 'organization/organization.yaml'))),
    ('no Namespace', lambda root: os.remove(os.path.join(root, 'organization/namespace.yaml'))),
    ('other files beside it', both(lambda root: write(os.path.join(root, 'CODEOWNERS'), '* @my-org/platform\n'),
        lambda root: write(os.path.join(root, 'README.md'), '```yaml\napiVersion: openchoreo.dev/v1alpha1\nkind: Nothing\n```\n'),
        lambda root: write(os.path.join(root, 'package.json'), '{"name": "x", "scripts": {}}\n'),
        lambda root: write(os.path.join(root, '.pre-commit-config.yaml'), 'repos: []\n'),
        lambda root: write(os.path.join(root, 'docker-compose.yml'), 'services: {db: {image: postgres}}\n'))),
    ('a kustomization with the namespace all have', lambda root: write(os.path.join(root, 'projects/kustomization.yaml'),
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: my-org\nresources: [my-project/project.yaml]\n')),
    ("others' Component and Workflow", lambda root: write(os.path.join(root, 'catalog-info.yaml'),
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: my-service}\nspec: {type: service}\n---\n'
        'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: x}\n---\n'
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n')),
    ('a hidden folder', lambda root: write(os.path.join(root, '.github/workflows/ci.yaml'), 'on: push\njobs: {}\n')),
]

def render(program, root):
    p = subprocess.run([program, 'render', '.'], cwd=root, capture_output=True, timeout=60)
    return p.returncode, p.stdout, p.stderr.decode(errors='replace')

def main():
    program, examples = (os.path.abspath(a) for a in sys.argv[1:3]); only = sys.argv[3:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        clean = os.path.join(folder, 'clean')
        shutil.copytree(os.path.join(examples, 'guide/mono-repo'), clean, ignore=shutil.ignore_patterns('expected'))
        want = render(program, clean)
        if want[0] != 0: sys.exit(want[2])
        for number, (name, edit) in enumerate(VARIATIONS):
            if only and name not in only: continue
            root = os.path.join(folder, str(number))
            shutil.copytree(clean, root)
            edit(root)
            got = render(program, root)
            if got[:2] == want[:2]: continue
            failed += 1
            print(f'FAIL {name}: exit {got[0]}, {len(got[1])} bytes, want {len(want[1])}\n{got[2][:800]}')
    print(f'{len(VARIATIONS)} variations, {failed} failed')
    sys.exit(1 if failed else 0)

main()
