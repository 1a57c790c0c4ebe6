#!/usr/bin/env python3
"""Trees of the guide with what its readers do next: each run, its exit code and what it says.

usage: guide_test.py PROGRAM     (run in trees/)
"""
import glob, subprocess, sys, unittest

import yaml

PROGRAM = sys.argv.pop(1)


def render(*arguments):
    done = subprocess.run([PROGRAM, 'render', *arguments], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


def identity(document):
    return document['apiVersion'], document['kind'], document['metadata']['name']


class GuideTest(unittest.TestCase):
    def test_a_connection_into_a_repository_that_is_not_there(self):
        tree = 'connection-across-repos'
        shop = [f'{tree}/shop-repo', f'{tree}/platform-repo', '--component', 'orders']
        code, out, err = render(*shop)
        self.assertEqual((code, out), (1, ''))
        self.assertIn('is in none of the sources', err)
        self.assertIn('--on-pending warn', err)
        code, out, err = render(*shop, '--on-pending', 'warn')
        self.assertEqual(code, 0, err)
        self.assertNotIn('PAYMENTS_URL', out)
        code, out, err = render(f'{tree}/payments-repo', *shop)
        self.assertEqual(code, 0, err)
        self.assertIn('PAYMENTS_URL', out)

    def test_two_organizations_in_one_repository(self):
        names = {}
        for organization in ('acme', 'globex'):
            code, out, err = render('two-orgs-mixed', '--organization', organization, '--format', 'plan')
            self.assertEqual(code, 0, err)
            names[organization] = set(documents(out)[0][i]['binding']['namespace']
                                      for i in range(len(documents(out)[0])))
        self.assertEqual(names, {'acme': {'acme'}, 'globex': {'globex'}})
        code, _, err = render('two-orgs-mixed', '--organization', 'initech')
        self.assertEqual(code, 1)
        self.assertIn('there is: acme, globex', err)

    def test_the_last_binding_of_an_environment_is_gone(self):
        tree = ['last-binding', '--environment', 'staging']
        code, out, err = render(*tree)
        self.assertEqual((code, out), (1, ''))
        self.assertIn('state: Undeploy', err)
        self.assertIn('--allow-empty-selection', err)
        self.assertEqual(render(*tree, '--allow-empty-selection')[:2], (0, ''))
        self.assertEqual(render('last-binding', '--environment', 'stagin', '--allow-empty-selection')[0], 1)

    def test_a_data_plane_without_a_secret_store(self):
        code, _, err = render('no-store')
        self.assertEqual(code, 1)
        self.assertIn('has no spec.secretStoreRef', err)

    def test_one_cause_is_told_once(self):
        code, _, err = render('mixed-ns')
        self.assertEqual(code, 1)
        self.assertIn('(--namespace my-org)', err)
        headlines = [line for line in err.splitlines() if ': error[' in line]
        self.assertEqual(len(headlines), len(set(headlines)))
        self.assertRegex(err.splitlines()[-1], r'^\d+ errors?(, \d+ warnings?)? in \d+ files?; \d+ bindings read$')

    def test_openchoreo_objects_leave_as_they_were_written(self):
        tree = 'include-all-old-dialect'
        code, out, err = render(tree, '--include', 'openchoreo')
        self.assertEqual(code, 0, err)
        written = {}
        for path in glob.glob(f'{tree}/**/*.yaml', recursive=True):
            with open(path) as file:
                for document in yaml.safe_load_all(file):
                    if document and str(document.get('apiVersion', '')).startswith('openchoreo.dev/'):
                        written[identity(document)] = document
        left = documents(out)
        self.assertGreater(len(left), 20)
        for document in left:
            metadata = document['metadata']
            annotations = metadata.get('annotations', {})
            annotations.pop('kustomize.toolkit.fluxcd.io/substitute', None)
            if not annotations: metadata.pop('annotations', None)
            original = written[identity(document)]
            if 'namespace' not in original['metadata']: metadata.pop('namespace', None)
            owner = original.get('spec', {}).get('owner', {}) if isinstance(original.get('spec'), dict) else {}
            for alias, name in (('project', 'projectName'), ('component', 'componentName')):
                if isinstance(owner, dict) and alias in owner: owner[name] = owner.pop(alias)
            self.assertEqual(document, original)

    def test_openchoreo_objects_alone_are_a_result(self):
        code, out, err = render('connection-across-repos/platform-repo', '--include', 'openchoreo')
        self.assertEqual(code, 0, err)
        self.assertIn('kind: DataPlane', out)


unittest.main()
