"""The real programs that end-to-end tests talk to: where they are, and the scripts of this folder that start and stop them."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
PEERS = pathlib.Path(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'))


def require(*programs):
    """Ends the test as left out where one of them is not there."""
    missing = [p for p in programs if not (PEERS / p).exists() and not shutil.which(p)]
    if missing:
        print(f'*** LEFT OUT: {", ".join(missing)} not in {PEERS} or PATH (make peers) ***')
        sys.exit(77)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def run(env, name, *arguments, check=True, **more):
    """Runs a script. What it says; `env` takes what it exports."""
    ran = subprocess.run(['bash', str(HERE / name), *arguments], env={**env, **more}, text=True, capture_output=True,
                         stdin=subprocess.DEVNULL)
    if check and ran.returncode != 0:
        raise RuntimeError(f'{name} {arguments}: {ran.stdout}{ran.stderr}')
    for line in ran.stdout.splitlines():
        if line.startswith('export '):
            for setting in line[7:].split():
                key, _, value = setting.partition('=')
                env[key] = value
    return ran.stdout.strip()
