#!/usr/bin/env python3
"""Our printing and reading of Go's formats beside Go's own, on random inputs.

usage: go_text_test.py OURS FOLDER_FOR_GOTEXT [--rounds N] [--seed S]   exit code 77: no Go
"""
import json, pathlib, random, re, shutil, struct, subprocess, sys

HERE = pathlib.Path(__file__).parent


def option(name, otherwise):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else otherwise


RUNES = ['a', 'Z', '0', '"', '\\', '\n', '\t', '\x00', '\x7f', 'é', 'ß', '\u00a0', '\u00ad', '\u2028', '\u200b', '\ufeff', '漢', '\ue000', '😀', '\U000e0001', '\U0010ffff']
PIECES = ['0', '1', '9', '12345678901234567890', '.', '-', '+', 'e', 'E', 'e-400', 'e400', 'e-320', 'e308', '_', 'x', '0x', 'p', 'p-1074', 'inf', 'Inf', 'infinity',
          'nan', 'NaN', '17976931348623157', '4.9406564584124654e-324', '2.2250738585072011e-308', ' ', 'f', 'true', 't', 'T', 'False', '0b1', '0o7']
UNITS = ['h', 'm', 's', 'ms', 'us', 'µs', 'μs', 'ns', '1.5h', '.25s', '9223372036854775807', '9223372036854775808ns', '-', '+']
TIMES = ['2026-11-29T21:02:39Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2024-02-29T00:00:00+05:30', '2023-02-29T00:00:00Z',
         '2024-12-31T23:59:60Z', '2024-1-01T00:00:00Z', '2024-01-01t00:00:00z', '2024-01-01T00:00:00', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00-23:59']


def a_double(r):
    form = r.randrange(5)
    if form == 0: return struct.pack('>Q', r.getrandbits(64))
    if form == 1: return struct.pack('>d', float(r.randrange(-10 ** r.randrange(1, 19), 10 ** r.randrange(1, 19))))
    if form == 2: return struct.pack('>d', r.randrange(-10 ** 6, 10 ** 6) / 10 ** r.randrange(0, 12))
    if form == 3: return struct.pack('>d', r.choice([0.0, -0.0, 1e21, 1e20, 1e-6, 1e-7, 999999.0, 1e6, 0.0001, 0.00001, 5e-324, 1.7976931348623157e308]))
    return struct.pack('>d', r.random() * 10.0 ** r.randrange(-30, 30))


def finite(r):
    while True:
        double = a_double(r)
        if abs(struct.unpack('>d', double)[0]) < float('inf'): return double


def a_text(r):
    text = b''.join(r.choice(RUNES).encode() for _ in range(r.randrange(8)))
    return text + bytes([r.randrange(256)]) if r.randrange(4) == 0 else text


def changed(r, text):
    text = list(text)
    for _ in range(r.randrange(3)): text[r.randrange(len(text))] = r.choice('0123456789-:T.Z+')
    return ''.join(text).encode()


def a_written_time(r):
    # Go takes offsets of 24 hours and of 60 minutes, which nobody writes; we do not.
    while True:
        text = changed(r, r.choice(TIMES))
        if not re.search(rb'[+-](24:..|..:60)$', text): return text


def a_time(r): return struct.pack('>q', r.randrange(-62167219200, 253402300800))


def a_word(r): return ''.join(r.choice(RUNES + ['<', '&']) for _ in range(r.randrange(5)))


def a_number(r): return r.choice([0, 1, -1, 7, 10 ** 6, 10 ** 20, 10 ** 21, 2 ** 53 + 1, 1.5, -0.25, 1e-7, 123456.789, r.randrange(-10 ** 12, 10 ** 12), r.random()])


# Those Python writes as Go does.
def a_plain_number(r): return r.choice([0, 7, -1, 10 ** 6, 1.5, -0.25, 123456.789, r.randrange(-10 ** 12, 10 ** 12)])


def a_value(r, depth=3, number=a_number):
    form = r.randrange(7 if depth else 4)
    if form == 0: return None
    if form == 1: return r.random() < 0.5
    if form == 2: return number(r)
    if form in (3, 4): return a_word(r)
    if form == 5: return [a_value(r, depth - 1, number) for _ in range(r.randrange(4))]
    return {a_word(r): a_value(r, depth - 1, number) for _ in range(r.randrange(4))}


# As the API server writes: compact, with sorted keys, HTML escaped.
def written(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
    for c in '<>&\u2028\u2029': text = text.replace(c, f'\\u{ord(c):04x}')
    return text.encode()


def a_json(r): return written(a_value(r))


def damaged(r):
    text = bytearray(a_json(r) or b'0')
    for _ in range(r.randrange(3)):
        at = r.randrange(len(text) + 1)
        if r.randrange(2): text[at:at + 1] = b''
        else: text[at:at] = r.choice([b'{', b'}', b'[', b']', b',', b':', b'"', b'\\', b'1', b'-', b'.', b'e', b' ', b'\n', b'tru', b'n', b"'", b'\x80', b'\\u12', b'\\x'])
    return bytes(text)


def an_inner(r): return {k: v for k, v in (('key', a_word(r)), ('count', r.randrange(-9, 99))) if r.randrange(3)}


# Every field is there, is null or is missing.
def an_outer(r):
    def some(make): return {a_word(r): make(r) for _ in range(r.randrange(3))}
    def many(make): return [make(r) for _ in range(r.randrange(3))]
    def raw(r): return a_value(r, 2, a_plain_number)
    fields = {'shared': a_word(r), 'text': a_word(r), 'flag': r.random() < 0.5, 'number': r.randrange(-2 ** 31, 2 ** 31), 'struct': an_inner(r), 'raw': raw(r), 'pointer': an_inner(r),
              'rawThere': raw(r), 'words': many(a_word), 'list': many(an_inner), 'texts': some(a_word), 'map': some(an_inner), 'raws': some(raw), 'flagged': r.random() < 0.5}
    return written({k: None if r.randrange(8) == 0 else v for k, v in fields.items() if r.randrange(3)})


GLOBS = 3 * ['a', 'b', '*', '/'] + ['é', '.yaml', '*', '**', '?', '/', '[a-c]', '[^b]', '[', ']', '\\\\', '\\ ', ' ', '!', '#', '-', '[b-]', '[\\]]', 'build', 'eu']


# Folder of the file, its lines, a path. "[!a]" is left to a unit test: git's sign, which Go does not know.
def an_ignore(r):
    def line(): return ''.join(r.choice(GLOBS) for _ in range(r.randrange(1, 5)))
    def path(): return '/'.join(r.choice(['a', 'b', 'ab', 'é', 'build', 'eu', 'a.yaml', '!', ' ', 'a ', '[']) for _ in range(r.randrange(1, 5)))
    while True:
        lines = '\n'.join(r.choice(['', '', '', '!', '/', '**/']) + line() + r.choice(['', '', '/', '/**', ' ', '\r']) for _ in range(r.randrange(1, 4)))
        if '[!' not in lines: return '\0'.join((r.choice(['', '', 'a', 'a/b']), lines, path())).encode()


INPUTS = {
    'quote': a_text, 'g': a_double, 'json': finite, 'fixed': finite, 'fixed3': finite, 'scientific6': finite,
    'float': lambda r: ''.join(r.choice(PIECES) for _ in range(r.randrange(1, 6))).encode(),
    'int': lambda r: ''.join(r.choice(PIECES[:8] + ['_']) for _ in range(r.randrange(1, 4))).encode(),
    'bool': lambda r: r.choice(PIECES).encode(),
    'duration': lambda r: struct.pack('>q', r.choice([0, 1, -1, -2 ** 63, 2 ** 63 - 1, r.randrange(-10 ** r.randrange(1, 19), 10 ** r.randrange(1, 19))])),
    'read-duration': lambda r: ''.join(r.choice(PIECES[:9] + UNITS) for _ in range(r.randrange(7))).encode(),
    'time': a_time, 'read-time': a_written_time,
    'base64': lambda r: r.randbytes(r.randrange(20)),
    'read-base64': lambda r: ''.join(r.choice('AZaz09+/=\n!') for _ in range(r.randrange(10))).encode(),
    'hex': lambda r: r.randbytes(r.randrange(20)),
    'ignored': an_ignore,
    'json-error': damaged, 'map-error': a_json, 'print': a_json, 'dump': a_json, 'dump-struct': an_outer,
}


def main():
    ours, folder = sys.argv[1:3]
    go = shutil.which('go')
    if not go: print('SKIPPED: no Go to ask'); sys.exit(77)
    gotext = str(pathlib.Path(folder) / 'gotext')
    if subprocess.run([go, 'build', '-o', gotext, '.'], cwd=HERE / 'gotext').returncode: print('SKIPPED: gotext does not build'); sys.exit(77)
    r = random.Random(option('--seed', 1))
    asked = [(name, make(r)) for _ in range(option('--rounds', 4000)) for name, make in INPUTS.items()]
    text = ''.join(f'{name}\t{given.hex()}\n' for name, given in asked)
    theirs, own = (subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.split('\n') for program in (gotext, ours))
    wrong = {}
    for (name, given), go_says, we_say in zip(asked, theirs, own, strict=False):
        if go_says != we_say: wrong.setdefault(name, []).append((given, bytes.fromhex(go_says), bytes.fromhex(we_say)))
    for name, cases in wrong.items():
        print(f'{name}: {len(cases)} differ')
        for given, go_says, we_say in cases[:3]: print(f'  {given!r}: Go {go_says!r}, we {we_say!r}')
    print(f'{len(asked)} answers')
    sys.exit(1 if wrong or len(theirs) != len(asked) + 1 or len(own) != len(theirs) else 0)


main()
