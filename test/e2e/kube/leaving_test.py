#!/usr/bin/env python3
"""OpenChoreo objects that leave a tree (--include bindings, openchoreo, all) are taken by a real API server that has OpenChoreo's own
CRDs of their dialect, whole and without a field it does not know.

usage: leaving_test.py BINARY REPOSITORY CRDS      CRDS: folder with OpenChoreo's own, v1 and v0.12; beside the repository
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from crds_test import PEERS, Cluster, require

# Trees whose OpenChoreo objects are all of one dialect, with more flags.
TREES = {
    'v1': [('examples/mono-repo',), ('test/guide/trees/connection-across-repos',)],
    'v0.12': [('examples/guide/mono-repo',), ('test/guide/trees/include-all-old-dialect',), ('test/guide/trees/last-binding',),
              ('test/guide/trees/mixed-ns', '--namespace', 'my-org'), ('test/guide/trees/two-orgs-mixed',)],
}
INCLUDES = ('bindings', 'openchoreo', 'all')
# Of an object whose file lacks a field that only a cluster needs, this is said beforehand.
FORETOLD = 'hint: a cluster would refuse the object'


def leaving(binary, tree, include, flags):
    """The OpenChoreo objects of a tree, as the command line emits them, and what it says."""
    command = [binary, 'render', tree, '--include', include, '--on-pending', 'warn', '--allow-empty', '--format', 'json', *flags]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0: sys.exit(f'{" ".join(map(str, command))}: {run.stderr}')
    return [o for o in json.loads(run.stdout) if o['apiVersion'].startswith('openchoreo.dev/')], run.stderr


def refused(cluster, objects):
    """What the API server says of those it does not take, by object."""
    for namespace in sorted({o['metadata'].get('namespace', 'default') for o in objects} - {'default'}):
        made = cluster.kubectl('create', 'namespace', namespace, '--dry-run=client', '-o', 'json')
        cluster.kubectl('apply', '-f', '-', given=made)
    def create(given):
        run = subprocess.run([PEERS / 'kubectl', '--kubeconfig', cluster.config, 'create', '--dry-run=server', '--validate=strict', '-f', '-'],
                             input=json.dumps(given), text=True, capture_output=True)
        return run.stderr if run.returncode != 0 else ''
    if not create({'apiVersion': 'v1', 'kind': 'List', 'items': objects}): return {}
    said = {f'{o["kind"]} {o["metadata"]["name"]}': create(o) for o in objects}
    return {name: text for name, text in said.items() if text} or {'the list': 'is refused, and each of its objects taken'}


def main():
    binary, root, own = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    require('etcd', 'kube-apiserver', 'kubectl')
    if not own.exists():
        print(f'*** LEFT OUT: no {own} ***')
        sys.exit(77)
    failures = count = 0
    with tempfile.TemporaryDirectory() as work:
        cluster = Cluster(work, root / 'test/e2e/peers')
        try:
            cluster.run('start')
            for dialect, trees in TREES.items():
                cluster.kubectl('apply', '--server-side', '-f', str(own / dialect))
                cluster.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all')
                for tree, *flags in trees:
                    for include in INCLUDES:
                        objects, told = leaving(binary, root / tree, include, flags)
                        said = refused(cluster, objects)
                        good = bool(objects) and (include == 'bindings') == all(o['kind'].endswith('ReleaseBinding') for o in objects)
                        if include != 'bindings' and FORETOLD in told: good = good and all('missing required field' in t or 'Required value' in t for t in said.values()) and said
                        else: good = good and not said
                        print(f'{"ok  " if good else "FAIL"} {dialect} {tree}, {include}: {len(objects)} objects, {len(said)} lack what a cluster needs')
                        if not good: print(f'    {said}')
                        failures += not good
                        count += len(objects)
                cluster.kubectl('delete', 'crd', '--all', '--wait=true')
        finally:
            cluster.run('stop')
    print(f'{count} objects, {failures} failures')
    sys.exit(1 if failures or count == 0 else 0)


main()
