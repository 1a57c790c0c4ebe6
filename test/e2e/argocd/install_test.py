#!/usr/bin/env python3
"""What argocd-cmp/install puts into a cluster: built by the real kustomize on Argo CD's own manifests and checked, field by
field, by a real API server with Argo CD's CRDs.

usage: install_test.py REPOSITORY-ROOT
needs: kustomize, kube-apiserver, kubectl, etcd and argocd's manifests in $PEER_BIN (make peers)
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import stack as real

ROOT = pathlib.Path(sys.argv[1]).resolve()
INSTALL = ROOT / 'argocd-cmp/install'
UPSTREAM = real.PEERS / 'argocd-install.yaml'
# A namespace as strict as they come: the API server warns about Pods that would be refused.
NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata:
  name: argocd
  labels: {pod-security.kubernetes.io/warn: restricted}
"""


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack('', '')
        cls.addClassCleanup(cls.stack.close)
        cls.stack.start('kube.sh')
        cls.stack.kubectl('apply', '-f', '-', text=NAMESPACE)
        crds = real.PEERS / 'crds/argocd'
        cls.stack.kubectl('apply', '--server-side', '-f', str(crds))
        cls.stack.until(90, 'the CRDs', lambda: 'applicationsets' in cls.stack.kubectl(
            'api-resources', '--api-group=argoproj.io', '-o', 'name'))

    def build(self, components, patches=()):
        """What `kubectl apply -k` would send: an installation as in the README."""
        folder = self.stack.work / 'installation'
        folder.mkdir(exist_ok=True)
        (folder / 'upstream.yaml').write_bytes(UPSTREAM.read_bytes())
        (folder / 'kustomization.yaml').write_text(json.dumps({
            'namespace': 'argocd', 'resources': ['upstream.yaml'],
            'components': [os.path.relpath(INSTALL / c, folder) for c in components],
            'images': [{'name': 'openchoreo-argocd-cmp', 'newName': 'registry.example.com/openchoreo-argocd-cmp', 'newTag': '1'}],
            'patches': [{'path': os.path.relpath(INSTALL / p, folder)} for p in patches]}))
        run = subprocess.run([real.PEERS / 'kustomize', 'build', '--load-restrictor', 'LoadRestrictionsNone', folder],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        # The CRDs, nine tenths of it, are not ours.
        return '\n---\n'.join(d for d in run.stdout.split('\n---\n') if '\nkind: CustomResourceDefinition\n' not in '\n' + d)

    def dry_run(self, text):
        """(objects, warnings and errors) of a server-side dry run that knows no unknown fields."""
        run = subprocess.run(
            [real.PEERS / 'kubectl', '--kubeconfig', self.stack.env['KUBECONFIG'], 'apply', '--server-side',
             '--force-conflicts', '--dry-run=server', '--validate=strict', '-o', 'json', '-f', '-'],
            input=text, capture_output=True, text=True)
        if run.returncode != 0:
            return None, run.stderr
        found = json.loads(run.stdout)
        return found.get('items', [found]), run.stderr

    def accepted(self, text):
        objects, problems = self.dry_run(text)
        # Argo CD's own finalizer, which Kubernetes would like to have another name.
        problems = [p for p in problems.splitlines() if not p.startswith('Warning: metadata.finalizers')]
        self.assertEqual(problems, [])
        return {(o['kind'], o['metadata']['name']): o for o in objects}

    def test_sidecar(self):
        objects = self.accepted(self.build(['repo-server']))
        pod = objects['Deployment', 'argocd-repo-server']['spec']['template']['spec']
        volumes = {v['name']: v for v in pod['volumes']}
        containers = {c['name']: c for c in pod['containers']}
        self.assertEqual(set(containers), {'argocd-repo-server', 'openchoreo'})
        server, plugin = containers['argocd-repo-server'], containers['openchoreo']
        self.assertTrue({'name': 'ARGOCD_CMP_CHUNK_SIZE', 'value': '1048576'} in server['env'])
        self.assertEqual(plugin['image'], 'registry.example.com/openchoreo-argocd-cmp:1')
        mounts = {m['mountPath']: m['name'] for m in plugin['volumeMounts']}
        theirs = {m['mountPath']: m['name'] for m in server['volumeMounts']}
        sockets = '/home/argocd/cmp-server/plugins'
        self.assertEqual(mounts[sockets], theirs[sockets])
        self.assertNotEqual(mounts['/tmp'], theirs['/tmp'])
        for name in mounts.values():
            self.assertIn('emptyDir', volumes[name])
        self.assertEqual(plugin['securityContext']['runAsUser'], 999)  # whom the socket must be open to
        for probe in ('startupProbe', 'readinessProbe', 'livenessProbe'):
            self.assertEqual(plugin[probe]['exec']['command'], ['openchoreo-argocd-cmp', 'health'])
        self.assertEqual(objects['ConfigMap', 'argocd-cmd-params-cm']['data']['reposerver.plugin.tar.exclusions'],
                         '.git/*;.git')
        # repo-server takes that setting from there.
        self.assertIn('reposerver.plugin.tar.exclusions', [
            e['valueFrom']['configMapKeyRef']['key'] for e in server['env'] if 'configMapKeyRef' in e.get('valueFrom', {})])

    def test_helm_values_and_operator_hold_the_same_sidecar(self):
        """As lines: what differs between the files is indentation and the patch's comments."""
        def lines(text, begin, end):
            part = text[text.index(begin):]
            return [re.sub(r' +#.*', '', line).strip() for line in part[:part.index(end)].splitlines()]
        patch = (INSTALL / 'repo-server/sidecar.yaml').read_text().replace(
            'image: openchoreo-argocd-cmp\n', 'image: registry.example.com/openchoreo-argocd-cmp:1\n')
        values = (INSTALL / 'helm-values.yaml').read_text()
        self.assertEqual(lines(patch, '- name: openchoreo\n', 'volumes:'), lines(values, '- name: openchoreo\n', 'volumes:'))
        self.assertEqual(lines(patch + 'END', '- name: openchoreo-tmp\n          emptyDir', 'END'),
                         lines(values + 'END', '- name: openchoreo-tmp\n      emptyDir', 'END'))
        operator = (INSTALL / 'operator.yaml').read_text()
        # There, the cluster may choose the user.
        self.assertEqual([line for line in lines(values, '- name: openchoreo\n', 'volumes:') if not line.startswith('runAs')
                          or line.startswith('runAsNonRoot')], lines(operator, '- name: openchoreo\n', 'volumes:'))
        for file in ('repo-server/parameters.yaml', 'helm-values.yaml'):
            self.assertIn('reposerver.plugin.tar.exclusions: ".git/*;.git"', (INSTALL / file).read_text())

    def test_everything_together(self):
        objects = self.accepted(self.build(['repo-server', 'health', 'monitoring'],
                                            ['repo-server/extra-sources.yaml', 'repo-server/extra-sources-ssh.yaml']))
        pod = objects['Deployment', 'argocd-repo-server']['spec']['template']['spec']
        sockets = [next(e['value'] for e in c['env'] if e['name'] == 'ARGOCD_ASK_PASS_SOCK') for c in pod['containers']]
        self.assertEqual(len(sockets), 2)
        self.assertEqual(len(set(sockets)), 1)
        shared = [next(m['name'] for m in c['volumeMounts'] if m['mountPath'] == os.path.dirname(sockets[0]))
                  for c in pod['containers']]
        self.assertEqual(len(set(shared)), 1)
        # Keys, host keys and certificates: the same volumes at the same places, since repo-server names them by path.
        mounts = [{m['mountPath']: m['name'] for m in c['volumeMounts']} for c in pod['containers']]
        for path in ('/dev/shm', '/app/config/ssh', '/app/config/tls'):
            self.assertEqual(len({m[path] for m in mounts}), 1, path)
        scripts = [k for k in objects['ConfigMap', 'argocd-cm']['data'] if k.startswith('resource.customizations.health.openchoreo')]
        self.assertEqual(len(scripts), 5)
        self.assertNotIn(('ConfigMap', 'openchoreo-health'), objects)
        # Prometheus finds the port, and is let through to it.
        plugin = next(c for c in pod['containers'] if c['name'] == 'openchoreo')
        port = next(p for p in plugin['ports'] if p['name'] == 'plugin-metrics')['containerPort']
        service = objects['Service', 'argocd-repo-server-openchoreo']['spec']
        labels = objects['Deployment', 'argocd-repo-server']['spec']['template']['metadata']['labels']
        self.assertLessEqual(service['selector'].items(), labels.items())
        self.assertEqual(service['ports'][0]['targetPort'], 'plugin-metrics')
        rules = objects['NetworkPolicy', 'argocd-repo-server-network-policy']['spec']['ingress']
        self.assertEqual([port], [p['port'] for r in rules for p in r['ports'] if p['port'] not in (8081, 8084)])
        self.assertIn(f':{port}', ' '.join(plugin['args']))

    def test_applications(self):
        for name in ('application', 'applicationset', 'project'):
            text = (INSTALL / f'applications/{name}.yaml').read_text()
            self.accepted(text)
            for right, wrong in (('parameters:', 'parameter:'), ('destination:', 'destinations:'),
                                 ('rollingSync:', 'rollingsync:'), ('clusterResourceWhitelist:', 'clusterWhitelist:')):
                if right in text:
                    objects, problems = self.dry_run(text.replace(right, wrong, 1))
                    self.assertIsNone(objects)
                    self.assertIn(': field not declared in schema', problems)

    def test_examples_agree(self):
        """One project for all, and the plugin under the name of its socket."""
        texts = [(INSTALL / f'applications/{name}.yaml').read_text() for name in ('application', 'applicationset', 'project')]
        single, several, project = (next(iter(self.accepted(text).values())) for text in texts)
        for source in (single['spec'], several['spec']['template']['spec']):
            self.assertEqual(source['project'], project['metadata']['name'])
            self.assertIn(source['source']['repoURL'], project['spec']['sourceRepos'])
            self.assertEqual(source['source']['plugin']['name'], 'openchoreo')
        # A rolling sync covers every environment there is: an Application in no step is never synced.
        steps = [m['values'] for s in several['spec']['strategy']['rollingSync']['steps'] for m in s['matchExpressions']]
        self.assertEqual(sum(steps, []), [e['environment'] for e in several['spec']['generators'][0]['list']['elements']])


if __name__ == '__main__':
    real.require('kustomize', 'kube-apiserver', 'kubectl', 'etcd', 'curl', 'openssl', 'argocd-install.yaml')
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
