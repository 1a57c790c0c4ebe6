#!/usr/bin/env python3
"""GenerateManifest through our server and through the stock argocd-cmp-server that runs our `generate`.

usage: cmp_benchmark.py PLUGIN [BINDINGS...]       (default 100 1000 10000)
needs: argocd in $PEER_BIN, Go (for the client in cmpbench/)

Per tree and server: cold (a server just started, first request), unchanged (the same tree again), one file changed (a
tree that differs from the one before in one binding); p50 and p99; calls per second of 1 and of 16 clients; peak memory;
bytes the server wrote to disk. The floor is our server's MatchRepository: the same stream received, inflated, hashed and
filtered, nothing rendered.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
PEERS = pathlib.Path(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'))
CHUNK = '1048576'


class Server:
    def __init__(self, work, plugin, stock):
        self.work, self.plugin, self.stock = work, plugin, stock
        self.socket = work / 'sock' / ('stock.sock' if stock else 'openchoreo.sock')

    def start(self):
        environment = {**os.environ, 'ARGOCD_PLUGINSOCKFILEPATH': str(self.socket.parent),
                       'ARGOCD_CMP_WORKDIR': str(self.work / 'unpacked'), 'TMPDIR': str(self.work), 'ARGOCD_GRPC_MAX_SIZE_MB': '200'}
        if self.stock:
            command, program = ['argocd-cmp-server', '--config-dir-path', str(self.work / 'config'), '--loglevel', 'error'], \
                PEERS / 'argocd'
        else:
            command, program = [self.plugin, 'serve', '--metrics-address', ''], self.plugin
        self.process = subprocess.Popen(command, executable=program, env=environment, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while not self.socket.exists():
            time.sleep(0.02)
        time.sleep(0.2)

    def stop(self):
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        peak = next(int(l.split()[1]) for l in status.splitlines() if l.startswith('VmHWM')) / 1024
        written = next(int(l.split()[1]) for l in pathlib.Path(f'/proc/{self.process.pid}/io').read_text().splitlines()
                       if l.startswith('write_bytes')) / 2**20
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:  # the stock server does not always end
            self.process.kill()
            self.process.wait()
        self.socket.unlink(missing_ok=True)
        return peak, written


def bench(client, server, tgz, n, clients=1, warmup=0, rpc='generate'):
    run = subprocess.run([client, '-sock', server.socket, '-tgz', tgz, '-n', str(n), '-c', str(clients), '-chunk', CHUNK,
                          '-warmup', str(warmup), '-rpc', rpc, '-json', '-env', 'ARGOCD_APP_NAMESPACE=default'],
                         capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f'{tgz}: {run.stderr[-2000:]}')
    return json.loads(run.stdout)


def measure(client, server, archives, brief):
    """`brief`: every figure of one call, and none of 16 clients; for a server that takes a minute a call."""
    rows = {}
    cold = []
    for _ in range(1 if brief else 3):
        server.start()
        cold.append(bench(client, server, archives[0], 1)['p50_ms'])
        peak, written = server.stop()
    rows['cold'] = (sorted(cold)[len(cold) // 2], max(cold))
    server.start()
    calls = 1 if brief else 6 if server.stock else 20
    same = bench(client, server, archives[0], calls, warmup=0 if server.stock else 1)
    rows['unchanged'] = (same['p50_ms'], same['p99_ms'])
    changed = sorted(bench(client, server, a, 1)['p50_ms'] for a in archives[1:2 if brief else None])
    rows['one file changed'] = (changed[len(changed) // 2], changed[-1])
    rows['per second, 1 client'] = (same['per_s'], None)
    if not brief:
        many = bench(client, server, archives[0], 64 if not server.stock else 16, clients=16, warmup=0)
        rows['per second, 16 clients'] = (many['per_s'], None)
    if not server.stock:
        floor = bench(client, server, archives[0], 20, warmup=1, rpc='match')
        rows['floor'] = (floor['p50_ms'], floor['p99_ms'])
    peak, written = server.stop()
    rows['peak MiB'], rows['written MiB'] = (peak, None), (written, None)
    rows['manifests'] = (same['answer']['Manifests'], None)
    return rows


def main():
    plugin = pathlib.Path(sys.argv[1]).resolve()
    sizes = [int(a) for a in sys.argv[2:]] or [100, 1000, 10000]
    if not (PEERS / 'argocd').exists() or not shutil.which('go'):
        print('*** LEFT OUT: argocd (make peers) or Go is missing ***')
        sys.exit(77)
    client = PEERS / 'cmpbench'
    subprocess.run(['go', 'build', '-o', client, '.'], cwd=HERE / 'cmpbench', check=True)
    with tempfile.TemporaryDirectory(prefix='oc-', dir='/tmp') as folder:
        work = pathlib.Path(folder)
        (work / 'sock').mkdir()
        (work / 'config').mkdir()
        text = (HERE.parents[2] / 'argocd-cmp/plugin.yaml').read_text().replace('name: openchoreo\n', 'name: stock\n')
        (work / 'config/plugin.yaml').write_text(text.replace('[openchoreo-argocd-cmp,', f'[{plugin},'))
        for size in sizes:
            tree = work / f'tree-{size}'
            shape = {100: ['--projects', '1'], 1000: []}.get(size, ['--envs', str(max(1, size // 1000))])
            subprocess.run([sys.executable, HERE.parent / 'gen_tree.py', tree, *shape], check=True, stdout=subprocess.DEVNULL)
            archives = []
            bindings = sorted(tree.rglob('binding-*.yaml'))
            for change in range(8):
                if change:
                    bindings[change].write_text(bindings[change].read_text().replace('replicas: 1', f'replicas: {change + 1}'))
                archives.append(work / f'{size}-{change}.tgz')
                subprocess.run([client, '-make', tree, '-tgz', archives[-1]], check=True)
            ours = measure(client, Server(work, plugin, False), archives, False)
            stock = measure(client, Server(work, plugin, True), archives, size > 2000)
            print(f'\n{size} bindings, {archives[0].stat().st_size // 1024} KiB tgz, {ours["manifests"][0]} manifests '
                  f'(stock {stock["manifests"][0]}); ms as p50 / p99')
            print(f'| {"":24} | {"ours":>18} | {"stock + generate":>18} | ratio |')
            print('|---|---|---|---|')
            for name in ours:
                if name == 'manifests':
                    continue
                cells = [' / '.join(f'{v:.1f}' for v in side.get(name, (None,)) if v is not None) for side in (ours, stock)]
                ratio = ''
                if name in stock and ours[name][0] and stock[name][0]:
                    up = name.startswith('per second')
                    ratio = f'{(ours[name][0] / stock[name][0]) if up else (stock[name][0] / ours[name][0]):.1f}'
                print(f'| {name:24} | {cells[0]:>18} | {cells[1]:>18} | {ratio:>5} |')
            sys.stdout.flush()


main()
