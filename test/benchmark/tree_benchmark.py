#!/usr/bin/env python3
"""Whole-process figures of rendering large trees, beside the floor of the same run.

usage: tree_benchmark.py PROGRAM FLOOR [--bindings 1000 10000] [--runs 5] [--check]

Generates a tree of each size (gen_tree.py), then runs, in turn, the floor (read the files, walk their libyaml
events), PROGRAM on one thread and PROGRAM on two, and prints the median wall time, CPU time and peak memory of
each and their ratio to the floor. --check renders a tiny tree once, so that this file cannot rot.
"""
import argparse, os, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))

def run(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f'{command}: exit {process.returncode}: {error.decode()[:500]}')
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program'); parser.add_argument('floor')
    parser.add_argument('--bindings', type=int, nargs='+', default=[1000, 10000])
    parser.add_argument('--runs', type=int, default=5); parser.add_argument('--check', action='store_true')
    args = parser.parse_args()
    sizes = [(20, ['--projects', '2', '--components', '10'])] if args.check else \
            [(n, ['--envs', str(n // 1000)]) for n in args.bindings]
    for bindings, shape in sizes:
        with tempfile.TemporaryDirectory() as folder:
            tree = os.path.join(folder, 'tree')
            subprocess.run([sys.executable, os.path.join(HERE, 'gen_tree.py'), tree, *shape], check=True)
            cases = {'floor': [args.floor, tree],
                     '1 thread': [args.program, 'render', tree, '--jobs', '1'],
                     '2 threads': [args.program, 'render', tree, '--jobs', '2']}
            figures = {name: [] for name in cases}
            for turn in range(1 if args.check else args.runs + 1):
                for name, command in cases.items():
                    measured = run(command)
                    if turn or args.check: figures[name].append(measured)
            print(f'{bindings} bindings')
            base = statistics.median(w for w, _, _ in figures['floor'])
            for name, rows in figures.items():
                wall, cpu, memory = (statistics.median(column) for column in zip(*rows))
                print(f'  {name:10} wall {wall:7.3f} s   cpu {cpu:7.3f} s   peak {memory:6.0f} MiB   {wall / base:5.2f} x floor')

main()
