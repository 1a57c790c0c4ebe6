#!/usr/bin/env python3
"""States and conditions as OpenChoreo's own functions and reconcilers gave them, and ours of mode strict.

usage: health_test.py BINARY FILE.jsonl...

A line with `object` has its states under `upstream` and `strict`; {"error"} is Unknown. A line with `binding` has its
conditions under `conditions`, and under `strict` where that mode has others.
"""
import json
import subprocess
import sys

ANSWERS = ('upstream', 'strict', 'argocd', 'flux', 'fluxPlain', 'conditions', 'shown')
FIELDS = ('type', 'status', 'reason', 'message', 'observedGeneration', 'lastTransitionTime')


def expected(case):
    """{key of the answer: what it must be, conditions in the order of their types}"""
    if 'binding' in case:
        return {'conditions': ordered(case['conditions']), 'strict': ordered(case.get('strict', case['conditions']))}
    return {mode: 'Unknown' if isinstance(case[mode], dict) else case[mode] for mode in ('upstream', 'strict')}


def ordered(conditions):
    return sorted(({f: c.get(f) for f in FIELDS} for c in conditions), key=lambda c: c['type'])


def main():
    binary, files = sys.argv[1], sys.argv[2:]
    cases = [json.loads(line) for path in files for line in open(path, encoding='utf-8')]
    lines = [json.dumps({k: v for k, v in case.items() if k not in ANSWERS}) for case in cases]
    run = subprocess.run([binary, 'eval', 'health'], input='\n'.join(lines).encode(), capture_output=True, check=True)
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    failed = abs(len(cases) - len(answers))
    for case, answer in zip(cases, answers):
        for key, want in expected(case).items():
            got = ordered(answer[key]) if isinstance(answer.get(key), list) else answer.get(key)
            if got != want:
                failed += 1
                print(f"FAIL {case['id']} {case['what']}: {key}\n  want {want}\n  got  {got}")
    print(f'{len(cases)} cases, {failed} failed')
    sys.exit(1 if failed or not cases else 0)


main()
