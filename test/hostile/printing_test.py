#!/usr/bin/env python3
"""Nothing of a repository reaches a terminal, a CI log or a condition raw, and no secret is quoted, in any front door.

usage: printing_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN CMP-ASK
"""
import json, os, sys, tempfile

import doors
from good_tree import PLATFORM, component, tree

PROGRAM, FUNCTION, PLUGIN, ASK = (os.path.abspath(a) for a in sys.argv[1:5])
HOSTILE = r'x\n::error file=a::made up\r\e[31mred\u202e'   # as YAML escapes it, in double quotes
WORD = 'hunter2-Zx9'                                       # in no message, whatever is wrong with it
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text and not good else ""}')
    if not good: failed.append(name)


def schema_tree(parameters, schema='{type: object, properties: {port: {type: integer}}}', value='1'):
    """A component whose release has a schema and parameters."""
    text = component('c', value).replace('      workloadType: deployment\n',
                                         '      workloadType: deployment\n      parameters: {openAPIV3Schema: ' + schema + '}\n')
    return PLATFORM + text.replace('  workload:\n', f'  componentProfile: {{parameters: {parameters}}}\n  workload:\n')


NAMES = {
    'a project': tree().replace('name: p,', f'name: "{HOSTILE}",').replace('projectName: p', f'projectName: "{HOSTILE}"'),
    'a reference': tree().replace('releaseName: c-v1', f'releaseName: "{HOSTILE}"'),
    'an environment': tree().replace('environment: dev', f'environment: "{HOSTILE}"'),
    'a kind': tree() + f'---\napiVersion: openchoreo.dev/v1alpha1\nkind: "{HOSTILE}"\nmetadata: {{name: a}}\n' +
              '---\nkind: ComponentRelease\napiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: A B}\n',
    'a field': tree().replace('autoDeploy: false,', f'autoDeploy: no-bool, "{HOSTILE}": 1,'),
    'a parameter': schema_tree(f'{{port: "{HOSTILE}"}}'),
    'an expression': tree(value=f'"${{\'a\'.nope(\\"{HOSTILE}\\")}}"'.replace('\\"', "'")),
    'a quoted line': tree().replace('  workload:', '  workload: ["\x1b[31m \u202e", \n'),
    'a rendered name': tree().replace('metadata: {name: c}', f'metadata: {{name: "{HOSTILE}"}}'),
    'a patch': tree().replace('    spec:\n      workloadType', f'    spec:\n      "{HOSTILE}": 1\n      workloadType').replace(
        'environment: dev, ', 'environment: nowhere, '),
}

SECRETS = {
    'a field of the wrong type': schema_tree(f'{{password: {WORD}}}', '{type: object, properties: {password: {type: integer}}}'),
    'a field out of its list': schema_tree(f'{{apiToken: {WORD}}}', '{type: object, properties: {apiToken: {type: string, enum: [a, b]}}}'),
    'a field against its pattern': schema_tree(f'{{dbPassword: {WORD}}}', "{type: object, properties: {dbPassword: {type: string, pattern: '^[0-9]+$'}}}"),
    'a field of a conversion': schema_tree(f'{{password: {WORD}}}', '{type: object, properties: {password: {type: string}}}',
                                           "'${int(parameters.password)}'"),
    'a message of an expression': schema_tree(f'{{secret: {WORD}}}', '{type: object, properties: {secret: {type: string}}}',
                                              "'${timestamp(parameters.secret)}'"),
    'an environment variable': tree().replace('container: {image: x}', f'container: {{image: x, env: [{{key: DB_PASSWORD, value: {WORD}, valueFrom: {{}}}}]}}'),
    'an environment variable, block style': tree().replace(
        'container: {image: x}', f'container:\n      image: x\n      env:\n        - key: DB_PASSWORD\n          value: [{WORD}]\n'),
    'a file that is no YAML': tree() + f'---\napiVersion: openchoreo.dev/v1alpha1\nkind: Project\nspec:\n  password: "{WORD}\n',
    'a variable in a file that is no YAML': tree() +
        f'---\napiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nspec:\n  - key: DB_PASSWORD\n    value: "{WORD}\n',
    'an unknown field': tree().replace('autoDeploy: false,', f'autoDeploy: x, adminPassword: {WORD},'),
    'a password in a URL': tree().replace('releaseName: c-v1', f'releaseName: "https://bot:{WORD}@git.example.com/x"'),
    'a token as a URL\'s user': tree().replace('releaseName: c-v1', f'releaseName: "https://{WORD}@git.example.com/x"'),
}


def all_doors(server, folder):
    yield 'render', doors.render(PROGRAM, folder, '--strict')
    yield 'plan', doors.render(PROGRAM, folder, '--format', 'plan')
    yield 'function', doors.function(FUNCTION, folder)
    yield 'generate', doors.generate(PLUGIN, folder)
    code, manifests, message, _ = server.ask(folder)
    class Answer: returncode, stdout, stderr = code, b'', message.encode()
    yield 'server', Answer


def raw(text):
    """What must not be there: controls other than line feeds, and a line that a CI system would obey."""
    return any(c in text for c in '\x1b\r\x07\u202e\x9b') or any(line.lstrip().startswith('::') for line in text.splitlines())


with doors.Server(PLUGIN, ASK) as server:
    for name, text in NAMES.items():
        with tempfile.TemporaryDirectory() as folder:
            with open(f'{folder}/tree.yaml', 'w') as out: out.write(text)
            refused = 0
            for door, p in all_doors(server, folder):
                said = p.stderr.decode()
                refused += p.returncode == 1
                check(f'{name}, {door}', p.returncode in (0, 1) and not raw(said), repr(said[:300]))
            # What a template renders is judged by the API server.
            check(f'{name} is refused somewhere', refused > 0 or name == 'a rendered name')
    for name in ('a\nb.yaml', 'a\x1b[31m.yaml', '\u202e.yaml'):
        with tempfile.TemporaryDirectory() as folder:
            with open(f'{folder}/{name}', 'w') as out: out.write(tree().replace('releaseName: c-v1', 'releaseName: none'))
            for door, p in all_doors(server, folder):
                said = p.stderr.decode()
                check(f'a path {name!r}, {door}', p.returncode == 1 and not raw(said), repr(said[:300]))
    for code in (0, 1):  # a kustomize that quotes the repository
        with tempfile.TemporaryDirectory() as folder:
            program = f'{folder}/kustomize'
            with open(program, 'w') as out:
                out.write("#!/bin/sh\nprintf '::error::made up\\n\\033[31mred\\r\\n' >&2\nexit " + f'{code}\n')
            os.chmod(program, 0o755)
            os.environ['KUSTOMIZE'] = program
            p = doors.render(PROGRAM, folder, '--kustomize')
            said = p.stderr.decode()
            check(f'what kustomize says, exit {code}', p.returncode == 1 + 2 * code and not raw(said) and 'made up' in said, f'{p.returncode} {said!r}')
            del os.environ['KUSTOMIZE']
    for name, text in SECRETS.items():
        with tempfile.TemporaryDirectory() as folder:
            with open(f'{folder}/tree.yaml', 'w') as out: out.write(text)
            refused = 0
            for door, p in all_doors(server, folder):
                said = p.stderr.decode()
                # A plan is data; its errors are messages all the same.
                if door == 'plan': said += '\n'.join(b['error'] or '' for b in json.loads(p.stdout or '[]'))
                refused += p.returncode == 1
                check(f'{name}, {door}', p.returncode in (0, 1) and WORD not in said and (door == 'plan' or said.strip()), said[:600])
            check(f'{name} is refused somewhere', refused > 0)
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/tree.yaml', 'w') as out: out.write(tree())
        for source in (f'https://bot:{WORD}@git.example.com/p?ref={"0" * 40}', f'https://{WORD}@git.example.com/p?ref={"0" * 40}',
                       f'https://bot:{WORD}@git.example.com/p'):
            parameters = {'ARGOCD_APP_PARAMETERS': '[{"name":"sources","array":["' + source + '"]}]'}
            p = doors.generate(PLUGIN, folder, parameters)
            code, _, message, _ = server.ask(folder, environment=parameters)
            said = p.stderr.decode() + message
            check(f'sources {source[:16]}…', p.returncode == 2 and code == 1 and WORD not in said and '***@git.example.com' in said, said)
    check('the log', WORD not in server.said() and not raw(server.said()))

print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
