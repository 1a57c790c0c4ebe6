#!/usr/bin/env python3
"""What the commonest mistakes are answered with: the first line is the cause, the second what to do.

usage: mistakes_test.py PROGRAM TREE GOLDEN [--update]
The golden file has a block per mistake: its name, the two lines. Lines of the source shown between them are left out.
"""
import os, re, shutil, subprocess, sys, tempfile
from trees import copy, link_outside, move, text, whole, without_line

ORDERS = 'projects/shop/components/orders/'
BINDING = ORDERS + 'release-bindings/staging.yaml'

def patch(root):
    whole(BINDING, lambda t: 'apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: orders-staging, namespace: acme}\n'
                             'spec: {releaseName: orders-v1.0.0}\n')(root)
    with open(os.path.join(root, 'projects/kustomization.yaml'), 'w') as file:
        file.write('resources: [shop]\npatches: [{path: shop/components/orders/release-bindings/staging.yaml}]\n')

def whole_patch(root):
    copy(BINDING, 'overlay/staging.yaml', lambda t: t + '  state: Undeploy\n')(root)
    with open(os.path.join(root, 'overlay/Kustomization'), 'w') as file:
        file.write('resources: [../projects]\npatches: [{path: staging.yaml}]\n')

MISTAKES = [
    ('a tab', text(BINDING, '  environment:', '\tenvironment:')),
    ('a quote not closed', text(BINDING, 'environment: staging', 'environment: "staging')),
    ('a merge conflict', whole(BINDING, lambda t: t.replace('spec:\n', '<<<<<<< HEAD\nspec:\n=======\nspec:\n>>>>>>> x\n'))),
    ('no --- between two objects', whole(BINDING, lambda t: t + t.replace('staging', 'production'))),
    ('a wrong indentation', text(BINDING, '  environment:', '   environment:')),
    ('a colon in a text', text(BINDING, 'releaseName: ', 'releaseName: x: ')),
    ('a value that begins with @', text(BINDING, 'releaseName: ', 'releaseName: @')),
    ('apiVersion misspelt', text(BINDING, 'apiVersion', 'piVersion')),
    ('group misspelt', text(BINDING, 'openchoreo.dev', 'openchoroe.dev')),
    ('version misspelt', text(BINDING, 'v1alpha1', 'v1')),
    ('kind misspelt', text(BINDING, 'ReleaseBinding', 'ReleaseBindng')),
    ('apiVersion forgotten', without_line(BINDING, 'apiVersion')),
    ('a field misspelt', text(BINDING, 'environment:', 'enviroment:')),
    ('a wrong word for a state', text(BINDING, 'spec:\n', 'spec:\n  state: active\n')),
    ('an environment that is not there', text(BINDING, 'environment: staging', 'environment: stage')),
    ('a release that is not there', text(BINDING, 'orders-v1.0.0', 'orders-v1.1.0')),
    ('two objects of one name', copy(BINDING, 'copy.yaml', lambda t: t + '  state: Undeploy\n')),
    ('a file ending in capitals', move(BINDING, ORDERS + 'release-bindings/staging.YAML')),
    ('a value the schema refuses', text(BINDING, 'releaseName:', 'componentTypeEnvironmentConfigs: {replicas: "2"}\n  releaseName:')),
    ('a list of objects', whole(BINDING, lambda t: '- ' + t.replace('\n', '\n  ').rstrip(' '))),
    ('a key a secret reference has not', text('projects/payments/components/gateway/releases/gateway-v1.0.0.yaml',
                                              'key: api-key', 'key: apikey')),
    ('a link out of the tree', link_outside(BINDING)),
    ('a configuration misspelt', text(ORDERS + 'release-bindings/production.yaml', 'memory:', 'memoy:')),
    ('an override misspelt', text(BINDING, '    container:', '    contaner:')),
    ('a trait misspelt', whole('projects/shop/components/storefront/release-bindings/production.yaml', lambda t: re.sub(
        r'(traitEnvironmentConfigs:\n    )(\w)', r'\1x\2', t))),
    ('a patch of a kustomization', patch),
    ('a whole object as a patch of a kustomization', whole_patch),
]

def first_two(error):
    lines = [line for line in error.splitlines() if not re.match(r'\s+\d* *\|', line)]
    return lines[:2]

def main():
    program, tree, golden = (os.path.abspath(a) for a in sys.argv[1:4])
    blocks = []
    with tempfile.TemporaryDirectory() as folder:
        for name, edit in MISTAKES:
            root = os.path.join(folder, 'tree')
            shutil.copytree(tree, root, ignore=shutil.ignore_patterns('expected'))
            edit(root)
            p = subprocess.run([program, 'render', '.'], cwd=root, capture_output=True, text=True)
            blocks.append('\n'.join([f'== {name} (exit {p.returncode})', *first_two(p.stderr)]) + '\n')
            shutil.rmtree(root)
    got = '\n'.join(blocks)
    if '--update' in sys.argv:
        with open(golden, 'w') as file: file.write(got)
    with open(golden) as file: want = file.read()
    failed = sum(a != b for a, b in zip(got.split('\n== '), want.split('\n== '))) + abs(got.count('\n== ') - want.count('\n== '))
    if failed:
        for a, b in zip(got.split('\n== '), want.split('\n== ')):
            if a != b: print(f'FAIL\n{a}\nwant\n{b}')
    print(f'{len(MISTAKES)} mistakes, {failed} failed')
    sys.exit(1 if failed else 0)

main()
