#!/usr/bin/env python3
"""This CEL engine and cel-go side by side, in one run on one machine.

usage: cel_benchmark.py CEL_BENCHMARK CELGO FILE

CEL_BENCHMARK and CELGO (built in test/benchmark/celgo with `go build`) take turns over the expressions of FILE;
each figure is the better of two medians.
"""
import json
import math
import os
import subprocess
import sys


def run(command):
    environment = dict(os.environ, GOMAXPROCS='1')
    return {r['name']: r for r in json.loads(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)}


def best(command, rounds):
    merged = {}
    for results in rounds:
        for name, result in results.items():
            known = merged.setdefault(name, dict(result))
            for key in ('compile_ns', 'eval_ns'):
                known[key] = min(known[key], result[key])
    return merged


def main():
    ours_command, theirs_command = [sys.argv[1], sys.argv[3]], [sys.argv[2], 'bench', sys.argv[3]]
    ours, theirs = [], []
    for _ in range(2):
        ours.append(run(ours_command))
        theirs.append(run(theirs_command))
    ours, theirs = best(ours_command, ours), best(theirs_command, theirs)
    print(f"{'expression':<20}{'compile ns':>11}{'cel-go':>10}{'ratio':>8}{'eval ns':>10}{'cel-go':>10}{'ratio':>8}{'allocations':>13}")
    logs = {'compile_ns': 0.0, 'eval_ns': 0.0}
    for name, a in ours.items():
        b = theirs[name]
        for key in logs:
            logs[key] += math.log(b[key] / a[key])
        print(f"{name:<20}{a['compile_ns']:>11.0f}{b['compile_ns']:>10.0f}{b['compile_ns'] / a['compile_ns']:>8.1f}"
              f"{a['eval_ns']:>10.0f}{b['eval_ns']:>10.0f}{b['eval_ns'] / a['eval_ns']:>8.1f}{a['allocations']:>13}")
    means = {key: math.exp(total / len(ours)) for key, total in logs.items()}
    print(f"geometric mean: compilation {means['compile_ns']:.1f} times, evaluation {means['eval_ns']:.1f} times as fast")


main()
