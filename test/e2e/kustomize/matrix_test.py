#!/usr/bin/env python3
"""A kustomization's fields in every position around the function, in every form of it: equal objects or a refusal that
says what to write, never another result without a word.

What is equal: fields on the sources of OpenChoreo give what `render --kustomize` of those sources gives; fields that act
on what was rendered and are let through (labels without selectors, annotations, a prefix) give what kustomize makes of
the same manifests written down as plain files."""
import unittest

import yaml

import support
from support import config, identity, objects

SOURCES = {'resources': ['platform', 'projects/my-project']}
FIELDS = {
    'nothing': {},
    'namespace': {'namespace': 'my-org'},
    'commonLabels': {'commonLabels': {'managed-by': 'gitops'}},
    'the guide': {'namespace': 'my-org', 'commonLabels': {'managed-by': 'gitops'}},
    'labels': {'labels': [{'pairs': {'managed-by': 'gitops'}}]},
    'labels in selectors': {'labels': [{'pairs': {'managed-by': 'gitops'}, 'includeSelectors': True}]},
    'annotations': {'commonAnnotations': {'team': 'blue'}},
    'prefix': {'namePrefix': 'eu-'},
    'suffix': {'nameSuffix': '-eu'},
}
MOVED = '`namespace:` in this kustomization would move'
SELECTED = '`commonLabels:` in this kustomization would change the selectors'
# What refuses fields that reach rendered objects: the guards, or the generator itself.
REFUSED_BY_GUARD = {'namespace': MOVED, 'commonLabels': SELECTED, 'the guide': '', 'labels in selectors': SELECTED,
                    'prefix': '`namePrefix:` around OpenChoreoRender would rename', 'suffix': '`nameSuffix:` around OpenChoreoRender would rename'}
REFUSED_BY_GENERATOR = {
    'namespace': 'write spec.namespace: my-org', 'commonLabels': 'write labels: [{pairs: {...}}] there',
    'the guide': 'write spec.namespace: my-org', 'labels in selectors': 'write labels: [{pairs: {...}}] there',
    'prefix': 'namePrefix: eu- of kustomization.yaml would change', 'suffix': 'nameSuffix: -eu of kustomization.yaml would'}


class MatrixTest(support.Folder):
    def setUp(self):
        super().setUp()
        self.write('guide/kustomization.yaml', SOURCES)
        self.run_program(support.PROGRAM, 'install-plugin', '--home', self.root / 'plugins', check=0)
        self.env['KUSTOMIZE_PLUGIN_HOME'] = str(self.root / 'plugins')
        self.made = {}
        (self.root / '.git').mkdir()  # one repository, so that spec.root may lead out of the kustomization's folder
        self.env['STUB_PROGRAM'] = str(support.PROGRAM)
        bin_folder = self.root / 'bin'
        bin_folder.mkdir()
        (bin_folder / 'docker').symlink_to(support.HERE / 'docker_stub.py')
        self.env['PATH'] = f'{bin_folder}:{self.env["PATH"]}'

    # Without names of bindings in labels and records, which a prefix changes rightly.
    def spec(self, field):
        return {'record': False, 'tracking': 'none'} if field in ('prefix', 'suffix') else {}

    def flags(self, field):
        return ('--record=false', '--tracking', 'none') if field in ('prefix', 'suffix') else ()

    def plain(self, folder, field):
        """What rendering gives for the sources of a kustomization with fields that act on sources."""
        if field in ('prefix', 'suffix'):  # undone by the function: as if nothing had been renamed
            return self.rendered('--kustomize', self.root / 'guide', *self.flags(field))
        return self.rendered('--kustomize', self.root / folder)

    def after(self, field):
        """What kustomize makes of plain manifests."""
        if field in self.made:
            return self.made[field]
        text = self.run_program(support.CLI, 'render', '--kustomize', self.root / 'guide', *self.flags(field), check=0).stdout
        self.write('plain/all.yaml', text)
        self.write('plain/kustomization.yaml', {'resources': ['all.yaml'], **FIELDS[field]})
        self.made[field] = self.built('plain', flags=())
        return self.made[field]

    def check(self, folder, field, refusals):
        if field in refusals:
            return self.refused(folder, refusals[field])
        self.assertEqual(self.built(folder), self.after(field))

    def each(self, one, forms=('exec', 'plugin', 'container')):
        """Calls one(field, what the kustomization says, the function's configuration) for every field and form."""
        for field, content in FIELDS.items():
            for form in forms:
                with self.subTest(form=form, field=field):
                    one(field, content, config(form=form, **self.spec(field)))

    def test_same_layer(self):
        def one(field, content, function):
            self.write('guide/kustomization.yaml', {**SOURCES, **content})
            want = None if field in ('prefix', 'suffix') else self.plain('guide', field)
            self.write('guide/fn.yaml', function)
            self.write('guide/kustomization.yaml', SOURCES)
            want = want or self.plain('guide', field)
            self.write('guide/kustomization.yaml', {**SOURCES, **content, 'transformers': ['fn.yaml']})
            self.assertEqual(self.built('guide'), want)

        self.each(one)

    def test_fields_in_a_base(self):
        def one(field, content, function):
            self.write('inner/kustomization.yaml', {'resources': ['../guide'], **content})
            self.write('outer/fn.yaml', function)
            self.write('outer/kustomization.yaml', {'resources': ['../inner'], 'transformers': ['fn.yaml']})
            self.assertEqual(self.built('outer'), self.plain('inner', field))

        self.each(one)

    def test_fields_in_a_component_before(self):
        def one(field, content, function):
            if not content:
                return  # kustomize refuses an empty Component
            self.write('part/kustomization.yaml', {'apiVersion': 'kustomize.config.k8s.io/v1alpha1', 'kind': 'Component', **content})
            self.write('sources/kustomization.yaml', {'resources': ['../guide'], 'components': ['../part']})
            self.write('outer/fn.yaml', function)
            self.write('outer/kustomization.yaml', {'resources': ['../sources'], 'transformers': ['fn.yaml']})
            self.assertEqual(self.built('outer'), self.plain('sources', field))

        self.each(one)

    def test_base_and_overlay(self):
        """A base with one of the fields, an overlay with the function and another."""
        def one(field, content, function):
            self.write('inner/kustomization.yaml', {'resources': ['../guide'], 'namespace': 'my-org'})
            both = {'resources': ['../inner'], **content}
            if field in ('prefix', 'suffix'):
                want = self.rendered('--kustomize', self.root / 'inner', *self.flags(field))
            else:
                self.write('outer/kustomization.yaml', both)
                want = self.rendered('--kustomize', self.root / 'outer')
            self.write('outer/fn.yaml', function)
            self.write('outer/kustomization.yaml', {**both, 'transformers': ['fn.yaml']})
            self.assertEqual(self.built('outer'), want)

        self.each(one, ('exec',))

    def test_outer_layer(self):
        def one(field, content, function):
            self.write('inner/fn.yaml', function)
            self.write('inner/kustomization.yaml', {'resources': ['../guide'], 'transformers': ['fn.yaml']})
            self.write('outer/kustomization.yaml', {'resources': ['../inner'], **content})
            self.check('outer', field, REFUSED_BY_GUARD)

        self.each(one)

    def test_function_in_a_component(self):
        def one(field, content, function):
            self.write('part/fn.yaml', function)
            self.write('part/kustomization.yaml', {'apiVersion': 'kustomize.config.k8s.io/v1alpha1', 'kind': 'Component',
                                                   'transformers': ['fn.yaml']})
            self.write('outer/kustomization.yaml', {'resources': ['../guide'], 'components': ['../part'], **content})
            self.check('outer', field, REFUSED_BY_GUARD)

        self.each(one)

    def test_generator_in_the_same_layer(self):
        def one(field, content, function):
            function['spec'] = {**self.spec(field), 'root': '../guide'}
            self.write('outer/fn.yaml', function)
            self.write('outer/kustomization.yaml', {'generators': ['fn.yaml'], **content})
            self.check('outer', field, REFUSED_BY_GENERATOR)

        self.each(one, ('exec', 'plugin'))

    def test_generator_in_an_inner_layer(self):
        def one(field, content, function):
            function['spec'] = {**self.spec(field), 'root': '../guide'}
            self.write('inner/fn.yaml', function)
            self.write('inner/kustomization.yaml', {'generators': ['fn.yaml']})
            self.write('outer/kustomization.yaml', {'resources': ['../inner'], **content})
            self.check('outer', field, REFUSED_BY_GUARD)

        self.each(one, ('exec', 'plugin'))

    def test_generator_in_a_container(self):
        """It sees no kustomization: the guards speak."""
        function = config(form='container', root='/guide')
        for field, content in FIELDS.items():
            with self.subTest(field=field):
                function = config(form='container', root='guide', **self.spec(field))
                function['metadata']['annotations']['config.kubernetes.io/function'] = yaml.safe_dump({'container': {
                    'image': 'example.com/fn', 'mounts': [{'type': 'bind', 'src': 'guide', 'dst': '/guide'}]}})
                self.write('fn.yaml', function)
                self.write('kustomization.yaml', {'generators': ['fn.yaml'], **content})
                self.check('.', field, REFUSED_BY_GUARD)

    def test_generator_whose_root_has_a_kustomization(self):
        """Files are read as they are, in the namespace of their kustomization where they name none; what else it would
        change is said."""
        def one(field, content, function):
            self.write('guide/kustomization.yaml', {**SOURCES, **content})
            function['spec'] = {**self.spec(field), 'root': '../guide'}
            self.write('outer/fn.yaml', function)
            self.write('outer/kustomization.yaml', {'generators': ['fn.yaml']})
            run = self.build('outer')
            self.assertEqual(run.returncode, 0, run.stderr)
            named = [f for f in content if f in ('namePrefix', 'nameSuffix')]
            for name in named:
                self.assertIn(f'not applied: {name}', run.stderr)
            if not named:
                self.assertNotIn('not applied', run.stderr)
                self.assertEqual(objects(run.stdout), self.plain('guide', field))

        self.each(one, ('exec',))

    def test_namespaces_of_files_that_are_read(self):
        """Whose namespace files without one are in: spec.namespace, their own kustomization's, this one's."""
        spec = {'root': '../guide'}
        want = {ns: self.rendered(self.root / 'guide', '--namespace', ns) for ns in ('a', 'b', 'c', 'default')}
        for said, theirs, ours, result in ((None, 'a', None, 'a'), ('b', 'a', None, 'b'), (None, None, None, 'default'),
                                           (None, 'a', 'c', 'a'), (None, None, 'c', 'c'), ('b', 'a', 'c', 'b')):
            with self.subTest(said=said, theirs=theirs, ours=ours):
                self.write('guide/kustomization.yaml', {**SOURCES, **({'namespace': theirs} if theirs else {})})
                self.write('outer/fn.yaml', config(**spec, role='transformer', **({'namespace': said} if said else {})))
                self.write('outer/kustomization.yaml', {'transformers': ['fn.yaml'], 'resources': ['cm.yaml'],
                                                        **({'namespace': ours} if ours else {})})
                self.write('outer/cm.yaml', {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}})
                got = {i: o for i, o in self.built('outer').items() if i[1:2] + i[3:] != ('ConfigMap', 'x')}
                self.assertEqual(got, want[result])

    def test_a_generator_of_bindings_alone_takes_its_kustomizations_namespace(self):
        self.write('outer/fn.yaml', config(root='../guide', include='bindings'))
        self.write('outer/kustomization.yaml', {'generators': ['fn.yaml'], 'namespace': 'my-org'})
        got = self.built('outer')
        self.assertTrue(got)
        self.assertEqual(got, self.rendered(self.root / 'guide', '--namespace', 'my-org', '--include', 'bindings'))

    def test_a_namespace_that_files_contradict_is_told(self):
        self.write('tree/kustomization.yaml', {'resources': ['platform', 'projects'], 'namespace': 'my-org'})
        self.write('outer/fn.yaml', config(root='../tree'))
        self.write('outer/kustomization.yaml', {'generators': ['fn.yaml']})
        run = self.build('outer')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('not applied: namespace', run.stderr)

    def test_the_guard_can_be_taken_away(self):
        self.write('inner/fn.yaml', config(guard=False))
        self.write('inner/kustomization.yaml', {'resources': ['../guide'], 'transformers': ['fn.yaml']})
        self.write('outer/kustomization.yaml', {'resources': ['../inner'], **FIELDS['commonLabels']})
        self.assertEqual(self.built('outer'), self.after('commonLabels'))

    def test_names_are_guarded_however_they_are_renamed(self):
        """In layers, by kustomize's transformers, through a Component; what renames nothing passes."""
        transformer = lambda kind, **fields: yaml.safe_dump({'apiVersion': 'builtin', 'kind': kind, 'metadata': {'name': 'n'}, **fields,
                                                             'fieldSpecs': [{'path': 'metadata/name'}]})
        self.write('inner/fn.yaml', config())
        self.write('inner/kustomization.yaml', {'resources': ['../guide'], 'transformers': ['fn.yaml']})
        self.write('part/kustomization.yaml', {'apiVersion': 'kustomize.config.k8s.io/v1alpha1', 'kind': 'Component', 'namePrefix': 'a-'})
        cases = ({'namePrefix': '-'}, {'nameSuffix': '-'}, {'namePrefix': 'a-', 'nameSuffix': '-b'}, {'components': ['../part']},
                 {'transformers': [transformer('PrefixTransformer', prefix='a-')]}, {'transformers': [transformer('SuffixTransformer', suffix='-a')]})
        for fields in cases:
            with self.subTest(fields=fields):
                self.write('outer/kustomization.yaml', {'resources': ['../inner'], **fields})
                self.refused('outer', 'around OpenChoreoRender would rename what it has rendered')
                self.write('outermost/kustomization.yaml', {'resources': ['../outer']})
                self.refused('outermost', 'around OpenChoreoRender would rename what it has rendered')
        made = {'configMapGenerator': [{'name': 'made', 'literals': ['a=b']}], 'transformers': [transformer('PrefixTransformer', prefix='')],
                'patches': [{'target': {'name': '.*'}, 'patch': '- {op: add, path: /metadata/annotations/a, value: b}'}]}
        self.write('outer/kustomization.yaml', {'resources': ['../inner'], **made})
        self.assertIn('a', next(iter(self.built('outer').values()))['metadata']['annotations'])

    def test_other_patches_of_an_outer_layer_pass(self):
        """The guards are in nobody's way."""
        self.write('inner/fn.yaml', config())
        self.write('inner/kustomization.yaml', {'resources': ['../guide'], 'transformers': ['fn.yaml']})
        fields = {'patches': [{'target': {'name': '.*'}, 'patch': '- {op: add, path: /metadata/labels/a, value: b}'},
                              {'target': {'kind': 'Deployment'}, 'patch': '- {op: add, path: /spec/paused, value: true}'}],
                  'images': [{'name': 'my-image', 'newTag': '9'}],
                  'replacements': [{'source': {'kind': 'Deployment', 'fieldPath': 'metadata.name'},
                                    'targets': [{'select': {'kind': 'Deployment'}, 'options': {'create': True},
                                                 'fieldPaths': ['metadata.annotations.first']}]}]}
        FIELDS['patches'] = fields
        self.addCleanup(FIELDS.pop, 'patches')
        self.write('outer/kustomization.yaml', {'resources': ['../inner'], **fields})
        self.assertEqual(self.built('outer'), self.after('patches'))


if __name__ == '__main__':
    support.main()
