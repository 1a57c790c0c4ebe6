#!/usr/bin/env python3
"""People's slips: each is refused or rendered in full, by every front door alike; none gives a smaller result with exit 0.

usage: slips_test.py PROGRAM KUSTOMIZE-FUNCTION PLUGIN EXAMPLES [SLIP...]
"""
import os, shutil, subprocess, sys, tempfile
from trees import (as_json, chart_template, copy, indented, link_outside, move, text, whole, without_line)

REFUSED, FULL = 'refused', 'full'

def of_binding(file):
    """Slips in one binding's file, of any tree."""
    api, kind = 'apiVersion: openchoreo.dev/v1alpha1', 'kind: ReleaseBinding'
    return [
        ('apiVersion: piVersion', text(file, 'apiVersion', 'piVersion'), REFUSED),
        ('apiVersion: apiVerson', text(file, 'apiVersion', 'apiVerson'), REFUSED),
        ('apiVersion: ApiVersion', text(file, 'apiVersion', 'ApiVersion'), REFUSED),
        ('apiVersion left out', without_line(file, 'apiVersion'), REFUSED),
        ('group openchoreo.io', text(file, api, 'apiVersion: openchoreo.io/v1alpha1'), REFUSED),
        ('group openchoroe.dev', text(file, api, 'apiVersion: openchoroe.dev/v1alpha1'), REFUSED),
        ('group OpenChoreo.dev', text(file, api, 'apiVersion: OpenChoreo.dev/v1alpha1'), REFUSED),
        ('group openchoreo', text(file, api, 'apiVersion: openchoreo/v1alpha1'), REFUSED),
        ('group left out', text(file, api, 'apiVersion: v1alpha1'), REFUSED),
        ('version left out', text(file, api, 'apiVersion: openchoreo.dev'), REFUSED),
        ('version v1alpha2', text(file, api, 'apiVersion: openchoreo.dev/v1alpha2'), REFUSED),
        ('version v1', text(file, api, 'apiVersion: openchoreo.dev/v1'), REFUSED),
        ('dot for slash', text(file, api, 'apiVersion: openchoreo.dev.v1alpha1'), REFUSED),
        ('kind ReleaseBindng', text(file, kind, 'kind: ReleaseBindng'), REFUSED),
        ('kind releasebinding', text(file, kind, 'kind: releasebinding'), REFUSED),
        ('kind ReleaseBindings', text(file, kind, 'kind: ReleaseBindings'), REFUSED),
        ('kind left out', without_line(file, 'kind:'), REFUSED),
        ('key Kind', text(file, 'kind:', 'Kind:'), REFUSED),
        ('key metdata', text(file, 'metadata:', 'metdata:'), REFUSED),
        ('key sepc', text(file, 'spec:', 'sepc:'), REFUSED),
        ('key enviroment', text(file, 'environment:', 'enviroment:'), REFUSED),
        ('key releasName', text(file, 'releaseName:', 'releasName:'), REFUSED),
        ('environment misspelt', text(file, 'environment: staging', 'environment: stagging'), REFUSED),
        ('spec too far right', whole(file, lambda t: t.replace('spec:\n', '  spec:\n')), REFUSED),
        ('a tab', text(file, '  environment:', '\tenvironment:'), REFUSED),
        ('a quote not closed', text(file, 'environment: ', 'environment: "'), REFUSED),
        ('a merge conflict', whole(file, lambda t: t.replace('spec:\n', '<<<<<<< HEAD\nspec:\n=======\nspec:\n>>>>>>> x\n')),
         REFUSED),
        ('no --- between two', whole(file, lambda t: t + t), REFUSED),
        ('ending .YAML', move(file, file[:-5] + '.YAML'), REFUSED),
        ('ending .ymal', move(file, file[:-5] + '.ymal'), REFUSED),
        ('ending .yaml.txt', move(file, file + '.txt'), REFUSED),
        ('a blank behind the ending', move(file, file + ' '), REFUSED),
        ('kind of a list', text(file, kind, kind + 'List'), REFUSED),
        ('ending .yml', move(file, file[:-5] + '.yml'), FULL),
        ('another folder', move(file, 'elsewhere/deep/x.yaml'), FULL),
        ('a folder of spaces', move(file, 'a b/ä ö/x.yaml'), FULL),
        ('twice, alike', copy(file, 'copy.yaml'), FULL),
        ('twice, with a difference', copy(file, 'copy.yaml', lambda t: t + '  state: Undeploy\n'), REFUSED),
        ('CRLF', whole(file, lambda t: t.replace('\n', '\r\n')), FULL),
        ('a byte order mark', whole(file, lambda t: '\ufeff' + t), FULL),
        ('UTF-16', whole(file, lambda t: t.encode('utf-16')), REFUSED),
        ('UTF-16 without a mark', whole(file, lambda t: t.encode('utf-16-le')), REFUSED),
        ('no last line break', whole(file, lambda t: t.rstrip('\n')), FULL),
        ('a comment and blank lines', whole(file, lambda t: '# x\n\n' + t + '\n# y\n'), FULL),
        ('all of it indented', whole(file, indented('  ')), FULL),
        ('a list of documents', whole(file, lambda t: '- ' + indented('  ')(t)[2:]), REFUSED),
        ('below items without a kind', whole(file, lambda t: 'items:\n- ' + indented('  ')(t)[2:]), REFUSED),
        ('in a List', whole(file, lambda t: 'apiVersion: v1\nkind: List\nitems:\n- ' + indented('  ')(t)[2:]), FULL),
        ('as JSON', lambda root: (move(file, 'x.json')(root), whole('x.json', as_json)(root)), FULL),
        ('two JSON objects in a row', lambda root: (move(file, 'x.json')(root),
                                                    whole('x.json', lambda t: as_json(t) + as_json(t))(root)), FULL),
        ('a link out of the tree', link_outside(file), REFUSED),
        ('in templates/ of a chart', chart_template(file), REFUSED),
        ('a list in a list', whole(file, lambda t: '- - ' + indented('    ')(t)[4:]), REFUSED),
        ('a web address for a group', text(file, api, 'apiVersion: https://openchoreo.dev/v1alpha1'), REFUSED),
        ('half the group', text(file, api, 'apiVersion: choreo.dev/v1alpha1'), REFUSED),
        ('a kind with something invisible', text(file, kind, 'kind: Release\u200bBinding'), REFUSED),
        ('a group with something invisible', text(file, api, 'apiVersion: openchoreo\u200b.dev/v1alpha1'), REFUSED),
        ('a group with a letter of another alphabet', text(file, api, 'apiVersion: \u043epenchoreo.dev/v1alpha1'), REFUSED),
        ('the document cut in two', text(file, 'spec:', '---\nspec:'), REFUSED),
        ('an end in the middle', text(file, 'spec:', '...\nspec:'), REFUSED),
        ('quotation marks of a word processor', text(file, 'environment: staging', 'environment: \u201cstaging\u201d'), REFUSED),
        ('a no-break space after the colon', text(file, 'environment: staging', 'environment:\u00a0staging'), REFUSED),
        ('line ends of an old Mac', whole(file, lambda t: t.replace('\n', '\r')), FULL),
        ('a directive', whole(file, lambda t: '%YAML 1.1\n---\n' + t), FULL),
        ('keys in quotes', whole(file, lambda t: t.replace('apiVersion:', '"apiVersion":').replace('kind:', '"kind":')), FULL),
        ('state in lower case', whole(file, lambda t: t.replace('spec:\n', 'spec:\n  state: active\n')), REFUSED),
    ]

ORDERS = 'projects/shop/components/orders/'
MONO = of_binding('projects/shop/components/storefront/release-bindings/staging.yaml') + [
    ('release misspelt', text(ORDERS + 'release-bindings/staging.yaml', 'orders-v1.0.0', 'orders-v1.0.O'), REFUSED),
    ('owner misspelt', text(ORDERS + 'release-bindings/staging.yaml', 'componentName: orders', 'componentName: order'), REFUSED),
    ('namespace misspelt', text(ORDERS + 'release-bindings/staging.yaml', 'namespace: acme', 'namespace: acne'), REFUSED),
    ('kind of a project binding', text('projects/shop/release-bindings/staging.yaml', 'kind: ProjectReleaseBinding',
                                       'kind: ProjectReleaseBindng'), REFUSED),
    ('kind of a resource binding', text('projects/shop/resources/orders-db/release-bindings/staging.yaml',
                                        'kind: ResourceReleaseBinding', 'kind: ResourceReleasebinding'), REFUSED),
    ('kind of an environment', text('platform/environments/staging.yaml', 'kind: Environment', 'kind: Enviroment'), REFUSED),
    ('version of a data plane', text('platform/data-planes/production.yaml', 'v1alpha1', 'v1alpha'), REFUSED),
    ('kind of a component', text(ORDERS + 'component.yaml', 'kind: Component', 'kind: Componnet'), REFUSED),
    ('apiVersion of a component', text(ORDERS + 'component.yaml', 'apiVersion', 'apiVersio'), REFUSED),
    ('kind of a release', text(ORDERS + 'releases/orders-v1.0.0.yaml', 'kind: ComponentRelease', 'kind: ComponentRelase'), REFUSED),
    ('kind of a secret reference', text('platform/secret-references/payment-provider.yaml', 'kind: SecretReference',
                                        'kind: SecretRefrence'), REFUSED),
    ('apiVersion of a project left out', without_line('projects/shop/project.yaml', 'apiVersion'), REFUSED),
    ('ending of a release', move(ORDERS + 'releases/orders-v1.0.0.yaml', ORDERS + 'releases/orders-v1.0.0.YML'), REFUSED),
]
SERVICE = 'projects/my-project/components/my-service/'
GUIDE = of_binding(SERVICE + 'release-bindings/my-service-staging.yaml') + [
    ('kind of an old release', text(SERVICE + 'releases/my-service-20260301-1.yaml', 'kind: ComponentRelease',
                                    'kind: ComponentReleases'), REFUSED),
    ('group of an old data plane', text('platform/infrastructure/dataplanes/prod-dataplane.yaml', 'openchoreo.dev',
                                        'opnchoreo.dev'), REFUSED),
]

FUNCTION_INPUT = b"""apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: gitops.openchoreo.dev/v1alpha1
  kind: OpenChoreoRender
  metadata: {name: render}
  spec: {root: .}
items: []
"""

def doors(program, function, plugin):
    return {'render': ([program, 'render', '.'], b''), 'function': ([function], FUNCTION_INPUT),
            'plugin': ([plugin, 'generate'], b'')}

def run(command, given, folder):
    p = subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=60)
    # Where an object came from is no part of what is rendered.
    lines = [l for l in p.stdout.splitlines() if b'config.kubernetes.io/' not in l and b'internal.config' not in l]
    return p.returncode, b'\n'.join(lines), p.stderr.decode(errors='replace')

def main():
    program, function, plugin, examples = (os.path.abspath(a) for a in sys.argv[1:5]); only = sys.argv[5:]
    failed = count = 0
    for tree, slips in (('mono-repo', MONO), ('guide/mono-repo', GUIDE)):
        with tempfile.TemporaryDirectory() as folder:
            clean = os.path.join(folder, 'clean')
            shutil.copytree(os.path.join(examples, tree), clean, ignore=shutil.ignore_patterns('expected'))
            whole_result = {door: run(*call, clean) for door, call in doors(program, function, plugin).items()}
            for door, (code, _, error) in whole_result.items():
                if code != 0: sys.exit(f'{tree}, {door}: exit {code}: {error}')
            for number, (name, edit, want) in enumerate(slips):
                if only and name not in only: continue
                count += 1
                root = os.path.join(folder, f'slip{number}')
                shutil.copytree(clean, root)
                edit(root)
                for door, call in doors(program, function, plugin).items():
                    # The plugin reads nothing beside its request, and a repository with such a link is refused before
                    # it is asked: Argo CD's repo-server serves none with links out of bounds.
                    if door == 'plugin' and name == 'a link out of the tree': continue
                    code, out, error = run(*call, root)
                    got = REFUSED if code != 0 else FULL if out == whole_result[door][1] else 'SMALLER OR OTHER'
                    if got != want or (code == 0) != (want == FULL) or code not in (0, 1):
                        failed += 1
                        print(f'FAIL {tree}: {name}, {door}: {got} (exit {code}), want {want}\n     '
                              + (error.strip().splitlines() or ['no text'])[0][:200])
                    elif only: print(f'{door}: {got}\n{error}')
    print(f'{count} slips, {failed} failed')
    sys.exit(1 if failed else 0)

main()
