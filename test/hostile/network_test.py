#!/usr/bin/env python3
"""No telemetry: nothing is dialled that nobody configured.

usage: network_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN CMP-ASK EXAMPLES
Every program runs where strace sees each socket, connect and send call of it and its children, over a tree that renders
and one that does not. Only unix sockets are allowed, and of the server only its own. Without strace: in a network namespace of its own,
without any interface, where all must work as well. One of the two must be there.
"""
import os, re, shutil, signal, subprocess, sys, tempfile, time

import doors
from good_tree import tree

PROGRAM, FUNCTION, PLUGIN, ASK, EXAMPLES = (os.path.abspath(a) for a in sys.argv[1:6])
STRACE = shutil.which('strace')
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text and not good else ""}')
    if not good: failed.append(name)


def works(command):
    return subprocess.run(command, capture_output=True).returncode == 0


def wrapped(command, trace):
    if STRACE: return [STRACE, '-f', '-qq', '-e', 'trace=socket,connect,sendto,sendmsg,bind', '-o', trace, *command]
    return ['unshare', '--net', '--', *command]


def dialled(trace):
    """The calls of a trace that dial, listen on or send to anything but a unix socket. (gRPC makes an IP socket to ask what
    the kernel can do, and closes it.)"""
    if not STRACE: return []
    with open(trace) as lines:
        calls = [line.split(maxsplit=1)[-1].strip() for line in lines]
    return [c for c in calls if re.search(r'sa_family=(?!AF_UNIX)', c)]


def run(name, command, folder, codes, given=b''):
    with tempfile.TemporaryDirectory() as work:
        trace = f'{work}/trace'; open(trace, 'w').close()
        p = subprocess.run(wrapped(command, trace), cwd=folder, input=given, capture_output=True, timeout=300)
        calls = dialled(trace)
        check(name, p.returncode in codes and not calls, f'exit {p.returncode}, {calls[:3]} {p.stderr.decode()[:300]}')


if not STRACE and not works(['unshare', '--net', '--', 'true']):
    print('SKIPPED: neither strace nor network namespaces here'); sys.exit(77)
print('seen by ' + ('strace' if STRACE else 'a network namespace'))
with tempfile.TemporaryDirectory() as broken:
    with open(f'{broken}/tree.yaml', 'w') as out: out.write(tree(value="'${nope}'"))
    for folder, codes in ((f'{EXAMPLES}/mono-repo', (0,)), (broken, (1,))):
        where = 'a tree' if codes == (0,) else 'a broken tree'
        run(f'render, {where}', [PROGRAM, 'render', '.'], folder, codes)
        run(f'function, {where}', [FUNCTION], folder, codes, doors.FUNCTION_INPUT.encode())
        run(f'generate, {where}', [PLUGIN, 'generate'], folder, codes)
    run('discover', [PLUGIN, 'discover'], f'{EXAMPLES}/mono-repo', (0,))
    run('parameters', [PLUGIN, 'parameters'], f'{EXAMPLES}/mono-repo', (0,))
    run('migrate', [PROGRAM, 'migrate', '--dry-run', broken], broken, (0,))
    run('eval', [PROGRAM, 'eval', 'cel'], broken, (0,), b'{"expr":"1"}\n')
    with tempfile.TemporaryDirectory() as work:
        trace, socket = f'{work}/trace', f'{work}/own.sock'
        open(trace, 'w').close()
        server = subprocess.Popen(wrapped([PLUGIN, 'serve', '--socket', socket, '--metrics-address', '', '--no-sandbox'], trace),
                                  stderr=subprocess.PIPE)
        end = time.monotonic() + 60
        while not os.path.exists(socket) and time.monotonic() < end: time.sleep(0.05)
        answers = [subprocess.run([ASK, socket, folder, '.', '60'], capture_output=True).returncode
                   for folder in (f'{EXAMPLES}/mono-repo', broken)]
        children = subprocess.run(['pgrep', '-P', str(server.pid)], capture_output=True, text=True).stdout.split()
        os.kill(int(children[0]) if STRACE and children else server.pid, signal.SIGTERM)
        said = server.communicate(timeout=60)[1].decode()
        calls = dialled(trace)
        check('serve', answers == [0, 1] and not calls, f'{answers}, {calls[:3]} {said[:500]}')

print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
