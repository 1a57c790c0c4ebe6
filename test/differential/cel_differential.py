#!/usr/bin/env python3
"""Random expressions through this engine and through cel-go; prints where they differ.

usage: cel_differential.py BINARY CELGO [--seconds N] [--seed S] [--batches N] [--depth D] [--cases DIR] [--environment FILE]

CELGO is the program of test/benchmark/celgo. Values, result types, the phase of a failure and the text of an
evaluation error must agree; of a syntax error the place of the first. What cel-go itself answers differently from run
to run (the order of its maps) does not count; known differences are listed in KNOWN, each with its reason.
With --cases expressions of DIR's case files (conformance/cel) are among those that are mutated. With --environment
(conformance/cel/environment.txt) it says which overloads and macros no expression came by, and fails if there are any.
"""
import argparse
import collections
import glob
import json
import os
import random
import re
import resource
import subprocess
import sys
import time

from cel_grammar import Generator


def both(text):
    return lambda e, ours, theirs: all(re.search(text, answer.get('error', '')) for answer in (ours, theirs))


def has_container_key(answer):
    return re.search(r'\[\[?\{"(map|list|optional)":', json.dumps(answer.get('value'))) and '"map": [[' in json.dumps(answer.get('value'))


# (what to look for in the two answers, reason)
KNOWN = [
    (lambda e, ours, theirs: 'crash' in (ours['phase'] if 'error' in ours else '', theirs['phase'] if 'error' in theirs else '') and 'takes too' in ours.get('error', 'takes too'), 'cel-go has no limits'),
    (lambda e, ours, theirs: 'internal error' in theirs.get('error', '') and ('value' not in ours or 'omitValue' in theirs['error']), 'cel-go panics; we give an error with a text of our own'),
    (lambda e, ours, theirs: ours.get('phase') == theirs.get('phase') == 'compile' and 'Syntax error' in ours['error'] and 'Syntax error' in theirs['error'], "where the parser generator sees a syntax error, and what it says of it"),
    (lambda e, ours, theirs: ours.get('phase') == 'compile' and 'error recovery' in theirs.get('error', ''), 'the parser generator gives up'),
    (lambda e, ours, theirs: 'is not a message type' in theirs.get('error', '') and ours.get('phase') == 'compile', 'other types than messages as the names of messages'),
    (lambda e, ours, theirs: has_container_key(ours) and has_container_key(theirs), 'cel-go tells lists and maps as keys apart by where they lie'),
    (lambda e, ours, theirs: 'error parsing regexp: expression too large' in ours.get('error', ''), 'programs of patterns have a limit'),
    (lambda e, ours, theirs: 'omitValue)&{' in theirs.get('error', ''), 'what oc_merge makes of an omit is an error value of upstream'),
    (lambda e, ours, theirs: '*types.Err' in json.dumps(theirs), 'cel-go loses values under NaN keys'),
    (both('google.protobuf.Value.*invalid'), "protobuf's wording of JSON numbers that are none"),
    (both(r'value .* is not optional|non-optional value|invalid input|invalid qualifier type'), "Go's %v and %T of whole values in messages"),
    (lambda e, ours, theirs: 'is a directory' in theirs.get('error', '') and 'unknown time zone' in ours.get('error', ''), 'a folder of the zone database'),
    (lambda e, ours, theirs: re.search(r'google\s*\.\s*protobuf', e) and re.search(r"undeclared reference to '\.?google|field type|timestamp overflow", ours.get('error', '')) or 'oc_merge' in e and 'protobuf.Struct' in e, 'of the messages of google.protobuf only those with a CEL value of their own are known'),
]


UNKNOWN = {'error': 'no answer, or too long a one', 'phase': 'crash'}


def limited():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def run(command, requests):
    """The answers; where the program crashes, takes too long or too much memory, or answers at length, UNKNOWN."""
    lines = '\n'.join(json.dumps(r) for r in requests) + '\n'
    try:
        done = subprocess.run(command, input=lines.encode(), capture_output=True, preexec_fn=limited, timeout=30)
        if done.returncode == 0:
            return [json.loads(line) if len(line) < 1 << 20 else UNKNOWN for line in done.stdout.decode().split('\n') if line]
    except subprocess.TimeoutExpired:
        pass
    if len(requests) == 1:
        return [UNKNOWN]
    half = len(requests) // 2
    return run(command, requests[:half]) + run(command, requests[half:])


def canonical(value):
    if isinstance(value, dict):
        if set(value) == {'map'}:
            return {'map': sorted(canonical(value['map']), key=lambda entry: json.dumps(entry, sort_keys=True))}
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, list):
        return [canonical(v) for v in value]
    return value


PLACE = re.compile(r'ERROR: <input>:(-?\d+:\d+): ')


def key(answer):
    if 'error' in answer:
        error = answer['error']
        if answer['phase'] == 'compile' and 'Syntax error' in error:
            return ('syntax error', PLACE.match(error).group(1))
        # OpenChoreo's type for omitted values has another name in its own package.
        error = re.sub(r"\*(template\.omit(CEL)?Value|main\.omit(ted|Value))", '*omitted', error)
        error = error.replace('&{false}', '&{}')
        # Free type variables are numbered as the checker came by them; Go prints addresses.
        error = re.sub(r'0x[0-9a-f]{6,}', '0xADDRESS', re.sub(r'_var\d+', '_var', re.sub(r'\s+', ' ', error)))
        return ('error', answer['phase'], error)
    return ('value', json.dumps(canonical(answer.get('value')), sort_keys=True), answer['type'])


def cases_of(folder):
    texts = []
    for path in sorted(glob.glob(os.path.join(folder, '*.json'))):
        content = json.load(open(path))
        texts += [case['expr'] for case in (content if isinstance(content, list) else content['exprs'])]
    return texts


class Reach:
    """Which overloads and macros were come by."""

    def __init__(self, path):
        self.missing = set()
        for line in open(path):
            if line.startswith('macro '):
                name, arguments = re.search(r'key=(.*?):(.*?):', line).groups()
                self.missing.add(f'macro {name}/{arguments}')
            elif '->' in line and not line.startswith('__not_strictly_false__'):  # no text comes by it
                self.missing.add(line.split()[-1])

    def add(self, answers):
        for answer in answers:
            self.missing.difference_update(answer.get('overloads', []))
            for macro in answer.get('macros', []):
                self.missing -= {'macro ' + macro, 'macro ' + macro.split('/')[0] + '/*'}


def report(number, request, ours, theirs):
    kind = 'typed ' if 'type_env' in request else 'ext ' if 'ext' in request else ''
    print(f'DIFFERENT {number} {kind}{request["expr"]}\n  ours   {json.dumps(ours, ensure_ascii=False)[:600]}\n  cel-go {json.dumps(theirs, ensure_ascii=False)[:600]}', flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('celgo')
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--depth', type=int, default=4)
    parser.add_argument('--batches', type=int, help='2,000 expressions each, instead of a time')
    parser.add_argument('--cases')
    parser.add_argument('--environment')
    parser.add_argument('--shown', type=int, default=40)
    options = parser.parse_args()
    sys.setrecursionlimit(20000)  # answers nest as deep as expressions
    generator = Generator(random.Random(options.seed), options.depth, cases_of(options.cases) if options.cases else ())
    reach = Reach(options.environment) if options.environment else None
    ours, theirs = [options.binary, 'eval', 'cel'], [options.celgo, 'eval']
    end = time.time() + options.seconds
    counts = collections.Counter()
    known = collections.Counter()
    while counts['expressions'] < 2000 * options.batches if options.batches else time.time() < end:
        requests = [generator.request() for _ in range(2000)]
        a, b = run(ours, requests), run(theirs, requests)
        if reach and reach.missing:
            reach.add(run([options.celgo, 'reach'], requests))
        suspects = [n for n in range(len(requests)) if key(a[n]) != key(b[n])]
        counts['expressions'] += len(requests)
        counts.update('values' for answer in b if 'error' not in answer)
        counts.update('syntax errors' if key(answer)[0] == 'syntax error' else answer['phase'] + ' errors' for answer in b if 'error' in answer)
        for n in suspects[:]:
            reason = next((reason for matches, reason in KNOWN if matches(requests[n]['expr'], a[n], b[n])), None)
            if reason:
                known[reason] += 1
                suspects.remove(n)
        again = run(theirs, [requests[n] for n in suspects for _ in range(40)]) if suspects else []
        for position, n in enumerate(suspects):
            # Go's order of small maps is most often the same.
            if any(key(answer) != key(b[n]) for answer in again[position * 40:position * 40 + 40] + run(theirs, [requests[n]] * 300)):
                counts['where cel-go varies'] += 1
                continue
            counts['different'] += 1
            if counts['different'] <= options.shown:
                report(counts['different'], requests[n], a[n], b[n])
    for reason, number in known.most_common():
        print(f'known: {number} times {reason}')
    counts.setdefault('different', 0)
    print(', '.join(f'{number} {what}' for what, number in counts.items()) + f', {sum(known.values())} known differences')
    if reach:
        print(f'never reached: {", ".join(sorted(reach.missing)) or "nothing"}')
    sys.exit(1 if counts['different'] or reach and reach.missing else 0)


main()
