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

    def test_a_generator_among_the_transformers_takes_nothing(self):
        (self.root / '.git').mkdir()
        self.use(config(name='d', environments=['development']), config(name='g', role='generator', root='../tree', environments=['production']))
        want = self.rendered(self.tree, '--environment', 'development,production')
        self.assertEqual(self.built('outer'), want)
        self.write('outer/d.yaml', config(name='d', role='generator', root='../tree', environments=['development']))
        plain = self.built('tree')
        self.assertEqual(self.built('outer'), {**want, **plain})

    def test_the_role_is_what_is_said(self):
        plain, want = self.built('tree'), self.rendered(self.tree)
        self.use(config(role='transformer'))
        self.assertEqual(self.built('outer'), want)
        self.use(config(role='validator'))
        self.assertEqual(self.built('outer'), plain)
        self.use(config(role='judge'))
        self.refused('outer', 'render.yaml:8:9: error[usage]: role must be one of generator, transformer, validator')
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        path.write_text(path.read_text().replace('orders-v1.0.0', 'orders-v9'))
        self.use(config(role='validator'))
        self.refused('outer', 'ComponentRelease "orders-v9" not found')

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

    def test_fields_that_act_before(self):
        """What kustomize makes of OpenChoreo resources in the function's own layer is what is rendered."""
        patch = lambda kind, text, **more: {'patches': [{'target': {'kind': kind, **more}, 'patch': text}]}
        env = 'apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: orders, namespace: acme}'
        self.write('outer/cm.yaml', {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}, 'data': {'a': 'hello:9'}})
        self.write('outer/ns.yaml', {'apiVersion': 'builtin', 'kind': 'NamespaceTransformer', 'metadata': {'name': 'n', 'namespace': 'my-org'}})
        self.write('part/kustomization.yaml', {**PART, **patch('Workload', '- {op: replace, path: /spec/container/image, value: "x:1"}', name='orders')})
        self.write('one/kustomization.yaml', {'resources': ['../tree'], 'namespace': 'one', 'commonLabels': {'one': 'x'}})
        self.write('two/kustomization.yaml', {'resources': ['../one'], 'namespace': 'two', **patch('Workload', '- {op: add, path: /metadata/annotations, value: {a: b}}')})
        shutil.copy(support.HERE.parents[2] / 'kustomize-fn/config/openchoreo-openapi.json', self.root / 'outer')
        cases = {
            'a patch': patch('ReleaseBinding', '- {op: add, path: /spec/workloadOverrides, value: {container: {env: [{key: A, value: b}]}}}', name='orders-staging'),
            'a merge patch': {'patches': [{'patch': '{%s, spec: {container: {env: [{key: NEW, value: v}]}}}' % env}]},
            'a merge patch by key': {'openapi': {'path': 'openchoreo-openapi.json'},
                                     'patches': [{'patch': '{%s, spec: {container: {env: [{key: NEW, value: v}]}}}' % env}]},
            'a deleting patch': {'patches': [{'patch': '{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, '
                                                       'metadata: {name: orders-staging, namespace: acme}, $patch: delete}'}]},
            'a replacement': {'replacements': [{'source': {'kind': 'ConfigMap', 'name': 'x', 'fieldPath': 'data.a'}, 'targets': [
                {'select': {'kind': 'Workload', 'name': 'orders'}, 'fieldPaths': ['spec.container.image']}]}]},
            'a transformer': {'transformers': ['ns.yaml']},
            'a Component': {'components': ['../part']},
            'generated ConfigMaps': {'configMapGenerator': [{'name': 'made', 'literals': ['a=b']}], 'secretGenerator': [{'name': 'made', 'literals': ['a=b']}],
                                     'generatorOptions': {'labels': {'a': 'b'}}},
            'annotations and labels': {'commonAnnotations': {'a': 'b'}, 'labels': [{'pairs': {'a': 'b'}, 'includeTemplates': True}]},
            'layers': {'resources': ['../two', 'cm.yaml'], 'namespace': 'three', 'labels': [{'pairs': {'three': 'x'}}]},
            'variants': {'resources': ['../one', '../tree', 'cm.yaml']},
        }
        for name, fields in cases.items():
            with self.subTest(name):
                whole = {'resources': ['../tree', 'cm.yaml'], **fields}
                self.write('outer/kustomization.yaml', whole)
                plain = self.built('outer')
                want = self.rendered('--kustomize', self.root / 'outer')
                want.update({i: o for i, o in plain.items() if i[0] == 'v1'})
                self.write('outer/fn.yaml', config())
                self.write('outer/kustomization.yaml', {**whole, 'transformers': [*fields.get('transformers', []), 'fn.yaml']})
                self.assertEqual(self.built('outer'), want)

    def test_fields_that_act_after(self):
        """What an outer layer makes of rendered objects is what kustomize makes of plain ones."""
        text = self.run_program(support.CLI, 'render', self.tree, check=0).stdout
        self.write('plain/all.yaml', text)
        self.write('inner/fn.yaml', config())
        self.write('inner/kustomization.yaml', {'resources': ['../tree'], 'transformers': ['fn.yaml']})
        one = next(i for i in objects(text) if i[1] == 'Deployment')
        labels = {'apiVersion': 'builtin', 'kind': 'LabelTransformer', 'metadata': {'name': 'n'}, 'labels': {'a': 'b'},
                  'fieldSpecs': [{'path': 'metadata/labels', 'create': True}]}
        cases = ({'replicas': [{'name': one[3], 'count': 5}]}, {'images': [{'name': 'registry.acme.example/shop/orders', 'newTag': '77'}]},
                 {'labels': [{'pairs': {'a': 'b'}, 'includeTemplates': True}]}, {'configMapGenerator': [{'name': 'made', 'literals': ['a=b']}]},
                 {'patches': [{'patch': f'{{apiVersion: {one[0]}, kind: {one[1]}, metadata: {{name: {one[3]}, namespace: {one[2]}}}, spec: {{minReadySeconds: 5}}}}'}]},
                 {'transformers': ['labels.yaml']}, {'sortOptions': {'order': 'fifo'}})
        for fields in cases:
            with self.subTest(fields=fields):
                for folder, resource in (('plain', 'all.yaml'), ('outer', '../inner')):
                    self.write(f'{folder}/labels.yaml', labels)
                    self.write(f'{folder}/kustomization.yaml', {'resources': [resource], **fields})
                self.assertEqual(self.built('outer'), self.built('plain'))
        for fields, text in (({'namespace': 'my-org'}, 'would move'), ({'labels': [{'pairs': {'a': 'b'}, 'includeSelectors': True}]}, 'would change the selectors')):
            self.write('ns/kustomization.yaml', {'resources': ['../inner'], **fields})
            self.refused('ns', text)

    def test_overlays_that_render_their_own_environment(self):
        for e in ('development', 'production'):
            self.write(f'{e}/fn.yaml', config(environments=[e]))
            self.write(f'{e}/kustomization.yaml', {'resources': ['../tree'], 'transformers': ['fn.yaml']})
        self.write('outer/kustomization.yaml', {'resources': ['../development', '../production']})
        want = self.rendered(self.tree, '--environment', 'development,production')
        self.assertEqual(self.built('outer'), want)
        for role, resources in (('transformers', ['../production', '../tree']), ('generators', ['../production'])):
            self.write('outer/fn.yaml', config(environments=['development'], **({'root': '../tree'} if role == 'generators' else {})))
            (self.root / '.git').mkdir(exist_ok=True)
            self.write('outer/kustomization.yaml', {'resources': resources, role: ['fn.yaml']})
            self.assertEqual(self.built('outer'), want)

    def test_fields_for_what_is_not_rendered_yet_are_told(self):
        """Fields of the function's own kustomization act before it; kustomize says nothing of a target it does not find."""
        self.write('outer/cm.yaml', {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}, 'data': {'a': 'b'}})
        paused = '- {op: add, path: /spec/paused, value: true}'
        workload = self.tree / 'projects/shop/components/orders/workload.yaml'
        workload.write_text(workload.read_text().replace('value: debug', 'value: $(LEVEL)'))
        cases = (({'patches': [{'target': {'kind': 'Deployment'}, 'patch': paused}]}, 'reach no Deployment: they act before rendering'),
                 ({'replacements': [{'source': {'kind': 'ConfigMap', 'name': 'x', 'fieldPath': 'data.a'},
                                     'targets': [{'select': {'kind': 'Service'}, 'fieldPaths': ['spec.a']}]}]}, 'reach no Service'),
                 ({'vars': [{'name': 'LEVEL', 'objref': {'kind': 'ConfigMap', 'name': 'x', 'apiVersion': 'v1'},
                             'fieldref': {'fieldpath': 'data.a'}}]}, '$(LEVEL) was rendered as it stands'),
                 ({'patches': [{'target': {'kind': 'Workload'}, 'patch': '- {op: add, path: /metadata/labels, value: {a: b}}'}]}, None),
                 ({'patches': [{'target': {'kind': 'Job'}, 'patch': paused}]}, None))
        for fields, told in cases:
            with self.subTest(fields=fields):
                self.use(config(), resources=['../tree', 'cm.yaml'], **fields)
                run = self.build('outer')
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertIn(told, run.stderr) if told else self.assertNotIn('warning[usage]', run.stderr)
                self.use(config(strict=True), resources=['../tree', 'cm.yaml'], **fields)
                self.refused('outer', told) if told else self.built('outer')

    def test_fields_of_other_layers_for_what_is_not_rendered_yet_are_told(self):
        """In what lies below, in a Component before, and in one before the function's own Component."""
        paused = {'patches': [{'target': {'kind': 'Deployment|Job'}, 'patch': '- {op: add, path: /spec/paused, value: true}'}]}
        self.write('base/kustomization.yaml', {'resources': ['../tree'], **paused})
        self.write('patch/kustomization.yaml', {**PART, **paused})
        self.write('part/fn.yaml', config())
        self.write('part/kustomization.yaml', {**PART, 'transformers': ['fn.yaml']})
        self.write('both/kustomization.yaml', {**PART, 'components': ['../patch', '../part']})
        self.write('outer/fn.yaml', config())
        fn = {'transformers': ['fn.yaml']}
        cases = (('../base/', {'resources': ['../base'], **fn}), ('../patch/', {'resources': ['../tree'], 'components': ['../patch'], **fn}),
                 ('../base/', {'resources': ['../base'], 'components': ['../part']}),
                 ('../patch/', {'resources': ['../tree'], 'components': ['../patch', '../part']}),
                 ('../patch/', {'resources': ['../tree'], 'components': ['../both']}),
                 (None, {'resources': ['../tree'], 'components': ['../part', '../patch']}))
        for place, fields in cases:
            with self.subTest(fields=fields):
                self.write('both/kustomization.yaml', {**PART, 'components': ['../patch', '../part'] if 'both' in str(fields) else ['../patch']})
                self.write('outer/kustomization.yaml', fields)
                run = self.build('outer')
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual('paused: true' in run.stdout, place is None)
                if place:
                    self.assertIn(f'patches and replacements of {place}kustomization.yaml reach no Deployment|Job: they act before rendering; '
                                  'list them in a kustomization around this one, or in a Component after', run.stderr)
                else:
                    self.assertNotIn('warning[usage]', run.stderr)
        deployment = {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'own'}, 'spec': {}}
        self.write('outer/own.yaml', deployment)  # it has something to act on
        self.write('outer/kustomization.yaml', {'resources': ['../tree', 'own.yaml'], 'components': ['../patch', '../part']})
        self.assertNotIn('warning[usage]', self.build('outer').stderr)

    def test_images_that_a_layer_below_configures_are_known(self):
        self.write('base/kustomization.yaml', {'resources': ['../tree'], 'configurations': ['openchoreo-kustomizeconfig.yaml']})
        shutil.copy(support.HERE.parents[2] / 'kustomize-fn/config/openchoreo-kustomizeconfig.yaml', self.root / 'base')
        images = {'images': [{'name': 'registry.acme.example/shop/orders', 'newTag': '9.9.9'}]}
        self.use(config(strict=True), resources=['../base'], **images)
        self.assertIn('9.9.9', str(self.built('outer')))
        self.write('base/kustomization.yaml', {'resources': ['../tree'], **images})
        self.use(config(strict=True), resources=['../base'])
        self.refused('outer', 'images: of ../base/kustomization.yaml names registry.acme.example/shop/orders')

    def test_a_label_of_ours_makes_no_rendered_object_of_a_binding(self):
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        want = self.rendered(self.tree)
        path.write_text(path.read_text().replace('  namespace: acme', '  namespace: acme\n  labels: {openchoreo.dev/managed-by: openchoreo-gitops}'))
        self.use(config())
        self.assertEqual(self.built('outer'), want)

    def test_an_object_among_the_items_and_below_the_root_names_both_places(self):
        (self.root / '.git').mkdir()
        self.use(config(root='../tree'), patches=[{'target': {'kind': 'Workload', 'name': 'orders'},
                                                   'patch': '- {op: replace, path: /spec/container/image, value: "x:1"}'}])
        message = self.refused('outer', '[defined in ../tree/projects/shop/components/orders/workload.yaml:1:1] '
                                        '[defined in ../tree/projects/shop/')
        self.assertNotIn('item-0', message)
        self.use(config(root='../tree'))
        self.assertEqual(self.built('outer'), self.rendered(self.tree))

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
        self.assertEqual(support.without_notes(got), want)
        path = self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml'
        path.write_bytes(path.read_bytes().replace(b'orders-v1.0.0', b'orders-v9'))
        line = 1 + path.read_text().splitlines().index('  releaseName: orders-v9')
        self.refused('outer', f'projects/shop/components/orders/release-bindings/staging.yaml:{line}:16: error[missing-reference]')


if __name__ == '__main__':
    support.main()
