#!/usr/bin/env python3
"""The AppProject for tenants (argocd-cmp/install/applications/tenant-project.yaml) in a real Argo CD: what docs/security.md says
it bounds, it bounds.

usage: project_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd, kwok, redis-server, git
"""
import json
import pathlib
import re
import sys
import tempfile
import unittest

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
sys.path.insert(0, str(ROOT / 'test/hostile'))
import good_tree  # noqa: E402

PROJECT = ROOT / 'argocd-cmp/install/applications/tenant-project.yaml'
APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: tenant
  source:
    repoURL: {url}
    targetRevision: main
    path: .
    plugin: {{name: openchoreo}}
  destination: {{server: https://kubernetes.default.svc, namespace: tenant}}
  syncPolicy:
    automated: {{prune: true}}
    retry: {{limit: 0}}
    syncOptions: [ServerSideApply=true]
"""
GOOD = """            apiVersion: v1
            kind: Service
            metadata: {name: good, namespace: "${metadata.namespace}"}
            spec: {ports: [{port: 80}]}
"""
# What the tenant's template holds, and whose name Argo CD's refusal must tell.
HOSTILE = {
    'cluster-role-binding': ('ClusterRoleBinding', """            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: tenant-is-admin}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: tenant}]
"""),
    'role-binding': ('RoleBinding', """            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: tenant-is-admin}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: tenant}]
"""),
    'system-namespace': ('kube-system', """            apiVersion: v1
            kind: ConfigMap
            metadata: {name: stranger, namespace: kube-system}
"""),
    'neighbour': ('dp-other-p-dev', """            apiVersion: v1
            kind: ConfigMap
            metadata: {name: stranger, namespace: dp-other-p-dev-0}
"""),
    'foreign-namespace': ('Namespace', """            apiVersion: v1
            kind: Namespace
            metadata: {name: kube-system, labels: {pod-security.kubernetes.io/enforce: privileged}}
"""),
}


def tree(template):
    text = good_tree.tree().replace('namespace: default', 'namespace: tenant')
    head, tail = text.split('          template:\n')
    return head + '          template:\n' + template + '  workload:' + tail.split('  workload:')[1]


class ProjectTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack.shared(PLUGIN, CLI, ROOT)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.kubectl('create', 'namespace', 'dp-other-p-dev-0')
        project = PROJECT.read_text().replace('https://github.com/acme/tenant.git', cls.stack.url('*'))
        cls.stack.kubectl('apply', '-f', '-', text=project)

    def deploy(self, name, template):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, 'tree.yaml').write_text(tree(template))
            self.stack.push(pathlib.Path(folder), name)
        self.stack.kubectl('apply', '-f', '-', text=APPLICATION.format(name=name, url=self.stack.url(name)))
        try:
            return self.stack.until(120, f'the end of the sync of {name}', lambda: self.ended(name))
        except AssertionError as error:
            state = self.stack.kubectl('-n', 'argocd', 'get', 'application', name, '-o', 'json')
            raise AssertionError(f'{error}: {state[:3000]}') from None
        finally:
            self.stack.kubectl('-n', 'argocd', 'delete', 'application', name, '--wait=false')

    def ended(self, name):
        """Status of the Application once a sync has ended or was refused; its conditions tell of a refusal before it."""
        status = json.loads(self.stack.kubectl('-n', 'argocd', 'get', 'application', name, '-o', 'json')).get('status', {})
        phase = status.get('operationState', {}).get('phase')
        refused = any(c['type'] in ('SyncError', 'ComparisonError', 'InvalidSpecError') for c in status.get('conditions', []))
        return status if phase in ('Succeeded', 'Failed', 'Error') or refused else None

    def test_the_tenants_own(self):
        status = self.deploy('own', GOOD)
        self.assertEqual(status['operationState']['phase'], 'Succeeded', json.dumps(status)[:3000])
        self.assertIn('good', self.stack.kubectl('get', 'services', '-A', '-o', 'name'))

    def test_what_it_bounds(self):
        before = self.stack.kubectl('get', 'clusterrolebindings,namespaces', '-o', 'name')
        for name, (word, template) in HOSTILE.items():
            with self.subTest(name):
                said = json.dumps(self.deploy(name, template))
                self.assertIn('not permitted in project', said)
                self.assertIn(word, said)
        after = self.stack.kubectl('get', 'clusterrolebindings,namespaces', '-o', 'name')
        strangers = set(after.split()) - set(before.split())
        self.assertEqual([n for n in strangers if not re.match('namespace/dp-(tenant|life|acme)-', n)], [])
        self.assertNotIn('tenant-is-admin', self.stack.kubectl('get', 'rolebindings', '-A', '-o', 'name'))
        self.assertNotIn('stranger', self.stack.kubectl('get', 'configmaps', '-A', '-o', 'name'))
        self.assertNotIn('privileged', self.stack.kubectl('get', 'namespace', 'kube-system', '-o', 'json'))


if __name__ == '__main__':
    real.require(*real.WHOLE)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
