#!/usr/bin/env python3
"""Our printing and reading of Go's formats beside Go's own, on random inputs.

usage: go_text_test.py OURS FOLDER_FOR_GOTEXT [--rounds N] [--seed S]   exit code 77: no Go
"""
import pathlib, random, re, shutil, struct, subprocess, sys

HERE = pathlib.Path(__file__).parent


def option(name, otherwise):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else otherwise


RUNES = ['a', 'Z', '0', '"', '\\', '\n', '\t', '\x00', '\x7f', 'é', 'ß', '\u00a0', '\u00ad', '\u2028', '\u200b', '\ufeff', '漢', '\ue000', '😀', '\U000e0001', '\U0010ffff']
PIECES = ['0', '1', '9', '12345678901234567890', '.', '-', '+', 'e', 'E', 'e-400', 'e400', 'e-320', 'e308', '_', 'x', '0x', 'p', 'p-1074', 'inf', 'Inf', 'infinity',
          'nan', 'NaN', '17976931348623157', '4.9406564584124654e-324', '2.2250738585072011e-308', ' ', 'f', 'true', 't', 'T', 'False', '0b1', '0o7']
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


INPUTS = {
    'quote': a_text, 'g': a_double, 'json': finite, 'fixed': finite, 'fixed3': finite, 'scientific6': finite,
    'float': lambda r: ''.join(r.choice(PIECES) for _ in range(r.randrange(1, 6))).encode(),
    'int': lambda r: ''.join(r.choice(PIECES[:8] + ['_']) for _ in range(r.randrange(1, 4))).encode(),
    'bool': lambda r: r.choice(PIECES).encode(),
    'duration': lambda r: struct.pack('>q', r.choice([0, 1, -1, -2 ** 63, 2 ** 63 - 1, r.randrange(-10 ** r.randrange(1, 19), 10 ** r.randrange(1, 19))])),
    'time': a_time, 'read-time': a_written_time,
    'base64': lambda r: r.randbytes(r.randrange(20)),
    'read-base64': lambda r: ''.join(r.choice('AZaz09+/=\n!') for _ in range(r.randrange(10))).encode(),
    'hex': lambda r: r.randbytes(r.randrange(20)),
}


def main():
    ours, folder = sys.argv[1:3]
    go = shutil.which('go')
    if not go: print('SKIPPED: no Go to ask'); sys.exit(77)
    gotext = str(pathlib.Path(folder) / 'gotext')
    subprocess.run([go, 'build', '-o', gotext, '.'], cwd=HERE / 'gotext', check=True)
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
