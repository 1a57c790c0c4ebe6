#!/usr/bin/env python3
"""Random well-formed expressions through this engine and through cel-go; prints where they differ.

usage: cel_differential.py BINARY CELGO [--seconds N] [--seed S] [--depth D]

CELGO is the program of test/benchmark/celgo. Values, result types, the phase of a failure and the text of an
evaluation error must agree. What cel-go itself answers differently from run to run (the order of its maps) does
not count; known differences are listed in KNOWN, each with its reason.
"""
import argparse
import json
import random
import re
import subprocess
import sys
import time

# (what to look for in the two answers, reason)
KNOWN = [
    (lambda e, ours, theirs: 'internal error' in theirs.get('error', ''),
     'cel-go panics; we give an error with a text of our own'),
    (lambda e, ours, theirs: ours.get('phase') == theirs.get('phase') == 'compile' and 'Syntax error' in theirs['error'],
     "the parser generator's wording of syntax errors"),
    (lambda e, ours, theirs: 'error parsing regexp' in theirs.get('error', '') and 'error parsing regexp' in ours.get('error', ''),
     'RE2 and Go name some errors of patterns differently'),
    (lambda e, ours, theirs: '*types.Err' in json.dumps(theirs),
     'cel-go loses values under NaN keys'),
    (lambda e, ours, theirs: '0x' in ours.get('error', '') + theirs.get('error', ''),
     'cel-go prints addresses'),
    (lambda e, ours, theirs: 'google.protobuf.Value' in ours.get('error', '') and 'invalid' in theirs.get('error', ''),
     "protobuf's wording of JSON numbers that are none"),
    (lambda e, ours, theirs: all('type conversion' in a.get('error', '') or 'conversion not supported' in a.get('error', '') for a in (ours, theirs)),
     "Go's names of types in messages of json.encode"),
    (lambda e, ours, theirs: all(re.search(r'value .* is not optional|non-optional value|invalid input|invalid qualifier type', a.get('error', '')) for a in (ours, theirs)),
     "Go's %v of whole values in messages"),
]

BINDINGS = {
    'i': {'int': '7'}, 'j': {'int': '-3'}, 'big': {'int': '9223372036854775807'}, 'u': {'uint': '5'},
    'd': {'double': '2.5'}, 'whole': {'double': '3'}, 'nan': {'double': 'NaN'}, 'inf': {'double': '-Infinity'},
    'b': {'bool': True}, 'n': {'null': None}, 's': {'string': 'héllo wörld'}, 't': {'string': 'a,b,,c'}, 'e': {'string': ''},
    'num': {'string': '42'}, 'y': {'bytes': 'aGVs/w=='},
    'l': {'list': [{'int': '1'}, {'int': '2'}, {'int': '3'}]},
    'mixed': {'list': [{'int': '1'}, {'string': 'x'}, {'null': None}, {'double': '1.5'}, {'list': [{'int': '1'}]}]},
    'ls': {'list': [{'string': 'b'}, {'string': 'a'}, {'string': 'c'}, {'string': 'a'}]},
    'll': {'list': [{'list': [{'int': '1'}]}, {'list': []}, {'list': [{'int': '2'}, {'int': '3'}]}]},
    'ld': {'list': [{'double': '3'}, {'double': '-1.5'}, {'double': '2'}]},
    'm': {'map': [[{'string': 'a'}, {'int': '1'}], [{'string': 'b'}, {'map': [[{'string': 'c'}, {'string': 'deep'}]]}]]},
    'mi': {'map': [[{'int': '1'}, {'string': 'one'}], [{'int': '2'}, {'string': 'two'}]]},
    'one': {'map': [[{'string': 'k'}, {'double': '8'}]]},
    'ts': {'timestamp': '2024-02-29T23:59:58.75Z'}, 'du': {'duration': '5400.5s'},
}
VARIABLES = {
    'int': ['i', 'j', 'big'], 'uint': ['u'], 'double': ['d', 'whole', 'nan', 'inf'], 'bool': ['b'], 'null': ['n'],
    'string': ['s', 't', 'e', 'num'], 'bytes': ['y'], 'list': ['l', 'mixed', 'ls', 'll', 'ld'],
    'map': ['m', 'mi', 'one'], 'timestamp': ['ts'], 'duration': ['du'],
}
LITERALS = {
    'int': ['0', '1', '-1', '2', '3', '10', '63', '100', '0x1f', '9223372036854775807', '-9223372036854775808'],
    'uint': ['0u', '1u', '2u', '18446744073709551615u', '0xFu'],
    'double': ['0.0', '1.0', '-1.5', '2.5', '1e6', '1e21', '1e-7', '.5', '1e300', '-0.0', '9007199254740993.0'],
    'bool': ['true', 'false'],
    'null': ['null'],
    'string': ["''", "'a'", "'abc'", "'ABC def'", "'héé'", '"q\\"x"', "r'raw\\n'", "'''tri'ple'''", "'12'", "'1.5'", "'x%sx'", "'😀é'",
               "'2023-05-06T07:08:09.5Z'", "'1h2m'", "'true'", "','", "' pad\\t'", "'a.b-C'", "'1_0'", "'0x1p4'"],
    'bytes': ["b''", "b'abc'", "b'\\xff\\x00'", "b'h\\303\\251'"],
    'timestamp': ["timestamp('2023-05-06T07:08:09.5Z')", "timestamp('1970-01-01T00:00:00+05:30')", 'timestamp(0)', "timestamp('9999-12-31T23:59:59Z')"],
    'duration': ["duration('1h')", "duration('-1.5s')", "duration('1us')", "duration('0')"],
    'type': ['int', 'string', 'type', 'list', 'map', 'null_type', 'google.protobuf.Timestamp', 'optional_type'],
}
TYPES = ['int', 'uint', 'double', 'bool', 'null', 'string', 'bytes', 'list', 'map', 'timestamp', 'duration', 'type', 'optional']
COMMON = ['int', 'int', 'double', 'bool', 'bool', 'string', 'string', 'list', 'list', 'map', 'optional', 'uint', 'bytes', 'null', 'timestamp', 'duration', 'type']

# result type -> templates; {x} is an expression of type x, {any} of any type, {V} a fresh variable
RULES = {
    'int': ['{int} + {int}', '{int} - {int}', '{int} * {int}', '{int} / {int}', '{int} % {int}', '-{intp}', 'size({list})', '{string}.size()',
            '{map}.size()', '{bytes}.size()', 'int({string})', 'int({double})', 'int({uint})', 'int({timestamp})', 'int({duration})',
            '{string}.indexOf({string})', '{string}.indexOf({string}, {int})', '{string}.lastIndexOf({string})', '{string}.lastIndexOf({string}, {int})',
            '{timestamp}.getFullYear()', '{timestamp}.getMonth()', '{timestamp}.getDayOfYear()', '{timestamp}.getDayOfWeek("Asia/Tokyo")',
            '{timestamp}.getHours("+05:30")', '{timestamp}.getMinutes("-03:30")', '{timestamp}.getMilliseconds()', '{timestamp}.getDate("America/New_York")',
            '{duration}.getSeconds()', '{duration}.getMilliseconds()', '{duration}.getHours()', 'math.abs({int})', 'math.sign({int})',
            'math.bitAnd({int}, {int})', 'math.bitOr({int}, {int})', 'math.bitXor({int}, {int})', 'math.bitNot({int})',
            'math.bitShiftLeft({int}, {int})', 'math.bitShiftRight({int}, {int})', 'math.greatest({int}, {int})', 'math.least({int}, {int}, {int})',
            '{map}[{string}]', '{list}[{int}]'],
    'uint': ['{uint} + {uint}', '{uint} - {uint}', '{uint} * {uint}', '{uint} / {uint}', '{uint} % {uint}', 'uint({int})', 'uint({string})',
             'uint({double})', 'math.bitAnd({uint}, {uint})', 'math.bitShiftLeft({uint}, {int})', 'math.bitNot({uint})', 'math.abs({uint})'],
    'double': ['{double} + {double}', '{double} - {double}', '{double} * {double}', '{double} / {double}', '-{doublep}', 'double({int})',
               'double({string})', 'double({uint})', 'math.ceil({double})', 'math.floor({double})', 'math.round({double})', 'math.trunc({double})',
               'math.sqrt({double})', 'math.sqrt({int})', 'math.sign({double})', 'math.abs({double})', 'math.greatest({double}, {double})',
               'math.least({double}, {int})', 'math.greatest([{double}, {double}])'],
    'bool': ['{bool} && {bool}', '{bool} || {bool}', '!{boolp}', '{any} == {any}', '{any} != {any}', '{int} < {int}', '{double} <= {double}',
             '{string} > {string}', '{bytes} >= {bytes}', '{timestamp} < {timestamp}', '{duration} > {duration}', 'dyn({any}) < dyn({any})',
             'dyn({int}) == dyn({double})', 'dyn({uint}) >= dyn({int})', '{any} in {list}', '{string} in {map}', '{int} in {map}',
             '{string}.contains({string})', '{string}.startsWith({string})', '{string}.endsWith({string})', "{string}.matches('^[a-z]+$')",
             "{string}.matches({string})", 'has({map}.a)', 'has({map}.b.c)', 'has(m.b.c)', '{list}.all({V}, {boolv})', '{list}.exists({V}, {boolv})',
             '{list}.exists_one({V}, {boolv})', '{map}.all({V}, {boolv})', '{map}.exists({V}, {W}, {boolv})', '{list}.all({V}, {W}, {boolv})',
             '{list}.existsOne({V}, {W}, {boolv})', '{optional}.hasValue()', 'sets.contains({list}, {list})', 'sets.equivalent({list}, {list})',
             'sets.intersects({list}, {list})', 'math.isNaN({double})', 'math.isInf({double})', 'math.isFinite({double})', 'bool({string})',
             'type({any}) == {type}', 'dyn({any}) == dyn({any})', '[{any}] == [{any}]', "{'k': {any}} == {'k': {any}}"],
    'string': ['{string} + {string}', 'string({int})', 'string({double})', 'string({bool})', 'string({bytes})', 'string({timestamp})',
               'string({duration})', 'string({uint})', '{string}.charAt({int})', '{string}.lowerAscii()', '{string}.upperAscii()',
               '{string}.replace({string}, {string})', '{string}.replace({string}, {string}, {int})', '{string}.substring({int})',
               '{string}.substring({int}, {int})', '{string}.trim()', '{string}.reverse()', 'strings.quote({string})', '{list}.join()',
               "{list}.join({string})", "'%s'.format([{any}])", "'%d|%s'.format([{int}, {any}])", "'%.2f %e'.format([{double}, {double}])",
               "'%x %X %o %b'.format([{int}, {string}, {uint}, {bool}])", "'%d'.format([{double}])", 'base64.encode({bytes})', 'json.encode({any})',
               'oc_hash({string})', '{map}.b.c', "{string}.format({list})"],
    'bytes': ['{bytes} + {bytes}', 'bytes({string})', 'base64.decode({string})'],
    'list': ['[{any}, {any}]', '[{int}, {int}, {int}]', '[{string}, {string}]', '[?{optional}, {any}]', '{list} + {list}', '{list}.map({V}, {anyv})',
             '{list}.filter({V}, {boolv})', '{list}.map({V}, {boolv}, {anyv})', '{list}.transformList({V}, {W}, {anyv})',
             '{list}.transformList({V}, {W}, {boolv}, {anyv})', '{string}.split({string})', '{string}.split({string}, {int})', '{list}.slice({int}, {int})',
             '{list}.flatten()', '{list}.flatten({int})', '{list}.sort()', '{list}.sortBy({V}, {anyv})', '{list}.distinct()', '{list}.reverse()',
             'lists.range({int})', '{map}.map({V}, {anyv})', '[{optional}, {optional}].unwrapOpt()', 'optional.unwrap([{optional}])', '[]',
             '{map}.transformList({V}, {W}, {anyv}).sort()'],
    'map': ['{}', "{'a': {any}, 'b': {any}}", '{{any}: {any}}', '{{string}: {any}, {string}: {any}}', "{?'a': {optional}, 'z': {any}}",
            '{list}.transformMap({V}, {W}, {anyv})', '{list}.transformMap({V}, {W}, {boolv}, {anyv})', '{map}.transformMap({V}, {W}, {anyv})',
            "{list}.transformMapEntry({V}, {W}, {{anyv}: {anyv}})", 'oc_merge({map}, {map})', 'oc_merge({map}, {map}, {map})', '{1: {any}, 2u: {any}, true: {any}}'],
    'timestamp': ['{timestamp} + {duration}', '{timestamp} - {duration}', '{duration} + {timestamp}', 'timestamp({string})', 'timestamp({int})'],
    'duration': ['{duration} + {duration}', '{duration} - {duration}', '{timestamp} - {timestamp}', 'duration({string})'],
    'type': ['type({any})'],
    'null': ['null'],
    'optional': ['optional.of({any})', 'optional.none()', 'optional.ofNonZeroValue({any})', '{map}.?a', '{map}.?b.c', '{map}[?{string}]', '{list}[?{int}]',
                 '{list}.first()', '{list}.last()', '{optional}.optMap({V}, {anyv})', '{optional}.optFlatMap({V}, optional.of({anyv}))', '{optional}.or({optional})',
                 '{optional}.a', '{optional}[{int}]', '{optional}.?a'],
}
ANY_TYPE = ['{bool} ? {same} : {same}', '{optional}.orValue({same})', '{optional}.value()', 'dyn({same})', '[{same}][0]', "{'k': {same}}.k", "{'k': {same}}['k']",
            '({bool} ? {map} : {map}).a', '{list}[{any}]', '{map}[{any}]', '{map}.a']


class Generator:
    def __init__(self, rng, depth):
        self.rng = rng
        self.depth = depth
        self.scope = []
        self.fresh = 0

    def leaf(self, kind):
        if self.scope and self.rng.random() < 0.4:
            return self.rng.choice(self.scope)
        choices = []
        if kind in VARIABLES and (kind not in LITERALS or self.rng.random() < 0.4):
            choices = VARIABLES[kind]
        elif kind in LITERALS:
            choices = LITERALS[kind]
        if choices:
            return self.rng.choice(choices)
        return {'list': '[]', 'map': '{}', 'optional': 'optional.none()'}.get(kind, 'null')

    def of(self, kind, depth):
        if kind == 'any':
            kind = self.rng.choice(COMMON)
        # Now and then another type than fits.
        if self.rng.random() < 0.03:
            kind = self.rng.choice(TYPES)
        if depth <= 0 or self.rng.random() < 0.15:
            return self.leaf(kind)
        rules = RULES[kind]
        template = self.rng.choice(ANY_TYPE) if self.rng.random() < 0.12 else self.rng.choice(rules)
        return self.fill(template, kind, depth)

    def fill(self, template, kind, depth):
        names = {}
        for letter in ('V', 'W'):
            if '{%s}' % letter in template:
                self.fresh += 1
                names[letter] = self.rng.choice(['x', 'y1', 'i', 'k%d' % (self.fresh % 7)])
        if names.get('V') and names.get('V') == names.get('W'):
            names['W'] += '_'

        def part(match):
            hole = match.group(1)
            if hole in names:
                return names[hole]
            inner = hole.endswith('v') and hole != 'v'
            paren = hole.endswith('p') and hole not in ('map', 'timestamp')
            want = hole[:-1] if (inner or paren) and hole not in TYPES else hole
            if want == 'same':
                want = kind
            added = 0
            if inner and hole not in TYPES:
                self.scope.extend(names.values())
                added = len(names)
            text = self.of(want, depth - 1)
            if added:
                del self.scope[-added:]
            simple = re.fullmatch(r"[\w.]+|'[^'\\]*'|[\w.]+\([^()]*\)", text)
            return text if simple and not text.startswith('-') else '(' + text + ')'

        return re.sub(r'\{(\w+)\}', part, template)

    def expression(self):
        self.scope = []
        return self.of('any', self.rng.randint(1, self.depth))


def run(command, expressions):
    lines = '\n'.join(json.dumps({'expr': e, 'bindings': BINDINGS}) for e in expressions) + '\n'
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def canonical(value):
    if isinstance(value, dict):
        if set(value) == {'map'}:
            return {'map': sorted(json.dumps(canonical(entry), sort_keys=True) for entry in value['map'])}
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, list):
        return [canonical(v) for v in value]
    return value


def key(answer):
    if 'error' in answer:
        # Free type variables are numbered as the checker came by them.
        return ('error', answer['phase'], re.sub(r'_var\d+', '_var', re.sub(r'\s+', ' ', answer['error'])))
    return ('value', json.dumps(canonical(answer['value']), sort_keys=True), answer['type'])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('celgo')
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--depth', type=int, default=4)
    options = parser.parse_args()
    generator = Generator(random.Random(options.seed), options.depth)
    ours, theirs = [options.binary, 'eval', 'cel'], [options.celgo, 'eval']
    end = time.time() + options.seconds
    total = different = known = unstable = failed = 0
    while time.time() < end:
        expressions = [generator.expression() for _ in range(2000)]
        a, b = run(ours, expressions), run(theirs, expressions)
        suspects = [n for n in range(len(expressions)) if key(a[n]) != key(b[n])]
        total += len(expressions)
        failed += sum('error' in answer for answer in b)
        again = [run(theirs, [expressions[n] for n in suspects]) for _ in range(40)] if suspects else []
        for position, n in enumerate(suspects):
            if any(key(rerun[position]) != key(b[n]) for rerun in again):
                unstable += 1
            elif any(matches(expressions[n], a[n], b[n]) for matches, _ in KNOWN):
                known += 1
            else:
                different += 1
                if different <= 40:
                    print(f'DIFFERENT {expressions[n]}\n  ours   {json.dumps(a[n])[:600]}\n  cel-go {json.dumps(b[n])[:600]}')
    print(f'{total} expressions ({failed} failing), {different} different, {known} known differences, {unstable} where cel-go varies')
    sys.exit(1 if different else 0)


main()
