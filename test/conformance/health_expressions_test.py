#!/usr/bin/env python3
"""The expressions of flux-source/install/health-checks.yaml in our own CEL engine, as rules of one's own: of every binding
of test/conformance/health they say what the case wants Flux to show.

usage: health_expressions_test.py MAPPER REPOSITORY-ROOT      MAPPER: openchoreo-health-mapper
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from health_tables import CASES, binding_object

STATES = {'InProgress': 'Progressing', 'Failed': 'Degraded', 'Current': 'Healthy'}


def main():
    mapper, root = sys.argv[1], pathlib.Path(sys.argv[2])
    cases = [json.loads(line) for line in CASES.open(encoding='utf-8')]
    objects = [binding_object(case) for case in cases]
    for case, item in zip(cases, objects):
        item['metadata']['name'] = case['id']
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as file:
        file.write('\n---\n'.join(json.dumps(item) for item in objects))
        file.flush()
        run = subprocess.run([mapper, 'check', root / 'flux-source/install/health-checks.yaml', file.name],
                             capture_output=True, text=True, check=True)
    said = {words[1].rstrip(':'): words[2].rstrip(':') for words in map(str.split, run.stdout.splitlines())}
    failures = 0
    for case in cases:
        want = STATES[case['shown']['flux']]
        if said.get(case['id']) != want:
            failures += 1
            print(f"{case['id']} {case['what']}: want {want}, got {said.get(case['id'])}")
    print(f'{len(cases)} bindings, {failures} failures')
    sys.exit(1 if failures or not cases else 0)


main()
