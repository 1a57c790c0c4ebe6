#!/usr/bin/env python3
"""`kustomize build` with our function, as exec and as plugin, beside one that copies its input (cat), in turns.

usage: kustomize_benchmark.py PROGRAM [TREE] [--runs 31]      TREE: a folder with openchoreo-render.yaml (examples/mono-repo)
needs: kustomize in $PEER_BIN (make peers builds it)

Prints the median and the smallest wall time of each and the CPU time of all its processes, which a busy machine disturbs less,
and what the function costs by them.
"""
import argparse
import os
import pathlib
import re
import resource
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
                before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
                subprocess.run([KUSTOMIZE, 'build', '--enable-alpha-plugins', '--enable-exec', str(tree)], check=True,
                               stdout=subprocess.DEVNULL, env={**os.environ, 'KUSTOMIZE_PLUGIN_HOME': str(plugins)})
                wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                times.append((wall * 1e3, cpu * 1e3))
        names = ('with the function', 'as a plugin', 'with a copy')
        figures = [[f(column) for column in zip(*times) for f in (statistics.median, min)] for times in seconds.values()]
        for name, (median, smallest, cpu, cpu_smallest) in zip(names, figures):
            print(f'{name + ":":19}median {median:.1f} ms, smallest {smallest:.1f} ms, CPU {cpu:.1f} and {cpu_smallest:.1f} ms')
        ours, plugin, copy = figures
        for name, one, other in (('over the copy', ours, copy), ('plugin over exec', plugin, ours)):
            print(f'{name + ":":19}' + ', '.join(f'{a - b:.1f}' for a, b in zip(one, other)))


main()
