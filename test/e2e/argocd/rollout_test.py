#!/usr/bin/env python3
"""The shipped AppProject and ApplicationSet in a real Argo CD: one Application per environment, rolled out one after the
other, pruned too, and a broken environment stops those behind it.

usage: rollout_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd, kwok, redis-server, git
"""
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time
import unittest

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
EXAMPLE = ROOT / 'examples/mono-repo'
SHIPPED = ROOT / 'argocd-cmp/install/applications'
ENVIRONMENTS = ('development', 'staging', 'production')


class RolloutTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack.shared(PLUGIN, CLI, ROOT)
        cls.addClassCleanup(cls.stack.close)
        cls.server = cls.register_cluster('production')

    @classmethod
    def register_cluster(cls, name):
        """The one API server once more, as a cluster that Argo CD knows by its address."""
        text = pathlib.Path(cls.stack.env['KUBECONFIG']).read_text()
        field = {k: re.search(rf'{k}: (\S+)', text).group(1) for k in (
            'server', 'certificate-authority-data', 'client-certificate-data', 'client-key-data')}
        cls.stack.kubectl('apply', '-f', '-', text=json.dumps({
            'apiVersion': 'v1', 'kind': 'Secret',
            'metadata': {'name': name, 'namespace': 'argocd', 'labels': {'argocd.argoproj.io/secret-type': 'cluster'}},
            'stringData': {'name': name, 'server': field['server'], 'config': json.dumps({'tlsClientConfig': {
                'caData': field['certificate-authority-data'], 'certData': field['client-certificate-data'],
                'keyData': field['client-key-data']}})}}))
        return field['server']

    def shipped(self, name):
        text = (SHIPPED / f'{name}.yaml').read_text()
        return text.replace('https://github.com/acme/gitops.git', self.stack.url('gitops')).replace(
            'https://production.example.com', self.server)

    def applications(self):
        items = json.loads(self.stack.kubectl('-n', 'argocd', 'get', 'applications', '-l', 'environment', '-o', 'json'))['items']
        return {i['metadata']['labels']['environment']: i for i in items}

    def wait(self, what, test):
        try:
            return self.stack.until(150, what, test)
        except AssertionError:
            status = {e: {k: a.get('status', {}).get(k) for k in ('sync', 'health', 'conditions', 'operationState')}
                      for e, a in self.applications().items()}
            sets = self.stack.kubectl('-n', 'argocd', 'get', 'applicationset', 'shop', '-o', 'jsonpath={.status}')
            self.fail(f'{what}: {json.dumps(status, indent=1)[:5000]}\n{sets[:3000]}')

    def refresh(self):
        for name in ENVIRONMENTS:
            self.stack.kubectl('-n', 'argocd', 'annotate', '--overwrite', 'application', f'shop-{name}',
                               'argocd.argoproj.io/refresh=hard')

    def rolled_out(self, commit):
        def test():
            found = self.applications()
            return found if set(found) == set(ENVIRONMENTS) and all(
                a.get('status', {}).get('sync', {}).get('status') == 'Synced' and
                a['status'].get('operationState', {}).get('syncResult', {}).get('revision') == commit and
                a['status'].get('health', {}).get('status') == 'Healthy' for a in found.values()) else None
        return self.wait('all environments', test)

    def deployments(self, environment):
        items = json.loads(self.stack.kubectl('get', 'deployments', '-A', '-o', 'json'))['items']
        return [i for i in items if re.match(rf'dp-acme-.*-{environment}-', i['metadata']['namespace'])]

    def images(self):
        """{environment: image of orders}"""
        return {e: i['spec']['template']['spec']['containers'][0]['image'] for e in ENVIRONMENTS
                for i in self.deployments(e) if i['metadata']['name'].startswith('orders')}

    def test_rollout(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder, 'repo')
            shutil.copytree(EXAMPLE, tree)
            orders = tree / 'projects/shop/components/orders'
            commit = self.stack.push(tree, 'gitops')
            self.stack.kubectl('apply', '-f', '-', text=self.shipped('project'))
            self.stack.kubectl('apply', '-f', '-', text=self.shipped('applicationset'))
            found = self.rolled_out(commit)
            self.assertEqual({a['metadata']['name'] for a in found.values()}, {f'shop-{e}' for e in ENVIRONMENTS})
            # One after the other.
            made = [[i['metadata']['creationTimestamp'] for i in self.deployments(e)] for e in ENVIRONMENTS]
            for before, after in zip(made, made[1:]):
                self.assertLessEqual(max(before), min(after))
            self.assertEqual(set(self.images()), set(ENVIRONMENTS))
            image = self.images()['staging']

            # What cannot be rendered for development is not brought to the others.
            release = (orders / 'releases/orders-v1.0.0.yaml').read_text()
            (orders / 'releases/orders-v1.1.0.yaml').write_text(
                release.replace('orders-v1.0.0', 'orders-v1.1.0').replace(image, image + '-next'))
            bindings = {e: orders / f'release-bindings/{e}.yaml' for e in ENVIRONMENTS}
            for e in ENVIRONMENTS[1:]:
                bindings[e].write_text(bindings[e].read_text().replace('orders-v1.0.0', 'orders-v1.1.0'))
            good = bindings['development'].read_text()
            bindings['development'].write_text(good.rstrip() + '\n  componentTypeEnvironmentConfigs: {replicas: many}\n')
            self.stack.push(tree, 'gitops')
            self.refresh()
            self.wait('the condition', lambda: any(
                'orders/release-bindings/development.yaml' in c['message'] for c in self.applications()['development']['status'].get('conditions', [])))
            self.wait('staging to differ', lambda: self.applications()['staging']['status'].get('sync', {}).get(
                'status') == 'OutOfSync')
            time.sleep(12)  # several times what a sync takes to begin
            for e in ENVIRONMENTS[1:]:
                self.assertEqual(self.images()[e], image)

            # Mended, it goes all the way.
            bindings['development'].write_text(good)
            commit = self.stack.push(tree, 'gitops')
            self.refresh()
            self.rolled_out(commit)
            for e in ENVIRONMENTS[1:]:
                self.assertEqual(self.images()[e], image + '-next')

            # A binding that is gone takes its objects along, there as well.
            bindings['staging'].unlink()
            commit = self.stack.push(tree, 'gitops')
            self.refresh()
            self.wait('the pruning', lambda: 'staging' not in self.images())
            self.assertEqual(set(self.images()), {'development', 'production'})


if __name__ == '__main__':
    real.require(*real.WHOLE)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
