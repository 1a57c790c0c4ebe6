#!/usr/bin/env python3
"""Runs the commands a README shows (lines "    $ command" with the output below) and compares.

usage: readme_test.py ROOT PROGRAM...
"..." alone on a line stands for any lines; inside a line for any text. PROGRAM's folders go first in PATH.
"""
import os, re, subprocess, sys

def examples(path):
    command, want = None, []
    for line in open(path).read().splitlines() + ['']:
        if line.startswith('    $ '):
            if command: yield command, want
            command, want = line[6:], []
        elif command and line.startswith('    '):
            want.append(line[4:])
        elif command:
            yield command, want
            command, want = None, []

def matches(want, got):
    pattern = ''
    for line in want:
        pattern += '(?:.*\n)*?' if line == '...' else re.escape(line).replace(re.escape('...'), '.*') + '\n'
    if not want or want[-1] != '...': pattern += '(?:.*\n)*'
    return re.fullmatch(pattern + '(?:.*\n)*', got) is not None

def main():
    root, programs = sys.argv[1], sys.argv[2:]
    env = dict(os.environ, PATH=':'.join([os.path.dirname(os.path.abspath(p)) for p in programs] + [os.environ['PATH']]))
    run = failed = 0
    for command, want in examples(os.path.join(root, 'README.md')):
        p = subprocess.run(command, shell=True, cwd=root, env=env, capture_output=True, text=True)
        run += 1
        if not matches(want, p.stdout + p.stderr):
            failed += 1
            print(f'FAIL $ {command}\n--- README shows\n' + '\n'.join(want) + f'\n--- it prints (exit {p.returncode})\n' + (p.stdout + p.stderr)[:2000])
    print(f'{run} commands, {failed} failed')
    sys.exit(1 if failed or not run else 0)

main()
