#!/usr/bin/env python3
"""Few threads, little memory and few processes: a result or an error with its cause, and never an abort.

usage: limits_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN CMP-ASK
"""
import os, resource, subprocess, sys, tempfile

import doors
from good_tree import tree

PROGRAM, FUNCTION, PLUGIN, ASK = (os.path.abspath(a) for a in sys.argv[1:5])
NOBODY = 54321  # a user without other processes
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text and not good else ""}')
    if not good: failed.append(name)


def memory(kilobytes):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (kilobytes * 1024, kilobytes * 1024))


def processes(count):
    def limit():
        resource.setrlimit(resource.RLIMIT_NPROC, (count, count))
        os.setgroups([]); os.setgid(NOBODY); os.setuid(NOBODY)  # root is not held to it
    return limit


def run(command, folder, limit, given=b''):
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=300, preexec_fn=limit)


with tempfile.TemporaryDirectory() as folder:
    for i in range(40):  # enough files and bindings for many threads
        with open(f'{folder}/tree{i}.yaml', 'w') as out: out.write(tree(components=400) if i == 0 else '# openchoreo.dev/\n')
    os.chmod(folder, 0o755)
    commands = {'render': ([PROGRAM, 'render', '.', '--jobs', '200'], b''),
                'function': ([FUNCTION], doors.FUNCTION_INPUT.encode()),
                'generate': ([PLUGIN, 'generate', '--jobs', '200'], b'')}
    whole = {name: run(command, folder, None, given).stdout for name, (command, given) in commands.items()}
    for name, (command, given) in commands.items():
        p = run(command, folder, memory(600_000), given)
        check(f'{name} in 600 MB of address space', p.returncode == 0 and p.stdout == whole[name], f'{p.returncode} {p.stderr[:300]}')
        wanted = 0
        for kilobytes in (400_000, 250_000, 200_000, 160_000, 120_000, 80_000, 60_000, 50_000, 45_000, 40_000):
            p = run(command, folder, memory(kilobytes), given)
            if b'error while loading shared libraries' in p.stderr: break  # not even the program fits
            good = (p.returncode == 0 and p.stdout == whole[name]) or (p.returncode == 1 and b'no more memory' in p.stderr)
            wanted += p.returncode == 1
            check(f'{name} in {kilobytes // 1000} MB', good, f'{p.returncode} {p.stderr[:300]}')
    if os.geteuid() == 0:
        for name, (command, given) in commands.items():
            with tempfile.TemporaryDirectory() as copy:
                program = f'{copy}/program'
                with open(command[0], 'rb') as source, open(program, 'wb') as target: target.write(source.read())
                os.chmod(copy, 0o755); os.chmod(program, 0o755)
                p = run([program, *command[1:]], folder, processes(3), given)
                check(f'{name} with three threads', p.returncode == 0 and p.stdout == whole[name], f'{p.returncode} {p.stderr[:300]}')
    else:
        print('SKIPPED the limit on processes: needs another user to run as')

    # A server under a limit answers a small tree after what did not fit.
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        with open(f'{small}/tree.yaml', 'w') as out: out.write(tree())
        with open(f'{large}/tree.yaml', 'w') as out: out.write(tree(value='"' + 'y' * 100_000 + '"', components=2000))
        with doors.Server(PLUGIN, ASK, '--jobs', '200', limit=memory(1_500_000)) as server:
            answers = [server.ask(folder)[0] for folder in (small, large, small, large, small)]
            check('a server lives on', answers[0::2] == [0, 0, 0] and server.process.poll() is None,
                  f'{answers} {server.said()[-500:]}')

print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
