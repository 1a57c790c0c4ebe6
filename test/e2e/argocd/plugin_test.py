#!/usr/bin/env python3
"""The plugin behind a real repo-server: what it answers, however the repository arrives.

usage: plugin_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, repoclient, redis-server, git (make peers builds the first two)
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
EXAMPLE = ROOT / 'examples/mono-repo'
TRACKING = 'argocd.argoproj.io/tracking-id'


def rendered(folder, *flags):
    """What the command line makes of the same tree."""
    run = subprocess.run([CLI, 'render', folder, '--format', 'json', *flags], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return json.loads(run.stdout)


def objects(answer):
    code, out, err = answer
    if code != 0:
        raise AssertionError(err)
    found = [json.loads(m) if isinstance(m, str) else m for m in json.loads(out)['manifests']]
    for o in found:  # repo-server's own addition
        annotations = o['metadata'].get('annotations', {})
        annotations.pop(TRACKING, None)
        if not annotations:
            o['metadata'].pop('annotations', None)
    return found


def key(o):
    return json.dumps(o, sort_keys=True)


class PluginTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = real.Stack(PLUGIN, CLI)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.start('git.sh')
        cls.stack.start('argocd.sh', ARGOCD_PLUGINS=str(cls.stack.stock_plugin(ROOT)))
        cls.flags = ['--allow-source', cls.stack.url('platform'), '--kustomize', str(real.PEERS / 'kustomize')]
        cls.stack.serve(*cls.flags)
        cls.stack.push(EXAMPLE)

    def same(self, answer, expected):
        self.assertEqual(sorted(map(key, objects(answer))), sorted(map(key, expected)))

    def test_equals_the_command_line(self):
        self.same(self.stack.generate(), rendered(EXAMPLE))
        self.same(self.stack.generate(parameters=[{'name': 'environments', 'array': ['development']},
                                                  {'name': 'tracking', 'string': 'none'}]),
                  rendered(EXAMPLE, '--environment', 'development', '--tracking', 'none'))

    def test_stock_server_with_plugin_yaml(self):
        self.same(self.stack.generate(name='stock'), rendered(EXAMPLE))
        code, _, error = self.stack.generate(name='stock', parameters=[{'name': 'nope', 'string': 'x'}])
        self.assertEqual(code, 1)
        self.assertIn('unknown parameter "nope"', error)

    def test_path_is_the_tree_and_sources_add_to_it(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(EXAMPLE, f'{folder}/repo')
            code, _, error = self.stack.generate(path='projects')
            self.assertEqual(code, 1)
            self.assertIn('projects/', error)
            self.same(self.stack.generate(path='projects', parameters=[{'name': 'sources', 'array': ['/platform']}]),
                      rendered(EXAMPLE))

    def test_extra_source_from_another_repository(self):
        commit = self.stack.push(EXAMPLE / 'platform', 'platform')
        self.stack.push(EXAMPLE / 'projects', 'projects')
        source = f'{self.stack.url("platform")}?ref={commit}'
        self.same(self.stack.generate(repository='projects', parameters=[{'name': 'sources', 'array': [source]}]),
                  rendered(EXAMPLE))
        code, _, error = self.stack.generate(repository='projects', parameters=[
            {'name': 'sources', 'array': [f'{self.stack.url("other")}?ref={commit}']}])
        self.assertEqual(code, 1)
        self.assertIn('the operator does not allow the repository', error)

    @unittest.skipUnless((real.PEERS / 'kustomize').exists(), 'LEFT OUT: no kustomize')
    def test_kustomization_in_the_path(self):
        with tempfile.TemporaryDirectory() as folder:
            for part in ('platform', 'projects'):
                shutil.copytree(EXAMPLE / part, f'{folder}/{part}')
            pathlib.Path(folder, 'kustomization.yaml').write_text(
                'resources: [platform, projects]\npatches:\n- target: {kind: ReleaseBinding, name: orders-staging}\n'
                '  patch: |-\n    - {op: add, path: /spec/state, value: Undeploy}\n')
            self.stack.push(folder, 'kustomized')
            plain = objects(self.stack.generate(repository='kustomized'))
            built = objects(self.stack.generate(repository='kustomized', parameters=[{'name': 'kustomize', 'string': 'true'}]))
            self.assertIn('orders-staging', json.dumps([o['metadata']['name'] for o in plain]))
            self.assertNotIn('orders-staging', json.dumps([o['metadata']['name'] for o in built]))
            self.assertEqual({o['kind'] for o in plain}, {o['kind'] for o in built})

    def test_details_announce_what_the_tree_holds(self):
        code, out, error = self.stack.generate(extra=['-details'])
        self.assertEqual(code, 0, error)
        announced = {p['name']: p for p in json.loads(out)['plugin']['parametersAnnouncement']}
        self.assertEqual(announced['environments']['array'], ['development', 'production', 'staging'])
        self.assertEqual(announced['projects']['array'], ['payments', 'shop'])
        self.assertEqual(announced['strict']['string'], 'false')
        readme = (ROOT / 'argocd-cmp/README.md').read_text()
        table = readme[readme.index('## Parameters'):readme.index('A list may also be one string')]
        named = [re.findall(r'`(\w+)`', line.split('|')[1]) for line in table.splitlines() if line.startswith('| `')]
        self.assertEqual(sorted(sum(named, [])), sorted(announced))

    def test_first_line_of_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(EXAMPLE, f'{folder}/repo')
            broken = pathlib.Path(folder, 'repo/projects/shop/components/orders/release-bindings/staging.yaml')
            broken.write_text(broken.read_text().replace('orders-v1.0.0', 'orders-v9'))
            self.stack.push(f'{folder}/repo', 'broken')
            code, _, error = self.stack.generate(repository='broken')
            self.assertEqual(code, 1)
            self.assertRegex(error, r'code = InvalidArgument desc = projects/shop/components/orders/release-bindings/'
                                    r'staging\.yaml:\d+:\d+: error\[')
            self.assertIn('orders-v9', error)

    def test_chunks_and_exclusions(self):
        expected = rendered(EXAMPLE)
        for environment in ({'ARGOCD_CMP_CHUNK_SIZE': '4194304', 'ARGOCD_REPO_FLAGS': '--plugin-tar-exclude .git'},
                            {'ARGOCD_REPO_FLAGS': '--plugin-use-manifest-generate-paths'}):
            self.stack.restart_repo_server(ARGOCD_PLUGINS=str(self.stack.work / 'stock'), **environment)
            self.same(self.stack.generate(), expected)

    def test_plugin_env_sets_parameters(self):
        for name in ('openchoreo', 'stock'):
            self.same(self.stack.generate(name=name, environment={'ENVIRONMENTS': 'development'}),
                      rendered(EXAMPLE, '--environment', 'development'))

    def test_another_version_beside_it(self):
        port = next(field.split(':')[-1] for line in self.stack.plugin_log().splitlines() if '"msg":"serving"' in line
                    for field in line.strip('{}').split(',') if 'metrics_port' in field)
        env = {**self.stack.env, 'OPENCHOREO_SOCKET_VERSION': 'next'}
        with subprocess.Popen([PLUGIN, 'serve', '--socket-folder', str(self.stack.sockets), '--work-folder',
                               str(self.stack.work / 'next'), '--metrics-address', f'127.0.0.1:{port}'], env=env, stderr=subprocess.PIPE, text=True) as second:
            try:
                self.stack.until(10, 'the second plugin', lambda: subprocess.run(
                    [PLUGIN, 'health', '--socket-folder', str(self.stack.sockets)], env=env, capture_output=True).returncode == 0)
                self.same(self.stack.generate(name='openchoreo-next'), rendered(EXAMPLE))
            finally:
                second.terminate()
            self.assertIn('no metrics', second.communicate(timeout=30)[1])

    def test_restart_gives_the_same_bytes(self):
        first = self.stack.generate()[1]
        self.stack.stop_serving()
        self.stack.serve(*self.flags)
        self.assertEqual(first, self.stack.generate()[1])

    def test_dashboard_and_alerts_ask_for_what_there_is(self):
        self.stack.generate()
        port = next(p for p in (json.loads(line).get('metrics_port') for line in
                                reversed(self.stack.plugin_log().splitlines())) if p)
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics').read().decode()
        exported = {}  # series name: [{label: value}]
        for name, labels in re.findall(r'(?m)^(\w+)(?:{(.*)})? ', text):
            exported.setdefault(name, []).append(dict(re.findall(r'(\w+)="([^"]*)"', labels)))
        folder = ROOT / 'argocd-cmp/install/monitoring'
        dashboard = json.loads((folder / 'grafana-dashboard.json').read_text())
        queries = [t['expr'] for p in dashboard['panels'] for t in p['targets']]
        queries += re.findall(r'expr: (?:>-)?\s*((?:.|\n)*?)\n +for:', (folder / 'alerts.yaml').read_text())
        self.assertGreater(len(queries), 12)
        for query in queries:
            series = re.findall(r'(openchoreo_argocd_cmp_\w+)(?:{(.*?)})?', query)
            self.assertTrue(series, query)
            grouped = set(re.findall(r'\w+', ' '.join(re.findall(r'by \(([^)]*)\)', query))))
            for name, matchers in series:
                self.assertIn(name, exported)
                for label, operator, value in re.findall(r'(\w+)(=~?)"([^"]*)"', matchers):
                    values = {found.get(label) for found in exported[name]}
                    # What a healthy run has no example of is only looked at by its label.
                    self.assertIn(value if operator == '=' else label, values if operator == '=' else exported[name][0])
                for label in grouped:
                    self.assertIn(label, exported[name][0])

    def test_no_secret_in_the_log(self):
        self.stack.generate()
        for line in self.stack.plugin_log().splitlines():
            json.loads(line)  # every line is one JSON object
        self.assertIn('"msg":"generated","app":"demo"', self.stack.plugin_log())


if __name__ == '__main__':
    real.require('argocd', 'repoclient', 'redis-server', 'git', 'curl')
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
