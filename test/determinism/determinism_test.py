#!/usr/bin/env python3
"""Same tree, same bytes: threads, file order, folder, locale and time zone must not show in the output.

usage: determinism_test.py PROGRAM TREE...
"""
import os, random, shutil, subprocess, sys, tempfile

def render(program, tree, *flags, cwd=None, env=None):
    p = subprocess.run([program, 'render', tree, *flags], capture_output=True, cwd=cwd, env={**os.environ, **(env or {})})
    return p.returncode, p.stdout

def shuffled_copy(tree, target, seed):
    """The same documents under other paths: flat names in another order, some files joined."""
    rng = random.Random(seed)
    files = []
    for folder, folders, names in os.walk(tree):
        folders[:] = [f for f in folders if not f.startswith('.') and f != 'expected']
        files += [os.path.join(folder, n) for n in names if n.endswith(('.yaml', '.yml')) and n != 'kustomization.yaml']
    files.sort(); rng.shuffle(files)
    os.makedirs(target)
    for i in range(0, len(files), 3):
        with open(os.path.join(target, f'part-{i:04}.yaml'), 'w') as out:
            for path in files[i:i + 3]:
                out.write('---\n' + open(path).read().rstrip('\n') + '\n')

def main():
    program, trees = os.path.abspath(sys.argv[1]), sys.argv[2:]
    failed = 0
    for tree in trees:
        tree = os.path.abspath(tree)
        want = render(program, tree, '--jobs', '1')
        if want[0] != 0: sys.exit(f'{tree}: exit {want[0]}')
        with tempfile.TemporaryDirectory() as folder:
            moved = os.path.join(folder, 'elsewhere', 'tree'); shutil.copytree(tree, moved)
            mixed = os.path.join(folder, 'mixed'); shuffled_copy(tree, mixed, 7)
            variants = {
                'again': render(program, tree, '--jobs', '1'),
                'four threads': render(program, tree, '--jobs', '4'),
                'another folder': render(program, moved),
                'another working directory': render(program, '.', cwd=tree),
                'another locale': render(program, tree, env={'LC_ALL': 'tr_TR.UTF-8', 'LANG': 'tr_TR.UTF-8'}),
                'another time zone': render(program, tree, env={'TZ': 'Pacific/Kiritimati'}),
                'files shuffled and joined': render(program, mixed),
            }
        for name, got in variants.items():
            if got != want:
                failed += 1
                print(f'FAIL {os.path.basename(tree)}: {name}: exit {got[0]}, {len(got[1])} bytes, want {len(want[1])}')
    print(f'{len(trees)} trees, {failed} differences')
    sys.exit(1 if failed else 0)

main()
