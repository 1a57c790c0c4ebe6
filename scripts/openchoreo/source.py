"""What a checkout of OpenChoreo says of its resources: CRDs, and the Go structs its release names are hashed from."""
import pathlib, re

import yaml


def crds(folder):
    """{kind: CRD} of a folder of CRDs (config/crd/bases of a checkout)."""
    read = [yaml.safe_load(path.read_text()) for path in sorted(pathlib.Path(folder).glob('*.yaml'))]
    return {crd['spec']['names']['kind']: crd for crd in read if crd and crd.get('kind') == 'CustomResourceDefinition'}


def schema(crd):
    return crd['spec']['versions'][0]['schema']['openAPIV3Schema']


FIELD = re.compile(r'^\t(?P<name>[A-Z]\w*)\s+(?P<type>[^`\s]\S*(?: \S+)*?)\s*(?:`(?P<tag>[^`]*)`)?\s*(?://.*)?$')
EMBEDDED = re.compile(r'^\t(?P<type>[\w.]+)\s*(?:`(?P<tag>[^`]*)`)?\s*(?://.*)?$')


def go_types(*folders):
    """{name: [(Go name, JSON key, Go type)] of a struct, or the type a name stands for} of the .go files of some packages.

    The key of an embedded struct is ''."""
    types = {}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob('*.go')):
            if path.name.endswith('_test.go') or path.name.startswith('zz_'): continue
            text = path.read_text()
            for name, body in re.findall(r'^type (\w+) struct \{\n(.*?)^\}', text, re.M | re.S):
                types[name] = list(fields(body))
            for name, of in re.findall(r'^type (\w+) ([\w.\[\]*]+)$', text, re.M): types[name] = of
    return types


def fields(body):
    for line in body.split('\n'):
        line = line.rstrip()
        if not line or line.lstrip().startswith('//'): continue
        if match := FIELD.match(line):
            key = re.search(r'json:"([^",]*)', match['tag'] or '')
            yield match['name'], key[1] if key else match['name'], match['type']
        elif match := EMBEDDED.match(line):
            yield match['type'].split('.')[-1], '', match['type']


RELEASES = ('component', 'project', 'resource')


def release_structs(checkout):
    """{package: types}: what is hashed for the names of releases is ReleaseSpec of each package."""
    root = pathlib.Path(checkout)
    found = {}
    for package in RELEASES:
        folder = root / 'internal/controller' / package
        own = go_types(folder) if folder.is_dir() else {}
        if 'ReleaseSpec' in own: found[package] = {**go_types(root / 'api/v1alpha1'), 'ReleaseSpec': own['ReleaseSpec']}
    return found


def plain(of):
    """A Go type without its package: *openchoreov1alpha1.X → *X; runtime.RawExtension keeps its own."""
    return re.sub(r'\b(?:openchoreov1alpha1|openchoreodevv1alpha1|v1alpha1)\.', '', of)


def reachable(types, start):
    """Struct and named types below `start`, in the order they are met."""
    order, todo = [], [start]
    while todo:
        name = todo.pop(0)
        if name in order or name not in types: continue
        order.append(name)
        below = types[name] if isinstance(types[name], list) else [('', '', types[name])]
        for _, _, of in below: todo += re.findall(r'\b[A-Z]\w*\b', re.sub(r'\b\w+\.[A-Z]\w*', '', plain(of)))
    return order
