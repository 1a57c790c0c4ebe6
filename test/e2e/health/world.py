"""A real API server with its controllers and kwok, the mapper beside it, and a watcher that remembers every version of what
matters: by it every status that was ever visible is judged."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'flux'))
sys.path.append(str(HERE.parent / 'peers'))
import lab  # noqa: E402
import programs  # noqa: E402
from programs import PEERS, require  # noqa: E402, F401

BINDINGS = ('apis/openchoreo.dev/v1alpha1', 'releasebindings')
WATCHED = {'ReleaseBinding': BINDINGS, 'ConfigMap': ('api/v1', 'configmaps'), 'Service': ('api/v1', 'services'),
           'Deployment': ('apis/apps/v1', 'deployments'), 'CronJob': ('apis/batch/v1', 'cronjobs'), 'Job': ('apis/batch/v1', 'jobs'),
           'PersistentVolumeClaim': ('api/v1', 'persistentvolumeclaims'),
           'NetworkPolicy': ('apis/networking.k8s.io/v1', 'networkpolicies')}
# What passes though it is in progress: docs/health.md.
WAITING = ('CronJob', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler')
VOLUMES = '---'.join(f"""
apiVersion: v1
kind: PersistentVolume
metadata: {{name: volume-{i}}}
spec:
  capacity: {{storage: 1Gi}}
  accessModes: [ReadWriteOnce]
  hostPath: {{path: /none}}
""" for i in range(2))
SLACK = 2.0  # seconds a status may be behind what it tells of and still count as right
MEDIAN, LONGEST = 2.0, 5.0  # seconds from change to status


class Watcher:
    """(time, kind, namespace/name, object or None) of every change, in the order it came."""

    def __init__(self, cluster, kinds=WATCHED):
        """`cluster` has `api`, which may be another one after a while."""
        self.cluster, self.events, self.lock, self.stopped = cluster, [], threading.Lock(), False
        self.threads = [threading.Thread(target=self.follow, args=(k, r), daemon=True) for k, r in kinds.items()]
        for thread in self.threads:
            thread.start()

    def note(self, kind, item, gone):
        key = f"{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"
        item['metadata'].pop('managedFields', None)
        with self.lock:
            self.events.append((time.time(), kind, key, None if gone else item))

    def follow(self, kind, resource):
        while not self.stopped:
            try:
                self.watch(kind, resource)
            except (OSError, ValueError, KeyError, lab.Failed, http.client.HTTPException):
                time.sleep(0.2)

    def watch(self, kind, resource):
        api = self.cluster.api
        path = api.path(resource)
        listed = api.call('GET', path)
        for item in listed['items']:
            self.note(kind, {'kind': kind, **item}, False)
        c = http.client.HTTPSConnection(api.url.hostname, api.url.port, context=api.context, timeout=900)
        c.request('GET', f"/{path}?watch=1&resourceVersion={listed['metadata']['resourceVersion']}")
        for line in c.getresponse():
            event = json.loads(line)
            if event['type'] == 'ERROR':
                break
            self.note(kind, event['object'], event['type'] == 'DELETED')
        c.close()

    def until_now(self):
        with self.lock:
            return list(self.events)


def condition(item, kind):
    return next((c for c in (item or {}).get('status', {}).get('conditions', []) if c['type'] == kind), {})


def record_of(item):
    text = (item or {}).get('data', {}).get('record.json')
    return json.loads(text) if text else None


class Judge:
    """What the watcher saw, judged after the fact by `openchoreo-gitops eval health` and the record."""

    def __init__(self, cli, events):
        self.events = events
        self.states = self.evaluate(cli)

    def evaluate(self, cli):
        lines, where = [], []
        for index, (when, kind, _, item) in enumerate(self.events):
            if item is not None and kind != 'ReleaseBinding':
                now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(when))
                versions = {'Deployment': 'apps/v1', 'CronJob': 'batch/v1', 'Job': 'batch/v1', 'NetworkPolicy':
                            'networking.k8s.io/v1'}
                lines.append(json.dumps({'object': {**item, 'kind': kind, 'apiVersion': versions.get(kind, 'v1')}, 'now': now}))
                where.append(index)
        run = subprocess.run([cli, 'eval', 'health'], input='\n'.join(lines), text=True, capture_output=True, check=True)
        return {index: json.loads(line)['strict'] for index, line in zip(where, run.stdout.splitlines())}

    def histories(self):
        """binding -> list of (time, whether everything of it is there and well, its object)."""
        now, records, histories = {}, {}, {}
        for index, (when, kind, key, item) in enumerate(self.events):
            if item is None:
                now.pop((kind, key), None)
            else:
                now[kind, key] = (item, self.states.get(index))
            record = record_of(item) if kind == 'ConfigMap' and item else None
            if record:
                records[key] = record
            elif kind == 'ConfigMap' and key in records and item is None:
                del records[key]
            for (other, name), (binding, _) in list(now.items()):
                if other == 'ReleaseBinding':
                    histories.setdefault(name, []).append((when, self.well(binding, name, records, now), binding))
            if kind == 'ReleaseBinding' and item is None:
                histories.setdefault(key, []).append((when, False, None))
        return histories

    def well(self, binding, name, records, now):
        record = next((r for r in records.values()
                       if r['binding']['kind'] == 'ReleaseBinding' and f"{r['binding']['namespace']}/{r['binding']['name']}" == name),
                      None)
        if record is None or record.get('release') != binding['spec'].get('releaseName'):
            return False
        for wanted in record['resources']:
            if wanted['kind'] not in WATCHED:
                continue
            item, state = now.get((wanted['kind'], f"{wanted.get('namespace', '')}/{wanted['name']}"), (None, None))
            digest = ((item or {}).get('metadata', {}).get('annotations') or {}).get('gitops.openchoreo.dev/digest', '-')
            if item is None or not wanted['digest'].startswith(digest):
                return False
            if state not in ('Healthy', 'Suspended') and not (state == 'Progressing' and wanted['kind'] in WAITING):
                return False
        return True

    def report(self, quiet=()):
        """(wrong, latencies, versions): lines about versions of status that were wrong; seconds from change to status;
        how many versions were looked at. `quiet`: (begin, end) times in which nobody could write."""
        wrong, latencies, versions = [], [], 0
        for name, history in self.histories().items():
            said, since = None, None
            for at, (when, well, binding) in enumerate(history):
                if binding is None:
                    said = since = None
                    continue
                ready = condition(binding, 'Ready')
                current = ready.get('observedGeneration') == binding['metadata']['generation']
                healthy = ready.get('status') == 'True' and current
                version = json.dumps(binding.get('status'))
                if version != said:
                    versions += 1
                    said = version
                    if healthy and not well and not any(w for t, w, b in history[:at] if b and when - t < SLACK):
                        wrong.append(f'{name} at {when:.2f}: Ready True, and it was not so for {SLACK} s: {version[:300]}')
                # How long does what is said differ from what is?
                if well == healthy:
                    if since is not None and not any(begin < when and end > since for begin, end in quiet):
                        latencies.append(when - since)
                    since = None
                elif since is None:
                    since = when
                if since is not None and well is False and healthy and when - since > LONGEST and not any(
                        begin < when and end > since for begin, end in quiet):
                    wrong.append(f'{name} at {when:.2f}: Ready True for {when - since:.1f} s though it is not so')
                    since = None
        return wrong, latencies, versions


class Relay:
    """A way to an API server whose connections can be cut."""

    def __init__(self, config, into):
        """`into`: the kubeconfig `config` by this way."""
        text = open(config).read()
        self.there = ('127.0.0.1', int(re.search(r'server: https://127\.0\.0\.1:(\d+)', text).group(1)))
        self.door, self.ends, self.lock = socket.create_server(('127.0.0.1', 0)), [], threading.Lock()
        pathlib.Path(into).write_text(text.replace(f':{self.there[1]}', f':{self.door.getsockname()[1]}'))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.door.accept()[0]
            except OSError:  # closed
                return
            far = socket.create_connection(self.there)
            with self.lock:
                self.ends += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Returns how many connections there were."""
        with self.lock:
            ends, self.ends = self.ends, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        return len(ends) // 2

    def close(self):
        self.door.close()
        self.cut()


class World:
    """One cluster and the mapper, in a folder of their own."""

    def __init__(self, cli, mapper, work, nodes=2, flags=()):
        self.cli, self.mapper, self.work, self.flags = str(cli), str(mapper), pathlib.Path(work), list(flags)
        self.env = dict(os.environ, PEER_BIN=str(PEERS), PEER_WORK=str(work), KUBE_NODES=str(nodes))
        self.config = str(self.work / 'kube/kubeconfig')
        self.process, self.api, self.watcher = None, None, None
        self.way = self.config  # of the mapper to the API server
        self.metrics, self.health = lab.free_port(), lab.free_port()
        self.failures, self.checks, self.quiet, self.others = [], 0, [], []
        self.work.mkdir(parents=True, exist_ok=True)

    def script(self, name, *arguments, **env):
        return programs.run(self.env, name, *arguments, **env)

    def start(self, organization, crds=None):
        self.script('kube.sh', 'start')
        self.api = lab.Api(self.config)
        text = crds or subprocess.run([self.cli, 'crds', '--bindings'], capture_output=True, check=True, text=True).stdout
        self.api.apply_yaml(text)
        lab.wait('the CRD', lambda: self.api.list(BINDINGS) is not None, 60)
        self.api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': organization}})
        self.kubectl('apply', '-f', '-', text=VOLUMES)
        self.watcher = Watcher(self)
        self.start_mapper()

    def start_mapper(self):
        log = open(self.work / 'mapper.log', 'ab')
        self.process = subprocess.Popen(
            [self.mapper, '--kubeconfig', self.way, f'--metrics-addr=127.0.0.1:{self.metrics}',
             f'--health-addr=127.0.0.1:{self.health}', '--stand-back=6s', *self.flags], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, preexec_fn=lab.die_with_us)

    def stop_mapper(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)
        code = self.process.wait(30 * lab.SLOW)
        if sig == signal.SIGTERM and code != 0:
            self.failures.append(f'the mapper ended with {code}')

    def another_mapper(self, *flags):
        """A second replica, its log beside the first one's."""
        log = open(self.work / 'mapper-2.log', 'ab')
        return subprocess.Popen([self.mapper, '--kubeconfig', self.config, '--metrics-addr=', '--health-addr=', '--stand-back=6s',
                                 *self.flags, *flags], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                preexec_fn=lab.die_with_us)

    def kill_mapper(self):
        """kill -9 and a start anew."""
        begin = time.time()
        self.stop_mapper(signal.SIGKILL)
        self.start_mapper()
        self.quiet.append((begin, time.time() + 5))

    def kubectl(self, *arguments, text=None):
        run = subprocess.run([PEERS / 'kubectl', '--kubeconfig', self.config, *arguments], input=text, text=True,
                             capture_output=True)
        if run.returncode != 0:
            raise RuntimeError(f'kubectl {arguments}: {run.stderr}')
        return run.stdout

    def binding(self, name, ns):
        return self.api.get(BINDINGS, ns, name)

    def told(self, name, ns, kind='Ready'):
        """'status reason: message' of a condition of the binding's own generation."""
        item = self.binding(name, ns)
        found = condition(item, kind)
        if not found or found.get('observedGeneration') != item['metadata']['generation']:
            return ''
        return f"{found['status']} {found['reason']}: {found['message']}"

    def expect(self, what, want, name, ns, kind='Ready', seconds=60, contains=''):
        """The condition begins with `want` within `seconds`; a failure is noted and the story goes on."""
        self.checks += 1
        end = time.monotonic() + seconds * lab.SLOW
        while True:
            got = self.told(name, ns, kind)
            if got.startswith(want) and contains in got:
                return True
            if time.monotonic() > end:
                self.failures.append(f'{what}: {name} {kind}: want {want} {contains!r}, got {got[:600]}')
                return False
            time.sleep(0.1)

    def until(self, what, ask, seconds=60):
        self.checks += 1
        try:
            return lab.wait(what, ask, seconds)
        except lab.Failed as e:
            self.failures.append(str(e))
            return None

    def finish(self):
        """Judges everything that was seen; prints, and returns the exit status."""
        time.sleep(1)
        events = []
        for watcher in (self.watcher, *self.others):
            watcher.stopped = True
            events += watcher.until_now()
        wrong, latencies, versions = Judge(self.cli, sorted(events, key=lambda e: e[0])).report(self.quiet)
        latencies.sort()
        middle = latencies[len(latencies) // 2] if latencies else 0.0
        late = latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))] if latencies else 0.0
        if middle > MEDIAN * lab.SLOW or late > LONGEST * lab.SLOW:
            self.failures.append(f'from change to status: median {middle:.2f} s, 99th percentile {late:.2f} s')
        self.failures += wrong
        for failure in self.failures:
            print('FAIL', failure)
        print(f'{self.checks} checks, {versions} versions of status, {len(latencies)} changes told after {middle:.2f} s at the '
              f'median and {late:.2f} s at the 99th percentile, {len(self.failures)} failures')
        return 1 if self.failures or not self.checks or not versions else 0

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.script('kube.sh', 'stop')
