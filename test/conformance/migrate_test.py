#!/usr/bin/env python3
"""Twins: the guide's trees in the older shapes, and migrated to v1.x, must render the same but for the documented rules.

usage: migrate_test.py PROGRAM EXAMPLES
`migrate` itself renders before and after and leaves what would differ; here every file of the guide's examples has to go
through, comments have to survive, and migrating again has nothing left to do.
"""
import os, shutil, subprocess, sys, tempfile

def run(*command):
    return subprocess.run(command, capture_output=True, text=True)

def comments(folder):
    found = []
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith('.yaml'):
                found += [line.split('#', 1)[1].strip() for line in open(os.path.join(where, name)) if line.lstrip().startswith('#')]
    return sorted(found)

def main():
    program, examples = sys.argv[1:]
    failed = 0
    for name in ('mono-repo', 'secrets'):
        with tempfile.TemporaryDirectory() as folder:
            tree = os.path.join(folder, 'tree')
            shutil.copytree(os.path.join(examples, 'guide', name), tree)
            shutil.rmtree(os.path.join(tree, 'expected'), ignore_errors=True)
            before = comments(tree)
            dry = run(program, 'migrate', '--dry-run', tree)
            first = run(program, 'migrate', tree)
            again = run(program, 'migrate', tree)
            rendered = run(program, 'render', tree)
            problems = []
            if not dry.stdout.startswith('--- '): problems.append('the dry run shows no diff')
            if first.returncode: problems.append(f'exit {first.returncode}: {first.stderr[-300:]}')
            if 'Left as it is' in first.stderr: problems.append(first.stderr)
            if 'Summary: 0 of' not in again.stderr: problems.append('a second run changes files: ' + again.stderr)
            if rendered.returncode: problems.append('the migrated tree does not render: ' + rendered.stderr[:500])
            lost = [c for c in before if c not in comments(tree)]
            if lost: problems.append(f'lost comments: {lost}')
            failed += bool(problems)
            for problem in problems: print(f'FAIL {name}: {problem}')
    print(f'{failed} failed')
    sys.exit(1 if failed else 0)

main()
