#!/usr/bin/env python3
"""The committed health scripts, expressions and page are what the tables give today; and the C++ verdict, and the
expressions in this project's own CEL engine, show of every binding what it should be shown as.

usage: health_tables_test.py BINARY REPOSITORY [--write]     --write renews the committed files
"""
import json
import pathlib
import re
import subprocess
import sys

from health_tables import CASES, COMMITTED, binding_object

STATE_OF = {'InProgress': 'Progressing', 'Failed': 'Degraded', 'Current': 'Healthy'}


def expressions(text):
    """The checks of health-checks.yaml, whose every expression stands on one line."""
    found = re.findall(r'apiVersion: (\S+)\n    kind: (\S+)\n((?:    \w+: >-\n      .*\n)+)', text)
    return [{'apiVersion': version, 'kind': kind, **dict(re.findall(r'(\w+): >-\n      (.*)\n', rest))}
            for version, kind, rest in found]


def main():
    binary, root = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = 0
    for arguments, path in COMMITTED.items():
        made = subprocess.run([binary, 'health-table', *arguments], capture_output=True, check=True).stdout
        if '--write' in sys.argv:
            (root / path).write_bytes(made)
        elif (root / path).read_bytes() != made:
            failed += 1
            print(f'{path} is not what the tables give: run {sys.argv[0]} BINARY REPOSITORY --write')
    cel = (root / COMMITTED[('cel',)]).read_text()
    block = ''.join('  ' + line for line in cel.splitlines(True) if not line.startswith('#'))
    for example in sorted((root / 'examples/flux').glob('*.yaml')):
        text = example.read_text()
        if text.count('healthCheckExprs:') != text.count(block):
            failed += 1
            print(f'{example}: its healthCheckExprs are not those of {COMMITTED[("cel",)]}')
    checks = expressions(cel)
    if len(checks) != 3:
        sys.exit(f'want three checks in {COMMITTED[("cel",)]}, found {len(checks)}')
    cases = [json.loads(line) for line in CASES.open(encoding='utf-8')]
    lines = [json.dumps({'object': binding_object(case), 'rules': checks}) for case in cases]
    run = subprocess.run([binary, 'eval', 'health'], input='\n'.join(lines).encode(), capture_output=True, check=True)
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    failed += abs(len(cases) - len(answers))
    for case, answer in zip(cases, answers):
        shown = case['shown']
        want = {'argocd': shown['argocd'], 'flux': shown['flux'], 'strict': STATE_OF[shown['flux']]}
        got = {key: answer.get(key) for key in want}
        if got != want:
            failed += 1
            print(f"FAIL {case['id']} {case['what']}: want {want}, got {got}")
    print(f'{len(COMMITTED)} files, {len(cases)} bindings, {failed} failed')
    sys.exit(1 if failed or not cases else 0)


main()
