#!/usr/bin/env python3
"""The files kustomize is told of OpenChoreo by (kustomize-fn/config), in the real kustomize."""
import re
import shutil

import yaml

import support
from support import HERE, config, documents, identity, objects

CONFIG = HERE.parents[2] / 'kustomize-fn/config'


class ShippedTest(support.Folder):
    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / 'cases', self.root, dirs_exist_ok=True)
        for folder in ('k', 'plain', *(p.name for p in (HERE / 'cases').iterdir())):
            (self.root / folder).mkdir(exist_ok=True)
            for file in CONFIG.iterdir():
                shutil.copy(file, self.root / folder)

    def use(self, case, **fields):
        path = self.root / case / 'kustomization.yaml'
        self.write(f'{case}/kustomization.yaml', {**yaml.safe_load(path.read_text()), **fields})

    CONFIGURATIONS = {'configurations': ['openchoreo-kustomizeconfig.yaml']}
    OPENAPI = {'openapi': {'path': 'openchoreo-openapi.json'}}

    def images(self, case):
        return {c['image'] for o in self.built(case).values() if o['kind'] == 'Deployment'
                for c in o['spec']['template']['spec']['containers']}

    def test_06_images_reach_workloads(self):
        self.assertNotIn('registry.acme.example/shop/orders:9.9.9', self.images('06-images-in-kustomization'))
        self.use('06-images-in-kustomization', **self.CONFIGURATIONS)
        self.assertIn('registry.acme.example/shop/orders:9.9.9', self.images('06-images-in-kustomization'))

    def variables(self, case):
        found = [o for o in self.built(case).values() if o['kind'] == 'ConfigMap' and 'SECOND' in yaml.safe_dump(o.get('data'))]
        return found

    def test_07_a_patch_adds_to_a_list(self):
        case = '07-patch-replaces-env-list'
        self.assertEqual(self.variables(case), [])
        self.use(case, **self.OPENAPI)
        found = self.variables(case)
        self.assertTrue(found)
        self.use(case, transformers=[])
        release = next(o for i, o in self.built(case).items() if i[1:] == ('ComponentRelease', 'acme', 'orders-v1.0.0'))
        self.assertEqual([(e['key'], e.get('value')) for e in release['spec']['workload']['container']['env']
                          if e['key'] in ('LOG_LEVEL', 'SECOND')], [('LOG_LEVEL', 'trace'), ('SECOND', 'keepme')])

    def test_patches_change_add_and_delete_items(self):
        """Of every list whose items have names: one is deleted, one changed, one added, the rest stays."""
        cases = {
            ('Workload', 'container/env'): ('key', 'value'), ('Workload', 'containers/main/env'): ('key', 'value'),
            ('Workload', 'container/files'): ('key', 'mountPath'), ('Workload', 'dependencies/endpoints'): ('component name', 'visibility'),
            ('Workload', 'dependencies/resources'): ('ref', 'x'), ('Workload', 'connections/a/inject/env'): ('name', 'value'),
            ('ComponentRelease', 'workload/container/env'): ('key', 'value'),
            ('ComponentRelease', 'workload/dependencies/endpoints'): ('component name', 'visibility'),
            ('ReleaseBinding', 'workloadOverrides/container/env'): ('key', 'value'),
            ('Component', 'traits'): ('instanceName', 'name'), ('ComponentType', 'traits'): ('instanceName', 'name'),
            ('ComponentType', 'resources'): ('id', 'template'), ('ResourceType', 'outputs'): ('name', 'value'),
            ('SecretReference', 'data'): ('secretKey', 'remoteRef'), ('ComponentType', 'allowedTraits'): ('name kind', 'x'),
            ('ClusterComponentType', 'allowedWorkflows'): ('name kind', 'x'), ('ComponentRelease', 'traits'): ('name kind', 'spec')}
        for (kind, path), (keys, value) in cases.items():
            with self.subTest(kind=kind, path=path):
                def spec(items):
                    for segment in reversed(path.split('/')):
                        items = {segment: items}
                    return {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': kind, 'metadata': {'name': 'x'}, 'spec': items}
                item = lambda n, **more: {**{k: n for k in keys.split()}, **more}
                self.write('k/a.yaml', spec([item('a', **{value: 'old'}), item('b', **{value: 'old'}), item('c', **{value: 'old'})]))
                patch = spec([item('a', **{'$patch': 'delete'}), item('b', **{value: 'new'}), item('d', **{value: 'more'})])
                self.write('k/kustomization.yaml', {'resources': ['a.yaml'], 'patches': [{'patch': yaml.safe_dump(patch)}], **self.OPENAPI})
                got = list(self.built('k').values())[0]['spec']
                for segment in path.split('/'):
                    got = got[segment]
                key = keys.split()[0]
                self.assertEqual({i[key]: i[value] for i in got}, {'b': 'new', 'c': 'old', 'd': 'more'})
                self.assertEqual(len(got), 3)

    def test_items_that_only_a_later_key_tells_apart_stay_two(self):
        trait = lambda name, kind=None: {'name': name, **({'kind': kind} if kind else {})}
        endpoint = lambda component, project=None, **more: {
            'component': component, 'name': 'http', **({'project': project} if project else {}), 'visibility': 'project', **more}
        for kind, path, before, patch, want in (
                ('ComponentType', 'allowedTraits', [trait('a', 'Trait'), trait('a', 'ClusterTrait')], [trait('b')],
                 [trait('b'), trait('a', 'Trait'), trait('a', 'ClusterTrait')]),
                ('ComponentType', 'allowedTraits', [trait('a'), trait('b', 'ClusterTrait')],
                 [{**trait('b', 'ClusterTrait'), '$patch': 'delete'}, trait('a')], [trait('a')]),
                ('Workload', 'dependencies/endpoints', [endpoint('a'), endpoint('a', 'other')], [endpoint('b')],
                 [endpoint('b'), endpoint('a'), endpoint('a', 'other')]),
                ('Workload', 'dependencies/endpoints', [endpoint('a'), endpoint('a', 'other')],
                 [endpoint('a', 'other', visibility='namespace')], [endpoint('a'), endpoint('a', 'other', visibility='namespace')])):
            with self.subTest(path=path, patch=patch):
                def resource(items):
                    for segment in reversed(path.split('/')):
                        items = {segment: items}
                    return {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': kind, 'metadata': {'name': 'x'}, 'spec': items}
                self.write('k/a.yaml', resource(before))
                self.write('k/kustomization.yaml', {'resources': ['a.yaml'], 'patches': [{'patch': yaml.safe_dump(resource(patch))}],
                                                    **self.OPENAPI})
                self.assertEqual(list(self.built('k').values()), [resource(want)])

    def test_the_older_dialects_texts(self):
        resource = {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'ComponentType', 'metadata': {'name': 'x'},
                    'spec': {'allowedTraits': ['a', 'b'], 'allowedWorkflows': ['c'], 'workloadType': 'deployment'}}
        patch = {**resource, 'spec': {'workloadType': 'cronjob'}}
        self.write('k/a.yaml', resource)
        self.write('k/kustomization.yaml', {'resources': ['a.yaml'], 'patches': [{'patch': yaml.safe_dump(patch)}],
                                            'openapi': {'path': 'openchoreo-openapi-v0.12.json'}})
        self.assertEqual(list(self.built('k').values()), [{**resource, 'spec': {**resource['spec'], 'workloadType': 'cronjob'}}])

    def test_patches_of_kubernetes_kinds_still_merge(self):
        """A schema of one's own takes the place of kustomize's: ours must not make other patches replace lists."""
        container = lambda name: {'name': name, 'image': name, 'env': [{'name': 'A', 'value': 'a'}], 'ports': [{'containerPort': 1}],
                                  'volumeMounts': [{'name': 'v', 'mountPath': '/v'}]}
        pod = {'containers': [container('a'), container('b')], 'initContainers': [container('c')],
               'volumes': [{'name': 'v', 'emptyDir': {}}]}
        template = {'metadata': {'labels': {'a': 'b'}}, 'spec': pod}
        patch = {'containers': [{'name': 'b', 'env': [{'name': 'B', 'value': 'b'}], 'ports': [{'containerPort': 2}],
                                 'volumeMounts': [{'name': 'w', 'mountPath': '/w'}]}], 'volumes': [{'name': 'w', 'emptyDir': {}}]}
        for version, kind, wrap in (
                ('apps/v1', 'Deployment', lambda s: {'template': s}), ('apps/v1', 'StatefulSet', lambda s: {'template': s}),
                ('apps/v1', 'DaemonSet', lambda s: {'template': s}), ('batch/v1', 'Job', lambda s: {'template': s}),
                ('batch/v1', 'CronJob', lambda s: {'jobTemplate': {'spec': {'template': s}}}), ('v1', 'Pod', lambda s: s['spec'])):
            with self.subTest(kind=kind):
                base = {'apiVersion': version, 'kind': kind, 'metadata': {'name': 'x'}, 'spec': wrap(template)}
                change = {**base, 'spec': wrap({'spec': patch})}
                self.write('k/base.yaml', base)
                fields = {'resources': ['base.yaml'], 'patches': [{'patch': yaml.safe_dump(change)}]}
                self.write('k/kustomization.yaml', fields)
                want = self.built('k')
                self.write('k/kustomization.yaml', {**fields, **self.OPENAPI})
                self.assertEqual(self.built('k'), want)
        base = {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'x'}, 'spec': {'ports': [{'port': 1, 'name': 'a'}, {'port': 2}]}}
        self.write('k/base.yaml', base)
        fields = {'resources': ['base.yaml'], 'patches': [{'patch': yaml.safe_dump({**base, 'spec': {'ports': [{'port': 3}]}})}]}
        self.write('k/kustomization.yaml', fields)
        want = self.built('k')
        self.write('k/kustomization.yaml', {**fields, **self.OPENAPI})
        self.assertEqual(self.built('k'), want)

    def test_cluster_scoped_kinds_get_no_namespace(self):
        self.write('k/a.yaml', *[{'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': kind, 'metadata': {'name': 'a'}}
                                 for kind in ('ClusterDataPlane', 'DataPlane', 'ClusterTrait')])
        self.write('k/kustomization.yaml', {'resources': ['a.yaml'], 'namespace': 'my-org', **self.OPENAPI})
        self.assertEqual({(o['kind'], o['metadata'].get('namespace')) for o in self.built('k').values()},
                         {('ClusterDataPlane', None), ('DataPlane', 'my-org'), ('ClusterTrait', None)})

    def test_namespaces_that_are_named_move_along(self):
        client = lambda key: {'clusterAgent': {'clientCA': {key: {'name': 's', 'namespace': 'old'}}}}
        version = 'openchoreo.dev/v1alpha1'
        self.write('k/a.yaml', *[{'apiVersion': version, 'kind': kind, 'metadata': {'name': key.lower()}, 'spec': {
            **client(key), 'gateway': {'ingress': {'external': {'name': 'g', 'namespace': 'gateways'}}}}}
            for kind in ('DataPlane', 'ObservabilityPlane') for key in ('secretKeyRef', 'secretRef')],
            {'apiVersion': version, 'kind': 'DataPlane', 'metadata': {'name': 'none'}, 'spec': {'clusterAgent': {}}},
            {'apiVersion': version, 'kind': 'ClusterAuthzRoleBinding', 'metadata': {'name': 'r'}, 'spec': {'roleMappings': [
                {'scope': {'namespace': 'old'}}, {'scope': {}}, {}]}})
        for name, more in (('openchoreo-kustomizeconfig.yaml', {}), ('openchoreo-kustomizeconfig-v0.12.yaml', self.OPENAPI)):
            with self.subTest(file=name):
                self.write('k/kustomization.yaml', {'resources': ['a.yaml'], 'namespace': 'my-org', 'configurations': [name], **more})
                built = self.built('k')
                text = yaml.safe_dump([o['spec'] for o in built.values()])
                self.assertNotIn('old', text)
                self.assertEqual(text.count('my-org'), 5, text)
                self.assertEqual(text.count('gateways'), 4)
                self.assertEqual({o['metadata']['namespace'] for o in built.values() if o['kind'] == 'DataPlane'}, {'my-org'})

    def test_08_references_follow_where_objects_are_kept(self):
        """With the function and without: the same OpenChoreo resources, but for names of component types."""
        case = '08-include-all-nameprefix'
        self.use(case, **self.CONFIGURATIONS)
        kept = {i: o for i, o in self.built(case).items() if i[0].startswith('openchoreo.dev/')}
        self.write('plain/kustomization.yaml', {'resources': ['../tree'], 'namePrefix': 'eu-', **self.CONFIGURATIONS})
        plain = self.built('plain')
        for o in kept.values():
            if o['kind'] == 'Component':
                o['spec']['componentType']['name'] = o['spec']['componentType']['name'].replace('/eu-', '/')
        for i, o in plain.items():
            self.assertEqual(kept[i]['spec'], o['spec'], i)
        self.assertIn('eu-', yaml.safe_dump([o['spec'] for o in plain.values() if o['kind'] == 'ReleaseBinding']))

    def test_the_older_dialects_references_follow(self):
        """The guide's tree, in which a reference is a name alone."""
        self.write('guide/kustomization.yaml', {'resources': ['platform', 'projects/my-project'], 'namePrefix': 'eu-',
                                                'configurations': ['openchoreo-kustomizeconfig-v0.12.yaml']})
        shutil.copy(CONFIG / 'openchoreo-kustomizeconfig-v0.12.yaml', self.root / 'guide')
        built = self.built('guide')
        names = {(i[1], i[3]) for i in built}
        for o in built.values():
            spec = o.get('spec', {})
            for kind, name in (('DeploymentPipeline', spec.get('deploymentPipelineRef')), ('DataPlane', spec.get('dataPlaneRef')),
                               ('Environment', spec.get('environment')), ('ComponentRelease', spec.get('releaseName'))):
                if isinstance(name, str):
                    self.assertIn((kind, name), names)

    def test_every_reference_of_the_files_follows(self):
        """Each row: a resource of the kind and one that names it there, both renamed."""
        for file in ('openchoreo-kustomizeconfig.yaml', 'openchoreo-kustomizeconfig-v0.12.yaml'):
            rows = [(target, spec) for target in yaml.safe_load((CONFIG / file).read_text())['nameReference'] for spec in target['fieldSpecs']]
            self.assertGreater(len(rows), 150)
            resources = []
            for i, (target, spec) in enumerate(rows):
                value = f'target{i}'
                for segment in reversed(spec['path'].split('/')):
                    value = {segment: value}
                of = lambda row, name: {'apiVersion': f'{row["group"]}/v1' if row.get('group') else 'v1', 'kind': row.get('kind', 'Thing'),
                                        'metadata': {'name': name}}
                resources += [of(target, f'target{i}'), {**of(spec, f'from{i}'), **value}]
            self.write('k/all.yaml', *resources)
            self.write('k/kustomization.yaml', {'resources': ['all.yaml'], 'namePrefix': 'p-', 'configurations': [file]})
            built = {i[3]: o for i, o in self.built('k').items()}
            for i, (target, spec) in enumerate(rows):
                value = built[f'p-from{i}']
                for segment in spec['path'].split('/'):
                    value = value[segment]
                self.assertEqual(value, f'p-target{i}', (target.get('kind'), spec))

    def test_references_of_rendered_objects_follow_an_outer_prefix(self):
        """Let through by guard: false. Nothing but labels, annotations and plain texts is left behind."""
        def texts(node, path=''):
            if isinstance(node, str):
                yield path, node
            for key, value in (node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()):
                yield from texts(value, f'{path}/{key}')

        def old_names(built, names):
            return {(o['kind'], path) for o in built.values() for path, text in texts(o)
                    if text in names and not re.search('/metadata/|openchoreo.dev/|[sS]elector/|matchLabels/|/initdb/database$|/env/[0-9]+/value$', path)}

        for tree, sources in (('tree', ['platform', 'projects']), ('guide', ['platform', 'projects/my-project'])):
            for configured in (False, True):
                with self.subTest(tree=tree, configured=configured):
                    self.write(f'{tree}/fn.yaml', config(form=self.form, guard=False, record=False))
                    self.write(f'{tree}/kustomization.yaml', {'resources': sources, 'transformers': ['fn.yaml']})
                    names = {i[3] for i in self.built(tree) if i[1] not in ('Namespace', 'CustomResourceDefinition')}
                    self.write('k/kustomization.yaml', {'resources': [f'../{tree}'], 'namePrefix': 'p-',
                                                        **(self.CONFIGURATIONS if configured else {})})
                    left = old_names(self.built('k'), names)
                    if configured:
                        self.assertEqual(left, set())
                    elif tree == 'tree':  # what the guard is for
                        self.assertIn(('HTTPRoute', '/spec/rules/0/backendRefs/0/name'), left)

    def test_variables_are_filled_in(self):
        self.write('k/w.yaml', {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'Workload', 'metadata': {'name': 'w'},
                                'spec': {'container': {'image': 'a', 'args': ['$(NAME)'], 'env': [{'key': 'A', 'value': 'x-$(NAME)'}]}}})
        self.write('k/kustomization.yaml', {'resources': ['w.yaml'], **self.CONFIGURATIONS, 'vars': [
            {'name': 'NAME', 'objref': {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'Workload', 'name': 'w'}}]})
        container = list(self.built('k').values())[0]['spec']['container']
        self.assertEqual((container['args'], container['env'][0]['value']), (['w'], 'x-w'))


class ShippedInKubectlTest(support.InKubectl, ShippedTest):
    pass


if __name__ == '__main__':
    support.main()
