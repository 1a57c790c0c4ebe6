#!/usr/bin/env python3
"""Nothing outside a folder is written or removed, and a full disk is an error that leaves what was there.

usage: writers_test.py PROGRAM
"""
import os, subprocess, sys, tempfile

from good_tree import tree

PROGRAM = os.path.abspath(sys.argv[1])
MARKER = '.openchoreo-gitops-output'
FILE = 'dev/p/releasebinding-c-dev.yaml'
OLD_SHAPE = '''apiVersion: openchoreo.dev/v1alpha1
kind: DeploymentPipeline
metadata: {name: default, namespace: default}
spec: {promotionPaths: [{sourceEnvironmentRef: dev, targetEnvironmentRefs: []}]}
'''
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text and not good else ""}')
    if not good: failed.append(name)


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as out: out.write(text)


def get(path):
    with open(path) as file: return file.read()


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, **more)


def everything(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def output_folder(w):
    """Every place of an output folder where a symbolic link could wait."""
    put(f'{w}/t/tree.yaml', tree())
    for name, link, target in [
            ('temporary file', FILE + '.new', 'victim'), ('file', FILE, 'victim'), ('environment', 'dev', 'folder'),
            ('project', 'dev/p', 'folder'), ('marker', MARKER, 'victim'), ('marker, temporary', MARKER + '.new', 'victim')]:
        case = f'{w}/{name}'
        put(f'{case}/victim', 'original'); put(f'{case}/folder/p/keep.yaml', 'original')
        if link != MARKER: put(f'{case}/out/{MARKER}', '')
        os.makedirs(os.path.dirname(f'{case}/out/{link}'), exist_ok=True)
        os.symlink(f'{case}/{target}', f'{case}/out/{link}')
        p = run('render', f'{w}/t', '--output-dir', f'{case}/out')
        check(f'link in the place of the {name}',
              get(f'{case}/victim') == 'original' and everything(f'{case}/folder') == ['p/keep.yaml'] and
              (p.returncode == 0) == (name in ('temporary file', 'file', 'marker, temporary')) and
              p.returncode in (0, 2, 3), p.stderr)
    case = f'{w}/list'
    put(f'{case}/victim', 'original')
    for path in ('src/app.yaml', 'README.md', 'a/b/c/releasebinding-x.yaml'): put(f'{case}/out/{path}', 'keep')
    put(f'{case}/out/dev/p/releasebinding-gone.yaml', 'stale')
    put(f'{case}/out/{MARKER}', '\n'.join(['../victim', f'{case}/victim', 'src/app.yaml', 'README.md', 'dev',
                                          'a/b/c/releasebinding-x.yaml', 'dev/p/releasebinding-gone.yaml']) + '\n')
    p = run('render', f'{w}/t', '--output-dir', f'{case}/out')
    check("a stranger's marker removes no more than an output had",
          p.returncode == 0 and everything(case) ==
          sorted(['victim', 'out/' + MARKER, 'out/src/app.yaml', 'out/README.md', 'out/a/b/c/releasebinding-x.yaml', 'out/' + FILE,
                  'out/dev/p/namespaces.yaml']),
          p.stderr + str(everything(case)))


def migrate(w):
    put(f'{w}/repo/pipeline.yaml', OLD_SHAPE); put(f'{w}/victim', 'original')
    os.symlink(f'{w}/victim', f'{w}/repo/pipeline.yaml.migrating')
    os.chmod(f'{w}/repo/pipeline.yaml', 0o640)
    os.symlink('pipeline.yaml', f'{w}/repo/same.yaml')
    p = run('migrate', f'{w}/repo')
    check('migrate writes the file and nothing a link leads to',
          p.returncode == 0 and 'name: dev' in get(f'{w}/repo/pipeline.yaml') and get(f'{w}/victim') == 'original' and
          os.path.islink(f'{w}/repo/same.yaml') and os.stat(f'{w}/repo/pipeline.yaml').st_mode & 0o777 == 0o640 and
          everything(f'{w}/repo') == ['pipeline.yaml', 'pipeline.yaml.migrating', 'same.yaml'],
          p.stderr + str(everything(f'{w}/repo')))
    put(f'{w}/one/real.yaml', OLD_SHAPE); os.symlink('real.yaml', f'{w}/one/named.yaml')
    p = run('migrate', f'{w}/one/named.yaml')
    check('migrate of one file behind a link writes what it leads to',
          p.returncode == 0 and os.path.islink(f'{w}/one/named.yaml') and 'name: dev' in get(f'{w}/one/real.yaml'), p.stderr)
    put(f'{w}/hidden/.kept/real.yaml', OLD_SHAPE); os.symlink('.kept/real.yaml', f'{w}/hidden/named.yaml')
    p = run('migrate', f'{w}/hidden')
    check('migrate says which link it cannot write through',
          p.returncode == 3 and 'named.yaml: it is a symbolic link' in p.stderr and
          get(f'{w}/hidden/.kept/real.yaml') == OLD_SHAPE and os.path.islink(f'{w}/hidden/named.yaml'), p.stderr)


def full_disk(w):
    put(f'{w}/t/tree.yaml', tree())
    with open('/dev/full', 'w') as full:
        p = subprocess.run([PROGRAM, 'render', f'{w}/t'], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    check('standard output is full', p.returncode == 3 and 'No space left on device' in p.stderr, p.stderr)
    put(f'{w}/m/pipeline.yaml', OLD_SHAPE)
    with open('/dev/full', 'w') as full:
        p = subprocess.run([PROGRAM, 'migrate', '--dry-run', f'{w}/m'], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    check('standard output is full for a diff', p.returncode == 3 and 'No space left on device' in p.stderr, p.stderr)
    with open('/dev/full', 'w') as full:
        p = subprocess.run([PROGRAM, 'eval', 'cel'], input='{"expr": "1"}\n', stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    check('standard output is full for answers', p.returncode == 3 and 'No space left on device' in p.stderr, p.stderr)
    disk = f'{w}/disk'
    os.makedirs(disk)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], capture_output=True).returncode != 0:
        print('SKIPPED a full disk: mounting is not allowed here'); return
    try:
        p = run('render', f'{w}/t', '--output-dir', f'{disk}/out')
        before = get(f'{disk}/out/{FILE}')
        put(f'{disk}/repo/pipeline.yaml', OLD_SHAPE)
        fill = os.open(f'{disk}/fill', os.O_WRONLY | os.O_CREAT)
        try:
            while True: os.write(fill, b'x' * 4096)
        except OSError: os.close(fill)
        put(f'{w}/t/tree.yaml', tree(value='"' + 'y' * 20000 + '"'))
        p = run('render', f'{w}/t', '--output-dir', f'{disk}/out')
        check('a full disk is an error with its cause', p.returncode == 3 and 'No space left on device' in p.stderr, p.stderr)
        check('and leaves the former output, and no temporary file',
              get(f'{disk}/out/{FILE}') == before and everything(f'{disk}/out') == sorted([MARKER, FILE, 'dev/p/namespaces.yaml']), str(everything(disk)))
        p = run('migrate', f'{disk}/repo')
        check('migrate on a full disk leaves the only copy',
              p.returncode == 3 and 'No space left on device' in p.stderr and get(f'{disk}/repo/pipeline.yaml') == OLD_SHAPE,
              p.stderr)
    finally:
        subprocess.run(['umount', disk], check=True)


for part in (output_folder, migrate, full_disk):
    with tempfile.TemporaryDirectory() as folder: part(os.path.realpath(folder))
print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
