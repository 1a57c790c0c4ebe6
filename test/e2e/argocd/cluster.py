#!/usr/bin/env python3
"""One API server, one Argo CD and one plugin for the suites that can share them.

usage: cluster.py start FILE PLUGIN CLI REPOSITORY-ROOT
       cluster.py stop FILE
needs: what the suites need, which end as left out by themselves where it is missing
"""
import json
import os
import pathlib
import shutil
import signal
import sys

import stack as real


def start(file, plugin, cli, root):
    real.require(*real.WHOLE)
    stack = real.Stack.shared(plugin.resolve(), cli.resolve(), root.resolve())
    ours = {k: v for k, v in stack.env.items() if os.environ.get(k) != v}
    file.write_text(json.dumps({'work': str(stack.work), 'env': ours, 'started': stack.started,
                                'server': stack.server.pid}))


def stop(file):
    if not file.exists():
        return
    there = json.loads(file.read_text())
    try:
        os.kill(there['server'], signal.SIGTERM)
    except ProcessLookupError:
        pass
    for name in reversed(there['started']):
        real.programs.run({**os.environ, **there['env']}, name, 'stop', check=False)
    shutil.rmtree(there['work'], ignore_errors=True)
    file.unlink()


verb, file, *more = sys.argv[1:]
if verb == 'start':
    stop(pathlib.Path(file))  # what a run that was killed left
    start(pathlib.Path(file), *map(pathlib.Path, more))
else:
    stop(pathlib.Path(file))
