#!/usr/bin/env python3
"""`kustomize build` with our function, as exec and as plugin, beside one that copies its input (cat), in turns.

usage: kustomize_benchmark.py PROGRAM [TREE] [--runs 31]      TREE: a folder with openchoreo-render.yaml (examples/mono-repo)
needs: kustomize in $PEER_BIN (make peers builds it)

Prints the median and the smallest wall time of each, and what the function costs by both.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
KUSTOMIZE = os.path.join(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'), 'kustomize')
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / 'examples/mono-repo'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('tree', nargs='?', type=pathlib.Path, default=EXAMPLE)
    parser.add_argument('--runs', type=int, default=31)
    args = parser.parse_args()
    if not os.access(KUSTOMIZE, os.X_OK):
        print(f'*** LEFT OUT: no kustomize at {KUSTOMIZE} (make peers) ***')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        seconds = {}
        plugins = pathlib.Path(folder) / 'plugins'
        subprocess.run([args.program, 'install-plugin', '--home', plugins], check=True, stdout=subprocess.DEVNULL)
        for name, program in (('ours', os.path.abspath(args.program)), ('plugin', None), ('copy', shutil.which('cat'))):
            tree = pathlib.Path(folder) / name
            shutil.copytree(args.tree, tree)
            config = tree / 'openchoreo-render.yaml'
            lines = config.read_text().splitlines(keepends=True)
            if program is None:
                kept = [l for l in lines if not re.match(r'  annotations:|    config\.kubernetes\.io/function|      exec|        path:', l)]
                config.write_text(''.join(kept))
                seconds[tree] = []
                continue
            config.write_text(''.join(l[:l.index('path:')] + f'path: {program}\n' if l.strip().startswith('path:') else l
                                      for l in lines))
            seconds[tree] = []
        for _ in range(args.runs):
            for tree, times in seconds.items():
                begin = time.monotonic()
                subprocess.run([KUSTOMIZE, 'build', '--enable-alpha-plugins', '--enable-exec', str(tree)], check=True,
                               stdout=subprocess.DEVNULL, env={**os.environ, 'KUSTOMIZE_PLUGIN_HOME': str(plugins)})
                times.append((time.monotonic() - begin) * 1e3)
        (ours, plugin, copy) = ((statistics.median(t), min(t)) for t in seconds.values())
        print(f'with the function: median {ours[0]:.1f} ms, smallest {ours[1]:.1f} ms')
        print(f'as a plugin:       median {plugin[0]:.1f} ms, smallest {plugin[1]:.1f} ms')
        print(f'with a copy:       median {copy[0]:.1f} ms, smallest {copy[1]:.1f} ms')
        print(f'the function:      median {ours[0] - copy[0]:.1f} ms, smallest {ours[1] - copy[1]:.1f} ms')


main()
