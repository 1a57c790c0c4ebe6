#!/usr/bin/env python3
"""The forms of the function in the programs that start it, the examples, and what tells that it was not started."""
import os
import re
import shutil
import unittest

import yaml

import support
from support import FLAGS, KUBECTL, config, objects


class FormsTest(support.Folder):
    def setUp(self):
        super().setUp()
        self.run_program(support.PROGRAM, 'install-plugin', '--home', self.root / 'plugins', check=0)
        self.env['KUSTOMIZE_PLUGIN_HOME'] = str(self.root / 'plugins')
        self.env['STUB_PROGRAM'] = str(support.PROGRAM)
        (self.root / 'bin').mkdir()
        (self.root / 'bin/docker').symlink_to(support.HERE / 'docker_stub.py')
        self.env['PATH'] = f'{self.root / "bin"}:{self.env["PATH"]}'

    def use(self, form, kind='OpenChoreoRender', role='transformers', **spec):
        self.write('tree/fn.yaml', config(kind, form, **spec))
        fields = {role: ['fn.yaml']} if role == 'generators' else {'resources': ['platform', 'projects'], role: ['fn.yaml']}
        self.write('tree/kustomization.yaml', fields)

    def test_in_kustomize(self):
        want = self.rendered(self.tree)
        for form, flags in (('exec', FLAGS), ('plugin', FLAGS[:1]), ('container', FLAGS[:1])):
            with self.subTest(form=form):
                self.use(form)
                self.assertEqual(self.built('tree', flags=flags), want)
        for form in ('exec', 'plugin'):
            with self.subTest(form=form, role='generator'):
                self.use(form, role='generators')
                self.assertEqual(self.built('tree'), want)

    @unittest.skipUnless(os.access(KUBECTL, os.X_OK), f'*** LEFT OUT: no kubectl at {KUBECTL} ***')
    def test_in_kubectl(self):
        want = self.rendered(self.tree)
        kubectl = {'program': [KUBECTL, 'kustomize'], 'flags': FLAGS[:1]}
        for form in ('plugin', 'container'):
            with self.subTest(form=form):
                self.use(form)
                self.assertEqual(self.built('tree', **kubectl), want)
        self.use('plugin', role='generators')
        self.assertEqual(self.built('tree', **kubectl), want)
        self.use('exec')  # skipped without a word
        built = self.build('tree', **kubectl)
        self.assertEqual(built.returncode, 0, built.stderr)
        self.assertIn('kind: ReleaseBinding', built.stdout)

    @unittest.skipUnless(os.access(KUBECTL, os.X_OK), f'*** LEFT OUT: no kubectl at {KUBECTL} ***')
    def test_the_guards_in_kubectl(self):
        """The guards lean on kustomize's own code, and kubectl has its own version of that."""
        kubectl = {'program': [KUBECTL, 'kustomize'], 'flags': FLAGS[:1]}
        cases = (({'namespace': 'my-org'}, 'in this kustomization would move'), ({'namePrefix': 'p-'}, '`namePrefix:` around OpenChoreoRender'),
                 ({'nameSuffix': '-s'}, '`nameSuffix:` around OpenChoreoRender'), ({'commonLabels': {'a': 'b'}}, 'would change the selectors'),
                 ({'labels': [{'pairs': {'a': 'b'}, 'includeSelectors': True}]}, 'would change the selectors'))
        for form, role in (('plugin', 'transformers'), ('container', 'transformers'), ('plugin', 'generators')):
            self.use(form, role=role)
            want = self.rendered(self.tree)
            for fields, text in cases:
                with self.subTest(form=form, role=role, fields=fields):
                    self.write('outer/kustomization.yaml', {'resources': ['../tree'], **fields})
                    self.refused('outer', text, **kubectl)
            self.write('outer/kustomization.yaml', {'resources': ['../tree'], 'labels': [{'pairs': {'a': 'b'}}]})
            built = self.built('outer', **kubectl)
            self.assertEqual(built.keys(), want.keys())
            self.assertEqual({o['metadata']['labels']['a'] for o in built.values()}, {'b'})

    @unittest.skipUnless(os.access(KUBECTL, os.X_OK), f'*** LEFT OUT: no kubectl at {KUBECTL} ***')
    def test_several_functions_and_roots_in_kubectl(self):
        kubectl = {'program': [KUBECTL, 'kustomize'], 'flags': FLAGS[:1]}
        (self.root / '.git').mkdir()
        names = ('validate', 'development', 'production')
        want = self.rendered(self.tree, '--environment', 'development,production')
        for form in ('plugin', 'container'):
            with self.subTest(form=form):
                self.write('outer/validate.yaml', config('OpenChoreoValidate', form, 'validate'))
                for name in names[1:]:
                    self.write(f'outer/{name}.yaml', config(form=form, name=name, environments=[name]))
                self.write('outer/kustomization.yaml', {'resources': ['../tree/platform', '../tree/projects'],
                                                        'transformers': [f'{name}.yaml' for name in names]})
                if form == 'plugin':
                    self.assertEqual(self.built('outer', **kubectl), want)
                else:  # it cannot see the second: never a silent loss
                    self.refused('outer', 'name all environments in one OpenChoreoRender', **kubectl)
        self.write('outer/fn.yaml', config(form='plugin', root=['../tree/platform', '../tree/projects']))
        self.write('outer/kustomization.yaml', {'generators': ['fn.yaml']})
        self.assertEqual(self.built('outer', **kubectl), self.rendered(self.tree))

    def test_validation_in_every_form(self):
        self.write('tree/kustomization.yaml', {'resources': ['platform', 'projects']})
        want = self.built('tree')
        kubectl = {'program': [KUBECTL, 'kustomize'], 'flags': FLAGS[:1]} if os.access(KUBECTL, os.X_OK) else {}
        ways = [(form, how) for form in ('exec', 'plugin', 'container') for how in ({}, kubectl) if form != 'exec' or not how]
        for form, how in ways:
            with self.subTest(form=form, how=how):
                self.use(form, 'OpenChoreoValidate')
                self.assertEqual(self.built('tree', **how), want)
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        path.write_text(path.read_text().replace('orders-v1.0.0', 'orders-v9'))
        for form, how in ways:
            with self.subTest(form=form, how=how):
                self.use(form, 'OpenChoreoValidate')
                self.refused('tree', 'ComponentRelease "orders-v9" not found', **how)

    def test_the_image_holds_what_the_program_needs(self):
        """No engine is here to build it: what it copies and starts, as whom, and that libc is all the program loads."""
        text = (support.HERE.parents[2] / 'kustomize-fn/Dockerfile').read_text()
        build, image = text.split('\nFROM ')[1:]
        made = f'build/release/{"/".join(support.PROGRAM.parts[-2:])}'
        self.assertIn(f'--target {support.PROGRAM.name} ', build)
        self.assertIn(f'COPY --from=build /src/{made} /usr/local/bin/{support.PROGRAM.name}\n', image)
        self.assertIn(f'USER nobody\nWORKDIR /\nENTRYPOINT ["{support.PROGRAM.name}"]\n', image)
        needed = self.run_program('readelf', '-d', support.PROGRAM, check=0).stdout
        self.assertLessEqual(set(re.findall(r'NEEDED.*\[(.+)\]', needed)), {'libc.so.6', 'libm.so.6', 'ld-linux-x86-64.so.2'})

    def test_a_container_sees_what_is_mounted(self):
        function = config(form='container', root='platform')
        function['metadata']['annotations']['config.kubernetes.io/function'] = yaml.safe_dump({'container': {
            'image': 'example.com/fn', 'mounts': [{'type': 'bind', 'src': 'platform', 'dst': '/platform'}]}})
        want = self.rendered(self.tree)
        self.write('tree/fn.yaml', function)
        self.write('tree/kustomization.yaml', {'resources': ['projects'], 'transformers': ['fn.yaml']})
        self.assertEqual(self.built('tree'), want)

    def test_a_plugin_says_what_is_wrong(self):
        self.use('plugin', enviroments=['development'])
        self.refused('tree', 'unknown field "enviroments"')

    def test_strict_makes_a_plugins_warnings_errors(self):
        for path in (self.tree / 'platform').rglob('*.yaml'):
            if path.name != 'kustomization.yaml':
                path.write_text(path.read_text().replace('\nspec:\n', '\nspec:\n  unheardOf: true\n', 1))
        self.use('plugin', strict=True)
        self.refused('tree', 'unheardOf')

    def test_install_plugin_replaces_and_says_where(self):
        self.env.pop('KUSTOMIZE_PLUGIN_HOME')
        self.env['XDG_CONFIG_HOME'] = str(self.root / 'xdg')
        for _ in range(2):
            run = self.run_program(support.PROGRAM, 'install-plugin', check=0)
            for line in run.stdout.splitlines():
                self.assertTrue(line.startswith(str(self.root / 'xdg/kustomize/plugin/gitops.openchoreo.dev/v1alpha1/')))
                self.assertTrue(os.access(line, os.X_OK))
        self.use('plugin')
        self.assertEqual(self.built('tree', flags=FLAGS[:1]), self.rendered(self.tree / 'platform', self.tree / 'projects'))
        run = self.run_program(support.PROGRAM, 'install-plugin', '--home', '/proc/nowhere')
        self.assertEqual(run.returncode, 1)
        self.assertIn('/proc/nowhere/gitops.openchoreo.dev', run.stderr)

    def check(self, text):
        return self.run_program(support.CLI, 'kustomize-check', self.tree, input=text)

    def test_a_build_without_the_function_is_told(self):
        self.use('exec')
        skipped = self.build('tree', flags=FLAGS[:1])
        self.assertEqual(skipped.returncode, 0)
        told = self.check(skipped.stdout)
        self.assertEqual(told.returncode, 1)
        self.assertIn('is declared but was not run: the build holds OpenChoreo resources', told.stderr)
        self.assertEqual(self.check(self.build('tree').stdout).returncode, 0)
        self.use('exec', role='generators')
        self.assertIn('holds nothing it has rendered', self.check(self.build('tree', flags=FLAGS[:1]).stdout).stderr)
        self.assertEqual(self.check(self.build('tree').stdout).returncode, 0)
        self.use('exec', include='all')
        self.assertEqual(self.check(self.build('tree', flags=FLAGS[:1]).stdout).returncode, 1)
        self.assertEqual(self.check(self.build('tree').stdout).returncode, 0)
        self.write('tree/kustomization.yaml', {'resources': ['platform', 'projects']})
        self.assertEqual(self.check(self.build('tree').stdout).returncode, 0)
        self.assertEqual(self.run_program(support.CLI, 'kustomize-check', self.root / 'nowhere', input='').returncode, 3)
        self.assertEqual(self.run_program(support.CLI, 'kustomize-check', self.tree, '/nowhere').returncode, 3)

    def test_resources_that_a_function_does_not_take_are_no_sign(self):
        """A generator takes nothing; a transformer what passes through its kustomization. Each is told where it was skipped."""
        (self.root / '.git').mkdir()
        own = {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'Project', 'metadata': {'name': 'own', 'namespace': 'acme'},
               'spec': {'deploymentPipelineRef': {'name': 'standard'}}}
        part = {'apiVersion': 'kustomize.config.k8s.io/v1alpha1', 'kind': 'Component'}
        flat = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': config()['metadata'], 'data': {'environments': 'development'}}
        self.write('own/own.yaml', own)
        cases = {
            'a generator beside resources': ({}, ['own.yaml'], {'generators': ['fn.yaml']}, config(root='../tree')),
            'a generator by its role': ({}, ['own.yaml'], {'transformers': ['fn.yaml']}, config(root='../tree', role='generator')),
            'an inner transformer': ({'resources': ['../tree'], 'namePrefix': 'p-', 'transformers': ['fn.yaml']},
                                     ['own.yaml', '../inner'], {}, config()),
            'an inner Component': ({**part, 'transformers': ['fn.yaml']}, ['own.yaml', '../middle'], {}, config()),
            'a ConfigMap': ({'resources': ['../tree'], 'transformers': ['fn.yaml']}, ['own.yaml', '../inner'], {}, flat),
        }
        self.write('middle/kustomization.yaml', {'resources': ['../tree'], 'components': ['../inner']})
        for name, (inner, resources, outer, function) in cases.items():
            with self.subTest(name):
                self.write('inner/kustomization.yaml', inner)
                for folder in ('inner', 'own'):
                    self.write(f'{folder}/fn.yaml', function)
                self.write('own/kustomization.yaml', {'resources': resources, **outer})
                built = self.build('own')
                self.assertEqual(built.returncode, 0, built.stderr)
                self.assertIn('kind: Deployment', built.stdout)
                check = [support.CLI, 'kustomize-check', self.root / 'own']
                self.run_program(*check, input=built.stdout, check=0)
                skipped = self.build('own', flags=FLAGS[:1])
                self.assertEqual(skipped.returncode, 0)
                self.assertIn('declared but was not run', self.run_program(*check, input=skipped.stdout, check=1).stderr)

    def test_what_leaves_no_mark_is_not_called_skipped(self):
        for include in ('bindings', 'openchoreo', 'rendered,bindings'):
            self.use('exec', include=include)
            self.assertEqual(self.check(self.build('tree').stdout).returncode, 0)

    def test_a_configuration_among_the_resources_is_told(self):
        self.write('tree/fn.yaml', config())
        self.write('tree/kustomization.yaml', {'resources': ['platform', 'projects', 'fn.yaml']})
        told = self.check(self.build('tree').stdout)
        self.assertEqual(told.returncode, 1)
        self.assertIn('OpenChoreoRender render is a resource of the build and does nothing there', told.stderr)

    def test_a_validation_that_was_skipped_is_made_up_for(self):
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        right = path.read_text()
        for form in ('exec', 'plugin'):
            with self.subTest(form=form):
                path.write_text(right)
                self.use(form, 'OpenChoreoValidate')
                self.assertEqual(self.check(self.build('tree', flags=FLAGS[:1]).stdout).returncode, 0)
                path.write_text(right.replace('orders-v1.0.0', 'orders-v9'))
                built = self.build('tree', flags=FLAGS[:1]) if form == 'exec' else self.run_program(
                    support.KUSTOMIZE, 'build', self.write('bare/kustomization.yaml', {'resources': ['../tree/platform', '../tree/projects']}))
                self.assertEqual(built.returncode, 0, built.stderr)
                told = self.check(built.stdout)
                self.assertEqual(told.returncode, 1)
                self.assertIn('ComponentRelease "orders-v9" not found', told.stderr)
                self.use(form, 'OpenChoreoValidate', environments=['development'])  # as the configuration says
                self.assertEqual(self.check(built.stdout).returncode, 0)
        self.write('tree/kustomization.yaml', {'resources': ['projects'], 'transformers': ['fn.yaml']})
        self.write('tree/fn.yaml', config('OpenChoreoValidate', root='platform', environments=['development']))
        built = self.build('tree', flags=FLAGS[:1])
        self.assertEqual(self.check(built.stdout).returncode, 0)
        self.write('tree/fn.yaml', config('OpenChoreoValidate', environments=['development']))
        self.assertEqual(self.check(built.stdout).returncode, 1)

    def test_the_example_of_images_and_patches(self):
        for name in ('mono-repo', 'kustomize'):
            shutil.copytree(support.EXAMPLES / name, self.root / name)
        want = objects(''.join(p.read_text() for p in (self.root / 'kustomize/expected').rglob('*.yaml')))
        kubectl = {'program': [KUBECTL, 'kustomize'], 'flags': FLAGS[:1]} if os.access(KUBECTL, os.X_OK) else {}
        for how in ({'flags': FLAGS[:1]}, kubectl):
            with self.subTest(how=how):
                self.assertEqual(self.built('kustomize', **how), want)

    def test_the_example_over_two_repositories(self):
        shutil.copytree(support.EXAMPLES / 'guide/multi-repo', self.root / 'multi')
        got = self.built('multi/application-repo')
        self.assertEqual(got, self.rendered(self.root / 'multi/platform-repo', self.root / 'multi/application-repo/projects'))
        self.assertFalse((self.root / 'multi/platform-repo/kustomization.yaml').exists())


if __name__ == '__main__':
    support.main()
