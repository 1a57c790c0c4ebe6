#!/usr/bin/env python3
"""Any layout of a tree gives the bytes of the mono-repository; several organizations live in one.

usage: layouts_test.py PROGRAM EXAMPLES TREES
"""
import os, random, re, subprocess, sys, tempfile

def files_of(tree):
    """path: text of every YAML file, kustomizations and expected results left out."""
    found = {}
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if not f.startswith('.') and f != 'expected')
        for name in sorted(names):
            if not name.endswith('.yaml') or name in ('kustomization.yaml', 'openchoreo-render.yaml'): continue
            path = os.path.join(folder, name)
            with open(path) as file: found[os.path.relpath(path, tree)] = file.read()
    return found

def documents(files):
    for path, text in files.items():
        for number, document in enumerate(re.split(r'^---\n', text, flags=re.M)):
            if document.strip(): yield path, number, document.rstrip('\n') + '\n'

def value(document, key):
    found = re.search(rf'^\s+{key}: *(\S+)', document, re.M)
    return found.group(1) if found else 'none'

def by(choose):
    """A layout of several repositories: `choose` names the one of each file."""
    def layout(files):
        repos = {}
        for path, text in files.items(): repos.setdefault(choose(path, text), {})[path] = text
        return list(repos.values())
    return layout

def single_files(files, seed=1):
    names = list(range(1000)); random.Random(seed).shuffle(names)
    return [{f'{names[i]:03}.yaml': document for i, (_, _, document) in enumerate(documents(files))}]

def one_file(files, order=1):
    return [{'all.yaml': '---\n'.join([d for _, _, d in documents(files)][::order])}]

def in_list(files):
    text = 'apiVersion: v1\nkind: List\nitems:\n'
    for _, _, document in documents(files):
        lines = document.splitlines()
        first = next(i for i, line in enumerate(lines) if line.strip() and not line.startswith('#'))
        text += '- ' + '\n  '.join(lines[first:]) + '\n'
    return [{'list.yaml': text}]

def project(path, text):
    parts = path.split('/')
    return parts[1] if parts[0] == 'projects' else 'platform'

def component(path, text):
    parts = path.split('/')
    return '/'.join(parts[:4]) if 'components' in parts else project(path, text)

LAYOUTS = {
    'platform and applications': by(lambda p, t: p.split('/')[0] == 'projects'),
    'a repository per project': by(project),
    'a repository per component': by(component),
    'bindings by themselves': by(lambda p, t: 'release-bindings' in p),
    'releases by themselves': by(lambda p, t: '/releases/' in p),
    'production by itself': by(lambda p, t: 'production' in os.path.basename(p)),
    'a repository per kind': by(lambda p, t: re.search(r'^kind: (\S+)', t, re.M).group(1)),
    'deep folders with blanks': lambda files: [{f'a b/ö/{path}': text for path, text in files.items()}],
}
FREE = {  # for trees whose Workloads name their owner: location says nothing then
    'a file per object, names by chance': single_files,
    'one file': one_file,
    'one file, backwards': lambda files: one_file(files, -1),
    'a List': in_list,
}

def render(program, folder, repos, *flags):
    roots = []
    for number, files in enumerate(repos):
        roots.append(os.path.join(folder, f'repo{number}'))
        for path, text in files.items():
            path = os.path.join(roots[-1], path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as file: file.write(text)
    p = subprocess.run([program, 'render', *roots, *flags], capture_output=True, timeout=60)
    return p.returncode, p.stdout, p.stderr.decode(errors='replace')

def main():
    program, examples, trees = (os.path.abspath(a) for a in sys.argv[1:4])
    failed = count = 0
    for tree, layouts in ((f'{examples}/mono-repo', {**LAYOUTS, **FREE}), (f'{examples}/guide/mono-repo', LAYOUTS),
                          (f'{trees}/base', LAYOUTS), (f'{trees}/two-orgs-mixed', {**LAYOUTS, **FREE})):
        files = files_of(tree)
        with tempfile.TemporaryDirectory() as folder: want = render(program, folder, [files])
        if want[0] != 0 or not want[1]: sys.exit(f'{tree}: exit {want[0]}: {want[2]}')
        for name, layout in layouts.items():
            count += 1
            with tempfile.TemporaryDirectory() as folder: got = render(program, folder, layout(files))
            if got[:2] != want[:2]:
                failed += 1
                print(f'FAIL {tree}: {name}: exit {got[0]}, {len(got[1])} bytes, want {len(want[1])}\n{got[2][:500]}')
    print(f'{count} layouts, {failed} failed')
    sys.exit(1 if failed else 0)

main()
