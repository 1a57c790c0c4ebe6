#!/usr/bin/env python3
"""No walk over a value without a budget.

usage: check_walks.py ROOT [--list]
A walk is a function that looks at the items of a list or map, or into an optional, and calls itself, by way of others of its file or not. Each
must spend: name a budget, or have Spend, Level or MapElements in one of the functions of its circle. What walks only what was read from a
text, whose size its reader has bounded, is named in EXEMPT with the reason. --list prints all walks.
"""
import pathlib, re, sys

ROOMS = ['value', 'cel', 'template', 'schema', 'patch', 'pipeline', 'networkpolicy', 'render', 'emit', 'record', 'release']
LOOKS = re.compile(r'as_list\(\)|as_map\(\)|optional_value\(\)')
SPENDS = re.compile(r'\bbudget|\bBudget|Spend\w*\(|Level level|MapElements\(')
EXEMPT = {
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


def walks(root):
    for room in ROOMS:
        for path in sorted((root / 'common' / room).rglob('*.cc')):
            if path.name.endswith('_test.cc'): continue
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
    if '--list' in sys.argv:
        for file, name, spends in found: print(f'{file}:{name}: {"spends" if spends else EXEMPT.get(f"{file}:{name}", "NO BUDGET")}')
    wrong = [f'{file}:{name}' for file, name, spends in found if not spends and f'{file}:{name}' not in EXEMPT]
    for walk in wrong: print(f'{walk} walks a value without a budget')
    for walk in EXEMPT:
        if (root / walk.split(':')[0]).exists() and walk not in {f'{file}:{name}' for file, name, _ in found}:
            print(f'{walk} is exempt and walks nothing'); wrong.append(walk)
    print(f'{len(found)} walks')
    sys.exit(1 if wrong or not found else 0)


main()
