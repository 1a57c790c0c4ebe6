#!/usr/bin/env python3
"""An upgrade from the version before record version 2, in a real Argo CD: every object's metadata changes and every record, and nothing
else. No pod is restarted, nothing is pruned.

usage: upgrade_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd, kwok, redis-server, git
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
EXAMPLE = ROOT / 'examples/mono-repo'
ENVIRONMENT = 'development'
APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {url}, targetRevision: main, path: ., {source}}}
  destination: {{server: https://kubernetes.default.svc, namespace: default}}
  syncPolicy:
    automated: {{prune: true, selfHeal: true}}
    syncOptions: [ServerSideApply=true]
"""
DIGEST, SUBSTITUTE = 'gitops.openchoreo.dev/digest', 'kustomize.toolkit.fluxcd.io/substitute'


def as_before(o):
    """The object as the version before gave it: no digest, no word to Flux, and records of version 1."""
    o = json.loads(json.dumps(o))
    annotations = o['metadata'].get('annotations', {})
    for name in (DIGEST, SUBSTITUTE): annotations.pop(name, None)
    if not annotations: o['metadata'].pop('annotations', None)
    labels = o['metadata'].get('labels', {})
    if labels.get('gitops.openchoreo.dev/record') == 'v2':
        labels['gitops.openchoreo.dev/record'] = 'v1'
        record = json.loads(o['data']['record.json'])
        old = {k: v for k, v in record.items() if k in ('binding', 'endpoints', 'environment', 'owner', 'release', 'resources')}
        o['data']['record.json'] = json.dumps({**old, 'version': 1}, sort_keys=True, separators=(',', ':'))
    return o


def steady(o):
    """What an object says, without what every write moves. The generation of a Deployment counts its annotations, too."""
    metadata = {k: v for k, v in o['metadata'].items()
                if k in ('name', 'namespace', 'uid') or (k == 'generation' and o['kind'] != 'Deployment')}
    return {**{k: v for k, v in o.items() if k not in ('metadata', 'status')}, 'metadata': metadata}


class UpgradeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack(PLUGIN, CLI)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.start_all()
        cls.stack.install_stand_in_crds(EXAMPLE)

    def status(self):
        return json.loads(self.stack.kubectl('-n', 'argocd', 'get', 'application', 'shop', '-o', 'json')).get('status', {})

    def deploy(self, source, commit):
        self.stack.kubectl('apply', '-f', '-', text=APPLICATION.format(url=self.stack.url('gitops'), source=source))
        def synced():
            status = self.status()
            return (status.get('sync', {}).get('status') == 'Synced' and status['sync'].get('revision') == commit and
                    status.get('operationState', {}).get('syncResult', {}).get('revision') == commit and
                    status['operationState'].get('phase') == 'Succeeded' and status.get('health', {}).get('status') == 'Healthy')
        try:
            self.stack.until(150, f'{source} to be synced', synced)
        except AssertionError as error:
            self.fail(f'{error}: {json.dumps(self.status())[:4000]}')

    def live(self, objects):
        """The cluster's objects of this rendering, and its pods, by kind, namespace and name."""
        kinds = sorted({o['kind'].lower() + ('' if '/' not in o['apiVersion'] else '.' + o['apiVersion'].split('/')[0]) for o in objects})
        wanted = {(o['kind'], o['metadata'].get('namespace', ''), o['metadata']['name']) for o in objects}
        found = json.loads(self.stack.kubectl('get', ','.join([*kinds, 'pods', 'replicasets']), '-A', '-o', 'json'))['items']
        named = {(o['kind'], o['metadata'].get('namespace', ''), o['metadata']['name']): o for o in found}
        return {k: o for k, o in named.items() if k in wanted or (k[0] in ('Pod', 'ReplicaSet') and f'-{ENVIRONMENT}-' in k[1])}

    def test_metadata_alone_changes(self):
        command = [str(CLI), 'render', str(EXAMPLE), '--environment', ENVIRONMENT, '--format', 'json']
        now = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        before = [as_before(o) for o in now]
        self.assertFalse(any(DIGEST in json.dumps(o) for o in before))
        with tempfile.TemporaryDirectory() as folder:
            for i, o in enumerate(before): pathlib.Path(folder, f'{i:03}.yaml').write_text(json.dumps(o))
            commit = self.stack.push(pathlib.Path(folder), 'gitops')
        self.deploy('directory: {}', commit)
        first = self.live(before)
        pods = [k for k in first if k[0] == 'Pod']
        self.assertGreater(len(pods), 0)
        self.assertTrue({(o['kind'], o['metadata'].get('namespace', ''), o['metadata']['name']) for o in now} <= set(first))

        commit = self.stack.push(EXAMPLE, 'gitops')
        self.deploy('plugin: {name: openchoreo, parameters: [{name: environments, array: [' + ENVIRONMENT + ']}]}', commit)
        second = self.live(now)
        self.assertEqual(set(second), set(first), 'something came or went')
        for key, o in second.items():
            record = key[0] == 'ConfigMap' and key[2].startswith('openchoreo-record-')
            if not record: self.assertEqual(steady(o), steady(first[key]), key)
            if record: self.assertIn('"version":2', o['data']['record.json'])
            elif key[0] not in ('Pod', 'ReplicaSet', 'Namespace'): self.assertIn(DIGEST, o['metadata'].get('annotations', {}), key)
        templates = [o['spec']['template'] for o in second.values() if o['kind'] == 'Deployment']
        self.assertFalse(any(DIGEST in json.dumps(t) for t in templates))
        print(f'{len(now)} objects, {len(pods)} pods: the same')


if __name__ == '__main__':
    real.require(*real.WHOLE)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
