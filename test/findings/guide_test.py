#!/usr/bin/env python3
"""What readers of the GitOps guide did next, and what must come of it, through every door.

usage: guide_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN TREES GUIDE-TREES
"""
import json, os, re, shutil, subprocess, sys, tempfile

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

def three_repositories(root):
    """The bindings in a repository of their own, the releases in one that the Application pins."""
    bindings = os.path.join(root, 'bindings')
    for folder, _, names in list(os.walk(os.path.join(root, 'projects'))):
        if not folder.endswith('release-bindings'): continue
        for name in names:
            os.makedirs(bindings, exist_ok=True)
            os.rename(os.path.join(folder, name), os.path.join(bindings, name))
    def git(folder, *arguments):
        return subprocess.run(['git', '-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', *arguments], check=True,
                              capture_output=True, text=True).stdout.strip()
    commits = []
    for name in ('platform', 'projects'):
        folder = os.path.join(root, name)
        git(folder, 'init', '-q'); git(folder, 'add', '-A'); git(folder, 'commit', '-qm', 'x')
        commits.append(f'file://{folder}?ref={git(folder, "rev-parse", "HEAD")}')
    # Moved to a release that the pinned commit does not have.
    path = os.path.join(bindings, 'cart-development.yaml')
    with open(path) as file: text = file.read()
    write(root, 'bindings/cart-development.yaml', re.sub(r'releaseName: .*', 'releaseName: cart-20260402-1', text))
    return {'sources': commits}

ALL = ('render', 'function', 'plugin')
# name, tree, edit, flags of render, doors, exit code, what standard error or output must say
CASES = [
    ('yaml-array', 'base', both_bindings(''), [], ALL, 1, r'all\.yaml.*a document that is a list'),
    ('wrapped-key', 'base', both_bindings('items:\n'), [], ALL, 1, r'all\.yaml.*below items: of a document without a kind'),
    ('partly-hidden', 'base', hidden, ['-v'], ('render',), 0, r'not read: .*hidden folder.*projects/shop/components/\.cart'),
    ('helm-root', 'base', chart, [], ALL, 1, r'templates/extra\.yaml.*is no template[\s\S]*(exclude|sourceignore)'),
    ('helm-root, excluded', 'base', chart, ['--exclude', 'templates/'], ('render',), 0, r''),
    ('foreign-broken', 'base', foreign, [], ALL, 0, r''),
    ('scaffolder', 'base', scaffolder, [], ALL, 0, r''),
    ('scaffolder, told', 'base', scaffolder, [], ('render',), 0, r'skeleton/binding\.yaml.*template[\s\S]*--exclude'),
    ('secret-key-typo', 'secret-key-typo', None, [], ('render',), 0,
     r'key "pasword" not found in SecretReference "[^"]*"; available keys: \['),
    ('secret-key-typo, strict', 'secret-key-typo', None, {'strict': True}, ALL, 1, r'error.*key "pasword" not found'),
    ('last-binding', 'last-binding', None, {'environments': ['staging']}, ALL, 1, r'allow-?[eE]mpty-?[sS]election[\s\S]*state: Undeploy|state: Undeploy[\s\S]*allow-?[eE]mpty-?[sS]election'),
    ('last-binding, allowed', 'last-binding', None, {'environments': ['staging'], 'allowEmptySelection': True}, ALL, 0, r''),
    ('last-binding, no such', 'last-binding', None, {'environments': ['stagin'], 'allowEmptySelection': True}, ALL, 1, r'stagin'),
    ('no-store', 'no-store', None, {}, ALL, 1, r'has no spec\.secretStoreRef'),
    ('mixed-ns', 'mixed-ns', None, {}, ALL, 1, r'namespace:? my-org'),
    ('two-orgs-mixed', 'two-orgs-mixed', None, {'organizations': ['initech']}, ALL, 1, r'there is: acme, globex'),
    ('two-orgs-mixed, one', 'two-orgs-mixed', None, {'organizations': ['acme']}, ALL, 0, r''),
    ('connection-across-repos', 'connection-across-repos', None,
     {'trees': ['shop-repo', 'platform-repo'], 'components': ['orders']}, ALL, 1, r'(?=[\s\S]*none of the sources)[\s\S]*on-?[pP]ending:? warn'),
    ('connection-across-repos, warned', 'connection-across-repos', None,
     {'trees': ['shop-repo', 'platform-repo'], 'components': ['orders'], 'onPending': 'warn'}, ALL, 0, r'connection pending'),
    ('connection-across-repos, whole', 'connection-across-repos', None,
     {'trees': ['shop-repo', 'payments-repo', 'platform-repo'], 'components': ['orders']}, ALL, 0, r''),
    ('multi', 'connection-across-repos', None, {'trees': ['platform-repo'], 'include': ['openchoreo']}, ALL, 0, r''),
    ('include-all-old-dialect', 'include-all-old-dialect', None, {'include': ['all']}, ALL, 0, r''),
    ('argocd-three-repos', 'base', three_repositories, {'trees': ['bindings']}, ('plugin',), 1,
     r'cart-20260402-1[\s\S]*projects@[0-9a-f]+: a later commit of it may have the release'),
]
# Of these the output must hold the first and not the second text, and be one in all doors.
OUTPUT = {
    'two-orgs-mixed, one': ('acme', 'globex'),
    'connection-across-repos, warned': ('orders', 'PAYMENTS_URL'),
    'connection-across-repos, whole': ('PAYMENTS_URL', 'no such text'),
    'multi': ('DataPlane', 'openchoreo-record'),
    'include-all-old-dialect': ('DataPlane', 'no such text'),
}
FLAGS = {'allowEmptySelection': '--allow-empty-selection', 'environments': '--environment', 'organizations': '--organization',
         'components': '--component', 'onPending': '--on-pending', 'include': '--include', 'strict': '--strict'}

def texts(value):
    return [str(v).lower() if isinstance(v, bool) else v for v in (value if isinstance(value, list) else [value])]

def run(door, program, root, options):
    """`options`: flags of render, or by the names of the option table, in each door's own form. `trees`: the first is the door's own, the
    others are read beside it."""
    if isinstance(options, list): return subprocess.run([program, 'render', '.', *options], cwd=root, capture_output=True, timeout=60)
    named = {k: v for k, v in options.items() if k not in ('trees', 'sources')}
    trees = options.get('trees', ['.'])
    if door == 'render':
        flags = [f for k, v in named.items() for text in texts(v) for f in ([FLAGS[k]] if v is True else [FLAGS[k], text])]
        return subprocess.run([program, 'render', *trees, *flags], cwd=root, capture_output=True, timeout=60)
    if door == 'function':
        config = {'apiVersion': 'gitops.openchoreo.dev/v1alpha1', 'kind': 'OpenChoreoRender', 'metadata': {'name': 'render'},
                  'spec': {'root': trees, **named}}
        given = {'apiVersion': 'config.kubernetes.io/v1', 'kind': 'ResourceList', 'functionConfig': config, 'items': []}
        return subprocess.run([program], cwd=root, input=json.dumps(given).encode(), capture_output=True, timeout=60)
    sources = ['/' + tree for tree in trees[1:]] + options.get('sources', [])
    parameters = [{'name': k, 'array': texts(v)} if isinstance(v, list) else {'name': k, 'string': texts(v)[0]} for k, v in named.items()]
    if sources: parameters.append({'name': 'sources', 'array': sources})
    environment = {**os.environ, 'ARGOCD_APP_PARAMETERS': json.dumps(parameters), 'ARGOCD_APP_SOURCE_PATH': trees[0],
                   'ARGOCD_APP_NAME': 'app'}
    os.makedirs(os.path.join(root, '.git'), exist_ok=True)  # as Argo CD hands a repository over
    command = [program, 'generate'] + (['--allow-source', 'file://**'] if 'sources' in options else [])
    return subprocess.run(command, cwd=os.path.join(root, trees[0]), capture_output=True, timeout=60, env=environment)

def objects(door, output):
    """What a door gave, in an order of its own."""
    import yaml
    if door == 'function': given = yaml.safe_load(output)['items']
    else: given = [o for o in yaml.safe_load_all(output) if o]
    for o in given:
        annotations = o['metadata'].get('annotations', {})
        for name in [n for n in annotations if n.startswith(('config.kubernetes.io/', 'internal.config.kubernetes.io/'))]: del annotations[name]
        if not annotations: o['metadata'].pop('annotations', None)
    return sorted(json.dumps(o, sort_keys=True) for o in given)

def main():
    program, function, plugin, *trees = (os.path.abspath(a) for a in sys.argv[1:6])
    programs = {'render': program, 'function': function, 'plugin': plugin}
    failed = 0
    for name, tree, edit, flags, doors, code, says in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = os.path.join(folder, 'tree')
            shutil.copytree(next(p for p in (os.path.join(t, tree) for t in trees) if os.path.isdir(p)), root)
            more = edit(root) if edit else None
            given = {}
            for door in doors:
                options = flags if not isinstance(flags, list) else flags if door == 'render' else {}
                p = run(door, programs[door], root, {**options, **more} if more else options)
                told, output = p.stderr.decode(errors='replace'), p.stdout.decode()
                with_text, without = OUTPUT.get(name, ('', None))
                good = p.returncode == code and re.search(says, told) and with_text in output and (without is None or without not in output)
                if name in OUTPUT and p.returncode == 0: given[door] = objects(door, output)
                if good: continue
                failed += 1
                print(f'FAIL {name}, {door}: exit {p.returncode}, want {code} and {says!r}\n{told[:1500]}')
            for door in given:
                if given[door] == given['render']: continue
                failed += 1
                print(f'FAIL {name}, {door}: {len(given[door])} objects, render gives {len(given["render"])}; '
                      f'{sorted(set(given[door]) ^ set(given["render"]))[:2]}')
    print(f'{len(CASES)} cases, {failed} failed')
    sys.exit(1 if failed else 0)

main()
