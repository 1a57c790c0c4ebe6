#!/usr/bin/env python3
"""The Lua health checks of argocd-cmp/install/health, run by the real `argocd admin settings resource-overrides health`
on an argocd-cm that the real kustomize merged: on the examples beside the scripts, and on every binding of
test/conformance/health.

usage: health_test.py argocd-cmp/install/health
needs: argocd and kustomize in $PEER_BIN (make peers builds them)
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'conformance'))
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / 'peers'))
from health_tables import CASES, binding_object  # noqa: E402
from programs import PEERS, require  # noqa: E402


def cases(text):
    """(file, status, message) of a health_test.yaml."""
    found = re.findall(r"status: (\w+)\n\s+message: '(.*)'\n\s+inputPath: (\S+)", text)
    return [(path, status, message) for status, message, path in found]


def merged(work, folder, namespace, transformer):
    """An argocd-cm with the component `folder` added."""
    (work / 'argocd-cm.yaml').write_text(f'apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: argocd-cm{namespace}, '
                                         'labels: {app.kubernetes.io/part-of: argocd}}\ndata: {timeout.reconciliation: 30s}\n')
    (work / 'kustomization.yaml').write_text(
        f'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{transformer}resources: [argocd-cm.yaml]\n'
        f'components: [{os.path.relpath(folder, work)}]\n')
    run = subprocess.run([PEERS / 'kustomize', 'build', '--load-restrictor', 'LoadRestrictionsNone', work],
                         capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return run.stdout


def argocd(work, *arguments):
    # The program's name decides its role.
    return subprocess.run(['argocd', 'admin', 'settings', *arguments, '--argocd-cm-path', work / 'merged.yaml'],
                          executable=PEERS / 'argocd', capture_output=True, text=True, env={**os.environ, 'HOME': str(work)})


def shown(work, case):
    """What argocd shows of a binding of a case."""
    path = work / f"{case['id']}.json"
    path.write_text(json.dumps(binding_object(case)))
    run = argocd(work, 'resource-overrides', 'health', path)
    found = re.match(r'STATUS: (\w+)\n', run.stdout)
    return found.group(1) if found else run.stderr[-300:]


def check_bindings(work):
    """(bindings, failures) over all cases."""
    bindings = [json.loads(line) for line in CASES.open(encoding='utf-8')]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, got in zip(bindings, pool.map(lambda case: shown(work, case), bindings)):
            want = case['shown']['argocd']
            if got != want:
                failures += 1
                print(f"{case['id']} {case['what']}: want {want}, got {got}")
    return len(bindings), failures


def restart_failures(work, folder):
    """The action `restart`: what argocd lists and what it would change."""
    binding = (folder / '_Binding/testdata/ready.yaml').read_text()
    (work / 'ready.yaml').write_text(binding)
    (work / 'undeployed.yaml').write_text((folder / '_Binding/testdata/undeployed.yaml').read_text())
    failures = 0
    for name, want in (('ready.yaml', 'false'), ('undeployed.yaml', 'true')):
        run = argocd(work, 'resource-overrides', 'list-actions', work / name)
        if not re.search(rf'^restart\s+{want}\s*$', run.stdout, re.M):
            failures += 1
            print(f'list-actions {name}: {run.stdout}{run.stderr}')
    run = argocd(work, 'resource-overrides', 'run-action', work / 'ready.yaml', 'restart')
    stamp = r"^> .*openchoreo\.dev/restartedAt: .?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    text = run.stdout + run.stderr
    changed = [line for line in text.splitlines() if line[:1] in ('<', '>')]
    if not re.search(stamp, text, re.M) or len(changed) != 2:  # annotations: and the one
        failures += 1
        print(f'run-action restart: {text}')
    return failures


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    require('argocd', 'kustomize')
    failures = count = 0
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / 'merged.yaml').write_text(merged(work, folder, ', namespace: argocd', ''))
        # Argo CD's own manifests name no namespace: the kustomization around them does.
        if (work / 'merged.yaml').read_text() != merged(work, folder, '', 'namespace: argocd\n'):
            print('the result depends on where the namespace is written')
            failures += 1
        valid = argocd(work, 'validate', '--group', 'resource-overrides')
        if '6 resource overrides' not in valid.stdout:  # one is Argo CD's own, for all objects
            print(f'want 5 and 1 resource overrides: {valid.stdout}{valid.stderr}')
            failures += 1
        for tests in sorted(folder.glob('*/health_test.yaml')):
            listed = cases(tests.read_text())
            files = {f'testdata/{p.name}' for p in (tests.parent / 'testdata').iterdir()}
            if files != {path for path, _, _ in listed}:
                print(f'{tests}: testdata and tests differ')
                failures += 1
            for path, status, message in listed:
                count += 1
                run = argocd(work, 'resource-overrides', 'health', tests.parent / path)
                want = f'STATUS: {status}\nMESSAGE: {message}\n'
                if run.stdout != want:
                    failures += 1
                    print(f'{tests.parent.name}/{path}:\n  want {want!r}\n  got  {run.stdout!r} {run.stderr[-500:]!r}')
        failures += restart_failures(work, folder)
        count += 3
        bindings, wrong = check_bindings(work)
        count, failures = count + bindings, failures + wrong
        zero = folder.parent / 'health-zero-is-healthy'
        (work / 'merged.yaml').write_text(merged(work, zero, ', namespace: argocd', ''))
        case = work / 'scaled-to-zero.yaml'
        case.write_text((folder / '_Binding/testdata/scaled-to-zero.yaml').read_text())
        run = argocd(work, 'resource-overrides', 'health', case)
        count += 1
        if not run.stdout.startswith('STATUS: Healthy\nMESSAGE: ReadyWithSuspendedResources: '):
            failures += 1
            print(f'{zero.name}: {run.stdout}{run.stderr}')
    print(f'{count} health checks, {failures} failures')
    sys.exit(1 if failures or count == 0 else 0)


main()
