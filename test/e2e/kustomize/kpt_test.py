#!/usr/bin/env python3
"""`kpt fn render` on a package, by kyaml's runner (../peers/runfn), which kpt shares: sources stay, rendered files follow.

Where kpt differs, by its documentation: the Kptfile and configurations of functions are no items, results go into the
Kptfile's status."""
import shutil

import yaml

import support
from support import HERE, RUNFN, documents


class KptTest(support.Folder):
    def setUp(self):
        super().setUp()
        (self.tree / 'kustomization.yaml').unlink()
        for path in self.tree.rglob('kustomization.yaml'):
            path.unlink()

    def render(self, check=0):
        return self.run_program(RUNFN, self.tree, check=check)

    def kptfile(self, *mutators):
        self.write('tree/Kptfile', {'apiVersion': 'kpt.dev/v1', 'kind': 'Kptfile', 'metadata': {'name': 'shop'},
                                    'pipeline': {'mutators': list(mutators)}})

    def files(self):
        return {str(p.relative_to(self.tree)) for p in self.tree.rglob('*') if p.is_file()}

    def test_03_sources_stay(self):
        shutil.copy(HERE / 'cases/03-kpt-render-deletes-sources/Kptfile', self.tree)
        before = {path: (self.tree / path).read_text() for path in self.files()}
        self.render()
        for path, text in before.items():
            self.assertEqual(documents((self.tree / path).read_text()), documents(text), path)
        made = self.files() - before.keys()
        self.assertTrue(made)
        self.assertTrue(all(path.startswith('releases/') for path in made), made)

    def test_04_what_is_no_longer_rendered_goes(self):
        shutil.copy(HERE / 'cases/04-kpt-stale-output/Kptfile', self.tree)
        self.render()
        first = self.files()
        gone = self.tree / 'projects/shop/components/storefront/release-bindings/staging.yaml'
        name = documents(gone.read_text())[0]['metadata']['name']
        self.assertTrue([p for p in first if p.startswith(f'releases/{name}/')])
        gone.unlink()
        self.render()
        left = self.files()
        self.assertEqual([p for p in left if p.startswith(f'releases/{name}/')], [])
        self.assertEqual({p for p in first - left if not p.startswith(f'releases/{name}/')},
                         {str(gone.relative_to(self.tree))})

    def test_a_second_run_changes_nothing(self):
        self.kptfile({'exec': 'openchoreo-kustomize-fn'})
        self.render()
        first = {p: (self.tree / p).read_text() for p in self.files()}
        self.render()
        self.assertEqual({p: (self.tree / p).read_text() for p in self.files()}, first)

    def test_a_rendered_file_that_was_moved_stays_there(self):
        """As where a package within this one has rendered it."""
        self.kptfile({'exec': 'openchoreo-kustomize-fn'})
        self.render()
        file = next(p for p in sorted(self.tree.glob('releases/*/*.yaml')) if p.name.startswith('deployment'))
        target = self.tree / 'projects/shop/releases' / file.name
        target.parent.mkdir()
        text = file.read_text()
        file.rename(target)
        self.render()
        self.assertEqual(target.read_text(), text)
        self.assertFalse(file.exists())

    def test_two_functions_leave_each_others_files(self):
        self.kptfile({'exec': 'openchoreo-kustomize-fn', 'configMap': {'environments': 'development'}},
                     {'exec': 'openchoreo-kustomize-fn', 'configMap': {'environments': 'production'}})
        self.render()
        environments = {o['metadata']['labels']['openchoreo.dev/environment']
                        for p in self.files() if p.startswith('releases/') and 'record' in p
                        for o in documents((self.tree / p).read_text())}
        self.assertEqual(environments, {'development', 'production'})
        first = self.files()
        self.render()
        self.assertEqual(self.files(), first)

    def test_functions_for_kinds_and_organizations_leave_each_others_files(self):
        for selections in (({'bindings': 'component'}, {'bindings': 'project,resource'}), ({'organizations': 'acme'}, {'organizations': 'globex'})):
            with self.subTest(selections=selections):
                if 'organizations' in selections[0]:
                    for path in [*self.tree.rglob('*.yaml')]:
                        if not path.is_relative_to(self.tree / 'releases'):
                            text = path.read_text()
                            if 'namespace: acme' in text:
                                path.with_suffix('.globex.yaml').write_text(text.replace('namespace: acme', 'namespace: globex'))
                one = {}
                for selection in selections:
                    shutil.rmtree(self.tree / 'releases', ignore_errors=True)
                    self.kptfile({'exec': 'openchoreo-kustomize-fn', 'configMap': selection})
                    self.render()
                    one[str(selection)] = {p for p in self.files() if p.startswith('releases/')}
                shutil.rmtree(self.tree / 'releases')
                self.kptfile(*({'exec': 'openchoreo-kustomize-fn', 'configMap': s} for s in selections))
                for _ in range(2):
                    self.render()
                    made = {p for p in self.files() if p.startswith('releases/')}
                    self.assertGreaterEqual(made, set.union(*one.values()))
                    self.assertGreaterEqual(len(made), sum(map(len, one.values())))

    def test_bindings_of_one_name_and_two_kinds_share_a_folder(self):
        path = self.tree / 'projects/shop/release-bindings/staging.yaml'
        path.write_text(path.read_text().replace('name: shop-staging', 'name: orders-staging'))
        selections = ({'bindings': 'component'}, {'bindings': 'project,resource'})
        self.kptfile({'exec': 'openchoreo-kustomize-fn'})
        self.render()
        want = {p: (self.tree / p).read_text() for p in self.files() if p.startswith('releases/')}
        shutil.rmtree(self.tree / 'releases')
        self.kptfile(*({'exec': 'openchoreo-kustomize-fn', 'configMap': s} for s in selections))
        for _ in range(2):
            self.render()
            self.assertEqual({p: (self.tree / p).read_text() for p in self.files() if p.startswith('releases/')}, want)
        # What one no longer renders goes, and nothing else.
        (self.tree / 'projects/shop/components/orders/release-bindings/staging.yaml').unlink()
        self.render()
        gone = want.keys() - self.files()
        text = ''.join(want[p] for p in gone)
        self.assertIn('kind: Deployment', text)
        self.assertNotIn('ProjectReleaseBinding', text)
        kept = ''.join(want[p] for p in want.keys() - gone)
        self.assertNotIn('rendered-release-name: orders-staging', kept)
        self.assertIn('rendered-release-name: p-shop-staging', kept)

    def test_results_name_file_and_resource(self):
        self.kptfile({'exec': 'openchoreo-kustomize-fn'})
        path = 'projects/shop/components/orders/release-bindings/staging.yaml'
        (self.tree / path).write_text((self.tree / path).read_text().replace('orders-v1.0.0', 'orders-v9'))
        run = self.render(check=1)
        found = [r for d in documents(run.stdout) for r in (d['items'] if isinstance(d, dict) else d) if r['severity'] == 'error']
        self.assertEqual([(r['file']['path'], r['resourceRef']['kind'], r['field']['path']) for r in found],
                         [(path, 'ReleaseBinding', 'spec.releaseName')])


if __name__ == '__main__':
    support.main(needs=(RUNFN,))
