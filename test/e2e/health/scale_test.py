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
import world as w  # noqa: E402
from world import lab  # noqa: E402

ORGANIZATION = 'acme'
DIGEST = '0123456789abcdef' * 4
SPACES = 50
OBJECTS = (('apps/v1', 'Deployment', 'apis/apps/v1', 'deployments'), ('v1', 'Service', 'api/v1', 'services'),
           ('v1', 'ConfigMap', 'api/v1', 'configmaps'), ('v1', 'ServiceAccount', 'api/v1', 'serviceaccounts'),
           ('networking.k8s.io/v1', 'NetworkPolicy', 'apis/networking.k8s.io/v1', 'networkpolicies'),
           ('autoscaling/v2', 'HorizontalPodAutoscaler', 'apis/autoscaling/v2', 'horizontalpodautoscalers'))
MEMORY, CONVERGED, LATE = 200, 15, 2.0  # MiB, seconds, seconds at the 99th percentile
CALLERS = 4


class Caller:
    """One connection that is kept."""

    def __init__(self, config):
        self.api = lab.Api(config)
        self.connection = None

    def call(self, method, path, body, kind='application/json'):
        for _ in range(5):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPSConnection(self.api.url.hostname, self.api.url.port,
                                                                  context=self.api.context, timeout=60)
                self.connection.request(method, '/' + path, json.dumps(body), {'Content-Type': kind})
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status < 300 or answer.status == 409:
                    return
                if answer.status != 429:
                    raise RuntimeError(f'{method} {path}: {answer.status} {text[:300]}')
                time.sleep(1)
            except (OSError, http.client.HTTPException):
                self.connection = None
        raise RuntimeError(f'{method} {path} in vain')


def space(i):
    return f'dp-{i % SPACES}'


def status(ready):
    return {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1, 'readyReplicas': ready, 'availableReplicas': ready,
            'unavailableReplicas': 1 - ready, 'conditions': [
                {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable', 'message': ''}]}


def spec_of(kind, i):
    pod = {'metadata': {'labels': {'app': f'c-{i}'}}, 'spec': {'containers': [{'name': 'main', 'image': 'example.com/x:1'}]}}
    return {'Deployment': {'spec': {'replicas': 1, 'selector': {'matchLabels': {'app': f'c-{i}'}}, 'template': pod}},
            'Service': {'spec': {'ports': [{'port': 80}], 'clusterIP': 'None'}}, 'ConfigMap': {'data': {'a': 'b'}},
            'ServiceAccount': {}, 'NetworkPolicy': {'spec': {'podSelector': {}}},
            'HorizontalPodAutoscaler': {'spec': {'maxReplicas': 3, 'scaleTargetRef': {
                'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': f'c-{i}'}}}}[kind]


def make(config, numbers):
    caller = Caller(config)
    for i in numbers:
        name, ns = f'c-{i}', space(i)
        labels = {'openchoreo.dev/managed-by': 'openchoreo-gitops', 'openchoreo.dev/rendered-release-name': f'{name}-dev',
                  'openchoreo.dev/rendered-release-namespace': ORGANIZATION, 'openchoreo.dev/component': name,
                  'openchoreo.dev/environment': 'dev', 'openchoreo.dev/project': 'shop'}
        metadata = {'name': name, 'namespace': ns, 'labels': labels, 'annotations': {'gitops.openchoreo.dev/digest': DIGEST[:16]}}
        for version, kind, root, plural in OBJECTS:
            caller.call('POST', f'{root}/namespaces/{ns}/{plural}',
                        {'apiVersion': version, 'kind': kind, 'metadata': metadata, **spec_of(kind, i)})
        caller.call('PATCH', f'apis/apps/v1/namespaces/{ns}/deployments/{name}/status', {'status': status(1)},
                    'application/merge-patch+json')
        caller.call('PATCH', f'apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers/{name}/status', {'status': {
            'currentReplicas': 1, 'desiredReplicas': 1, 'conditions': [{'type': 'AbleToScale', 'status': 'True'}]}},
            'application/merge-patch+json')
        record = {'version': 2, 'binding': {'kind': 'ReleaseBinding', 'namespace': ORGANIZATION, 'name': f'{name}-dev'},
                  'owner': {'projectName': 'shop', 'componentName': name}, 'environment': 'dev', 'release': f'{name}-r1',
                  'componentType': 'deployment/service', 'endpoints': [], 'resources': [
                      {'id': plural, 'apiVersion': version, 'kind': kind, 'namespace': ns, 'name': name, 'digest': DIGEST}
                      for version, kind, _, plural in OBJECTS]}
        caller.call('POST', f'api/v1/namespaces/{ns}/configmaps', {
            'metadata': {'name': f'openchoreo-record-{name}', 'namespace': ns, 'labels': {
                'gitops.openchoreo.dev/record': 'v2', 'openchoreo.dev/managed-by': 'openchoreo-gitops'}},
            'data': {'record.json': json.dumps(record)}})
        caller.call('POST', f'{w.BINDINGS[0]}/namespaces/{ORGANIZATION}/releasebindings', {
            'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'ReleaseBinding', 'metadata': {'name': f'{name}-dev'},
            'spec': {'owner': {'projectName': 'shop', 'componentName': name}, 'environment': 'dev', 'releaseName': f'{name}-r1'}})


def churn(config, numbers, seconds, rate, told):
    """Flips Deployments one after the other, at `rate` a second (0: as fast as they go); tells (when, name, wanted)."""
    caller, made, begun, wanted = Caller(config), [], time.time(), {}
    while time.time() - begun < seconds:
        i = numbers[len(made) % len(numbers)]
        wanted[i] = 1 - wanted.get(i, 1)
        caller.call('PATCH', f'apis/apps/v1/namespaces/{space(i)}/deployments/c-{i}/status', {'status': status(wanted[i])},
                    'application/merge-patch+json')
        made.append((time.time(), f'c-{i}-dev', 'True' if wanted[i] else 'False'))
        if rate:
            time.sleep(max(0.0, begun + len(made) / rate - time.time()))
    for i in [i for i, ready in wanted.items() if not ready]:
        caller.call('PATCH', f'apis/apps/v1/namespaces/{space(i)}/deployments/c-{i}/status', {'status': status(1)},
                    'application/merge-patch+json')
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


def measure(world, count):
    failures = []

    def hold(what, value, limit, unit):
        good = value <= limit
        print(f"{'ok   ' if good else 'FAIL '}{what}: {value:.2f} {unit} (at most {limit})", flush=True)
        if not good:
            failures.append(what)
    for i in range(SPACES):
        world.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': f'dp-{i}'}})
    begun = time.monotonic()
    in_parallel(make, world.config, count)
    print(f'{count} bindings, {count * len(OBJECTS)} objects made in {time.monotonic() - begun:.0f} s', flush=True)
    bindings = Bindings(world.api)
    begun = time.monotonic()
    world.start_mapper()
    lab.wait('all to be told', lambda: bindings.count('True') >= count, 900)
    print(f'      all told for the first time after {time.monotonic() - begun:.1f} s', flush=True)

    world.stop_mapper()
    changed = list(range(0, count, max(1, count // 100)))
    caller = Caller(world.config)
    for i in changed:
        caller.call('PATCH', f'apis/apps/v1/namespaces/{space(i)}/deployments/c-{i}/status', {'status': status(0)},
                    'application/merge-patch+json')
    begun = time.monotonic()
    world.start_mapper()
    lab.wait('what changed meanwhile to be told', lambda: bindings.count('False') == len(changed), 300)
    hold('converged after a restart', time.monotonic() - begun, CONVERGED * lab.SLOW, 's')
    for i in changed:
        caller.call('PATCH', f'apis/apps/v1/namespaces/{space(i)}/deployments/c-{i}/status', {'status': status(1)},
                    'application/merge-patch+json')
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
