"""What the tests with the real kustomize share: the programs, the trees, a build and its objects."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
CACHE = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
PEER_BIN = pathlib.Path(os.environ.get('PEER_BIN') or os.path.join(CACHE, 'openchoreo-gitops/peers'))
KUSTOMIZE = str(PEER_BIN / 'kustomize')
KUBECTL = str(PEER_BIN / 'kubectl')
RUNFN = str(PEER_BIN / 'runfn')
FLAGS = ('--enable-alpha-plugins', '--enable-exec')
PROGRAM = CLI = EXAMPLES = None


def main(needs=(KUSTOMIZE,)):
    """usage: X_test.py FUNCTION CLI EXAMPLES [unittest arguments]"""
    global PROGRAM, CLI, EXAMPLES
    PROGRAM, CLI, EXAMPLES = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
    missing = [p for p in needs if not os.access(p, os.X_OK)]
    if missing:
        print(f'*** LEFT OUT: {", ".join(missing)} not there (make peers builds it) ***')
        sys.exit(77)
    unittest.main(module='__main__', argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)


def config(kind='OpenChoreoRender', form='exec', name='render', **spec):
    annotation = {'exec': f'exec: {{path: {PROGRAM}}}', 'container': 'container: {image: example.com/openchoreo-kustomize-fn}',
                  'plugin': None}[form]
    document = {'apiVersion': 'gitops.openchoreo.dev/v1alpha1', 'kind': kind, 'metadata': {'name': name}}
    if annotation:
        document['metadata']['annotations'] = {'config.kubernetes.io/function': annotation}
    if spec:
        document['spec'] = spec
    return document


def documents(text):
    return [d for d in yaml.load_all(text, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader)) if d is not None]


def identity(o):
    meta = o.get('metadata', {})
    return (o.get('apiVersion', ''), o.get('kind', ''), meta.get('namespace', ''), meta.get('name', ''))


def objects(text):
    """The objects of a stream by identity."""
    found = {}
    for o in documents(text):
        assert identity(o) not in found, f'twice: {identity(o)}'
        found[identity(o)] = o
    return found


def without_notes(found):
    """Objects without what kustomize, asked by `buildMetadata`, notes on all that it prints."""
    for o in found.values():
        annotations = o['metadata'].get('annotations', {})
        for name in ('config.kubernetes.io/origin', 'alpha.config.kubernetes.io/transformations'):
            annotations.pop(name, None)
        if not annotations:
            o['metadata'].pop('annotations', None)
    return found


class Folder(unittest.TestCase):
    """A test with a folder of its own, holding `tree` (examples/mono-repo without its function) and `guide`."""
    maxDiff = 4000
    form = 'exec'

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)
        self.tree = self.root / 'tree'
        shutil.copytree(EXAMPLES / 'mono-repo', self.tree)
        (self.tree / 'openchoreo-render.yaml').unlink()
        shutil.rmtree(self.tree / 'expected')
        self.write('tree/kustomization.yaml', {'resources': ['platform', 'projects']})
        shutil.copytree(EXAMPLES / 'guide/kustomize', self.root / 'guide')
        shutil.rmtree(self.root / 'guide/expected')
        self.env = {**os.environ, 'KUSTOMIZE': KUSTOMIZE, 'PATH': f'{PROGRAM.parent}:{os.environ["PATH"]}'}

    def write(self, path, *contents):
        """A file of YAML documents (dicts) or texts; its folder."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text('---\n'.join(c if isinstance(c, str) else yaml.safe_dump(c, sort_keys=False) for c in contents))
        return target.parent

    def run_program(self, *command, check=None, **more):
        run = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=self.env, **more)
        if check is not None:
            self.assertEqual(run.returncode, check, run.stderr)
        return run

    def build(self, folder, flags=FLAGS, program=None):
        program = [KUSTOMIZE, 'build'] if program is None else program
        return self.run_program(*program, *flags, self.root / folder)

    def built(self, folder, **how):
        run = self.build(folder, **how)
        self.assertEqual(run.returncode, 0, run.stderr)
        return objects(run.stdout)

    def refused(self, folder, text, **how):
        run = self.build(folder, **how)
        self.assertNotEqual(run.returncode, 0, run.stdout[:2000])
        self.assertIn(text, re.sub(r'\s+', ' ', run.stderr))
        return run.stderr

    def rendered(self, *arguments):
        """What `openchoreo-gitops render` gives."""
        return objects(self.run_program(CLI, 'render', *arguments, check=0).stdout)


@unittest.skipUnless(os.access(KUBECTL, os.X_OK), f'*** LEFT OUT: no kubectl at {KUBECTL} ***')
class InKubectl:
    """Before a test's class: its cases as plugins of the real kubectl, which starts no program that an annotation names."""
    form = 'plugin'

    def setUp(self):
        super().setUp()
        self.run_program(PROGRAM, 'install-plugin', '--home', self.root / 'plugins', check=0)
        self.env['KUSTOMIZE_PLUGIN_HOME'] = str(self.root / 'plugins')
        annotation = re.compile(r'\n  annotations:\n    config\.kubernetes\.io/function: \|\n(      .*\n)+')
        for path in self.root.rglob('*.yaml'):
            text = path.read_text()
            if 'gitops.openchoreo.dev/' in text:
                path.write_text(annotation.sub('\n', text))

    def build(self, folder, flags=None, program=None):
        return super().build(folder, FLAGS[:1], [KUBECTL, 'kustomize'])
