#!/usr/bin/env python3
"""Minutes of everything at once, for builds with sanitizers: objects, records and bindings change, come and go, bindings are
undeployed, a further cluster comes and goes, watches break, the mapper is asked for its figures, stopped and started. At the
end it must end well each time, say nothing that a sanitizer would, and tell of everything as it is.

usage: churn_test.py CLI MAPPER [SECONDS]      SECONDS: 300
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import base64
import os
import random
import re
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

ORGANIZATIONS = ['org-0', 'org-1', 'org-2']
COUNT = 60
OWN = 'openchoreo-system'
SECRETS = ('api/v1', 'secrets')
REPORTS = re.compile('WARNING: ThreadSanitizer|ERROR: (Address|Leak)Sanitizer|runtime error:|Sanitizer:DEADLYSIGNAL')


class Churn:
    def __init__(self, world, seconds):
        self.world, self.until, self.failures, self.counts, self.over = world, time.time() + seconds, [], {}, False
        self.threads = [threading.Thread(target=self.run, args=(part,)) for part in range(3)]
        self.threads += [threading.Thread(target=self.scrape), threading.Thread(target=self.clusters)]
        for thread in self.threads:
            thread.start()

    def run(self, part):
        """Changes of its own part of the bindings, one after the other."""
        chance, caller = random.Random(part), many.Caller(self.world.config)
        ways = (self.flip, self.flip, self.flip, self.delete, self.record, self.undeploy, self.binding, self.release)
        while time.time() < self.until:
            i, way = chance.randrange(part, COUNT, 3), chance.choice(ways)
            try:
                way(caller, i, chance)
                self.counts[way.__name__] = self.counts.get(way.__name__, 0) + 1
            except (lab.Failed, RuntimeError, OSError) as e:
                self.failures.append(f'{way.__name__}: {e}')
                return
            time.sleep(chance.random() * 0.1)

    # --- what happens; each leaves everything well ----------------------------------------------------------------------

    def at(self, i):
        return ORGANIZATIONS[i % len(ORGANIZATIONS)], f'c-{i}-dev'

    def flip(self, caller, i, chance):
        for ready in (0, 1):
            many.flip(caller, i, ready)
            time.sleep(chance.random() * 0.3)

    def delete(self, caller, i, chance):
        _, _, root, plural = chance.choice(many.OBJECTS)
        self.world.api.delete((root, plural), many.space(i), f'c-{i}')
        time.sleep(chance.random())
        many.make(self.world.config, [i], ORGANIZATIONS)

    def record(self, caller, i, chance):
        name, kind = f'openchoreo-record-c-{i}', ('api/v1', 'configmaps')
        if chance.random() < 0.5:
            self.world.api.merge(kind, many.space(i), name, {'data': {'record.json': '{"version":'}})
            time.sleep(chance.random() * 0.5)
        self.world.api.delete(kind, many.space(i), name)
        time.sleep(chance.random() * 0.5)
        many.make(self.world.config, [i], ORGANIZATIONS)

    def undeploy(self, caller, i, chance):
        for state in ('Undeploy', 'Active'):
            self.world.api.merge(w.BINDINGS, *self.at(i), {'spec': {'state': state}})
            time.sleep(chance.random())

    def binding(self, caller, i, chance):
        self.world.api.delete(w.BINDINGS, *self.at(i))
        time.sleep(chance.random() * 0.5)
        many.make(self.world.config, [i], ORGANIZATIONS)

    def release(self, caller, i, chance):
        for name in (f'c-{i}-r2', f'c-{i}-r1'):
            self.world.api.merge(w.BINDINGS, *self.at(i), {'spec': {'releaseName': name}})
            time.sleep(chance.random() * 0.5)

    # --- beside it -----------------------------------------------------------------------------------------------------

    def scrape(self):
        while not self.over:
            for path in ('metrics', 'readyz'):
                port = self.world.metrics if path == 'metrics' else self.world.health
                try:
                    urllib.request.urlopen(f'http://127.0.0.1:{port}/{path}', timeout=10).read()
                except OSError:
                    pass  # it has just been stopped
            time.sleep(0.5)

    def clusters(self):
        """The home cluster once more under another name, and one that is not there; both go again."""
        config = open(self.world.config, 'rb').read()
        nowhere = re.sub(rb'server: .*', f'server: https://127.0.0.1:{lab.free_port()}'.encode(), config)
        while time.time() < self.until:
            for text in (nowhere, config):
                self.world.api.create(SECRETS, OWN, {
                    'metadata': {'name': 'far', 'labels': {'gitops.openchoreo.dev/data-plane': 'far'}},
                    'data': {'kubeconfig': base64.b64encode(text).decode()}})
                time.sleep(5)
                self.world.api.delete(SECRETS, OWN, 'far')
                time.sleep(2)

    def join(self):
        self.until = 0
        for thread in self.threads[:3] + self.threads[4:]:
            thread.join()

    def end(self):
        self.over = True
        self.join()
        self.threads[3].join()


def told(world):
    ready = sum(w.condition(item, 'Ready').get('status') == 'True' and
                w.condition(item, 'Ready').get('observedGeneration') == item['metadata']['generation']
                for item in world.api.list(w.BINDINGS))
    return ready == COUNT


def pause_api_server(world, seconds):
    pid = int((world.work / 'pid/kube-apiserver').read_text().split()[0])
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


def churn(world, seconds):
    begun, all_at_once, turn = time.time(), Churn(world, seconds), 0
    try:
        while time.time() < begun + seconds:
            time.sleep(min(25, max(0.0, begun + seconds - time.time())))
            turn += 1
            if turn % 4 == 1:
                pause_api_server(world, 12)  # longer than a cluster may be silent
            elif turn % 2 == 0:
                world.stop_mapper()  # whose exit status counts
                world.start_mapper()
        all_at_once.join()
        world.until('everything to be told as it is', lambda: told(world), 120)
        world.stop_mapper()
        world.failures += all_at_once.failures
        print(f'{seconds} s, {turn} turns: ' + ', '.join(f'{n} x {name}' for name, n in sorted(all_at_once.counts.items())))
    finally:
        all_at_once.end()


def main():
    cli, mapper, *more = sys.argv[1:]
    w.require('etcd', 'kube-apiserver', 'kubectl')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix='oc-', dir='/tmp')
    world = w.World(cli, mapper, work, nodes=0, flags=['--enable-leader-election', '--kube-api-qps=100', '--kube-api-burst=200',
                                                       '--leader-election-release-on-cancel=true'])
    try:
        world.script('kube.sh', 'start')
        world.api = lab.Api(world.config)
        world.api.apply_yaml(subprocess.run([cli, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout)
        lab.wait('the CRD', lambda: world.api.list(w.BINDINGS) is not None, 60)
        for ns in (OWN, *ORGANIZATIONS):
            world.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': ns}})
        many.spaces(world.api)
        many.make(world.config, range(COUNT), ORGANIZATIONS)
        world.start_mapper()
        lab.wait('all to be told', lambda: told(world), 120)
        churn(world, int(more[0]) if more else 300)
        log = (world.work / 'mapper.log').read_text()
        reports = [line for line in log.splitlines() if REPORTS.search(line)]
        world.failures += sorted(set(reports))
        if reports:
            print(log[log.index(reports[0]):][:20000])
        for failure in world.failures:
            print('FAIL', failure)
        print(f'{len(world.failures)} failures')
        return 1 if world.failures else 0
    finally:
        world.close()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
