#!/usr/bin/env python3
"""argocd-cmp/Dockerfile, checked without a container engine: its file names, and that its packages hold every library
the program loads.

usage: image_test.py PLUGIN REPOSITORY-ROOT
needs: a Debian system (dpkg, readelf) that has the packages
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

PLUGIN, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:3])


def instructions(text):
    """[(stage, instruction, rest)] of a Dockerfile."""
    joined = re.sub(r'\\\n', ' ', re.sub(r'(?m)^\s*#.*\n', '', text))
    found, stage = [], -1
    for line in joined.splitlines():
        if line.strip():
            word, rest = line.split(None, 1)
            stage += word == 'FROM'
            found.append((stage, word, ' '.join(rest.split())))
    return found


def run(*command):
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout


def owners(loaded):
    """{library: package}, for what the loader finds."""
    candidates = {}
    for line in loaded.splitlines():
        if '=>' in line and 'not found' not in line:
            path = line.split('=>')[1].split()[0]
            for candidate in (path, os.path.realpath(path), path.removeprefix('/usr')):
                candidates[candidate] = line.split()[0]
    known = subprocess.run(['dpkg', '-S', *candidates], text=True, capture_output=True).stdout  # complains of the others
    return {candidates[path]: packages.split(':')[0] for packages, path in re.findall(r'(?m)^(\S+): (\S+)$', known)}


def database():
    """{package: (dependencies, essential or required)}; a virtual package counts as whatever provides it here."""
    packages, provides = {}, {}
    for line in run('dpkg-query', '-W', '-f', '${Package}\t${Essential}\t${Priority}\t${Provides}\t${Pre-Depends}, ${Depends}\n'
                    ).splitlines():
        name, essential, priority, provided, depends = line.split('\t')
        alternatives = [[re.split(r'[ :(]', a.strip())[0] for a in d.split('|')] for d in depends.split(',') if d.strip()]
        packages[name] = (alternatives, essential == 'yes' or priority == 'required')
        for p in provided.split(','):
            provides.setdefault(p.strip().split(' ')[0], []).append(name)
    return packages, provides


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = instructions((ROOT / 'argocd-cmp/Dockerfile').read_text())
        cls.last = max(stage for stage, _, _ in cls.lines)
        cls.install = next(rest for stage, word, rest in cls.lines
                           if stage == cls.last and word == 'RUN' and 'apt-get install' in rest)
        fetch = next(json.loads(rest.split('=', 1)[1]) for stage, word, rest in cls.lines
                     if stage == cls.last and rest.startswith('FETCH='))
        words = re.search(r'apt-get install (.*?)(?: &&|$)', cls.install).group(1).replace('$FETCH', fetch).split()
        cls.fetch = fetch.split()
        cls.packages = [w for w in words if not w.startswith('-')]

    def test_packages_hold_every_library(self):
        packages, provides = database()
        image = {p for p, (_, base) in packages.items() if base}
        # Without FETCH, too, the libraries are there.
        wanted = [p for p in self.packages if p not in self.fetch] + list(image)
        while wanted:
            package = wanted.pop()
            for alternatives in packages.get(package, ([], False))[0]:
                # apt takes the first alternative unless another one is there.
                found = [q for a in alternatives for q in ([a] if a in packages else provides.get(a, []))]
                if found and not image & set(found):
                    image.add(found[0])
                    wanted.append(found[0])
            image.add(package)
        for line in LOADED.splitlines():
            self.assertNotIn('not found', line)
            if '=>' in line:
                library = line.split()[0]
                self.assertTrue(OWNERS.get(library) in image, f'{library} is in no package of the image')

    def test_libraries_are_named_by_the_image_and_only_those(self):
        needed = re.findall(r'NEEDED.*\[(.+)\]', run('readelf', '-d', str(PLUGIN)))
        named = {OWNERS.get(library) for library in needed} - {'libc6', 'libgcc-s1', 'libstdc++6'}
        self.assertEqual({p for p in self.packages if p.startswith('lib')}, named)
        self.assertEqual({p for p in self.packages if not p.startswith('lib')}, {'tzdata', *self.fetch})
        self.assertEqual(set(self.fetch), {'ca-certificates', 'git', 'openssh-client'})

    def test_files_exist(self):
        ignored = (ROOT / '.dockerignore').read_text().split()
        for stage, word, rest in self.lines:
            if word == 'COPY' and not rest.startswith('--from'):
                source = rest.split()[0]
                self.assertTrue((ROOT / source).exists(), source)
                self.assertNotIn(source.split('/')[0], ignored)
        # A CMakeCache.txt from outside stops the build in the image.
        self.assertIn('build', ignored)
        script = next(rest.split() for _, word, rest in self.lines if 'install-dependencies' in rest)
        self.assertTrue(os.access(ROOT / script[0], os.X_OK))
        self.assertTrue((ROOT / 'scripts/packages' / script[1]).exists())

    def test_what_is_built_is_what_is_copied(self):
        build = next(rest for stage, word, rest in self.lines if stage == 0 and 'cmake --build' in rest)
        presets = json.loads((ROOT / 'CMakePresets.json').read_text())
        preset = re.search(r'cmake --preset (\S+)', build).group(1)
        self.assertIn(preset, [p['name'] for p in presets['configurePresets']])
        self.assertIn(f'cmake --build --preset {preset} --target {PLUGIN.name} ', build)
        # The program lies where it does in this build, below that preset's own folder.
        produced = f'build/{preset}/argocd-cmp/{PLUGIN.name}'
        self.assertEqual(list(PLUGIN.parts[-2:]), produced.split('/')[-2:])
        self.assertTrue(build.endswith(f'strip {produced}'), build)
        workdir = next(rest for stage, word, rest in self.lines if stage == 0 and word == 'WORKDIR')
        copied = next(rest for stage, word, rest in self.lines if stage == self.last and rest.startswith('--from=build'))
        self.assertEqual(copied, f'--from=build {workdir}/{produced} /usr/local/bin/{PLUGIN.name}')
        last = {word: rest for stage, word, rest in self.lines if stage == self.last}
        self.assertEqual(json.loads(last['ENTRYPOINT']), [PLUGIN.name])
        self.assertEqual(last['USER'], '999:999')
        self.assertIn('--gid 999 argocd', self.install)


if __name__ == '__main__':
    for program in ('dpkg', 'dpkg-query', 'readelf', 'ldd'):
        if not shutil.which(program):
            print(f'*** LEFT OUT: {program} was not found; the image is Debian\'s ***')
            sys.exit(77)
    if 'VERSION_ID="12"' not in pathlib.Path('/etc/os-release').read_text():
        print('*** LEFT OUT: not Debian 12, whose packages the image has ***')
        sys.exit(77)
    LOADED = run('ldd', str(PLUGIN))
    OWNERS = owners(LOADED)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
