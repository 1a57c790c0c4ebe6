#!/usr/bin/env python3
"""Two workers under twenty hostile archives: a good client beside them is answered, and the server ends when told to.

usage: neighbours_test.py PLUGIN CMP-ASK [HOSTILE-FOLDER...]
Each good request is answered within 2 s over its usual time; each hostile one has its answer before its deadline, and memory
returns to within 20 % of before. Then SIGTERM, with hostile calls under way: the process is gone within its grace.
"""
import os, shutil, subprocess, sys, tempfile, time

import doors
from good_tree import tree

PLUGIN, ASK = (os.path.abspath(a) for a in sys.argv[1:3])
HOSTILE = 20
DEADLINE = 20
GRACE = 5
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text else ""}')
    if not good: failed.append(name)


def shared_list(inner, after=''):
    return "'${" + f'[{inner}]' + ''.join(f'.map(x{i}, [x{i}, x{i}])' for i in range(40)) + after + "}'"


RANGE = 'lists.range(100000)'
VALUES = [
    shared_list('[1]'), shared_list('oc_omit()'), shared_list('[1]', '.flatten(1000).size()'),
    "'${lists.range(500000).all(i, !''b''.matches(''(a{1,100}){1,10}'' + string(i)))}'",
    "'${" + f'{RANGE}.all(a, {RANGE}.all(b, {RANGE}.all(c, true)))' + "}'",
    "'${" + f'{RANGE}.map(a, {RANGE}.map(b, {RANGE}.map(c, a + b + c)))' + "}'",
    "'${lists.range(60).map(i, \"x\").join(\"\")" + '.replace("x", "xx")' * 40 + "}'",
]


def environment(name):
    return {'ARGOCD_APP_NAME': name, 'ARGOCD_APP_PROJECT_NAME': 'default', 'ARGOCD_APP_SOURCE_PATH': '.'}


with tempfile.TemporaryDirectory() as work:
    hostile = []
    for i in range(HOSTILE):
        hostile.append(f'{work}/hostile-{i}'); os.makedirs(hostile[-1])
        text = tree(value=VALUES[i % len(VALUES)]).replace('kind: Deployment\n            metadata: {name: c}',
                                                           f'kind: Deployment\n            metadata: {{name: c{i}}}')
        with open(f'{hostile[-1]}/tree.yaml', 'w') as out: out.write(text)
    good = f'{work}/good'; os.makedirs(good)
    turn = 0

    def ask_good(server):
        """Milliseconds of one request, each with a tree of its own: nothing of it is known."""
        global turn
        turn += 1
        with open(f'{good}/tree.yaml', 'w') as out: out.write(tree(components=20).replace('image: x', f'image: x{turn}'))
        code, manifests, message, took = server.ask(good, environment=environment('good'))
        assert code == 0 and len(manifests) > 20, message
        return took

    def ask_hostile(server):
        return [subprocess.Popen(server.command(folder, DEADLINE, environment(f'hostile-{i}')), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE) for i, folder in enumerate(hostile)]

    # Small caches: what they keep of the good requests is not what is looked for.
    with doors.Server(PLUGIN, ASK, '--workers', '2', '--grace-seconds', str(GRACE), '--response-cache-mb', '1',
                      '--renderer-cache-mb', '2') as server:
        # The size of a process that has had its first load is what memory returns to.
        for asked in ask_hostile(server): asked.communicate(timeout=DEADLINE + 60)
        usual = sorted(ask_good(server) for _ in range(9))[4]
        time.sleep(1)
        before = server.memory()
        for turn_of in range(2):
            asked = ask_hostile(server)
            took = []
            while any(p.poll() is None for p in asked): took.append(ask_good(server))
            answers = [p.communicate(timeout=60)[1].decode() for p in asked]
            check('good requests beside hostile ones', max(took) <= usual + 2000,
                  f'{len(took)} of them, at most {max(took)} ms, usually {usual} ms')
            late = [a for a in answers if int(a.rsplit('took ', 1)[1]) > DEADLINE * 1000]
            check('each hostile one has its answer in time', not late and all(p.returncode == 1 for p in asked), str(late[:2]))
            check('with the limit as its cause', all('limit' in a or 'deadline' in a or 'DEADLINE' in a for a in answers),
                  str([a for a in answers if 'limit' not in a and 'deadline' not in a][:3]))
        time.sleep(2)
        after = server.memory()
        # A hostile request takes hundreds of MiB; what an idle process keeps differs by tens from run to run.
        check('memory returns', after <= 1.2 * before + (48 << 20), f'{before >> 20} MiB before, {after >> 20} MiB after')
        asked = ask_hostile(server)
        time.sleep(0.5)
        seconds, code = server.stop()
        for p in asked: p.communicate(timeout=60)
        check('SIGTERM ends it within its grace', seconds <= GRACE and code == 0, f'{seconds:.1f} s, exit {code}')

print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
