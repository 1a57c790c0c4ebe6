#!/usr/bin/env python3
"""No telemetry: nothing is dialled that nobody configured.

usage: network_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN CMP-ASK EXAMPLES FLUX-SOURCE HEALTH
Every program runs where strace sees each socket, connect and send call of it and its children, over a tree that renders
and one that does not. Only unix sockets are allowed, and of the server only its own. The controllers
dial the API server they are told of, and nothing else, and listen where they are told to. Without strace: in a network namespace of its own,
without any interface, where all must work as well. One of the two must be there.
"""
import http.server, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time

import doors
from good_tree import tree

PROGRAM, FUNCTION, PLUGIN, ASK, EXAMPLES, FLUX_SOURCE, HEALTH = (os.path.abspath(a) for a in sys.argv[1:8])
STRACE = shutil.which('strace')
# What looks for leaks traces as well, and two tracers exclude each other.
if STRACE: os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
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


class ApiServer(http.server.BaseHTTPRequestHandler):
    """An API server without objects: lists are empty, watches stay silent, nothing else is there."""
    asked = 0

    def do_GET(self):
        ApiServer.asked += 1
        if 'watch=' in self.path: time.sleep(3600)
        path = self.path.split('?')[0]
        collection = path.startswith(('/api/v1/', '/apis/')) and path.count('/') > 3
        body = json.dumps({'kind': 'List', 'apiVersion': 'v1', 'metadata': {'resourceVersion': '1'}, 'items': [], 'resources': []}).encode()
        self.send_response(200 if collection else 404); self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)

    def log_message(self, *arguments): pass


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0)); return s.getsockname()[1]


def controller(name, program, ports, *flags):
    """Runs one until it has asked the API server for a while; what it dialled and where it listened."""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), ApiServer); server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api = server.server_address[1]
    ApiServer.asked = 0
    with tempfile.TemporaryDirectory() as work:
        config = {'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c', 'contexts': [{'name': 'c', 'context': {'cluster': 'c', 'user': 'u'}}],
                  'clusters': [{'name': 'c', 'cluster': {'server': f'http://127.0.0.1:{api}'}}], 'users': [{'name': 'u', 'user': {}}]}
        with open(f'{work}/kubeconfig', 'w') as out: json.dump(config, out)
        trace = f'{work}/trace'; open(trace, 'w').close()
        process = subprocess.Popen(wrapped([program, '--kubeconfig', f'{work}/kubeconfig', *flags], trace), cwd=work, stderr=subprocess.PIPE)
        end = time.monotonic() + 60
        while ApiServer.asked < 3 and process.poll() is None and time.monotonic() < end: time.sleep(0.05)
        time.sleep(2)
        children = subprocess.run(['pgrep', '-P', str(process.pid)], capture_output=True, text=True).stdout.split()
        for child in children: os.kill(int(child), signal.SIGTERM)
        said = process.communicate(timeout=120)[1].decode()
        own = [f'htons({port})' for port in (api, *ports)]
        # The kernel is asked for its addresses by a socket, too.
        calls = [c for c in dialled(trace) if 'AF_NETLINK' not in c and not any(port in c for port in own)]
        check(name, ApiServer.asked >= 3 and children and not calls, f'asked {ApiServer.asked} times, {calls[:3]} {said[-800:]}')
    server.shutdown()


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
        trace, own_socket = f'{work}/trace', f'{work}/own.sock'
        open(trace, 'w').close()
        server = subprocess.Popen(wrapped([PLUGIN, 'serve', '--socket', own_socket, '--metrics-address', '', '--no-sandbox'], trace),
                                  stderr=subprocess.PIPE)
        end = time.monotonic() + 60
        while not os.path.exists(own_socket) and time.monotonic() < end: time.sleep(0.05)
        answers = [subprocess.run([ASK, own_socket, folder, '.', '60'], capture_output=True).returncode
                   for folder in (f'{EXAMPLES}/mono-repo', broken)]
        children = subprocess.run(['pgrep', '-P', str(server.pid)], capture_output=True, text=True).stdout.split()
        os.kill(int(children[0]) if STRACE and children else server.pid, signal.SIGTERM)
        said = server.communicate(timeout=60)[1].decode()
        calls = dialled(trace)
        check('serve', answers == [0, 1] and not calls, f'{answers}, {calls[:3]} {said[:500]}')

if STRACE:
    ports = [free_port() for _ in range(3)]
    addresses = [f'127.0.0.1:{port}' for port in ports]
    with tempfile.TemporaryDirectory() as storage:
        controller('flux-source', FLUX_SOURCE, ports, '--metrics-addr', addresses[0], '--health-addr', addresses[1], '--storage-addr', addresses[2],
                   '--storage-path', storage)
    controller('health', HEALTH, ports, '--metrics-addr', addresses[0], '--health-addr', addresses[1])
else:
    print('LEFT OUT: the controllers (needs strace)')
print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
