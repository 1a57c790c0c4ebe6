"""A folder through every front door: what each says, and what it gives."""
import os, re, signal, subprocess, tempfile, time

FUNCTION_INPUT = """apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: gitops.openchoreo.dev/v1alpha1
  kind: OpenChoreoRender
  metadata: {name: render}
  spec: {root: .}
items: []
"""


class Server:
    """openchoreo-argocd-cmp serve, asked by cmp_ask."""

    def __init__(self, plugin, ask, *flags, limit=None):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.folder.name, 's.sock')
        self.ask_program = ask
        self.log = open(os.path.join(self.folder.name, 'log'), 'w+')
        environment = {**os.environ, 'TMPDIR': self.folder.name}
        self.process = subprocess.Popen([plugin, 'serve', '--socket', self.socket, '--metrics-address', '', *flags],
                                        stderr=self.log, env=environment, preexec_fn=limit)
        end = time.monotonic() + 30
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError('no server: ' + self.said())
            time.sleep(0.02)

    def command(self, folder, seconds, environment=(), path='.'):
        variables = [f'{name}={value}' for name, value in dict(environment).items()]
        return [self.ask_program, self.socket, folder, path, str(seconds), *variables]

    def ask(self, folder, seconds=60, environment=(), path='.'):
        """(exit code, manifests, message, milliseconds)"""
        p = subprocess.run(self.command(folder, seconds, environment, path), capture_output=True, timeout=seconds + 60)
        message, _, took = p.stderr.decode(errors='replace').rstrip('\n').rpartition('took ')
        return p.returncode, p.stdout.decode().splitlines(), message, int(took)

    def memory(self):
        """Resident bytes."""
        with open(f'/proc/{self.process.pid}/status') as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1)) * 1024

    def said(self):
        self.log.flush()
        with open(self.log.name) as log: return log.read()

    def stop(self, seconds=60):
        """Seconds from SIGTERM to the end, and the exit code."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=seconds)
        return time.monotonic() - begin, code

    def __enter__(self): return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill(); self.process.wait()
        self.log.close(); self.folder.cleanup()


def render(program, folder, *flags):
    return subprocess.run([program, 'render', '.', *flags], cwd=folder, capture_output=True, timeout=120)


def function(program, folder, given=FUNCTION_INPUT):
    return subprocess.run([program], cwd=folder, input=given.encode(), capture_output=True, timeout=120)


def generate(plugin, folder, environment=(), *flags):
    clean = {'PATH': os.environ['PATH'], **dict(environment)}
    return subprocess.run([plugin, 'generate', *flags], cwd=folder, env=clean, capture_output=True, timeout=120)
