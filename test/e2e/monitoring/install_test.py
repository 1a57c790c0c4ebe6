#!/usr/bin/env python3
"""The health mapper's installation on a real API server: every object is taken, the rights are what is needed and no more,
and the real kube-state-metrics makes the metrics the mapper makes itself.

usage: install_test.py REPOSITORY CLI MAPPER
needs: etcd, kube-apiserver, kubectl, kustomize in $PEER_BIN (make peers), kube-state-metrics too (make peers-all; without it
its part is left out)
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import yaml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / 'peers'))
from programs import PEERS, free_port, require  # noqa: E402

REPOSITORY = CLI = MAPPER = None
MONITORING = 'health/install/monitoring/kube-state-metrics.yaml'


def run(*command, given=None, env=None, check=True):
    done = subprocess.run([str(c) for c in command], input=given, env=env, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f'{command[:4]}: {done.stdout[-1000:]}{done.stderr[-2000:]}')
    return done.stdout


def series(text, name):
    """{labels: value} of a metric in Prometheus' text form."""
    found = {}
    for labels, value in re.findall(rf'^{name}\{{(.*)\}} (\S+)$', text, re.M):
        found[frozenset(re.findall(r'(\w+)="([^"]*)"', labels))] = float(value)
    return found


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.holder.name)
        cls.env = {**os.environ, 'PEER_BIN': str(PEERS), 'PEER_WORK': str(cls.work)}
        cls.stack = REPOSITORY / 'test/e2e/peers/kube.sh'
        cls.addClassCleanup(lambda: (subprocess.run(['bash', cls.stack, 'stop'], env=cls.env, capture_output=True),
                                     cls.holder.cleanup()))
        subprocess.run(['bash', cls.stack, 'start'], env=cls.env, check=True, stdout=subprocess.DEVNULL)
        cls.config = cls.work / 'kube/kubeconfig'
        cls.kubectl('apply', '-f', '-', given=run(CLI, 'crds', '--bindings'))
        cls.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all')

    @classmethod
    def kubectl(cls, *arguments, given=None, check=True):
        return run(PEERS / 'kubectl', '--kubeconfig', cls.config, *arguments, given=given, check=check)

    def may(self, verb, resource, namespace, subject):
        resource, _, subresource = resource.partition('/')
        account = f'system:serviceaccount:{subject}:openchoreo-health-mapper'
        return self.kubectl('auth', 'can-i', verb, resource, f'--subresource={subresource}', '-n', namespace,
                            '--as', account, check=False).strip() == 'yes'

    def install(self, folder, namespace):
        built = run(PEERS / 'kustomize', 'build', REPOSITORY / 'health/install' / folder)
        self.kubectl('create', 'namespace', namespace)
        self.addCleanup(self.kubectl, 'delete', '--wait=true', '--ignore-not-found', '-f', '-', given=built)
        self.kubectl('apply', '--validate=strict', '-f', '-', given=built)
        for o in yaml.safe_load_all(built):
            for rule in o.get('rules') or []:
                self.assertNotIn('*', rule['resources'] + rule['verbs'] + rule['apiGroups'], o['metadata']['name'])
        return built

    def test_installs_with_the_rights_it_needs(self):
        self.install('base', 'openchoreo-system')
        own = 'openchoreo-system'
        for verb, resource, where in (
                ('watch', 'releasebindings.openchoreo.dev', 'acme'), ('patch', 'releasebindings.openchoreo.dev/status', 'acme'),
                ('list', 'deployments.apps', 'dp'), ('list', 'configmaps', 'dp'), ('list', 'pods', 'dp'), ('create', 'events', 'acme'),
                ('update', 'leases.coordination.k8s.io', own), ('list', 'secrets', own)):
            self.assertTrue(self.may(verb, resource, where, own), (verb, resource, where))
        for verb, resource, where in (
                ('update', 'releasebindings.openchoreo.dev', 'acme'), ('delete', 'deployments.apps', 'dp'), ('patch', 'deployments.apps', 'dp'),
                ('list', 'secrets', 'dp'), ('get', 'secrets', 'dp'), ('list', 'nodes', 'dp')):
            self.assertFalse(self.may(verb, resource, where, own), (verb, resource, where))

    def test_for_one_namespace(self):
        self.install('one-namespace', 'acme')
        self.assertTrue(self.may('patch', 'releasebindings.openchoreo.dev/status', 'acme', 'acme'))
        self.assertTrue(self.may('list', 'deployments.apps', 'dp', 'acme'))
        for verb, resource in (('patch', 'releasebindings.openchoreo.dev/status'), ('list', 'releasebindings.openchoreo.dev')):
            self.assertFalse(self.may(verb, resource, 'other', 'acme'), (verb, resource))

    def test_rights_for_what_a_tree_renders(self):
        """The role made of rendered objects names them all, and the one made of their records does."""
        rendered = run(CLI, 'render', REPOSITORY / 'examples/mono-repo')
        role = run(MAPPER, 'rbac', '-', given=rendered)
        records = [o for o in yaml.safe_load_all(rendered) if 'gitops.openchoreo.dev/record' in (o['metadata'].get('labels') or {})]
        listed = json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': records})
        by_records = yaml.safe_load(run(MAPPER, 'rbac', '-', given=listed))
        rules = {(r['apiGroups'][0], n) for r in by_records['rules'] for n in r['resources']}
        wanted = {(o['apiVersion'].rpartition('/')[0], o['kind'].lower()) for o in yaml.safe_load_all(rendered)
                  if 'openchoreo.dev/rendered-release-name' in (o['metadata'].get('labels') or {})}
        self.assertEqual(len(wanted - {('', 'configmap')}), len(rules - {('', 'configmaps'), ('', 'pods')}))
        self.kubectl('apply', '--validate=strict', '-f', '-', given=role)
        self.assertEqual(yaml.safe_load(self.kubectl('get', 'clusterrole', 'openchoreo-health-mapper-objects', '-o', 'yaml'))['rules'],
                         yaml.safe_load(role)['rules'])

    def test_rights_that_end_at_namespaces(self):
        rendered = run(CLI, 'render', REPOSITORY / 'examples/mono-repo')
        role = run(MAPPER, 'rbac', '-', '--namespaced', 'narrow', given=rendered)
        self.addCleanup(self.kubectl, 'delete', '--ignore-not-found', '-f', '-', given=role)
        namespaces = role.splitlines()[0].partition('--object-namespaces=')[2].split(',')
        self.assertGreaterEqual(len(namespaces), 4)
        for namespace in namespaces:
            self.kubectl('create', 'namespace', namespace)
        self.kubectl('apply', '--validate=strict', '-f', '-', given=role)
        self.assertTrue(self.may('watch', 'deployments.apps', namespaces[0], 'narrow'))
        self.assertTrue(self.may('list', 'configmaps', namespaces[-1], 'narrow'))
        self.assertFalse(self.may('list', 'deployments.apps', 'elsewhere', 'narrow'))

    def test_kube_state_metrics(self):
        program = PEERS / 'kube-state-metrics'
        if not os.access(program, os.X_OK):
            self.skipTest(f'*** LEFT OUT: no kube-state-metrics in {PEERS} (make peers-all) ***')
        self.kubectl('create', 'namespace', 'shop')
        now = '2026-01-01T00:00:00Z'

        def binding(kind, name, owner, conditions, **spec):
            self.kubectl('apply', '--validate=false', '-f', '-', given=json.dumps({
                'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': kind, 'metadata': {'name': name, 'namespace': 'shop'},
                'spec': {'owner': owner, 'environment': 'development', **spec}}))
            if conditions is None:
                return
            status = {'conditions': [{'type': t, 'status': s, 'reason': r, 'message': 'm', 'lastTransitionTime': now} for t, s, r in conditions]}
            self.kubectl('patch', f'{kind.lower()}s.openchoreo.dev', name, '-n', 'shop', '--subresource=status', '--type=merge', '-p',
                         json.dumps({'status': status}))

        owner = {'projectName': 'p', 'componentName': 'cart'}
        binding('ReleaseBinding', 'cart', owner, [('Ready', 'False', 'ResourcesProgressing'), ('ReleaseSynced', 'True', 'ReleaseSynced')],
                releaseName='v1')
        binding('ReleaseBinding', 'new', owner, None)
        binding('ProjectReleaseBinding', 'p', {'projectName': 'p'}, [('Ready', 'True', 'Ready')], projectRelease='p1')

        config = self.work / 'ksm.yaml'
        values = yaml.safe_load((REPOSITORY / MONITORING).read_text())
        config.write_text(yaml.safe_dump(values['customResourceState']['config']))
        port, telemetry = free_port(), free_port()
        with open(self.work / 'ksm.log', 'w') as log:
            process = subprocess.Popen([program, '--kubeconfig', self.config, '--custom-resource-state-only=true',
                                        '--custom-resource-state-config-file', config, '--host', '127.0.0.1', '--port', str(port),
                                        '--telemetry-host', '127.0.0.1', '--telemetry-port', str(telemetry)], stdout=log, stderr=log)
        try:
            name = 'openchoreo_releasebinding_condition'
            found, deadline = {}, time.monotonic() + 60
            while len({dict(labels)['name'] for labels in found}) < 2 and time.monotonic() < deadline:
                time.sleep(0.5)
                try:
                    text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
                    found = series(text, name)
                except OSError:
                    continue
        finally:
            process.terminate()
            process.wait()
        log = (self.work / 'ksm.log').read_text()
        is_now = {tuple(dict(labels)[k] for k in ('kind', 'namespace', 'name', 'project', 'environment', 'type', 'status', 'reason'))
                  for labels, value in found.items() if value == 1}
        self.assertEqual(is_now, {
            ('ReleaseBinding', 'shop', 'cart', 'p', 'development', 'Ready', 'False', 'ResourcesProgressing'),
            ('ReleaseBinding', 'shop', 'cart', 'p', 'development', 'ReleaseSynced', 'True', 'ReleaseSynced'),
            ('ProjectReleaseBinding', 'shop', 'p', 'p', 'development', 'Ready', 'True', 'Ready')}, log[-3000:])
        self.assertEqual({dict(labels)['component'] for labels in found if dict(labels)['name'] == 'cart'}, {'cart'})
        releases = {(dict(labels)['name'], dict(labels).get('release', '')) for labels in series(text, 'openchoreo_releasebinding_info')}
        self.assertLessEqual({('cart', 'v1'), ('p', 'p1')}, releases)
        # A path that is missing is no error: nothing is said of the binding without a status.
        self.assertNotRegex(log, r'(?m)^E\d{4}')


if __name__ == '__main__':
    REPOSITORY, CLI, MAPPER = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
    require('etcd', 'kube-apiserver', 'kubectl', 'kustomize')
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
