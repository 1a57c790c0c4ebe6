#!/usr/bin/env python3
"""What real use of the function showed, each case with the behaviour that is right. cases/ holds the inputs."""
import shutil

import support
from support import HERE, config


class FindingsTest(support.Folder):
    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / 'cases', self.root, dirs_exist_ok=True)

    def test_01_two_render_transformers_render_both(self):
        got = self.built('01-two-render-transformers')
        want = self.rendered(self.tree, '--environment', 'development', '--environment', 'production')
        self.assertEqual(got, want)

    def test_01_where_the_first_cannot_know_of_the_second_it_is_an_error(self):
        folder = self.root / '01-two-render-transformers'
        for name in ('dev', 'prod'):
            inner = self.root / name
            inner.mkdir()
            shutil.copy(folder / f'{name}.yaml', inner / 'fn.yaml')
        (self.root / 'dev/kustomization.yaml').write_text('resources: [../tree]\ntransformers: [fn.yaml]\n')
        (self.root / 'prod/kustomization.yaml').write_text('resources: [../dev]\ntransformers: [fn.yaml]\n')
        self.refused('prod', 'has rendered and consumed them')

    def test_a_kept_object_of_a_rendered_identity_names_both_files(self):
        one = next(o for i, o in self.rendered(self.tree).items() if i[1] == 'Deployment')
        self.write('clash/deployment.yaml', {k: one[k] for k in ('apiVersion', 'kind')} | {
            'metadata': {k: one['metadata'][k] for k in ('name', 'namespace')}, 'spec': {}})
        self.write('clash/fn.yaml', config(form=self.form))
        self.write('clash/kustomization.yaml', {'resources': ['../tree', 'deployment.yaml'], 'transformers': ['fn.yaml']})
        message = self.refused('clash', 'and is among the resources too (deployment.yaml)')
        self.assertRegex(message, r'is rendered from ReleaseBinding acme/\S+ \(\.\./tree/projects/\S+\.yaml\)')

    def test_what_is_built_holds_nothing_of_kustomizes_own(self):
        """No origins, ids, previous names: what reaches a cluster is what was rendered."""
        text = self.build('05-plugin-home' if self.form == 'plugin' else '12-openchoreo-leftovers').stdout
        self.assertTrue(text)
        self.assertNotRegex(text, r'config\.kubernetes\.io/|kustomize\.config\.k8s\.io/')

    def test_02_the_guides_namespace_under_a_generator(self):
        message = self.refused('02-guide-namespace-under-generator', 'write spec.namespace: my-org')
        self.assertIn('commonLabels', message)

    def test_02b_the_guides_namespace_in_an_outer_layer(self):
        self.refused('02b-guide-namespace-in-outer-layer', '`namespace:` in this kustomization would move')

    def test_05_plugin_home(self):
        self.run_program(support.PROGRAM, 'install-plugin', '--home', self.root / 'plugins', check=0)
        self.env['KUSTOMIZE_PLUGIN_HOME'] = str(self.root / 'plugins')
        self.assertEqual(self.built('05-plugin-home', flags=('--enable-alpha-plugins',)), self.rendered(self.tree))

    def test_09_a_number_json_cannot_hold(self):
        text = (self.root / '09-inf-in-unrelated-item/input.yaml').read_text()
        run = self.run_program(support.PROGRAM, input=text, check=0)
        self.assertIn('spec: {limit: .inf}', run.stdout)

    def test_10_two_suffix_variants(self):
        got = self.built('10-two-suffix-variants')
        one = self.rendered(self.tree)
        self.assertEqual(len(got), 2 * len(one))
        for suffix in ('-a', '-b'):
            owner = {o['metadata']['labels'].get('openchoreo.dev/component')
                     for o in got.values() if o['kind'] == 'Deployment'}
            self.assertIn('orders' + suffix, owner)

    def test_10_an_environment_is_selected_in_both_variants(self):
        path = self.root / '10-two-suffix-variants/render.yaml'
        path.write_text(path.read_text() + 'spec: {environments: [development]}\n')
        one = self.rendered(self.tree, '--environment', 'development')
        self.assertEqual(len(self.built('10-two-suffix-variants')), 2 * len(one))

    def test_11_render_says_what_it_leaves_out(self):
        run = self.run_program(support.CLI, 'render', self.root / 'guide')
        self.assertRegex(run.stderr, r'kustomization\.yaml:3:12: warning\[usage\]: not applied: namespace')
        told = self.run_program(support.CLI, 'render', '--kustomize', self.root / 'guide')
        self.assertNotIn('not applied', told.stderr)

    def test_12_openchoreo_leftovers_reach_no_data_plane(self):
        got = self.built('12-openchoreo-leftovers')
        self.assertEqual([i for i in got if i[0].startswith('openchoreo.dev/')], [])
        self.assertEqual(got, self.rendered(self.tree))

    def test_13_a_comment_stays_with_its_item(self):
        text = (self.root / '13-comment-moves/input.yaml').read_text()
        run = self.run_program(support.PROGRAM, input=text, check=0)
        self.assertIn('items:\n# about first\n- apiVersion: v1\n', run.stdout)

    def test_the_guides_repositories_have_no_kustomization(self):
        """The guide's multi-repository layout, as it stands, from a folder beside both."""
        folder = self.root / 'several-repositories'
        self.assertEqual([p for p in folder.rglob('kustomization.yaml') if p.parent.name != 'deploy'], [])
        want = self.rendered(folder / 'application-repo', folder / 'platform-repo')
        self.assertEqual(len({o['metadata']['labels'].get('openchoreo.dev/component') for o in want.values()} - {None}), 3)
        self.assertEqual(self.built('several-repositories/deploy'), want)
        self.write('several-repositories/deploy/render.yaml', config(form=self.form, root=['../application-repo'], allowParent=True))
        message = self.refused('several-repositories/deploy', 'no source holds')
        self.assertIn('../application-repo/projects/shop/', message)

    def test_08_include_all_keeps_references(self):
        got = self.built('08-include-all-nameprefix')
        names = {(i[1], i[3]) for i in got}
        for (_, kind, _, _), o in got.items():
            if kind == 'ReleaseBinding':
                spec = o['spec']
                for target, name in (('Project', spec['owner']['projectName']), ('Component', spec['owner']['componentName']),
                                     ('Environment', spec['environment']), ('ComponentRelease', spec.get('releaseName'))):
                    if name:
                        self.assertIn((target, name), names)


class FindingsInKubectlTest(support.InKubectl, FindingsTest):
    pass


if __name__ == '__main__':
    support.main()
