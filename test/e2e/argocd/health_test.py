#!/usr/bin/env python3
"""The Lua health checks of argocd-cmp/install/health, run by the real `argocd admin settings resource-overrides health`
on an argocd-cm that the real kustomize merged.

usage: health_test.py argocd-cmp/install/health
needs: argocd and kustomize in $PEER_BIN (make peers builds them)
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
PEERS = pathlib.Path(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'))


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


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    for program in ('argocd', 'kustomize'):
        if not (PEERS / program).exists():
            print(f'*** LEFT OUT: {program} is not in {PEERS} (run: make peers) ***')
            sys.exit(77)
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
    print(f'{count} health checks, {failures} failures')
    sys.exit(1 if failures or count == 0 else 0)


main()
