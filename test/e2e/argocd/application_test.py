#!/usr/bin/env python3
"""An Application in a real Argo CD: synced, healthy, rolled back, pruned; and never pruned by an error.

usage: application_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd, kwok, redis-server, git
"""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
EXAMPLE = ROOT / 'examples/mono-repo'
APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: {url}
    targetRevision: main
    path: .
    plugin:
      name: {plugin}
      parameters:
        - name: environments
          array: [staging]
  destination: {{server: https://kubernetes.default.svc, namespace: life}}
  syncPolicy:
    automated: {{prune: true, selfHeal: true, allowEmpty: false}}
    syncOptions: [ServerSideApply=true]
"""


class ApplicationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack.shared(PLUGIN, CLI, ROOT)
        cls.addClassCleanup(cls.stack.close)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = pathlib.Path(self.folder.name, 'repo')
        shutil.copytree(EXAMPLE, self.tree)
        for file in self.tree.rglob('*.yaml'):  # namespaces that no other suite deploys to
            file.write_text(file.read_text().replace('namespace: acme', 'namespace: life'))

    def tearDown(self):
        self.folder.cleanup()

    def application(self, name):
        return json.loads(self.stack.kubectl('-n', 'argocd', 'get', 'application', name, '-o', 'json'))

    def refresh(self, name):
        self.stack.kubectl('-n', 'argocd', 'annotate', '--overwrite', 'application', name,
                           'argocd.argoproj.io/refresh=hard')

    def synced(self, name, commit, health=True):
        def test():
            status = self.application(name).get('status', {})
            sync = status.get('sync', {})
            return (sync.get('status') == 'Synced' and sync.get('revision') == commit and
                    (not health or status.get('health', {}).get('status') == 'Healthy'))
        try:
            self.stack.until(90, f'{name} to be synced', test)
        except AssertionError:
            self.fail(json.dumps(self.application(name).get('status', {}), indent=1)[:6000])

    def deployments(self):
        items = json.loads(self.stack.kubectl('get', 'deployments', '-A', '-o', 'json'))['items']
        return {i['metadata']['name']: i['spec']['template']['spec']['containers'][0]['image'] for i in items
                if i['metadata']['namespace'].startswith('dp-life-')}

    def lifecycle(self, name):
        commit = self.stack.push(self.tree, name)
        self.stack.kubectl('apply', '-f', '-', text=APPLICATION.format(name=name, plugin=name, url=self.stack.url(name)))
        self.synced(name, commit)
        before = self.deployments()
        self.assertTrue(before)

        # Another release of a component: only releaseName changes, and back again.
        release = self.tree / 'projects/shop/components/orders/releases/orders-v1.0.0.yaml'
        binding = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        text = release.read_text()
        image = next(i for n, i in before.items() if n.startswith('orders'))
        (release.parent / 'orders-v1.1.0.yaml').write_text(
            text.replace('orders-v1.0.0', 'orders-v1.1.0').replace(image, image + '-next'))
        binding.write_text(binding.read_text().replace('orders-v1.0.0', 'orders-v1.1.0'))
        commit = self.stack.push(self.tree, name)
        self.refresh(name)
        self.synced(name, commit)
        self.assertIn(image + '-next', self.deployments().values())
        binding.write_text(binding.read_text().replace('orders-v1.1.0', 'orders-v1.0.0'))
        commit = self.stack.push(self.tree, name)
        self.refresh(name)
        self.synced(name, commit)
        self.assertEqual(self.deployments(), before)

        # A broken tree says why, in our words first, and takes nothing away.
        good = binding.read_text()
        binding.write_text(good.replace('orders-v1.0.0', 'orders-v9'))
        self.stack.push(self.tree, name)
        self.refresh(name)

        def condition():
            for c in self.application(name)['status'].get('conditions', []):
                if c['type'] == 'ComparisonError':
                    return c['message']
            return None
        message = self.stack.until(60, 'the condition', condition)
        self.assertRegex(message, r'release-bindings/staging\.yaml:\d+:\d+: error\[')
        self.assertIn('orders-v9', message)
        self.assertEqual(self.deployments(), before)

        # A deleted binding takes its objects along; the others stay.
        binding.unlink()
        commit = self.stack.push(self.tree, name)
        self.refresh(name)
        self.synced(name, commit, health=False)
        self.stack.until(30, 'the pruning', lambda: not any(n.startswith('orders') for n in self.deployments()))
        self.assertEqual({n: i for n, i in before.items() if not n.startswith('orders')}, self.deployments())

        self.stack.kubectl('-n', 'argocd', 'delete', 'application', name, '--wait=true', '--timeout=60s')
        self.stack.until(60, 'the Application\'s objects to go', lambda: not self.deployments())

    def test_native_server(self):
        self.lifecycle('openchoreo')

    def test_stock_server(self):
        self.lifecycle('stock')


if __name__ == '__main__':
    real.require(*real.WHOLE)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
