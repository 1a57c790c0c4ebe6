#!/usr/bin/env python3
"""Whole-process figures of rendering large trees, beside the floor of the same run.

usage: tree_benchmark.py PROGRAM FLOOR WRITE_FLOOR [--bindings 1000 10000] [--runs 5] [--check]

Generates a tree of each size (gen_tree.py), then runs, in turn, the floor (read the files, walk their libyaml
events), PROGRAM on one thread and PROGRAM on two; then to one file and to a folder in memory (/dev/shm), beside
WRITE_FLOOR, which reads the same files and writes as many bytes to as many files. Prints the median wall time, CPU
time and peak memory of each and their ratio to their floor. --check renders a tiny tree once, so that this file
cannot rot.
"""
import argparse, os, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))

def run(command, out=None, stdout=os.devnull):
    if out: shutil.rmtree(out, ignore_errors=True)
    with open(stdout, 'wb') as to:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=to, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f'{command}: exit {process.returncode}: {error.decode()[:500]}')
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program'); parser.add_argument('floor'); parser.add_argument('write_floor')
    parser.add_argument('--bindings', type=int, nargs='+', default=[1000, 10000])
    parser.add_argument('--runs', type=int, default=5); parser.add_argument('--check', action='store_true')
    args = parser.parse_args()
    sizes = [(20, ['--projects', '2', '--components', '10'])] if args.check else \
            [(n, ['--envs', str(n // 1000)]) for n in args.bindings]
    for bindings, shape in sizes:
        with tempfile.TemporaryDirectory() as folder:
            tree = os.path.join(folder, 'tree')
            subprocess.run([sys.executable, os.path.join(HERE, 'gen_tree.py'), tree, *shape], check=True)
            memory = tempfile.mkdtemp(dir='/dev/shm' if os.path.isdir('/dev/shm') else folder)
            out, listing = os.path.join(memory, 'out'), os.path.join(memory, 'list')
            render = [args.program, 'render', tree]
            run(render + ['--output-dir', out])
            with open(listing, 'w') as sizes_of:
                for at, _, files in os.walk(out):
                    for name in files:
                        path = os.path.join(at, name)
                        sizes_of.write(f'{os.path.getsize(path)} {os.path.relpath(path, out)}\n')
            to_file, to_folder = {'stdout': os.path.join(memory, 'stream')}, {'out': out}
            # name: command, where it writes, its floor
            cases = {'floor': ([args.floor, tree], {}, 'floor'),
                     '1 thread': (render + ['--jobs', '1'], {}, 'floor'),
                     '2 threads': (render + ['--jobs', '2'], {}, 'floor'),
                     'write floor': ([args.write_floor, tree, listing, out], to_folder, 'write floor'),
                     'to a file, 1 thread': (render + ['--jobs', '1'], to_file, 'write floor'),
                     'to a folder, 1 thread': (render + ['--jobs', '1', '--output-dir', out], to_folder, 'write floor'),
                     'to a folder, 2 threads': (render + ['--jobs', '2', '--output-dir', out], to_folder, 'write floor')}
            figures = {name: [] for name in cases}
            for turn in range(1 if args.check else args.runs + 1):
                for name, (command, where, _) in cases.items():
                    measured = run(command, **where)
                    if turn or args.check: figures[name].append(measured)
            shutil.rmtree(memory)
            print(f'{bindings} bindings')
            wall_of = {name: statistics.median(w for w, _, _ in rows) for name, rows in figures.items()}
            for name, rows in figures.items():
                wall, cpu, peak = (statistics.median(column) for column in zip(*rows))
                base = cases[name][2]
                print(f'  {name:22} wall {wall:7.3f} s   cpu {cpu:7.3f} s   peak {peak:6.0f} MiB   '
                      f'{wall / wall_of[base]:5.2f} x {base}')

main()
