#!/usr/bin/env python3
"""Thousands of bindings on a real API server: memory, time to converge after a restart, cost of idleness, and how soon
changes are told while objects change at half the rate the API server takes.

usage: scale_test.py CLI MAPPER [BINDINGS]      BINDINGS: 5000, of six objects each
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import http.client
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.dont_write_bytecode = True
import many  # noqa: E402
import world as w  # noqa: E402
from world import lab  # noqa: E402

ORGANIZATION = 'acme'
MEMORY, CONVERGED, LATE = 200, 15, 2.0  # MiB, seconds, seconds at the 99th percentile
CALLERS = 4


def churn(config, numbers, seconds, rate, told):
    """Flips Deployments one after the other, at `rate` a second (0: as fast as they go); tells (when, name, wanted)."""
    caller, made, begun, wanted = many.Caller(config), [], time.time(), {}
    while time.time() - begun < seconds:
        i = numbers[len(made) % len(numbers)]
        wanted[i] = 1 - wanted.get(i, 1)
        many.flip(caller, i, wanted[i])
        made.append((time.time(), f'c-{i}-dev', 'True' if wanted[i] else 'False'))
        if rate:
            time.sleep(max(0.0, begun + len(made) / rate - time.time()))
    for i in [i for i, ready in wanted.items() if not ready]:
        many.flip(caller, i, 1)
    told.put(made)


class Bindings:
    """Ready of every binding, as a watch tells it."""

    def __init__(self, api):
        self.api, self.ready, self.log, self.lock = api, {}, [], threading.Lock()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        c = http.client.HTTPSConnection(self.api.url.hostname, self.api.url.port, context=self.api.context, timeout=3600)
        c.request('GET', f'/{self.api.path(w.BINDINGS)}?watch=1')
        for line in c.getresponse():
            item = json.loads(line)['object']
            found = w.condition(item, 'Ready')
            if found:
                with self.lock:
                    self.ready[item['metadata']['name']] = found['status']
                    self.log.append((time.time(), item['metadata']['name'], found['status']))

    def count(self, ready):
        with self.lock:
            return sum(value == ready for value in self.ready.values())


def in_parallel(target, config, count, *arguments):
    told = multiprocessing.Queue()
    parts = [list(range(part, count, CALLERS)) for part in range(CALLERS)]
    more = (*arguments, told) if arguments else ()
    jobs = [multiprocessing.Process(target=target, args=(config, part, *more)) for part in parts]
    for job in jobs:
        job.start()
    made = [entry for _ in jobs for entry in told.get()] if arguments else []
    for job in jobs:
        job.join()
        lab.check(job.exitcode == 0, 'a caller failed')
    return sorted(made)


def memory(pid):
    text = open(f'/proc/{pid}/status').read()
    return {key: int(text.split(f'{key}:')[1].split()[0]) / 1024 for key in ('VmRSS', 'VmHWM')}


def seconds_of_cpu(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(') ', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def writes(world):
    text = urllib.request.urlopen(f'http://127.0.0.1:{world.metrics}/metrics').read().decode()
    return float(next(x.split()[-1] for x in text.splitlines() if x.startswith('openchoreo_health_mapper_status_writes_total ')))


def yardstick(world, count):
    """What the real kube-state-metrics takes for the same objects, with our configuration for bindings."""
    program = w.PEERS / 'kube-state-metrics'
    try:
        import yaml
    except ImportError:
        yaml = None
    if not yaml or not program.exists():
        print(f'*** LEFT OUT: no kube-state-metrics in {w.PEERS} (make peers-all), or no python3-yaml ***')
        return
    values = yaml.safe_load((w.HERE.parents[2] / 'health/install/monitoring/kube-state-metrics.yaml').read_text())
    config = world.work / 'ksm.yaml'
    config.write_text(yaml.safe_dump(values['customResourceState']['config']))
    port, log = lab.free_port(), open(world.work / 'ksm.log', 'w')
    begun = time.monotonic()
    process = subprocess.Popen(
        [program, '--kubeconfig', world.config, '--custom-resource-state-config-file', config, '--resources',
         ','.join(plural for _, _, _, plural in many.OBJECTS), '--host', '127.0.0.1', '--port', str(port), '--telemetry-host',
         '127.0.0.1', '--telemetry-port', str(lab.free_port())], stdout=log, stderr=log, preexec_fn=lab.die_with_us)

    def scrape():
        try:
            return urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=60).read()
        except OSError:
            return b''
    try:
        wanted = f'name="c-{count - 1}-dev"'.encode()
        lab.wait('kube-state-metrics', lambda: wanted in scrape(), 300)
        print(f'      kube-state-metrics: all there after {time.monotonic() - begun:.1f} s', flush=True)
        time.sleep(5)
        cpu, begun = seconds_of_cpu(process.pid), time.monotonic()
        time.sleep(60)
        idle = 100 * (seconds_of_cpu(process.pid) - cpu) / (time.monotonic() - begun)
        cpu, text = seconds_of_cpu(process.pid), scrape()
        used = memory(process.pid)
        print(f'      kube-state-metrics: {idle:.2f} % of a core idle; a scrape of {len(text) / 1e6:.0f} MB takes '
              f"{seconds_of_cpu(process.pid) - cpu:.2f} s of CPU; resident {used['VmRSS']:.0f} MiB, at its highest "
              f"{used['VmHWM']:.0f} MiB", flush=True)
    finally:
        process.terminate()
        process.wait()


def measure(world, count):
    failures = []

    def hold(what, value, limit, unit):
        good = value <= limit
        print(f"{'ok   ' if good else 'FAIL '}{what}: {value:.2f} {unit} (at most {limit})", flush=True)
        if not good:
            failures.append(what)
    many.spaces(world.api)
    begun = time.monotonic()
    in_parallel(many.make, world.config, count)
    print(f'{count} bindings, {count * len(many.OBJECTS)} objects made in {time.monotonic() - begun:.0f} s', flush=True)
    bindings = Bindings(world.api)
    begun = time.monotonic()
    world.start_mapper()
    lab.wait('all to be told', lambda: bindings.count('True') >= count, 900)
    print(f'      all told for the first time after {time.monotonic() - begun:.1f} s', flush=True)

    world.stop_mapper()
    changed = list(range(0, count, max(1, count // 100)))
    caller = many.Caller(world.config)
    for i in changed:
        many.flip(caller, i, 0)
    begun = time.monotonic()
    world.start_mapper()
    lab.wait('what changed meanwhile to be told', lambda: bindings.count('False') == len(changed), 300)
    hold('converged after a restart', time.monotonic() - begun, CONVERGED * lab.SLOW, 's')
    for i in changed:
        many.flip(caller, i, 1)
    lab.wait('it to be told', lambda: bindings.count('True') == count, 300)

    time.sleep(5)
    pid, written, cpu, begun = world.process.pid, writes(world), seconds_of_cpu(world.process.pid), time.monotonic()
    time.sleep(60)
    took = time.monotonic() - begun
    hold('idle, of a core', 100 * (seconds_of_cpu(pid) - cpu) / took, 1.0, '%')
    hold('idle, writes a minute', (writes(world) - written) * 60 / took, 1, '')

    taken = len(in_parallel(churn, world.config, count, 10, 0)) / 10
    lab.wait('it to be told', lambda: bindings.count('True') == count, 300)
    with bindings.lock:
        bindings.log.clear()
    made = in_parallel(churn, world.config, count, 40, taken / 2 / CALLERS)
    time.sleep(5)
    with bindings.lock:
        log = list(bindings.log)
    by_name = {}
    for when, name, ready in log:
        by_name.setdefault(name, []).append((when, ready))
    late = sorted(next((when - at for when, ready in by_name.get(name, ()) if when > at - 0.05 and ready == wanted), 60.0)
                  for at, name, wanted in made)
    print(f'      {taken:.0f} status patches a second were taken; {len(made)} sent at half of it; median '
          f'{late[len(late) // 2]:.2f} s', flush=True)
    hold('change to status at the 99th percentile', late[int(len(late) * 0.99)], LATE * lab.SLOW, 's')
    closest = min((b - a for times in by_name.values() for (a, _), (b, _) in zip(times, times[1:])), default=9.0)
    hold('bindings written twice within a second', float(closest < 0.9), 0, '')
    used = memory(pid)
    print(f"      resident {used['VmRSS']:.0f} MiB", flush=True)
    hold('memory at its highest', used['VmHWM'], MEMORY, 'MiB')
    cpu, begun = seconds_of_cpu(pid), time.monotonic()
    text = urllib.request.urlopen(f'http://127.0.0.1:{world.metrics}/metrics').read()
    print(f'      a scrape of {len(text) / 1e6:.1f} MB takes {seconds_of_cpu(pid) - cpu:.2f} s of CPU, '
          f'{time.monotonic() - begun:.2f} s', flush=True)
    world.stop_mapper()
    yardstick(world, count)
    return failures


def main():
    cli, mapper, *more = sys.argv[1:]
    w.require('etcd', 'kube-apiserver', 'kubectl')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix='oc-', dir='/tmp')
    flags = ['--data-planes=false', '--kube-api-qps=500', '--kube-api-burst=1000', '--concurrent=16']
    world = w.World(cli, mapper, work, nodes=0, flags=flags)
    try:
        world.script('kube.sh', 'start')
        world.api = lab.Api(world.config)
        world.api.apply_yaml(subprocess.run([cli, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout)
        lab.wait('the CRD', lambda: world.api.list(w.BINDINGS) is not None, 60)
        world.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': ORGANIZATION}})
        failures = measure(world, int(more[0]) if more else 5000)
        print(f'{len(failures)} failures')
        return 1 if failures else 0
    finally:
        world.close()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
