#!/usr/bin/env python3
"""Two clusters, one of which stops, freezes, comes back and changes its certificates; an API server that starts anew; a
mapper that is killed at any time; another writer of conditions. No status is ever wrong, and all of it mends by itself.

usage: robust_test.py CLI MAPPER
needs: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok in $PEER_BIN (make peers builds them)
"""
import base64
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
import trees  # noqa: E402
import world as w  # noqa: E402
from world import lab  # noqa: E402

SECRETS = ('api/v1', 'secrets')
NAMESPACES = ('api/v1', 'namespaces')
EVENTS = ('api/v1', 'events')
DEPLOYMENTS = ('apis/apps/v1', 'deployments')
ORGANIZATION = 'acme'
HOME, EAST = 'my-service-development', 'my-service-staging'  # bindings: staging's objects are in the other cluster


THINGS = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""


class Plane:
    """A data plane: an API server with its controllers."""

    def __init__(self, work):
        self.work = pathlib.Path(work)
        self.env = dict(os.environ, PEER_BIN=str(w.PEERS), PEER_WORK=str(work), KUBE_NODES='1')
        self.config = str(self.work / 'kube/kubeconfig')
        self.script('start')
        self.connect()

    def script(self, verb):
        subprocess.run(['bash', str(w.HERE.parent / 'peers/kube.sh'), verb], env=self.env, check=True, stdout=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL)

    def connect(self):
        self.api = lab.Api(self.config)

    def pid(self, program):
        return int((self.work / 'pid' / program).read_text().split()[0])

    def secret(self):
        return {'metadata': {'name': 'east', 'labels': {'gitops.openchoreo.dev/data-plane': 'east'}},
                'data': {'kubeconfig': base64.b64encode(open(self.config, 'rb').read()).decode()}}

    def new_certificates(self):
        """The cluster's authority, certificates and accounts are others after a start."""
        self.script('stop')
        shutil.rmtree(self.work / 'kube/pki')
        self.script('start')
        self.connect()


class Robust:
    def __init__(self, world, plane):
        self.world, self.plane, self.tree = world, plane, trees.V1()
        self.tree.add('my-service', 'staging')

    def objects(self, environment, include):
        with tempfile.TemporaryDirectory() as folder:
            self.tree.write(folder)
            run = subprocess.run([self.world.cli, 'render', folder, '--environment', environment, '--component', 'my-service',
                                  '--namespaces=true', '--include', include, '--format', 'json'], capture_output=True, check=True)
        return [o for o in json.loads(run.stdout) if include == 'rendered' or o['kind'].endswith('Binding')]

    def apply(self, config, items):
        order = {'Namespace': 0, 'ReleaseBinding': 2}
        for stage in range(3):
            given = [o for o in items if order.get(o['kind'], 1) == stage]
            if not given:
                continue
            run = subprocess.run([w.PEERS / 'kubectl', '--kubeconfig', config, 'apply', '--server-side', '--force-conflicts', '-f',
                                  '-'], text=True, capture_output=True,
                                 input=json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': given}))
            lab.check(run.returncode == 0, run.stderr)

    def deliver(self, environment):
        config = self.plane.config if environment == 'staging' else self.world.config
        self.apply(config, self.objects(environment, 'rendered'))
        self.apply(self.world.config, self.objects(environment, 'bindings'))

    def expect(self, what, want, name, **more):
        return self.world.expect(what, want, name, ORGANIZATION, **more)

    def deployment(self, api):
        return api.list(DEPLOYMENTS, None, 'openchoreo.dev/component=my-service')[0]

    def pause(self, api, yes):
        item = self.deployment(api)
        api.merge(DEPLOYMENTS, item['metadata']['namespace'], item['metadata']['name'], {'spec': {'paused': yes or None}})

    def metric(self, name):
        try:
            text = urllib.request.urlopen(f'http://127.0.0.1:{self.world.metrics}/metrics').read().decode()
        except OSError:  # it has just been started
            return -1.0
        return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(f'openchoreo_health_mapper_{name} ')))

    # --- chapters -----------------------------------------------------------------------------------------------------

    def two_clusters(self):
        self.deliver('development')
        self.deliver('staging')
        self.expect('at home', 'True Ready', HOME)
        self.expect('its cluster is not known', 'False ReleaseSynced', EAST)
        self.world.api.create(NAMESPACES, None, {'metadata': {'name': 'openchoreo-system'}})
        self.world.api.create(SECRETS, 'openchoreo-system', self.plane.secret())
        self.expect('in the other cluster', 'True Ready', EAST)

    def unknown_and_back(self, what, lost, found):
        begin = time.time()
        lost()
        self.expect(what, 'False ResourcesUnknown', EAST, contains='cluster east was last seen 20', seconds=40)
        # The other cluster does not wait.
        begun = time.monotonic()
        self.pause(self.world.api, True)
        self.expect(what, 'True ReadyWithSuspendedResources', HOME, kind='ResourcesReady')
        if time.monotonic() - begun > w.LONGEST * lab.SLOW:
            self.world.failures.append(f'{what}: the other cluster waited {time.monotonic() - begun:.1f} s')
        self.pause(self.world.api, False)
        found()
        self.expect(what + ', and back', 'True Ready', EAST, seconds=90)
        self.world.quiet.append((begin, time.time()))  # nobody could tell in time

    def stopped(self):
        self.unknown_and_back('a cluster stops', lambda: self.plane.script('stop'), lambda: self.plane.script('start'))

    def frozen(self):
        pid = self.plane.pid('kube-apiserver')
        self.unknown_and_back('a cluster freezes', lambda: os.kill(pid, signal.SIGSTOP), lambda: os.kill(pid, signal.SIGCONT))

    def worse_meanwhile(self):
        """What changed while nobody could see it is never shown as it was."""
        pid, begin = self.plane.pid('kube-apiserver'), time.time()
        os.kill(pid, signal.SIGSTOP)
        self.expect('frozen again', 'False ResourcesUnknown', EAST, seconds=40)
        os.kill(pid, signal.SIGCONT)
        item = self.deployment(self.plane.api)
        self.plane.api.delete(DEPLOYMENTS, item['metadata']['namespace'], item['metadata']['name'])
        self.expect('deleted', 'False ReleaseSynced', EAST)
        self.world.quiet.append((begin, time.time()))
        self.deliver('staging')
        self.expect('made again', 'True Ready', EAST)

    def certificates(self):
        begin = time.time()
        self.plane.new_certificates()
        self.expect('its certificates are others', 'False ResourcesUnknown', EAST, seconds=60)
        self.world.api.merge(SECRETS, 'openchoreo-system', 'east', self.plane.secret())
        self.expect('the Secret is another, too', 'True Ready', EAST, seconds=60)
        self.world.quiet.append((begin, time.time()))

    def api_server_restarts(self):
        begin = time.time()
        self.world.script('kube.sh', 'stop')
        time.sleep(2)
        self.world.script('kube.sh', 'start')
        self.world.quiet.append((begin, time.time() + 20))
        self.tree.release('my-service', image='2.0.0')
        self.deliver('development')
        self.expect('after a restart of the API server', 'True Ready', HOME, seconds=60)

    def killed(self):
        random.seed(1)
        for turn in range(8):
            self.tree.release('my-service', image=f'3.0.{turn}', replicas=random.choice((0, 1, 2)))
            self.deliver('development')
            time.sleep(random.random())
            self.world.kill_mapper()
            time.sleep(random.random())
        self.tree.release('my-service', image='3.1.0', replicas=1)
        self.deliver('development')
        self.expect('after kills', 'True Ready: Primary', HOME, kind='ResourcesReady')
        self.expect('after kills', 'True Ready', EAST)

    def replicas(self):
        """Two replicas, of which one writes; it is killed."""
        self.world.stop_mapper()
        self.world.flags = ['--enable-leader-election', '--leader-election-lease-duration=4s',
                            '--leader-election-renew-deadline=3s', '--leader-election-retry-period=500ms']
        self.world.start_mapper()
        self.world.until('the first to write', lambda: self.metric('leader') == 1, 20)
        second = self.world.another_mapper()
        try:
            time.sleep(2)
            begin = time.time()
            self.world.stop_mapper(signal.SIGKILL)
            self.pause(self.world.api, True)
            self.expect('the second writes', 'True ReadyWithSuspendedResources', HOME, kind='ResourcesReady', seconds=20)
            self.world.quiet.append((begin, time.time()))
            self.pause(self.world.api, False)
            self.expect('and goes on', 'True Ready: Primary', HOME, kind='ResourcesReady')
        finally:
            second.terminate()
            second.wait(30)
        self.world.flags = []
        self.world.start_mapper()

    def connections_break(self):
        """After minutes in which nothing happened a connection breaks and is made anew: that is no news of any binding."""
        self.world.until('it to be listed', lambda: self.metric('bindings') == 2)
        self.world.stop_mapper()
        relay = w.Relay(self.world.config, self.world.work / 'relayed')
        self.world.way = str(self.world.work / 'relayed')
        try:
            self.world.start_mapper()
            self.world.until('it to be listed', lambda: self.metric('bindings') == 2)
            time.sleep(14)  # longer than a watch may be broken
            versions, writes = len(self.world.watcher.until_now()), self.metric('status_writes_total')
            if relay.cut() == 0:
                self.world.failures.append('a connection breaks: there was none')
            time.sleep(6)
            seen = [e for e in self.world.watcher.until_now()[versions:] if e[1] == 'ReleaseBinding']
            if seen or self.metric('status_writes_total') != writes:
                self.world.failures.append(f'a connection breaks: {len(seen)} new versions of bindings: {seen[:2]}')
            self.pause(self.world.api, True)
            self.expect('it is followed again', 'True ReadyWithSuspendedResources', HOME, kind='ResourcesReady')
            self.pause(self.world.api, False)
            self.expect('it is followed again', 'True Ready: Primary', HOME, kind='ResourcesReady')
            self.world.stop_mapper()
        finally:
            relay.close()
            self.world.way = self.world.config
        self.world.start_mapper()

    def a_kind_appears(self):
        """A kind that is not there is Unknown, and says so; once it is there, it counts."""
        begin = time.time()
        record = next(item for item in self.world.api.list(w.WATCHED['ConfigMap'], None, 'gitops.openchoreo.dev/record')
                      if HOME in item['data']['record.json'])
        text, ns = json.loads(record['data']['record.json']), record['metadata']['namespace']
        text['resources'].append({'id': 'thing', 'apiVersion': 'example.com/v1', 'kind': 'Thing', 'namespace': ns, 'name': 'one',
                                  'digest': 'ab' * 32})
        self.world.api.merge(w.WATCHED['ConfigMap'], ns, record['metadata']['name'],
                             {'data': {'record.json': json.dumps(text)}})
        self.expect('a kind is absent', 'False ResourcesUnknown', HOME, contains='there is no kind Thing (example.com/v1)')
        self.world.api.apply_yaml(THINGS)
        things = ('apis/example.com/v1', 'things')
        lab.wait('the CRD', lambda: self.world.api.list(things) is not None, 30)
        self.expect('it is there, its object is not', 'False ReleaseSynced', HOME, contains='Thing', seconds=60)
        self.world.api.create(things, ns, {'apiVersion': 'example.com/v1', 'kind': 'Thing', 'metadata': {
            'name': 'one', 'labels': {'openchoreo.dev/managed-by': 'openchoreo-gitops'},
            'annotations': {'gitops.openchoreo.dev/digest': 'ab' * 8}}})
        self.expect('its object is there', 'True Ready', HOME)
        self.deliver('development')
        self.world.quiet.append((begin, time.time()))  # nobody watches such things but the mapper

    def another_writer(self):
        writes = self.metric('status_writes_total')
        theirs = {'type': 'Ready', 'status': 'False', 'reason': 'Theirs', 'message': 'theirs', 'observedGeneration': 1,
                  'lastTransitionTime': '2026-01-01T00:00:00Z'}
        end = time.monotonic() + 12
        count = 0
        begin = time.time()
        while time.monotonic() < end:
            count += 1
            theirs['message'] = f'theirs {count}'
            path = self.world.api.path(w.BINDINGS, ORGANIZATION, HOME, 'status') + '?fieldManager=openchoreo-controller'
            self.world.api.call('PATCH', path, {'status': {'conditions': [theirs]}}, 'application/merge-patch+json')
            time.sleep(0.5)
        ours = self.metric('status_writes_total') - writes
        self.world.quiet.append((begin, time.time() + 30))
        if ours > 1:
            self.world.failures.append(f'another writer: we wrote {ours:.0f} times beside it')
        if self.metric('standing_back') != 1:
            self.world.failures.append('another writer: the metric does not tell')
        self.expect('another writer is silent', 'True Ready', HOME, seconds=60)
        self.world.until('the metric to tell', lambda: self.metric('standing_back') == 0)

        def told():
            reasons = {e['reason'] for e in self.world.api.list(EVENTS, ORGANIZATION)}
            return {'OtherWriter', 'OtherWriterGone', 'Ready'} <= reasons
        self.world.until('events that tell', told, 30)

    def tell(self, names):
        chapters = [self.two_clusters, self.stopped, self.frozen, self.worse_meanwhile, self.certificates,
                    self.api_server_restarts, self.killed, self.replicas, self.connections_break, self.a_kind_appears, self.another_writer]
        for chapter in chapters:
            if names and chapter.__name__ not in names and chapter is not chapters[0]:
                continue
            begun, before = time.monotonic(), len(self.world.failures)
            chapter()
            mark = 'ok   ' if len(self.world.failures) == before else 'FAIL '
            print(f'{mark} {chapter.__name__} ({time.monotonic() - begun:.1f} s)', flush=True)
            for failure in self.world.failures[before:]:
                print('      ', failure, flush=True)


def main():
    cli, mapper, *names = sys.argv[1:]
    w.require('etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix='oc-', dir='/tmp')
    world, plane = w.World(cli, mapper, work + '/home'), None
    try:
        world.start(ORGANIZATION)
        plane = Plane(work + '/east')
        kinds = {kind: resource for kind, resource in w.WATCHED.items() if kind != 'ReleaseBinding'}
        world.others.append(w.Watcher(plane, kinds))
        Robust(world, plane).tell(names)
        status = world.finish()
        if status:
            print('\n'.join(open(world.work / 'mapper.log').read().splitlines()[-60:]))
        return status
    finally:
        if plane:
            plane.script('stop')
        world.close()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
