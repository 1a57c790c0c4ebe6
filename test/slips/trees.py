"""Copies of example trees with one slip in them: an Edit changes a folder, a slip is its name, its edit and what must come of it."""
import json, os, shutil

def read(path):
    with open(path, newline='') as file: return file.read()

def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file: file.write(text if isinstance(text, bytes) else text.encode())

def text(file, old, new, count=1):
    """Replaces `old`, which must be there."""
    def edit(root):
        path = os.path.join(root, file)
        before = read(path)
        if old not in before: raise SystemExit(f'{file} holds no {old!r}')
        write(path, before.replace(old, new, count))
    return edit

def whole(file, change):
    def edit(root):
        path = os.path.join(root, file)
        write(path, change(read(path)))
    return edit

def without_line(file, begin):
    """Takes out the first line that begins so."""
    def change(before):
        lines = before.splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if line.startswith(begin))
        return ''.join(lines[:at] + lines[at + 1:])
    return whole(file, change)

def move(file, target):
    def edit(root):
        os.makedirs(os.path.dirname(os.path.join(root, target)), exist_ok=True)
        os.rename(os.path.join(root, file), os.path.join(root, target))
    return edit

def copy(file, target, change=lambda before: before):
    return lambda root: write(os.path.join(root, target), change(read(os.path.join(root, file))))

def link_outside(file):
    """Puts the file beside the tree and a link to it in its place."""
    def edit(root):
        outside = root.rstrip('/') + '-elsewhere.yaml'
        os.rename(os.path.join(root, file), outside)
        os.symlink(outside, os.path.join(root, file))
    return edit

def chart_template(file):
    def edit(root):
        write(os.path.join(root, 'Chart.yaml'), 'apiVersion: v2\nname: x\nversion: 1.0.0\n')
        move(file, 'templates/' + os.path.basename(file))(root)
    return edit

def indented(by):
    return lambda before: ''.join(by + line for line in before.splitlines(keepends=True))

def as_json(before):
    """The few forms the example's bindings have: block maps of texts."""
    root, stack = {}, None
    stack = [(-1, root)]
    for line in before.splitlines():
        if not line.strip() or line.strip().startswith('#'): continue
        depth = len(line) - len(line.lstrip())
        key, _, value = line.strip().partition(':')
        while stack[-1][0] >= depth: stack.pop()
        value = value.split(' #')[0].strip()
        child = {} if not value else int(value) if value.isdigit() else value.strip('"')
        stack[-1][1][key] = child
        if not value: stack.append((depth, child))
    return json.dumps(root, indent=2) + '\n'
