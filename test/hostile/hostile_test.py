#!/usr/bin/env python3
"""Hostile trees must end in an error, in bounded time and memory, and never in a crash.

usage: hostile_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN [CASE...]
Each case is rendered by all three under 1.5 GiB of address space and 30 s; the program must exit 1 (an error of the tree) with text on stderr.
Of each of KINDS (kinds.py) the hostile tree must end in an error that names the limit, and its twin must render.
"""
import os, re, resource, subprocess, sys, tempfile, time

from doors import FUNCTION_INPUT
from kinds import KINDS, PLATFORM

MEMORY = int(1.5 * 2**30)
SECONDS = 30

def release(resources, parameters=''):
    return PLATFORM + f'''apiVersion: openchoreo.dev/v1alpha1
kind: ComponentRelease
metadata: {{name: c-v1, namespace: default}}
spec:
  owner: {{projectName: p, componentName: c}}
  componentType:
    kind: ComponentType
    name: deployment/t
    spec:
      workloadType: deployment
{parameters}
      resources:
{resources}
  workload:
    container: {{image: x}}
'''

def deployment(value, extra=''):
    return f'''        - id: deployment
          {extra}
          template:
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{name: a}}
            spec:
              value: {value}
'''

def expression(text, extra=''):
    return release(deployment("'${" + text.replace("'", "''") + "}'", extra))

def config_map(body):
    return ('apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: p}\nspec:\n' + body).encode()

def bomb():
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    lines += [f'a{i}: &a{i} [' + ', '.join([f'*a{i-1}'] * 10) + ']' for i in range(1, 12)]
    return config_map(''.join(f'  {line}\n' for line in lines))

ALL = 'lists.range(100000)'

CASES = {
    'deep flow nesting': config_map('  x: ' + '[' * 200000 + ']' * 200000),
    'deep flow nesting, not closed': config_map('  x: ' + '[' * 200000),
    'deep block nesting': config_map(''.join('  ' * (i + 1) + 'a:\n' for i in range(3000))),
    'alias bomb': bomb(),
    'recursive alias': config_map('  a: &a [*a]\n'),
    'merge bomb': config_map('  m0: &m0 {k: v}\n' + ''.join(
        f'  m{i}: &m{i} {{<<: [' + ', '.join([f'*m{i-1}'] * 9) + '], k%d: v}\n' % i for i in range(1, 12))),
    '100 MB scalar': config_map('  x: ' + 'y' * 100_000_000),
    '100 MB of keys': config_map(''.join(f'  k{i}: v\n' for i in range(7_000_000))),
    'invalid UTF-8': config_map('  x: ') + b'\xff\xfe\xfd\n',
    'NUL bytes': config_map('  x: "a') + b'\0' + b'b"\n',
    'unterminated quote': config_map('  x: "abc\n'),
    'duplicate keys': config_map('  x: 1\n  x: 2\n'),
    'cyclic $ref': release(deployment('1'), '''      parameters:
        openAPIV3Schema:
          type: object
          $defs: {A: {type: object, properties: {b: {$ref: '#/$defs/A'}}}}
          properties: {a: {$ref: '#/$defs/A'}}
'''),
    'forEach over millions': expression('1', "forEach: '${lists.range(1000000)}'\n          var: i"),
    'comprehension over 10^15': expression(f'{ALL}.map(a, {ALL}.map(b, {ALL}.map(c, a + b + c)))'),
    'all over 10^15': expression(f'{ALL}.all(a, {ALL}.all(b, {ALL}.all(c, true)))'),
    'string doubling': expression('lists.range(60).map(i, "x").join("")' + '.replace("x", "xx")' * 40),
    'nested replace': expression('"x"' + ('.replace("", "' + 'y' * 1000 + '")') * 12),
    'list doubling': expression('[[1]]' + '.map(x, x + x)' * 60 + '.flatten()' ),
    'deep expression': expression('(' * 3000 + '1' + ')' * 3000),
    'long expression': expression('1' + ' + 1' * 60000),
    'deep list literal': expression('[' * 240 + ']' * 240 + ' + 1'),
    'many expressions': release(deployment('"' + '${[1].map(x,x)}' * 1000 + '${x}"')),
    'template of a million entries': release(deployment('{' + ', '.join(f'k{i}: "${{{i}}}"' for i in range(400000)) + ', z: "${nope}"}')),
    'catastrophic regex': expression('"' + 'a' * 5000 + '".matches("(a*)*$b") ? 1 : [][1]'),
    'huge repetition regex': expression('"a".matches("((a{1000}){1000}){1000}")'),
    'many faults in one file': ''.join(
        f"""---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {{name: b{i}, namespace: default}}
spec: {{owner: {{projectName: p, componentName: c{i}}}, environment: dev, releaseName: r{i}}}
""" for i in range(20000)),
    'format width': expression('"%.1000000000f".format([1.0])'),
}

def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

NAMES_A_LIMIT = re.compile(r'error\[limit\]|max_\w+|exceeded maximum|more than \d+|deeper than|too large|expression nodes')


def run(command, folder, given):
    start = time.monotonic()
    try:
        p = subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=SECONDS * 4, preexec_fn=limit)
        code, out, error = p.returncode, p.stdout, p.stderr.decode(errors='replace')
    except subprocess.TimeoutExpired:
        code, out, error = 'timeout', b'', ''
    return code, out, error.strip(), time.monotonic() - start


def main():
    program, function, plugin = (os.path.abspath(a) for a in sys.argv[1:4]); only = sys.argv[4:]
    failed = done = 0
    refused = lambda code, out, error: code == 1 and error
    refused_by_limit = lambda code, out, error: code == 1 and NAMES_A_LIMIT.search(error)
    renders = lambda code, out, error: code == 0 and len(out) > 100
    cases = [(name, text, refused) for name, text in CASES.items()]
    for name, (tree, hostile, fine) in KINDS.items():
        cases += [(name, tree(hostile), refused_by_limit), (name + ', its twin', tree(fine), renders)]
    for name, text, expected in cases:
        if only and name not in only: continue
        done += 1
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'tree.yaml'), 'wb') as out:
                out.write(text if isinstance(text, bytes) else text.encode())
            for front, command, given in (('render', [program, 'render', '.', '--jobs', '1'], b''),
                                          ('function', [function], FUNCTION_INPUT.encode()),
                                          ('plugin', [plugin, 'generate'], b'')):
                code, out, error, took = run(command, folder, given)
                ok = expected(code, out, error)
                failed += not ok
                first = error.splitlines()[0] if error else ''
                if expected is refused_by_limit and ok: first = NAMES_A_LIMIT.search(error).group(0)
                print(f'{"ok  " if ok else "FAIL"} {name}, {front}: exit {code}, {took:.1f} s: {first[:150]}', flush=True)
    print(f'{done} cases, {failed} failed')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
