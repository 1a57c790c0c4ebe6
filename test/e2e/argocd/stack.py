"""The real programs around the plugin: Git server, repo-server, plugin server and, if asked for, a cluster."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'peers'))
import programs  # noqa: E402
from programs import PEERS, require  # noqa: E402, F401


# What a whole stack is of.
WHOLE = ('argocd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'etcd', 'kwok', 'redis-server',
         'git', 'curl')
# Names the file of the stack that ctest keeps for the suites that can share one (cluster.py).
SHARED = 'OPENCHOREO_SHARED_STACK'


class Stack:
    """One work folder, everything in it on loopback. Sockets need a short path, so it lies in /tmp."""

    def __init__(self, plugin, cli):
        self.plugin, self.cli = str(plugin), str(cli)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix='oc-', dir='/tmp'))
        self.sockets = self.work / 'sock'
        self.sockets.mkdir()
        self.env = {**os.environ, 'PEER_BIN': str(PEERS), 'PEER_WORK': str(self.work / 'peers'),
                    'ARGOCD_SOCK_DIR': str(self.sockets)}
        self.server = None
        self.started = []

    @classmethod
    def shared(cls, plugin, cli, root):
        """The stack that is there for several suites, or one of one's own where a suite runs by itself."""
        file = os.environ.get(SHARED)
        if file and os.path.exists(file):
            return Neighbour(plugin, cli, file)
        stack = cls(plugin, cli)
        try:
            stack.start_all(ARGOCD_PLUGINS=str(stack.stock_plugin(root)), ARGOCD_APPSETS='1')
            stack.install_stand_in_crds(root / 'examples/mono-repo')
        except BaseException:
            stack.close()
            raise
        return stack

    def stock_plugin(self, root):
        """A folder for a stock plugin server: plugin.yaml as shipped, under another name, its program by path."""
        folder = self.work / 'stock'
        folder.mkdir()
        text = (root / 'argocd-cmp/plugin.yaml').read_text()
        (folder / 'plugin.yaml').write_text(text.replace('name: openchoreo\n', 'name: stock\n').replace(
            '[openchoreo-argocd-cmp,', f'[{self.plugin},'))
        return folder

    def script(self, name, *arguments, check=True, **env):
        return programs.run(self.env, name, *arguments, check=check, **env)

    def start(self, name, verb='start', **env):
        self.started.append(name)
        self.script(name, verb, **env)

    def start_all(self, nodes=2, **env):
        """An API server with kwok's nodes, a Git server, the whole of Argo CD, and the plugin."""
        self.start('kube.sh', KUBE_NODES=str(nodes))
        self.start('git.sh')
        self.start('argocd.sh', 'start-full', ARGOCD_CM=self.settings(), **env)
        self.serve()

    def restart_repo_server(self, **env):
        self.script('argocd.sh', 'stop')
        self.script('argocd.sh', 'start', **env)

    def push(self, folder, name='demo'):
        """The folder's content becomes main of that repository; returns the commit."""
        return self.script('git.sh', 'push', name, str(folder)).splitlines()[-1]

    def url(self, name='demo'):
        return f'{self.env["GIT_URL"]}/{name}.git'

    def serve(self, *flags):
        with open(self.work / 'plugin.log', 'ab') as log:
            self.server = self.launch(log, flags)
        self.until(10, 'the plugin', lambda: subprocess.run(
            [self.plugin, 'health', '--socket-folder', str(self.sockets)], capture_output=True).returncode == 0)

    def launch(self, log, flags):
        return subprocess.Popen(
            [self.plugin, 'serve', '--socket-folder', str(self.sockets), '--metrics-address', '127.0.0.1:0',
             '--work-folder', str(self.work / 'plugin'), *flags],
            stderr=log, stdout=log, env=self.env)

    def plugin_log(self):
        return (self.work / 'plugin.log').read_text()

    def stop_serving(self, sig=signal.SIGTERM):
        if self.server:
            self.server.send_signal(sig)
            self.server.wait(30)
            self.server = None

    def generate(self, path='.', parameters=None, name='openchoreo', repository='demo', extra=(), environment=None):
        """What repo-server answers for such an Application: (list of objects, '') or (None, its error)."""
        command = [str(PEERS / 'repoclient'), '-addr', self.env['REPO_SERVER'], '-repo', self.url(repository),
                   '-path', path, '-plugin', name, '-no-cache', *extra]
        for parameter in parameters or []:
            command += ['-param', json.dumps(parameter)]
        for key, value in (environment or {}).items():
            command += ['-env', f'{key}={value}']
        run = subprocess.run(command, env=self.env, text=True, capture_output=True)
        return run.returncode, run.stdout, run.stderr

    def kubectl(self, *arguments, check=True, text=None):
        run = subprocess.run([str(PEERS / 'kubectl'), '--kubeconfig', self.env['KUBECONFIG'], *arguments],
                             env=self.env, text=True, input=text, capture_output=True)
        if check and run.returncode != 0:
            raise RuntimeError(f'kubectl {arguments}: {run.stderr}')
        return run.stdout

    def settings(self):
        """A file of lines for argocd-cm: the operators of these kinds are not here to report on them."""
        absent = ('external-secrets.io_ExternalSecret', 'gateway.networking.k8s.io_HTTPRoute', 'postgresql.cnpg.io_Cluster',
                  'autoscaling_HorizontalPodAutoscaler')
        file = self.work / 'argocd-cm'
        file.write_text(''.join(
            f'  resource.customizations.health.{kind}: |\n    return {{status = "Healthy"}}\n' for kind in absent))
        return str(file)

    def install_stand_in_crds(self, tree):
        """Kinds the tree renders that a bare API server lacks: schemaless stand-ins."""
        run = self.kubectl
        missing = {}
        out = subprocess.run([self.cli, 'render', tree, '--format', 'json'], capture_output=True, text=True).stdout
        known = run('api-resources', '-o', 'wide', '--no-headers')
        for o in json.loads(out):
            group, _, version = o['apiVersion'].rpartition('/')
            if '.' in group and not group.endswith('.k8s.io') and o['kind'] not in known.split():
                missing[(group, version, o['kind'])] = True
            if group == 'gateway.networking.k8s.io':
                missing[(group, version, o['kind'])] = True
        for group, version, kind in missing:
            plural = kind.lower() + ('es' if kind.endswith(('s', 'x')) else 's')
            if kind.endswith('y'):
                plural = kind.lower()[:-1] + 'ies'
            run('apply', '-f', '-', text=json.dumps({
                'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
                'metadata': {'name': f'{plural}.{group}', 'annotations': {
                    'api-approved.kubernetes.io': 'unapproved, a stand-in for tests'}},
                'spec': {'group': group, 'scope': 'Namespaced', 'names': {'kind': kind, 'plural': plural},
                         'versions': [{'name': version, 'served': True, 'storage': True, 'schema': {
                             'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}]}}))
            self.until(30, f'the CRD of {kind}', lambda p=plural, g=group: 'True' in run(
                'get', 'crd', f'{p}.{g}', '-o', 'jsonpath={.status.conditions[?(@.type=="Established")].status}', check=False))

    @staticmethod
    def until(seconds, what, test):
        end = time.monotonic() + seconds
        while True:
            result = test()
            if result:
                return result
            if time.monotonic() > end:
                raise AssertionError(f'gave up waiting for {what}')
            time.sleep(0.3)

    def close(self):
        self.stop_serving()
        for name in reversed(self.started):
            self.script(name, 'stop', check=False)
        shutil.rmtree(self.work, ignore_errors=True)


class Neighbour(Stack):
    """A stack that somebody else started and will stop. Namespaces, repositories and Applications are each suite's own."""

    def __init__(self, plugin, cli, file):
        self.plugin, self.cli = str(plugin), str(cli)
        there = json.loads(pathlib.Path(file).read_text())
        self.work, self.env = pathlib.Path(there['work']), {**os.environ, **there['env']}

    def close(self):
        pass
