#!/usr/bin/env python3
"""The real kustomize with our function: transformer, generator, validation, prefixes, faults.

usage: kustomize_test.py FUNCTION CLI EXAMPLES [unittest arguments]
needs: kustomize in $PEER_BIN (make peers builds it)
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import support
from support import KUSTOMIZE

PLAIN = {'record': 'false', 'tracking': 'none', 'namespaces': 'false'}


def config(kind='OpenChoreoRender', program=None, **spec):
    text = f"""apiVersion: gitops.openchoreo.dev/v1alpha1
kind: {kind}
metadata:
  name: render
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: {program or support.PROGRAM}
"""
    return text + ''.join(['spec:\n'] + [f'  {k}: {v}\n' for k, v in spec.items()] if spec else [])


def kustomization(**fields):
    text = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
    for key, value in fields.items():
        if isinstance(value, list):
            text += f'{key}:\n' + ''.join(f'- {v}\n' for v in value)
        else:
            text += f'{key}: {value}\n'
    return text


def build(folder, flags=('--enable-alpha-plugins', '--enable-exec'), **env):
    return subprocess.run([KUSTOMIZE, 'build', *flags, str(folder)], capture_output=True, text=True,
                          env={**os.environ, **env})


class KustomizeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.tree = self.root / 'tree'
        shutil.copytree(support.EXAMPLES / 'mono-repo', self.tree)
        (self.tree / 'openchoreo-render.yaml').write_text(config())

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target.parent

    def built(self, folder, **env):
        run = build(folder, **env)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def expected(self):
        """examples/mono-repo/expected in kustomize's own writing."""
        files = sorted(str(p.relative_to(self.tree)) for p in (self.tree / 'expected').rglob('*.yaml'))
        shutil.copytree(self.tree / 'expected', self.root / 'plain/expected')
        self.write('plain/kustomization.yaml', kustomization(resources=files))
        return self.built(self.root / 'plain')

    def test_the_example_as_it_stands(self):
        shutil.rmtree(self.tree)
        shutil.copytree(support.EXAMPLES / 'mono-repo', self.tree)
        path = f'{support.PROGRAM.parent}:{os.environ["PATH"]}'
        self.assertEqual(self.built(self.tree, PATH=path), self.expected())

    def test_transformer(self):
        self.assertEqual(self.built(self.tree), self.expected())

    def test_same_bytes_elsewhere(self):
        want = self.built(self.tree)
        moved = self.root / 'some/where/else'
        shutil.copytree(self.tree, moved)
        self.assertEqual(self.built(moved, LC_ALL='tr_TR.UTF-8', TZ='Pacific/Auckland'), want)

    def test_generator(self):
        self.write('tree/kustomization.yaml', kustomization(generators=['openchoreo-render.yaml']))
        self.assertEqual(self.built(self.tree), self.expected())

    def test_generator_in_a_folder_below_the_repository(self):
        (self.root / '.git').mkdir()
        self.write('build/fn.yaml', config(root='../tree'))
        folder = self.write('build/kustomization.yaml', kustomization(generators=['fn.yaml']))
        self.assertEqual(self.built(folder), self.expected())

    def test_validation_passes_the_items_on(self):
        (self.tree / 'openchoreo-render.yaml').write_text(config('OpenChoreoValidate'))
        validated = self.built(self.tree)
        self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects']))
        self.assertEqual(validated, self.built(self.tree))

    def test_other_resources_are_passed_on(self):
        self.write('tree/other.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n'
                                      'data:\n  a: "yes"\n  b: "0777"\n  c: "line\\n  two \\n"\n')
        self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects', 'other.yaml'],
                                                            transformers=['openchoreo-render.yaml']))
        with_other = self.built(self.tree).split('---\n')
        self.write('only/kustomization.yaml', kustomization(resources=['other.yaml']))
        shutil.copy(self.tree / 'other.yaml', self.root / 'only/other.yaml')
        other = self.built(self.root / 'only')
        self.assertIn(other, with_other)

    def renamed(self, inner, outer=None):
        """The rendered objects, without what carries a binding's own name, of the tree renamed so."""
        (self.tree / 'openchoreo-render.yaml').write_text(config(**PLAIN))
        self.write('tree/kustomization.yaml',
                   kustomization(resources=['platform', 'projects'], **inner))
        if outer is None:
            transformed = 'tree'
        else:
            self.write('outer/kustomization.yaml', kustomization(resources=['../tree'], **outer))
            shutil.copy(self.tree / 'openchoreo-render.yaml', self.root / 'outer')
            transformed = 'outer'
        with open(self.root / transformed / 'kustomization.yaml', 'a') as out:
            out.write('transformers: [openchoreo-render.yaml]\n')
        return self.built(self.root / transformed)

    def test_prefix_and_suffix(self):
        want = self.renamed({})
        for inner, outer in (({'namePrefix': 'p-'}, None), ({'nameSuffix': '-s'}, None),
                             ({'namePrefix': 'p-', 'nameSuffix': '-s'}, None), ({}, {'namePrefix': 'p-'}),
                             ({'namePrefix': 'p-'}, {'nameSuffix': '-s', 'namePrefix': 'q-'})):
            with self.subTest(inner=inner, outer=outer):
                shutil.rmtree(self.root / 'outer', ignore_errors=True)
                self.assertEqual(self.renamed(inner, outer), want)

    def test_namespace_of_the_kustomization(self):
        for path in list((self.tree / 'platform').rglob('*.yaml')) + list((self.tree / 'projects').rglob('*.yaml')):
            path.write_text(path.read_text().replace('  namespace: acme\n', ''))
        self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects'], namespace='acme',
                                                            transformers=['openchoreo-render.yaml']))
        self.assertEqual(self.built(self.tree), self.expected())

    STAGING = 'projects/shop/components/orders/release-bindings/staging.yaml'

    def broken(self):
        """Puts a fault into the tree; the line it is in."""
        path = self.tree / self.STAGING
        path.write_text(path.read_text().replace('orders-v1.0.0', 'orders-v9'))
        return 1 + path.read_text().splitlines().index('  releaseName: orders-v9')

    def test_a_fault_names_file_and_line(self):
        """Whether kustomize was asked to note where things come from or not, and whatever it has made of names."""
        line = self.broken()
        (self.tree / 'openchoreo-render.yaml').write_text(config(namespaces='false'))
        for fields in ({}, {'buildMetadata': '[originAnnotations]'}, {'namePrefix': 'p-'}, {'namespace': 'other'}):
            with self.subTest(fields=fields):
                self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects'], **fields,
                                                                    transformers=['openchoreo-render.yaml']))
                run = build(self.tree)
                self.assertNotEqual(run.returncode, 0)
                self.assertIn(f'{self.STAGING}:{line}:16: error[', run.stderr)
                self.assertIn('ComponentRelease "orders-v9" not found', run.stderr)

    def test_a_fault_names_file_and_line_from_an_inner_layer(self):
        line = self.broken()
        for fields in ({}, {'buildMetadata': '[originAnnotations]'}):
            folder = self.write('outer/kustomization.yaml', kustomization(resources=['../tree'], **fields))
            run = build(folder)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(f'{self.STAGING}:{line}:16: error[', run.stderr)

    def test_a_fault_of_a_base_names_file_and_line(self):
        line = self.broken()
        self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects']))
        self.write('outer/fn.yaml', config())
        folder = self.write('outer/kustomization.yaml', kustomization(resources=['../tree'], transformers=['fn.yaml']))
        run = build(folder)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(f'../tree/{self.STAGING}:{line}:16: error[', run.stderr)
        # Two bases that hold it are two places.
        shutil.copytree(self.tree, self.root / 'copy')
        self.write('copy/kustomization.yaml', kustomization(resources=['platform', 'projects'], namespace='other'))
        self.write('outer/kustomization.yaml', kustomization(resources=['../tree', '../copy'], transformers=['fn.yaml']))
        run = build(folder)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn('ReleaseBinding other/orders-staging spec.releaseName: error[', run.stderr)

    def test_a_workload_without_owner_belongs_to_the_component_in_its_folder(self):
        """As the guide writes it. kustomize hands over no folders; the kustomizations tell."""
        want = self.expected()
        for path in self.tree.rglob('workload.yaml'):
            text, owners = re.subn(r'  owner:\n(    .*\n)+', '', path.read_text())
            self.assertEqual(owners, 1)
            path.write_text(text)
        self.write('outer/fn.yaml', config())
        self.write('tree/kustomization.yaml', kustomization(resources=['platform', 'projects']))
        outer = self.write('outer/kustomization.yaml', kustomization(resources=['../tree'], transformers=['fn.yaml']))
        run = build(outer)
        self.assertEqual(run.stdout, want, run.stderr)
        self.assertIn('taken as the workload of Component acme/orders, which lies in the same folder', run.stderr)

    def test_an_unknown_field_of_the_configuration(self):
        (self.tree / 'openchoreo-render.yaml').write_text(config(enviroments='[development]'))
        run = build(self.tree)
        self.assertNotEqual(run.returncode, 0)
        self.assertRegex(run.stderr, r'openchoreo-render\.yaml:\d+:\d+: error\[usage\]: unknown field "enviroments"')

    def test_local_config_is_read_and_stays_out(self):
        types = self.tree / 'platform/component-types/service.yaml'
        types.write_text(types.read_text().replace('  name: service\n', '  name: service\n  annotations:\n'
                                                   '    config.kubernetes.io/local-config: "true"\n', 1))
        (self.tree / 'openchoreo-render.yaml').write_text(config(include='all'))
        self.assertNotIn('\n  name: service\n', self.built(self.tree))


if __name__ == '__main__':
    support.main()
