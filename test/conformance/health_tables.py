"""What the health tables are made into, and where it is committed; and binding objects for what is shown of them."""
import pathlib

# arguments of `openchoreo-gitops health-table`: the committed text
COMMITTED = {
    ('lua', '--script', 'binding'): 'argocd-cmp/install/health/_Binding/health.lua',
    ('lua', '--script', 'binding', '--zero-is-healthy'): 'argocd-cmp/install/health-zero-is-healthy/health.lua',
    ('lua', '--script', 'rendered-release'): 'argocd-cmp/install/health/RenderedRelease/health.lua',
    ('lua', '--script', 'component'): 'argocd-cmp/install/health/Component/health.lua',
    ('cel',): 'flux-source/install/health-checks.yaml',
    ('md',): 'docs/health.md',
}
CASES = pathlib.Path(__file__).parent / 'health/binding.jsonl'


def binding_object(case):
    """The binding of a case of binding.jsonl as the cluster would have it after that look."""
    given = case['binding']
    metadata = {'name': given['name'], 'namespace': given['namespace'], 'generation': given['generation']}
    if given.get('deleting'):
        metadata['deletionTimestamp'] = case['now']
    status = {'conditions': case['conditions']}
    if given['kind'] == 'ReleaseBinding':
        status['observedGeneration'] = given['generation']
    spec = {'state': case['state']} if 'state' in case else {}
    return {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': given['kind'], 'metadata': metadata, 'spec': spec,
            'status': status}
