#!/usr/bin/env python3
"""Stands in for `docker run`: holds kustomize's arguments against what the image needs, then runs the program as the
container would be: no environment, a folder of its own, only what is mounted.

$STUB_PROGRAM is the program; mounts are made as links below the folder."""
import os
import shutil
import subprocess
import sys
import tempfile

arguments = sys.argv[1:]
want = ['run', '--rm', '-i', '-a', 'STDIN', '-a', 'STDOUT', '-a', 'STDERR', '--network', 'none', '--user', 'nobody',
        '--security-opt=no-new-privileges']
if arguments[:len(want)] != want:
    sys.exit(f'docker stub: started with {arguments}')
rest = arguments[len(want):]
mounts, image = [], None
while rest:
    argument = rest.pop(0)
    if argument == '--mount':
        mounts.append(dict(part.partition('=')[::2] for part in rest.pop(0).split(',')))
    elif argument == '-e':
        rest.pop(0)
    elif image is None and not argument.startswith('-'):
        image = argument
    else:
        sys.exit(f'docker stub: unexpected argument {argument}')
if image is None or not all('readonly' in m for m in mounts):
    sys.exit(f'docker stub: no image, or a mount that can be written: {arguments}')
folder = tempfile.mkdtemp()
try:
    for mount in mounts:
        target = os.path.join(folder, mount['target'].lstrip('/'))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copytree(mount['source'], target)
    os.chmod(folder, 0o555)
    sys.exit(subprocess.run([os.environ['STUB_PROGRAM']], cwd=folder, env={}).returncode)
finally:
    os.chmod(folder, 0o755)
    shutil.rmtree(folder)
