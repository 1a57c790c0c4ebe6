#!/usr/bin/env python3
"""No file over 500 lines, no function over 80 without a reason beside it.

usage: check_sizes.py ROOT
A reason is a comment `// Long: …` on one of the three lines above. Generated files (*.inc) have no bound.
"""
import pathlib, re, sys

MOST_LINES, MOST_OF_A_FUNCTION = 500, 80
TOPS = ['common', 'cli', 'argocd-cmp', 'kustomize-fn', 'flux-source', 'health', 'test']
HEAD = re.compile(r'^(?P<indent>(  ){0,2})(?P<head>\S.*)\{$')
NO_FUNCTION = re.compile(r'(return|namespace|class|struct|enum|union|extern|switch|for|while|if|else|do|try)\b|\}')
CALLABLE = re.compile(r'[\])]( const)?( noexcept)?( override)?( ->.*)? $')
REASON = re.compile(r'// Long: \S')


def findings(path, text):
    lines = text.split('\n')
    if len(lines) > MOST_LINES + 1 and not any(REASON.search(line) for line in lines[:3]):
        yield f'{path}: {len(lines) - 1} lines'
    for at, line in enumerate(lines):
        match = HEAD.match(line)
        if not match or NO_FUNCTION.match(match['head']) or not CALLABLE.search(match['head']): continue
        # The last initialiser of a constructor stands four blanks behind its brace.
        close = match['indent'].removesuffix('    ' if match['head'].startswith(': ') else '') + '}'
        end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith(close)), at)
        if end - at + 1 > MOST_OF_A_FUNCTION and not any(REASON.search(above) for above in lines[max(0, at - 3):at]):
            yield f'{path}:{at + 1}: a function of {end - at + 1} lines'


def main():
    root = pathlib.Path(sys.argv[1])
    files = [path for top in TOPS for end in ('h', 'cc') for path in sorted((root / top).rglob(f'*.{end}'))
             if 'violations' not in path.relative_to(root).parts]
    wrong = [finding for path in files for finding in findings(path.relative_to(root), path.read_text())]
    for finding in wrong: print(finding)
    print(f'{len(files)} files')
    sys.exit(1 if wrong or not files else 0)


main()
