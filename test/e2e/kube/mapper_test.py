#!/usr/bin/env python3
"""The health mapper on a real API server: an environment of the guide's tree, delivered as an operator would, and what
becomes of its objects.

usage: mapper_test.py BINARY MAPPER REPOSITORY
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
PEERS = pathlib.Path(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'))
ORGANIZATION = 'my-org'
ROLLED_OUT = {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1, 'readyReplicas': 1, 'availableReplicas': 1}


class Cluster:
    def __init__(self, work, scripts):
        self.script = str(scripts / 'kube.sh')
        self.env = {**os.environ, 'PEER_BIN': str(PEERS), 'PEER_WORK': str(work)}
        self.config = str(pathlib.Path(work) / 'kube/kubeconfig')

    def run(self, word):
        subprocess.run(['bash', self.script, word], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def kubectl(self, *arguments, given=None):
        run = subprocess.run([PEERS / 'kubectl', '--kubeconfig', self.config, *arguments], input=given, text=True,
                             capture_output=True)
        if run.returncode != 0:
            sys.exit(f'kubectl {" ".join(map(str, arguments[:4]))}: {run.stderr}')
        return run.stdout

    def ready(self, name):
        """'status reason: message' of a binding's Ready."""
        binding = json.loads(self.kubectl('-n', ORGANIZATION, 'get', 'releasebinding', name, '-o', 'json'))
        for condition in binding.get('status', {}).get('conditions', []):
            if condition['type'] == 'Ready':
                return f"{condition['status']} {condition['reason']}: {condition['message']}"
        return ''


class Check:
    def __init__(self, cluster):
        self.cluster, self.count, self.failures = cluster, 0, 0

    def __call__(self, name, want):
        self.count += 1
        end = time.monotonic() + 60
        got = self.cluster.ready(name)
        while not got.startswith(want) and time.monotonic() < end:
            time.sleep(0.2)
            got = self.cluster.ready(name)
        if not got.startswith(want):
            self.failures += 1
            print(f'{name}: want {want!r}, got {got!r}')


def main():
    binary, mapper, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    for program in ('etcd', 'kube-apiserver', 'kubectl'):
        if not (PEERS / program).exists():
            print(f'*** LEFT OUT: {program} is not in {PEERS} (run: make peers) ***')
            sys.exit(77)
    rendered = subprocess.run(
        [binary, 'render', root / 'examples/guide/mono-repo', '--environment', 'development', '--include',
         'rendered,bindings', '--format', 'json'], capture_output=True, check=True).stdout
    objects = [o for o in json.loads(rendered) if o['kind'] != 'HTTPRoute']  # whose CRD is not there
    namespace = next(o['metadata']['name'] for o in objects if o['kind'] == 'Namespace')
    service = next(o for o in objects if o['kind'] == 'Service')
    deployment = next(o['metadata']['name'] for o in objects
                      if o['kind'] == 'Deployment' and o['metadata']['name'].startswith('my-service'))
    with tempfile.TemporaryDirectory() as work:
        cluster = Cluster(work, root / 'test/e2e/peers')
        expect = Check(cluster)
        process = None
        try:
            cluster.run('start')
            crds = subprocess.run([binary, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout
            cluster.kubectl('apply', '-f', '-', given=crds)
            cluster.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all')
            cluster.kubectl('create', 'namespace', ORGANIZATION)
            cluster.kubectl('create', 'namespace', namespace)
            process = subprocess.Popen([mapper, '--kubeconfig', cluster.config, '--data-planes=false', '--metrics-addr=',
                                        '--health-addr='], stderr=subprocess.PIPE, text=True)
            bindings = [o for o in objects if o['kind'] == 'ReleaseBinding']
            others = [o for o in objects if o['kind'] not in ('ReleaseBinding', 'Namespace')]

            def apply(items):
                cluster.kubectl('apply', '--server-side', '-f', '-',
                                given=json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': items}))

            def report(status):
                cluster.kubectl('-n', namespace, 'patch', 'deployment', deployment, '--subresource=status', '--type=merge',
                                '-p', json.dumps({'status': status}))

            apply(bindings)
            expect('my-service-development', 'False ReleaseSynced: Release is not synced')
            apply(others)
            expect('my-service-development', 'False ResourcesProgressing')
            expect('nightly-report-development', 'True Ready')
            expect('my-web-development', 'False ResourcesUnknown')
            report(ROLLED_OUT)
            expect('my-service-development', 'True Ready')
            report({**ROLLED_OUT, 'readyReplicas': 0, 'availableReplicas': 0, 'conditions': [
                {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable'}]})
            expect('my-service-development', 'False ResourcesDegraded')
            report({**ROLLED_OUT, 'conditions': None})
            expect('my-service-development', 'True Ready')
            cluster.kubectl('-n', namespace, 'delete', 'service', service['metadata']['name'])
            expect('my-service-development', 'False ReleaseSynced: Release is not synced: 1 of ')
            apply([service])
            expect('my-service-development', 'True Ready')
            columns = cluster.kubectl('-n', ORGANIZATION, 'get', 'releasebindings').splitlines()
            if 'REASON' not in columns[0]:
                expect.failures += 1
                print(columns[0])
        finally:
            if process:
                process.terminate()
                told = process.communicate(timeout=30)[1]
                if process.returncode != 0 or expect.failures:
                    expect.failures += 1
                    print(f'the mapper ended with {process.returncode}:\n{told}')
            cluster.run('stop')
    print(f'{expect.count} checks, {expect.failures} failures')
    sys.exit(1 if expect.failures or expect.count == 0 else 0)


main()
