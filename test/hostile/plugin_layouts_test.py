#!/usr/bin/env python3
"""One Application gives the same manifests natively and under the stock plugin server, however its path is written.

usage: layouts_test.py PLUGIN CMP-ASK EXAMPLES
The stock server unpacks what repo-server sent into a folder of its own, goes into the cleaned path and runs the command
there, with the path as the user wrote it in ARGOCD_APP_SOURCE_PATH.
"""
import json, os, posixpath, shutil, sys, tempfile

import doors
from good_tree import PLATFORM, component

PLUGIN, ASK, EXAMPLES = (os.path.abspath(a) for a in sys.argv[1:4])
failed = []


def check(name, good, text=''):
    print(f'{"ok  " if good else "FAIL"} {name}{": " + text if text and not good else ""}')
    if not good: failed.append(name)


def put(root, path, text):
    os.makedirs(os.path.dirname(f'{root}/{path}'), exist_ok=True)
    with open(f'{root}/{path}', 'w') as out: out.write(text)


def example(root):
    for part in ('projects', 'platform'): shutil.copytree(f'{EXAMPLES}/mono-repo/{part}', f'{root}/{part}')


def nested(root):
    put(root, 'teams/a/apps/projects/c.yaml', component('c')); put(root, 'teams/a/platform/p.yaml', PLATFORM)


def linked(root):
    nested(root)
    os.symlink('c.yaml', f'{root}/teams/a/apps/projects/again.yaml')                    # to a file beside it
    put(root, 'teams/a/apps/projects/.kept/d.yaml', component('d'))
    os.symlink('.kept/d.yaml', f'{root}/teams/a/apps/projects/hidden.yaml')             # to one that is not read by itself
    put(root, 'teams/b/e.yaml', component('e'))
    os.symlink('../../../b/e.yaml', f'{root}/teams/a/apps/projects/elsewhere.yaml')     # out of the Application's folder
    os.symlink('../../../b', f'{root}/teams/a/apps/projects/folder')                    # to a folder


# name, what the repository holds, spec.source.path, sources; what both must say where they refuse
CASES = [
    ('the whole repository', example, '.', [], None),
    ('the whole repository, not named', example, '', [], None),
    ('a slash', example, './', [], None),
    ('a folder and the platform', example, 'projects', ['/platform'], None),
    ('a trailing slash', example, 'projects/', ['/platform/'], None),
    ('slashes and dots', example, './projects//./', ['/./platform//.'], None),
    ('up and down', example, 'projects/../projects', ['/platform'], None),
    ('up and down again', example, 'projects/../projects/../projects', ['/platform'], None),
    ('up to the root', example, 'projects/..', [], None),
    ('a source with ..', example, 'projects', ['/projects/../platform'], None),
    ('the root as a source', example, 'projects', ['/'], None),
    ('nested', nested, 'teams/a/apps/projects', ['/teams/a/platform'], None),
    ('nested, up and down', nested, 'teams/a/platform/../apps/projects/', ['/teams/a/platform'], None),
    ('links to files', linked, 'teams/a/apps/projects', ['/teams/a/platform'], None),
    ('no such source', example, 'projects', ['/nowhere'], 'holds no folder "/nowhere"'),
    ('a source above', example, 'projects', ['/../platform'], 'leaves the archive'),
    ('a source above, hidden', example, 'projects', ['/projects/../../platform'], 'leaves the archive'),
    ('a source without resources', lambda root: (example(root), put(root, 'docs/readme.txt', 'x')), 'projects', ['/docs'],
     'holds no folder "/docs"'),
]


def stock(repository, path, environment):
    """(exit code, manifests, message) of the command, in a folder among other requests' folders."""
    with tempfile.TemporaryDirectory() as work:
        work = os.path.realpath(work)
        shutil.copytree(repository, f'{work}/_cmp_server/1f0c', symlinks=True)
        put(work, '_cmp_server/aaaa/platform/secret.yaml', PLATFORM)
        p = doors.generate(PLUGIN, posixpath.normpath(f'{work}/_cmp_server/1f0c/{path}'), environment)
        manifests = [part for part in p.stdout.decode().split('---\n') if part.strip()]
        return p.returncode, manifests, p.stderr.decode()


def same(a, b):
    return sorted(json.dumps(json.loads(m), sort_keys=True) for m in a) == sorted(json.dumps(json.loads(m), sort_keys=True) for m in b)


with doors.Server(PLUGIN, ASK) as server:
    for name, make, path, sources, refusal in CASES:
        with tempfile.TemporaryDirectory() as repository:
            make(repository)
            environment = {'ARGOCD_APP_NAME': 'app', 'ARGOCD_APP_NAMESPACE': 'default', 'ARGOCD_APP_SOURCE_PATH': path,
                           'ARGOCD_APP_PARAMETERS': json.dumps([{'name': 'sources', 'array': sources}])}
            code, manifests, message, _ = server.ask(repository, environment=environment, path=path)
            stock_code, stock_manifests, stock_message = stock(repository, path, environment)
            if refusal:
                check(name, code == 1 and stock_code in (1, 2, 3) and refusal in message and refusal in stock_message,
                      f'{message!r} {stock_message!r}')
            else:
                check(name, code == 0 and stock_code == 0 and len(manifests) > 1 and same(manifests, stock_manifests),
                      f'{len(manifests)} and {len(stock_manifests)}: {message[:300]!r} {stock_message[:300]!r}')

    # What is not certain is refused, and what lies above the request is never read.
    with tempfile.TemporaryDirectory() as repository:
        nested(repository)
        for name, path, folder in [('a part of the repository was sent', 'x/teams/a/apps/projects', 'teams/a/apps/projects'),
                                   ('above', '../1f0c/teams/a/apps/projects', 'teams/a/apps/projects'),
                                   ('another folder', 'etc', 'teams/a/apps/projects')]:
            environment = {'ARGOCD_APP_NAME': 'app', 'ARGOCD_APP_SOURCE_PATH': path,
                           'ARGOCD_APP_PARAMETERS': '[{"name":"sources","array":["/"]}]'}
            code, manifests, message = stock(repository, folder, environment)
            check(f'{name}: refused', code == 2 and not manifests and 'not certain where the repository begins' in message, message)
        os.symlink('../aaaa/platform', f'{repository}/way-out')
        environment = {'ARGOCD_APP_NAME': 'app', 'ARGOCD_APP_SOURCE_PATH': 'teams/a/apps/projects',
                       'ARGOCD_APP_PARAMETERS': '[{"name":"sources","array":["/way-out"]}]'}
        code, manifests, message = stock(repository, 'teams/a/apps/projects', environment)
        check('a link out of the repository: refused', code == 2 and not manifests and 'holds no folder' in message, message)

print(f'{len(failed)} failed')
sys.exit(1 if failed else 0)
