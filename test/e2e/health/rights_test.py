#!/usr/bin/env python3
"""Who writes what, by the API server's own audit log: two shards, of which each binding has exactly one; another writer of
conditions, with whom nobody fights; a mapper whose rights end at namespaces. Each mapper has a ServiceAccount with the rights
of health/install and of `rbac`, and no other.

usage: rights_test.py CLI MAPPER
needs: etcd, kube-apiserver and kubectl in $PEER_BIN (make peers builds them)
"""
import collections
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import many  # noqa: E402
import world as w  # noqa: E402
from world import lab  # noqa: E402

INSTALL = w.HERE.parents[2] / 'health/install/base'
OWN = 'openchoreo-system'
ORGANIZATIONS = [f'org-{i}' for i in range(8)]
COUNT, TURNS = 24, 4
POLICY = f"""apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  userGroups: ['system:serviceaccounts:{OWN}']
"""


class Rights:
    def __init__(self, world):
        self.world, self.running, self.caller = world, [], many.Caller(world.config)

    # --- accounts and programs ----------------------------------------------------------------------------------------

    def account(self, name, base, *more):
        """A kubeconfig of a ServiceAccount with the rights of these texts, whose names become its own."""
        for text in (base, *more):
            text = text.replace('openchoreo-health-mapper', name)
            text = text.replace(f'ServiceAccount, name: {name}}}', f'ServiceAccount, name: {name}, namespace: {OWN}}}')
            self.world.kubectl('apply', *(('-n', OWN) if text.startswith('apiVersion: v1\nkind: ServiceAccount') else ()), '-f', '-',
                               text=text)
        token = self.world.kubectl('create', 'token', name, '-n', OWN, '--duration=2h').strip()
        text = re.sub(r'    client-certificate-data: .*\n    client-key-data: .*', f'    token: {token}',
                      open(self.world.config).read())
        file = self.world.work / f'{name}.kubeconfig'
        file.write_text(text)
        return file

    def objects(self, *flags):
        """What `rbac` prints for the records of the cluster."""
        records = self.world.kubectl('get', 'configmaps', '-A', '-l', 'gitops.openchoreo.dev/record', '-o', 'json')
        run = subprocess.run([self.world.mapper, 'rbac', '-', *flags], input=records, text=True, capture_output=True, check=True)
        return run.stdout

    def start(self, name, config, *flags):
        log = open(self.world.work / f'{name}.log', 'ab')
        process = subprocess.Popen(
            [self.world.mapper, '--kubeconfig', config, '--metrics-addr=', '--health-addr=', '--stand-back=6s', *flags],
            env=dict(os.environ, RUNTIME_NAMESPACE=OWN), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            preexec_fn=lab.die_with_us)
        self.running.append((name, process))

    def stop(self):
        for name, process in self.running:
            process.terminate()
            if code := process.wait(30):
                self.world.failures.append(f'{name} ended with {code}')
        self.running = []

    # --- what happened ------------------------------------------------------------------------------------------------

    def audit(self, since=0.0):
        """(time, account, verb, 'resource/subresource', 'namespace/name', code) of what the accounts asked for."""
        for line in open(self.world.work / 'audit.log'):
            event = json.loads(line)
            at = datetime.datetime.fromisoformat(event['requestReceivedTimestamp'].replace('Z', '+00:00')).timestamp()
            what = event.get('objectRef') or {}
            resource = '/'.join(x for x in (what.get('resource', ''), what.get('subresource', '')) if x)
            if at >= since:
                yield (at, event['user']['username'].rsplit(':', 1)[1], event['verb'], resource,
                       f"{what.get('namespace', '')}/{what.get('name', '')}", event.get('responseStatus', {}).get('code', 0))

    def status_writes(self, since=0.0):
        return [e for e in self.audit(since) if e[2] in ('patch', 'update') and e[3] == 'releasebindings/status' and e[5] == 200]

    def told(self, want, numbers=range(COUNT)):
        ready = {}
        for item in self.world.api.list(w.BINDINGS):
            found = w.condition(item, 'Ready')
            if found.get('observedGeneration') == item['metadata']['generation']:
                ready[item['metadata']['name']] = found['status']
        return all(ready.get(f'c-{i}-dev') == want for i in numbers)

    def fail_unless(self, ok, text):
        self.world.checks += 1
        if not ok:
            self.world.failures.append(text)

    def refused(self, since=0.0):
        return sorted({e[1:5] for e in self.audit(since) if e[5] in (401, 403)})

    # --- chapters -----------------------------------------------------------------------------------------------------

    def two_shards(self):
        base = (INSTALL / 'rbac.yaml').read_text()
        begin = time.time()
        for shard in range(2):
            config = self.account(f'mapper-{shard}', base, self.objects())
            self.start(f'mapper-{shard}', config, '--shards=2', f'--shard={shard}', '--enable-leader-election')
        self.world.until('all to be told', lambda: self.told('True'), 60)
        for turn in range(TURNS):
            for i in range(COUNT):
                many.flip(self.caller, i, turn % 2)
            self.world.until('all changes to be told', lambda: self.told('True' if turn % 2 else 'False'), 60)
        writes = self.status_writes(begin)
        writers = collections.defaultdict(collections.Counter)
        for _, account, _, _, binding, _ in writes:
            writers[binding][account] += 1
        self.fail_unless(len(writers) == COUNT, f'{len(writers)} of {COUNT} bindings were written')
        for binding, counts in writers.items():
            self.fail_unless(len(counts) == 1, f'{binding} was written by {dict(counts)}')
            # No more than one write tells of a change.
            self.fail_unless(sum(counts.values()) <= TURNS + 1, f'{binding}: {dict(counts)} writes for {TURNS + 1} changes')
        by_shard = collections.Counter(next(iter(counts)) for counts in writers.values())
        self.fail_unless(len(by_shard) == 2, f'the bindings of shards: {dict(by_shard)}')
        leases = {item['metadata']['name'] for item in self.world.api.list(('apis/coordination.k8s.io/v1', 'leases'), OWN)}
        self.fail_unless(len([x for x in leases if x.endswith(('-0', '-1'))]) == 2, f'leases: {leases}')
        self.fail_unless(not self.refused(begin), f'refused: {self.refused(begin)}')
        print(f'      {len(writes)} writes; bindings by shard: {dict(by_shard)}')
        self.stop()

    def another_writer(self):
        """It appears and goes; the audit log tells that nobody wrote against it, and that we returned."""
        begin = time.time()
        self.start('mapper', self.account('mapper', (INSTALL / 'rbac.yaml').read_text(), self.objects()))
        self.world.until('all to be told', lambda: self.told('True'), 60)
        config = self.account('openchoreo-controller', (INSTALL / 'rbac.yaml').read_text())
        theirs = json.dumps({'status': {'conditions': [{
            'type': 'Ready', 'status': 'False', 'reason': 'Theirs', 'message': 'COUNT', 'observedGeneration': 1,
            'lastTransitionTime': '2026-01-01T00:00:00Z'}]}})
        ns = ORGANIZATIONS[0]
        since, count = time.time(), 0
        while time.time() < since + 12:
            count += 1
            subprocess.run([w.PEERS / 'kubectl', '--kubeconfig', config, '--field-manager=openchoreo-controller', 'patch',
                            'releasebinding', 'c-0-dev', '-n', ns, '--subresource=status', '--type=merge', '-p',
                            theirs.replace('COUNT', f'theirs {count}')], check=True, stdout=subprocess.DEVNULL)
            time.sleep(0.3)
        until = time.time()
        self.world.until('us to return', lambda: self.told('True'), 60)
        time.sleep(8)
        written = collections.defaultdict(list)
        for at, account, _, _, binding, _ in self.status_writes(since):
            if binding == f'{ns}/c-0-dev':
                written[account].append(at)
        during = [at for at in written['mapper'] if at < until]
        after = [at for at in written['mapper'] if at >= until]
        print(f'      they wrote {len(written["openchoreo-controller"])} times, we {len(during)} times meanwhile and '
              f'{len(after)} times afterwards')
        self.fail_unless(len(written['openchoreo-controller']) == count, 'the log lacks writes of theirs')
        self.fail_unless(len(during) <= 1, f'a fight: {len(during)} writes of ours beside {count} of theirs')
        self.fail_unless(len(after) == 1 and after[0] - until > 4, f'after they went: {[at - until for at in after]}')
        others = [e for e in self.status_writes(since) if e[4] != f'{ns}/c-0-dev']
        self.fail_unless(not others, f'bindings that nobody touched were written: {others[:3]}')
        self.fail_unless(not self.refused(begin), f'refused: {self.refused(begin)}')
        self.stop()

    def an_old_crd(self):
        """A CRD that lacks a field of status prunes it without a word: that is written once, not at every look."""
        begin = time.time()
        path = '/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/secretReferenceNames'
        self.world.kubectl('patch', 'crd', 'releasebindings.openchoreo.dev', '--type=json', '-p',
                           json.dumps([{'op': 'remove', 'path': path}]))
        one = (w.BINDINGS, ORGANIZATIONS[0], 'c-0-dev')

        def pruned():
            self.world.api.merge(*one, {'status': {'secretReferenceNames': ['x']}}, 'status')
            return 'secretReferenceNames' not in self.world.api.get(*one)['status']
        self.world.until('the CRD to prune', pruned)
        for item in self.world.api.list(w.WATCHED['ConfigMap'], None, 'gitops.openchoreo.dev/record'):
            text = json.loads(item['data']['record.json']) | {'secretReferences': ['keys']}
            self.world.api.merge(w.WATCHED['ConfigMap'], item['metadata']['namespace'], item['metadata']['name'],
                                 {'data': {'record.json': json.dumps(text)}})
        self.start('old', self.account('old', (INSTALL / 'rbac.yaml').read_text(), self.objects()))
        counts = lambda since: collections.Counter(e[4] for e in self.status_writes(since) if e[1] == 'old')  # noqa: E731
        self.world.until('all to be written once', lambda: len(counts(begin)) == COUNT, 60)
        time.sleep(2)
        since = time.time()
        for turn in range(TURNS):  # each is looked at, and changes no verdict
            for i in range(COUNT):
                self.world.api.merge(w.WATCHED['Deployment'], many.space(i), f'c-{i}', {'metadata': {'labels': {'turn': str(turn)}}})
            time.sleep(1.5)
        first, later = counts(begin), counts(since)
        print(f'      {sum(first.values())} writes for {COUNT} bindings, {sum(later.values())} of them after {TURNS} more looks')
        self.fail_unless(not later and max(first.values()) <= 2, f'written again and again: {later or first}')
        since = time.time()
        for i in range(COUNT):
            many.flip(self.caller, i, 0)
        self.world.until('all changes to be told', lambda: self.told('False'), 60)
        time.sleep(2)
        self.fail_unless(set(counts(since).values()) == {1}, f'writes for a change: {counts(since)}')
        for i in range(COUNT):
            many.flip(self.caller, i, 1)
        self.world.until('all changes to be told', lambda: self.told('True'), 60)
        self.stop()

    def namespaces(self):
        """Rights that end at namespaces: what lies in them is told, and nothing is asked for elsewhere."""
        text = self.objects('--namespaced', OWN)
        named = re.search(r'--object-namespaces[= ](\S+)', text).group(1).split(',')
        self.fail_unless(sorted(named) == sorted({many.space(i) for i in range(COUNT)}), f'namespaces: {named}')
        # The base without its right to read objects everywhere.
        base = '---\n'.join(doc for doc in (INSTALL / 'rbac.yaml').read_text().split('---\n') if 'mapper-objects}' not in doc)
        config = self.account('narrow', base, text)
        begin = time.time()
        self.start('narrow', config, '--object-namespaces=' + ','.join(named), '--enable-leader-election')
        for turn in range(2):
            for i in range(COUNT):
                many.flip(self.caller, i, turn % 2)
            self.world.until('all changes to be told', lambda: self.told('True' if turn % 2 else 'False'), 90)
        self.fail_unless(not self.refused(begin), f'refused: {self.refused(begin)}')
        watched = [e for e in self.audit(begin) if e[2] in ('list', 'watch') and e[3] in ('deployments', 'configmaps', 'services')]
        outside = [e for e in watched if e[4].split('/')[0] not in named]
        self.fail_unless(watched and not outside, f'{len(watched)} lists and watches, outside: {outside[:3]}')
        # What lies elsewhere cannot be seen, and nothing is said of it.
        self.world.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': f'dp-{COUNT}'}})
        many.make(self.world.config, [COUNT], ORGANIZATIONS)
        self.world.until('it not to be told Ready', lambda: self.told('False', [COUNT]), 30)
        self.fail_unless(not self.refused(begin), f'refused: {self.refused(begin)}')
        self.stop()

    def tell(self, names):
        for chapter in (self.two_shards, self.another_writer, self.an_old_crd, self.namespaces):
            if names and chapter.__name__ not in names:
                continue
            begun, before = time.monotonic(), len(self.world.failures)
            chapter()
            mark = 'ok   ' if len(self.world.failures) == before else 'FAIL '
            print(f'{mark} {chapter.__name__} ({time.monotonic() - begun:.1f} s)', flush=True)
            for failure in self.world.failures[before:]:
                print('      ', failure[:1000], flush=True)


def main():
    cli, mapper, *names = sys.argv[1:]
    w.require('etcd', 'kube-apiserver', 'kubectl')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix='oc-', dir='/tmp')
    world = w.World(cli, mapper, work, nodes=0)
    rights = None
    try:
        (world.work / 'policy.yaml').write_text(POLICY)
        world.script('kube.sh', 'start', KUBE_APISERVER_FLAGS=f'--audit-policy-file={work}/policy.yaml '
                     f'--audit-log-path={work}/audit.log')
        world.api = lab.Api(world.config)
        world.api.apply_yaml(subprocess.run([cli, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout)
        lab.wait('the CRD', lambda: world.api.list(w.BINDINGS) is not None, 60)
        for ns in (OWN, *ORGANIZATIONS, *(f'dp-{i}' for i in range(COUNT))):
            world.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': ns}})
        many.make(world.config, range(COUNT), ORGANIZATIONS)
        rights = Rights(world)
        rights.tell(names)
        if world.failures:
            for log in sorted(world.work.glob('*.log')):
                if log.name != 'audit.log':
                    print(f'--- {log.name}\n' + '\n'.join(log.read_text().splitlines()[-20:]))
        print(f'{world.checks} checks, {len(world.failures)} failures')
        return 1 if world.failures or not world.checks else 0
    finally:
        for _, process in rights.running if rights else ():
            process.kill()
        world.close()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
