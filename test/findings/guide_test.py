#!/usr/bin/env python3
"""What readers of the GitOps guide did next, and what must come of it, through every door.

usage: guide_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN TREES EXAMPLES
"""
import os, re, shutil, subprocess, sys, tempfile

CART = 'projects/shop/components/cart/'
BINDING = '''apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {{name: {name}, namespace: my-org}}
spec: {{owner: {{projectName: shop, componentName: {component}}}, environment: {environment}, releaseName: {release}}}
'''

def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as file: file.write(text)

def both_bindings(begin):
    """Both bindings of a component in one file, below `begin`."""
    def edit(root):
        text = begin
        for environment in ('development', 'staging'):
            path = os.path.join(root, CART, 'release-bindings', f'cart-{environment}.yaml')
            with open(path) as file: lines = file.read().splitlines()
            os.remove(path)
            text += '- ' + '\n  '.join(lines) + '\n'
        write(root, CART + 'release-bindings/all.yaml', text)
    return edit

def chart(root):
    write(root, 'Chart.yaml', 'apiVersion: v2\nname: x\nversion: 0.1.0\n')
    write(root, 'templates/binding.yaml', BINDING.format(
        name='cart-production', component='cart', environment='production', release='"{{ .Values.release }}"'))
    write(root, 'templates/extra.yaml', BINDING.format(
        name='front-production', component='front', environment='production', release='front-20260401-1'))

def foreign(root):
    write(root, 'broken/x.yaml', 'a: {{ .Values.x }}\nurl: https://openchoreo.dev\n')
    write(root, 'tsconfig.json', '{\n  // built for https://openchoreo.dev\n  "compilerOptions": {},\n}\n')

def scaffolder(root):
    write(root, 'backstage/new-service/skeleton/binding.yaml', BINDING.format(
        name='${{ values.name }}-development', component='${{ values.name }}', environment='development', release='x'))
    write(root, 'backstage/new-service/template.yaml',
          'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: new-service}\nspec: {type: service}\n')

def hidden(root):
    os.rename(os.path.join(root, 'projects/shop/components/cart'), os.path.join(root, 'projects/shop/components/.cart'))

ALL = ('render', 'function', 'plugin')
# name, tree, edit, flags of render, doors, exit code, what standard error or output must say
CASES = [
    ('yaml-array', 'base', both_bindings(''), [], ALL, 1, r'all\.yaml.*a document that is a list'),
    ('wrapped-key', 'base', both_bindings('items:\n'), [], ALL, 1, r'all\.yaml.*below items: of a document without a kind'),
    ('partly-hidden', 'base', hidden, ['-v'], ('render',), 0, r'not read: .*hidden folder.*projects/shop/components/\.cart'),
    ('helm-root', 'base', chart, [], ALL, 1, r'templates/extra\.yaml.*is no template[\s\S]*--exclude|exclude'),
    ('helm-root, excluded', 'base', chart, ['--exclude', 'templates/'], ('render',), 0, r''),
    ('foreign-broken', 'base', foreign, [], ALL, 0, r''),
    ('scaffolder', 'base', scaffolder, [], ALL, 0, r''),
    ('scaffolder, told', 'base', scaffolder, [], ('render',), 0, r'skeleton/binding\.yaml.*template[\s\S]*--exclude'),
    ('secret-key-typo', 'secret-key-typo', None, [], ('render',), 0,
     r'key "pasword" not found in SecretReference "[^"]*"; available keys: \['),
    ('secret-key-typo, strict', 'secret-key-typo', None, ['--strict'], ('render',), 1, r'error.*key "pasword" not found'),
]

FUNCTION_INPUT = b"""apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: gitops.openchoreo.dev/v1alpha1
  kind: OpenChoreoRender
  metadata: {name: render}
  spec: {root: .}
items: []
"""

def main():
    program, function, plugin, trees, examples = (os.path.abspath(a) for a in sys.argv[1:6])
    commands = {'render': [program, 'render', '.'], 'function': [function], 'plugin': [plugin, 'generate']}
    failed = 0
    for name, tree, edit, flags, doors, code, says in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = os.path.join(folder, 'tree')
            shutil.copytree(os.path.join(trees, tree), root)
            if edit: edit(root)
            for door in doors:
                command = commands[door] + (flags if door == 'render' else [])
                p = subprocess.run(command, cwd=root, input=FUNCTION_INPUT, capture_output=True, timeout=60)
                told = p.stderr.decode(errors='replace')
                if p.returncode == code and re.search(says, told): continue
                failed += 1
                print(f'FAIL {name}, {door}: exit {p.returncode}, want {code} and {says!r}\n{told[:1500]}')
    print(f'{len(CASES)} cases, {failed} failed')
    sys.exit(1 if failed else 0)

main()
