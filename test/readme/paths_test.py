#!/usr/bin/env python3
"""Files and folders that the pages name exist.  usage: paths_test.py ROOT

Decision records are left out: they speak of what was and of what is not there.
"""
import os, pathlib, re, sys

root = pathlib.Path(sys.argv[1])
PATH = re.compile(r'(?<![\w/.-])(?:common|cli|argocd-cmp|kustomize-fn|flux-source|health|test|scripts|docs|examples)/[\w./-]*\w')
pages = [page for page in root.rglob('*.md')
         if not {'build', '.git', 'decisions'} & set(page.relative_to(root).parts)]
named, missing = 0, []
for page in pages:
    for number, line in enumerate(page.read_text().splitlines(), 1):
        for match in PATH.finditer(line):
            if line[match.end():match.end() + 1] in ('*', '{', '<', '…'):
                continue  # a pattern
            named += 1
            path = match.group()
            # From the root or beside the page; a decision by its number; a file without its ending.
            if not any(list(folder.glob(path + ending)) for folder in (root, page.parent) for ending in ('', '.*', '-*')):
                missing.append(f'{page.relative_to(root)}:{number}: {path}')
print('\n'.join(missing))
assert named > 100, named
sys.exit(bool(missing))
