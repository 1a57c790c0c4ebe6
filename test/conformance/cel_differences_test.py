#!/usr/bin/env python3
"""Cases where cel-go departs from the specification: we follow cel-go.

usage: cel_differences_test.py BINARY FILE
"""
import json
import os
import subprocess
import sys


def main():
    binary, path = sys.argv[1:]
    if not os.path.exists(path):
        print(f'SKIPPED: no {path}')
        sys.exit(77)
    cases = json.load(open(path))
    lines = [json.dumps({k: v for k, v in c.items() if k not in ('expect', 'celgo')}) for c in cases]
    run = subprocess.run([binary, 'eval', 'cel'], input='\n'.join(lines).encode(), capture_output=True, check=True)
    failed = 0
    for case, line in zip(cases, run.stdout.decode().splitlines()):
        got, want = json.loads(line), case['celgo']
        for key in ('value', 'type', 'error'):
            if key in want and got.get(key) != want[key]:
                failed += 1
                print(f"FAIL {case['name']}: {key} is {got.get(key)!r}, cel-go has {want[key]!r}")
    print(f'{len(cases)} cases, {failed} failed')
    sys.exit(1 if failed or not cases else 0)


main()
