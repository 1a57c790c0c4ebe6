#!/usr/bin/env python3
"""Combinations that people write: several functions, several variants of one base, Components in Components, files of
Windows."""
import itertools
import shutil

import support
from support import config, objects

PART = {'apiVersion': 'kustomize.config.k8s.io/v1alpha1', 'kind': 'Component'}


class VariantsTest(support.Folder):
    def use(self, *functions, resources=('../tree',), role='transformers', **fields):
        for function in functions:
            self.write(f'outer/{function["metadata"]["name"]}.yaml', function)
        self.write('outer/kustomization.yaml', {**({'resources': list(resources)} if resources else {}),
                                                role: [f'{f["metadata"]["name"]}.yaml' for f in functions], **fields})

    def assert_consistent(self, found):
        """What bindings refer to is there."""
        names = {(kind, name) for _, kind, _, name in found}
        for (_, kind, _, name), o in found.items():
            if kind == 'ReleaseBinding':
                spec = o['spec']
                for target in (('Project', spec['owner']['projectName']), ('Component', spec['owner']['componentName']),
                               ('Environment', spec['environment']), ('ComponentRelease', spec.get('releaseName'))):
                    self.assertTrue(target[1] is None or target in names, (name, target))

    def test_two_renderings_and_a_validation(self):
        functions = {'v': config('OpenChoreoValidate', name='v'), 'd': config(name='d', environments=['development']),
                     'p': config(name='p', environments=['production'])}
        want = self.rendered(self.tree, '--environment', 'development,production')
        for order in itertools.permutations('vdp'):
            with self.subTest(order=order):
                self.use(*(functions[one] for one in order))
                if order[-1] == 'v':  # consumed before it
                    self.refused('outer', 'list OpenChoreoValidate before OpenChoreoRender')
                else:
                    self.assertEqual(self.built('outer'), want)

    def test_selections_that_overlap(self):
        self.use(config(name='d', environments=['development']), config(name='all'))
        self.assertEqual(self.built('outer'), self.rendered(self.tree))

    def test_a_selection_in_an_inner_layer_that_keeps_its_sources(self):
        """The outer function finds what the inner one left: the bindings it selected. The rest must not go missing."""
        for inner, outer, text in (({'environments': ['development'], 'include': 'all'}, {}, 'left only the bindings that it selected'),
                                   ({'projects': ['shop'], 'include': 'openchoreo,rendered'}, {'projects': ['payments']}, 'left only'),
                                   ({'environments': ['development']}, {}, 'rendered and consumed them'),
                                   ({'include': 'all'}, {'environments': ['development']}, None)):
            with self.subTest(inner=inner, outer=outer):
                self.write('inner/fn.yaml', config(**inner))
                self.write('inner/kustomization.yaml', {'resources': ['../tree'], 'transformers': ['fn.yaml']})
                self.use(config(**outer), resources=['../inner'])
                self.refused('outer', text) if text else self.assertEqual(self.built('outer'), self.rendered(self.tree))

    def test_lists_that_a_function_is_not_for(self):
        self.use(config('OpenChoreoValidate'), role='validators')
        self.refused('outer', 'kustomize itself fails for every function under validators:; list OpenChoreoValidate under transformers:')
        self.use(config(), role='validators')
        self.refused('outer', 'list OpenChoreoRender under transformers:')
        self.use(config('OpenChoreoValidate'), role='generators')
        self.refused('outer', 'under generators: there are no resources to validate')
        (self.root / '.git').mkdir()
        self.use(config('OpenChoreoValidate', root='../tree'), role='generators', resources=())
        self.assertEqual(self.built('outer'), {})

    def test_images_that_reach_nothing_are_told(self):
        image = 'registry.acme.example/shop/orders'
        for name, fields, told in ((image, {}, True), (image[:-1], {}, False), ('nginx', {}, False),
                                   (image, {'configurations': ['openchoreo-kustomizeconfig.yaml']}, False)):
            with self.subTest(name=name, fields=fields):
                self.use(config(strict=False), images=[{'name': name, 'newTag': '9.9.9'}], **fields)
                shutil.copy(support.HERE.parents[2] / 'kustomize-fn/config/openchoreo-kustomizeconfig.yaml', self.root / 'outer')
                run = self.build('outer')
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual('kustomize does not look for images here; list openchoreo-kustomizeconfig.yaml' in run.stderr, told, run.stderr)
                self.assertEqual('9.9.9' in run.stdout, 'configurations' in fields)

    def test_generators_side_by_side_and_before_a_transformer(self):
        (self.root / '.git').mkdir()
        want = self.rendered(self.tree, '--environment', 'development,production')
        generators = [config(name=name, root='../tree', environments=[e]) for name, e in (('d', 'development'), ('p', 'production'))]
        self.use(*generators, resources=(), role='generators')
        self.assertEqual(self.built('outer'), want)
        self.write('outer/t.yaml', config(name='t', environments=['production']))
        self.use(generators[0], role='generators', transformers=['t.yaml'])
        self.assertEqual(self.built('outer'), want)

    def test_variants_of_one_base(self):
        for name, fields in (('a', {'nameSuffix': '-a'}), ('b', {'nameSuffix': '-b'}), ('c', {'namePrefix': 'c-'}),
                             ('d', {'namePrefix': 'c-', 'nameSuffix': '-a'}), ('n', {'namespace': 'other'})):
            self.write(f'{name}/kustomization.yaml', {'resources': ['../tree'], **fields})
        self.write('e/kustomization.yaml', {'resources': ['../a', '../b'], 'namePrefix': 'e-'})
        one, kept = len(self.rendered(self.tree)), len(self.rendered(self.tree, '--include', 'all'))
        for names, count in ((('a', 'b', 'c', 'd'), 4), (('tree', 'a'), 2), (('c', 'd'), 2), (('e', 'a', 'b'), 4), (('tree', 'n'), 2)):
            with self.subTest(variants=names):
                self.use(config(), resources=[f'../{name}' for name in names])
                self.assertEqual(len(self.built('outer')), count * one)
                self.use(config(include='all'), resources=[f'../{name}' for name in names])
                found = self.built('outer')
                self.assertEqual(len(found), count * kept)
                self.assert_consistent(found)

    def test_what_is_kept_leaves_as_through_other_doors(self):
        for include in ('openchoreo', 'all', 'bindings', 'rendered,bindings'):
            for tree, names in (('tree', ['platform', 'projects']), ('guide', ['platform', 'projects/my-project'])):
                with self.subTest(include=include, tree=tree):
                    self.write(f'{tree}/kustomization.yaml', {'resources': names})
                    want = self.rendered('--kustomize', self.root / tree, '--include', include)
                    self.use(config(include=include), resources=[f'../{tree}'])
                    self.assertEqual(self.built('outer'), want)
        self.write('tree/kustomization.yaml', {'resources': ['projects']})
        (self.root / '.git').mkdir()
        self.use(config(include='all', root='../tree/platform'))
        self.assertEqual(self.built('outer'), self.rendered(self.tree / 'projects', '--source', self.tree / 'platform', '--include', 'all'))

    def test_components_in_components(self):
        self.write('inner/kustomization.yaml', {**PART, 'nameSuffix': '-y'})
        self.write('part/kustomization.yaml', {**PART, 'components': ['../inner'], 'namePrefix': 'x-'})
        self.use(config(include='all'), components=['../part'])
        found = self.built('outer')
        self.assert_consistent(found)
        self.assertIn('x-orders-y', {i[3] for i in found if i[1] == 'Component'})
        self.write('inner/fn.yaml', config(include='all'))
        self.write('inner/kustomization.yaml', {**PART, 'transformers': ['fn.yaml']})
        self.write('part/kustomization.yaml', {**PART, 'components': ['../inner']})
        for fields, text in (({}, None), ({'namespace': 'other'}, 'would move'), ({'commonLabels': {'a': 'b'}}, 'would change the selectors')):
            with self.subTest(fields=fields):
                self.write('outer/kustomization.yaml', {'resources': ['../tree'], 'components': ['../part'], **fields})
                self.refused('outer', text) if text else self.assertEqual(self.built('outer'), self.rendered(self.tree, '--include', 'all'))

    def test_files_with_carriage_returns(self):
        want = self.rendered(self.tree)
        self.use(config(), buildMetadata=['originAnnotations', 'transformerAnnotations'], sortOptions={'order': 'fifo'})
        for path in [*self.root.rglob('*.yaml')]:
            path.write_bytes(path.read_bytes().replace(b'\n', b'\r\n'))
        got = self.built('outer')
        for o in got.values():
            annotations = o['metadata'].get('annotations', {})
            annotations.pop('alpha.config.kubernetes.io/transformations', None)
            if not annotations:
                o['metadata'].pop('annotations', None)
        self.assertEqual(got, want)
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        path.write_bytes(path.read_bytes().replace(b'orders-v1.0.0', b'orders-v9'))
        line = 1 + path.read_text().splitlines().index('  releaseName: orders-v9')
        self.refused('outer', f'projects/shop/components/orders/release-bindings/staging.yaml:{line}:16: error[missing-reference]')


if __name__ == '__main__':
    support.main()
