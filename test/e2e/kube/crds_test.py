#!/usr/bin/env python3
"""A real API server takes the CRDs of `openchoreo-gitops crds`, and stores every binding of the examples under them as it
does under OpenChoreo's own.

usage: crds_test.py BINARY REPOSITORY CRDS      CRDS: folder with OpenChoreo's own, v1 and v0.12; beside the repository
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / 'peers'))
from programs import PEERS, require  # noqa: E402

TREES = {'v1': 'examples/mono-repo', 'v0.12': 'examples/guide/mono-repo'}
PLURALS = ('releasebindings', 'projectreleasebindings', 'resourcereleasebindings')


class Cluster:
    def __init__(self, work, scripts):
        self.script = [str(scripts / 'kube.sh')]
        self.env = {**os.environ, 'PEER_BIN': str(PEERS), 'PEER_WORK': str(work)}
        self.config = str(pathlib.Path(work) / 'kube/kubeconfig')

    def run(self, word):
        subprocess.run(['bash', *self.script, word], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def kubectl(self, *arguments, given=None):
        run = subprocess.run([PEERS / 'kubectl', '--kubeconfig', self.config, *arguments], input=given, text=True,
                             capture_output=True)
        if run.returncode != 0:
            sys.exit(f'kubectl {" ".join(map(str, arguments[:3]))}: {run.stderr}')
        return run.stdout


def bindings(binary, tree):
    """The bindings of a tree as they would be emitted."""
    run = subprocess.run([binary, 'render', tree, '--include', 'openchoreo', '--format', 'json'], capture_output=True,
                         check=True)
    return [o for o in json.loads(run.stdout) if o['kind'].endswith('ReleaseBinding')]


def stored(cluster, crds, objects):
    """What the API server gives back of the objects, by kind and name, while it has these CRDs."""
    cluster.kubectl('apply', '-f', '-', given=crds)
    cluster.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all')
    for namespace in sorted({o['metadata']['namespace'] for o in objects} - {'default'}):
        made = cluster.kubectl('create', 'namespace', namespace, '--dry-run=client', '-o', 'json')
        cluster.kubectl('apply', '-f', '-', given=made)
    given = json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': objects})
    cluster.kubectl('create', '--validate=false', '-f', '-', given=given)
    back = {}
    for plural in PLURALS:
        if f'{plural}.openchoreo.dev' not in crds:
            continue
        for item in json.loads(cluster.kubectl('get', plural, '-A', '-o', 'json'))['items']:
            metadata = {k: v for k, v in item['metadata'].items() if k in ('name', 'namespace', 'labels', 'annotations')}
            back[item['kind'], metadata['name']] = {**item, 'metadata': metadata}
    table = cluster.kubectl('get', 'releasebindings', '-A')
    cluster.kubectl('delete', 'crd', '--all', '--wait=true')
    return back, table.splitlines()[0].split()


def main():
    binary, root, own = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    require('etcd', 'kube-apiserver', 'kubectl')
    failures = count = 0
    with tempfile.TemporaryDirectory() as work:
        cluster = Cluster(work, root / 'test/e2e/peers')
        try:
            cluster.run('start')
            for dialect, tree in TREES.items():
                objects = bindings(binary, root / tree)
                ours = subprocess.run([binary, 'crds', '--bindings', '--dialect', dialect], capture_output=True,
                                      check=True, text=True).stdout
                back, columns = stored(cluster, ours, objects)
                count += len(back)
                if len(back) != len(objects) or not {'READY', 'REASON', 'RELEASE'} <= set(columns):
                    failures += 1
                    print(f'{dialect}: {len(back)} of {len(objects)} bindings, columns {columns}')
                if not own.exists():
                    print(f'SKIPPED: no {own}: not held against OpenChoreo\'s own')
                    continue
                theirs = '---\n'.join(p.read_text() for p in sorted((own / dialect).glob('*releasebindings.yaml')))
                for key, want in stored(cluster, theirs, objects)[0].items():
                    if back.get(key) != want:
                        failures += 1
                        print(f'{dialect} {key}:\n  theirs {want}\n  ours   {back.get(key)}')
            # All kinds, each set over the one before: deleting a CRD takes the API server seconds.
            for arguments in (['--dialect', 'v0.12'], ['--dialect', 'v1'], []):
                crds = subprocess.run([binary, 'crds', *arguments], capture_output=True, check=True, text=True).stdout
                cluster.kubectl('apply', '--server-side', '--force-conflicts', '-f', '-', given=crds)
                cluster.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all')
                for crd in json.loads(cluster.kubectl('get', 'crd', '-o', 'json'))['items']:
                    count += 1
                    wrong = [c['message'] for c in crd['status']['conditions'] if c['type'] == 'NonStructuralSchema']
                    if wrong:
                        failures += 1
                        print(f"{crd['metadata']['name']}: {wrong}")
        finally:
            cluster.run('stop')
    print(f'{count} bindings and CRDs, {failures} failures')
    sys.exit(1 if failures or count == 0 else 0)


if __name__ == "__main__": main()
