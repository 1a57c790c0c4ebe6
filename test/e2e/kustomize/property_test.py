#!/usr/bin/env python3
"""Random documents through the real kustomize, once with our function and once with one that copies: no difference.

The seed is the day unless SEED says otherwise; it is printed, so that a failure can be had again."""
import os
import random
import time

import yaml

import support
from support import KUSTOMIZE

SEED = int(os.environ.get('SEED') or time.strftime('%Y%m%d'))
DOCUMENTS = int(os.environ.get('DOCUMENTS') or 300)
KINDS = [('v1', 'ConfigMap'), ('v1', 'Service'), ('v1', 'Secret'), ('apps/v1', 'Deployment'), ('example.com/v1', 'Thing'),
         ('rbac.authorization.k8s.io/v1', 'RoleBinding'), ('v1', 'Namespace'), ('example.com/v1', 'OpenChoreo')]
TEXTS = ['', ' ', 'a', 'yes', 'no', 'null', '~', '0777', '0x1F', '1e3', '1_000', '.5', '12:30:45', '2001-01-01', '=', '<<', '*a',
         '&a', '!x', '# no comment', 'a: b', '- a', '"', "'", '\\', 'tab\there', 'line\nline\n', '\nlead', 'trail \n\n', ' a\n  b\n',
         'über ☃ 𝄞', '\u2028', 'a' * 300, '|', '>', '%', '@', '`', '---', '...', '${x}', 'true', 'True', 'NaN', '0o14', '+1', '-0']


class Random:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self):
        r = self.random
        return r.choice([lambda: r.choice(TEXTS), lambda: r.randint(-2**53, 2**53), lambda: r.random() * 10**r.randint(-9, 9),
                         lambda: r.choice([True, False]), lambda: float(r.randint(0, 9)), lambda: r.choice(TEXTS) + r.choice(TEXTS)])()

    def value(self, depth):
        r = self.random
        pick = r.random()
        if depth == 0 or pick < 0.5:
            return self.scalar()
        if pick < 0.75:
            return {self.key(i): self.value(depth - 1) for i in range(r.randint(0, 4))}
        return [self.value(depth - 1) for _ in range(r.randint(0, 4))]

    def key(self, i):
        return self.random.choice(['key', 'yes', 'a b', 'a.b/c', 'über', '~', 'null', '"q"', '# x', 'a: ']) + str(i)

    def document(self, i):
        r = self.random
        version, kind = r.choice(KINDS)
        o = {'apiVersion': version, 'kind': kind, 'metadata': {'name': f'o{i}'}}
        if kind != 'Namespace':
            o['metadata']['namespace'] = r.choice(['a', 'b'])
        if r.random() < 0.5:
            o['metadata']['annotations'] = {self.key(j): str(self.scalar()) for j in range(r.randint(1, 3))}
        if kind in ('ConfigMap', 'Secret'):
            o['data'] = {f'k{j}': str(r.choice(TEXTS)) for j in range(r.randint(0, 5))}
        elif kind == 'Thing':
            o['spec'] = self.value(5)
        return yaml.safe_dump(o, allow_unicode=r.random() < 0.5, default_flow_style=r.choice([None, True, False]),
                              width=r.choice([20, 80, 10**6]), default_style=r.choice([None, None, '"', "'"]),
                              indent=r.choice([2, 4]))


class PropertyTest(support.Folder):
    def test_what_is_passed_on_is_what_cat_passes_on(self):
        print(f'seed {SEED}, {DOCUMENTS} documents', flush=True)
        source = Random(SEED)
        (self.root / 'some').mkdir()
        names = []
        for i in range(DOCUMENTS):
            names.append(f'd{i}.yaml')
            (self.root / 'some' / names[-1]).write_text(source.document(i))
        outputs = {}
        for name, program in (('ours', str(support.PROGRAM)), ('cat', '/bin/cat')):
            function = support.config()
            function['metadata']['annotations']['config.kubernetes.io/function'] = yaml.safe_dump({'exec': {'path': program}})
            self.write('some/fn.yaml', function)
            self.write('some/kustomization.yaml', {'resources': names, 'transformers': ['fn.yaml'],
                                                   'sortOptions': {'order': 'fifo'}})
            run = self.build('some')
            self.assertEqual(run.returncode, 0, run.stderr[:2000])
            outputs[name] = run.stdout
        self.assertEqual(outputs['ours'], outputs['cat'])
        self.assertGreaterEqual(outputs['cat'].count('\nkind: '), DOCUMENTS)


if __name__ == '__main__':
    support.main()
