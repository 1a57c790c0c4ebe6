#!/usr/bin/env python3
"""The expressions of flux-source/install/health-checks.yaml in the real kustomize-controller: every binding of
test/conformance/health is looked at by a Kustomization of its own, and what that says of it is what the case wants shown.

usage: health_test.py CLI REPOSITORY-ROOT
needs: etcd, kube-apiserver, kubectl and kustomize-controller in $PEER_BIN (make peers builds them)
"""
import collections
import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / 'peers'), str(HERE.parents[1] / 'conformance')]
from health_tables import CASES, binding_object  # noqa: E402
import lab  # noqa: E402
from programs import PEERS, require  # noqa: E402

NEEDED = ('etcd', 'kube-apiserver', 'kubectl', 'kustomize-controller')
NS = 'acme'
BINDINGS = 'apis/openchoreo.dev/v1alpha1'
OWNERS = {'ReleaseBinding': {'projectName': 'shop', 'componentName': 'web'}, 'ProjectReleaseBinding': {'projectName': 'shop'},
          'ResourceReleaseBinding': {'projectName': 'shop', 'resourceName': 'db'}}
TIMEOUT = 12  # of a health check, seconds: the controller looks every five


def resource(case):
    return BINDINGS, case['binding']['kind'].lower() + 's'


def store(api, case):
    """The binding of a case in the cluster, as many generations after what its conditions observed as in the case."""
    want, res = binding_object(case), resource(case)
    name, ns = case['id'], NS
    spec = {**want['spec'], 'owner': OWNERS[want['kind']], 'environment': 'development'}
    deleting = 'deletionTimestamp' in want['metadata']
    metadata = {'name': name, 'namespace': ns, **({'finalizers': ['example.com/hold']} if deleting else {})}
    if want['kind'] == 'ReleaseBinding':
        spec['releaseName'] = 'first'
    body = {'apiVersion': BINDINGS[5:], 'kind': want['kind'], 'metadata': metadata, 'spec': spec}
    api.create(res, ns, body)
    api.merge(res, ns, name, {'spec': {'environment': 'production'}})  # so that generation 1 is an old one
    if deleting:
        api.delete(res, ns, name, ok=True)
    shift = api.get(res, ns, name)['metadata']['generation'] - want['metadata']['generation']
    status = copy.deepcopy(want['status'])
    for condition in status['conditions']:
        condition['observedGeneration'] = max(condition['observedGeneration'] + shift, 0)
    if 'observedGeneration' in status:
        status['observedGeneration'] += shift
    api.merge(res, ns, name, {'status': status}, 'status')


def look_at(api, case, expressions):
    api.create(lab.KS, NS, {
        'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': case['id']},
        'spec': {'interval': '1h', 'retryInterval': '1h', 'timeout': f'{TIMEOUT}s', 'prune': False, 'path': './',
                 'sourceRef': {'kind': 'ExternalArtifact', 'name': 'nothing'}, 'healthCheckExprs': expressions,
                 'healthChecks': [{'apiVersion': BINDINGS[5:], 'kind': case['binding']['kind'], 'name': case['id'],
                                   'namespace': NS}]}})


def shown(kustomization):
    """What kustomize-controller made of the binding, or None while it looks."""
    ready = lab.condition(kustomization)
    if ready.get('status') == 'True':
        return 'Current'
    if ready.get('status') != 'False' or ready.get('reason') == 'DependencyNotReady':
        return None
    found = re.search(r"status: '(\w+)'", ready['message'])
    return found.group(1) if found else f"{ready['reason']}: {ready['message'][:300]}"


def expressions(api, root):
    """The list of the file, read by the API server's own YAML reader."""
    text = (root / 'flux-source/install/health-checks.yaml').read_text()
    indented = ''.join('  ' + line for line in text.splitlines(True) if not line.startswith('#'))
    body = ('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: reader}\nspec:\n'
            '  interval: 1h\n  prune: false\n  suspend: true\n  sourceRef: {kind: ExternalArtifact, name: nothing}\n' + indented)
    run = subprocess.run([PEERS / 'kubectl', '--kubeconfig', api.config, '-n', NS, 'apply', '--server-side', '-f', '-'],
                         input=body, text=True, capture_output=True)
    lab.check(run.returncode == 0, run.stderr)
    return api.get(lab.KS, NS, 'reader')['spec']['healthCheckExprs']


def run(api, flux, cli, root):
    crds = subprocess.run([cli, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout
    api.apply_yaml(crds)
    cases = [json.loads(line) for line in CASES.open(encoding='utf-8')]
    for kind in OWNERS:
        lab.wait(f'the CRD of {kind}', lambda k=kind: api.list((BINDINGS, k.lower() + 's')) is not None, 60)
    api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': NS}})
    bench = lab.Lab('', api.config, flux)
    bench.commit({'kustomization.yaml': 'resources: [nothing.yaml]\n',
                  'nothing.yaml': f'{{apiVersion: v1, kind: ConfigMap, metadata: {{name: nothing, namespace: {NS}}}}}\n'},
                 name='nothing', kind='ExternalArtifact', ns=NS)
    checks = expressions(api, root)
    for case in cases:
        store(api, case)
    begun = time.monotonic()
    for case in cases:
        look_at(api, case, checks)

    def all_shown():
        answers = {k['metadata']['name']: shown(k) for k in api.list(lab.KS, NS) if k['metadata']['name'] != 'reader'}
        waiting = sum(answer is None for answer in answers.values())
        lab.check(waiting == 0, f'{waiting} of {len(answers)} are being looked at')
        return answers
    answers = lab.wait('kustomize-controller to look at all', all_shown, 240)
    failures = 0
    for case in cases:
        if answers[case['id']] != case['shown']['flux']:
            failures += 1
            print(f"{case['id']} {case['what']}: want {case['shown']['flux']}, got {answers[case['id']]}")
    said = ', '.join(f'{n} {verdict}' for verdict, n in sorted(collections.Counter(answers.values()).items()))
    print(f'{len(cases)} bindings in {time.monotonic() - begun:.0f} s ({said}), {failures} failures')
    return 1 if failures or not cases else 0


def main():
    cli, root = sys.argv[1], pathlib.Path(sys.argv[2])
    require(*NEEDED)
    work = tempfile.mkdtemp(prefix='flux-health-')
    env = dict(os.environ, PEER_BIN=str(PEERS), PEER_WORK=work, FLUX_FLAGS='--http-retry=1 --concurrent=60 --kube-api-qps=500 --kube-api-burst=1000')
    try:
        for script in ('kube.sh', 'flux.sh'):
            subprocess.run([HERE.parent / 'peers' / script, 'start'], env=env, check=True, stdout=subprocess.DEVNULL)
        api = lab.Api(os.path.join(work, 'kube/kubeconfig'))
        api.config = os.path.join(work, 'kube/kubeconfig')
        return run(api, work, cli, root)
    finally:
        for script in ('flux.sh', 'kube.sh'):
            subprocess.run([HERE.parent / 'peers' / script, 'stop'], env=env, stdout=subprocess.DEVNULL)
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
