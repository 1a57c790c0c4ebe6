#!/usr/bin/env python3
"""No walk over a value without a budget.

usage: check_walks.py ROOT [--list]
A walk is a function that looks at the items of a list or map, or into an optional, and calls itself, by way of others of its file or not. Each
must spend: name a budget, or have Spend, Level or MapElements in one of the functions of its circle. What walks only what was read from a
text, whose size its reader has bounded, is named in EXEMPT with the reason, or lies in a folder of READ, whose values are all of that kind.
Who includes walks without a budget (unbudgeted.h) or makes a budget without bounds is named in UNBUDGETED, again with the reason.
--list prints all of them.
"""
import pathlib, re, sys

ROOMS = ['common', 'cli', 'kustomize-fn', 'argocd-cmp', 'flux-source', 'health']
DOCUMENTS = 'documents of a tree: their reader bounds nesting and nodes'
ANSWERS = "objects of the API server: their reader bounds nesting and bytes"
READ = {
    'common/admission/': DOCUMENTS,
    'common/resource/': DOCUMENTS,
    'common/health/': ANSWERS,
    'common/platform/kube/': ANSWERS,
    'cli/migrate/': DOCUMENTS,
    'kustomize-fn/': 'items of a list, and what was rendered read again from its text',
    'flux-source/': ANSWERS,
    'health/': ANSWERS,
}
UNBUDGETED = {
    'common/base/arena.h': "an arena's own, for documents",
    'common/cel/evaluation_testing.cc': 'tests',
    'common/value/unbudgeted.cc': 'its definitions',
    'common/emit/unbudgeted.h': 'its definition',
    'common/pipeline/component_pipeline.cc': 'the hash of a definition: a document',
    'common/render/render_run.h': "a worker's, before it has its first binding",
    'common/release/go_struct.cc': DOCUMENTS,
    'common/schema/schema_document.cc': 'defaults and enums of a schema: a document; $refs inlined up to max_schema_nodes',
    'cli/crds.cc': 'our own tables',
}
LOOKS = re.compile(r'as_list\(\)|as_map\(\)|optional_value\(\)')
SPENDS = re.compile(r'\bbudget|\bBudget|Spend\w*\(|Level level|MapElements\(')
EXEMPT = {
    **{f'cli/typed_value.cc:Read{of}': 'a line of standard input' for of in ('List', 'Map', 'Optional', 'TypedValue')},
    'common/cel/declaration.cc:FitsType': 'along first elements, as deep as the type of a declaration',
    'common/cel/functions/lists.cc:CopyFlat': 'what FlatSize has counted',
    'common/pipeline/compiled_definition.cc:ContainsText': 'the spec of a definition, from a document',
    'common/pipeline/compiled_definition.cc:FindUnclosed': 'likewise, until twenty are found',
    'common/render/foreign_objects.cc:Take': 'lists within lists of documents, to a nesting of its own',
    'common/release/go_struct.cc:Dump': 'the spec of a release, from documents',
    'common/release/go_struct.cc:DumpBare': 'likewise',
    'common/release/go_struct.cc:DumpStruct': 'likewise',
}
# A definition in this style: the head begins at a column of 0, 2 or 4 and its brace ends a line.
HEAD = re.compile(r'^(?P<indent> {0,4})(?:[\w:<>*&,~ ]+[ *&])?(?P<name>\w+)\([^;{}]*?\)(?: const)?(?: override)?(?: ->[^{;]+)? \{(?P<rest>.*)$')
NOT_FUNCTIONS = {'if', 'for', 'while', 'switch', 'return', 'catch', 'else', 'do'}


def functions(text):
    """(name, body) of every function of a file formatted by clang-format."""
    lines = text.split('\n')
    at = 0
    while at < len(lines):
        # A head may span lines: join until a '{' or ';' ends it.
        head, end = lines[at], at
        while head and not head.rstrip().endswith(('{', ';', '}', ':')) and end + 1 < len(lines) and end - at < 8 and '{' not in head:
            end += 1
            head += ' ' + lines[end].strip()
        match = HEAD.match(head)
        if not match or match['name'] in NOT_FUNCTIONS:
            at += 1
            continue
        close = match['indent'] + '}'
        body = [match['rest']]
        if not head.rstrip().endswith('}'):
            end += 1
            while end < len(lines) and not lines[end].startswith(close):
                body.append(lines[end])
                end += 1
        yield match['name'], '\n'.join(body)
        at += 1


def circles(calls):
    """Functions that reach themselves, each with those it reaches and is reached by."""
    reach = {name: set(to) for name, to in calls.items()}
    changed = True
    while changed:
        changed = False
        for name in reach:
            more = set().union(*(reach[to] for to in reach[name])) - reach[name] if reach[name] else set()
            if more:
                reach[name] |= more
                changed = True
    return {name: {other for other in reach[name] if name in reach[other]} for name in reach if name in reach[name]}


def sources(folder, pattern):
    return [path for path in sorted(folder.rglob(pattern)) if not path.name.endswith('_test.cc')]


def unbudgeted(root):
    """Files that can walk without bounds: by what they include, or by a budget of their own."""
    for room in ROOMS:
        for path in sources(root / room, '*.cc') + sources(root / room, '*.h'):
            if re.search(r'#include "common/\w+/unbudgeted\.h"|\bBudget \w+;', path.read_text()):
                yield path.relative_to(root).as_posix()


def read(file):
    return next((reason for folder, reason in READ.items() if file.startswith(folder)), None)


def walks(root):
    for room in ROOMS:
        for path in sources(root / room, '*.cc'):
            bodies = {}
            for name, body in functions(path.read_text()):
                bodies[name] = bodies.get(name, '') + body
            calls = {name: {other for other in bodies if re.search(rf'(?<!\.)(?<!->)(?<!::)\b{other}\b(?:<\w+>)?[(,)]', body)}
                     for name, body in bodies.items()}
            for name, circle in sorted(circles(calls).items()):
                if any(LOOKS.search(bodies[other]) for other in circle):
                    yield path.relative_to(root).as_posix(), name, any(SPENDS.search(bodies[other]) for other in circle)


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(walks(root))
    free = list(unbudgeted(root))
    if '--list' in sys.argv:
        for file, name, spends in found:
            print(f'{file}:{name}: {"spends" if spends else EXEMPT.get(f"{file}:{name}") or read(file) or "NO BUDGET"}')
        for file in free: print(f'{file}: without a budget: {UNBUDGETED.get(file) or read(file) or "NO REASON"}')
    wrong = [f'{file}:{name} walks a value' for file, name, spends in found if not spends and f'{file}:{name}' not in EXEMPT and not read(file)]
    wrong += [f'{file} walks values' for file in free if file not in UNBUDGETED and not read(file)]
    for walk in wrong: print(f'{walk} without a budget')
    known = {f'{file}:{name}' for file, name, _ in found} | set(free)
    for walk in [*EXEMPT, *UNBUDGETED]:
        if (root / walk.split(':')[0]).exists() and walk not in known:
            print(f'{walk} is exempt and walks nothing'); wrong.append(walk)
    print(f'{len(found)} walks')
    sys.exit(1 if wrong or not found else 0)


main()
