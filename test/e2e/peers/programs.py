"""Runs the scripts of this folder, which start and stop the real programs, and keeps what they export."""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def run(env, name, *arguments, check=True, **more):
    """What it says; `env` takes what it exports."""
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
