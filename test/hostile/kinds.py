"""Trees of every kind that makes a little text mean a lot of work: each by its size, with one that is refused and one that renders.

KINDS: name -> (tree of a size, the hostile size, the size that renders). The text of the first kinds is that of real finds.
"""
import json

import good_tree

# All but the release of the component c.
PLATFORM = good_tree.PLATFORM + good_tree.BOUND.format(name='c') + '---\n'

ANY = {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}


def resource(value, name='a', **fields):
    template = {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': name}, 'spec': {'value': value}}
    return {'id': 'deployment', **fields, 'template': template}


def tree(*resources, trait=None, profile=None, workload=None, **type_fields):
    """A release of these resources; `trait` is the spec of a trait that is used with {}."""
    spec = {'owner': {'projectName': 'p', 'componentName': 'c'},
            'componentType': {'kind': 'ComponentType', 'name': 'deployment/t',
                              'spec': {'workloadType': 'deployment', **type_fields, 'resources': list(resources)}},
            'workload': workload or {'container': {'image': 'x'}}}
    if trait is not None:
        spec['traits'] = [{'kind': 'Trait', 'name': 't', 'spec': trait}]
        profile = {**(profile or {}), 'traits': [{'kind': 'Trait', 'name': 't', 'instanceName': 'i'}]}
    if profile is not None:
        spec['componentProfile'] = profile
    release = {'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'ComponentRelease',
               'metadata': {'name': 'c-v1', 'namespace': 'default'}, 'spec': spec}
    return PLATFORM + json.dumps(release, ensure_ascii=False)


def expression(text, **fields):
    return tree(resource('${' + text + '}', **fields))


def shared(n, start='[1]', step='[{0}, {0}]'):
    """A list of one value with step^n leaves."""
    return f'[{start}]' + ''.join(f'.map(x{i}, {step.format(f"x{i}")})' for i in range(n))


def of_shared(use, **how):
    return lambda n: expression(use.format(shared(n, **how)))


def long_text(n):
    """An expression for a text of 2^n bytes."""
    return "'x'" + ".replace('x', 'xx')" * n


def patched(value, path='/spec/extra', **fields):
    operation = {'op': 'add', 'path': path, 'value': value}
    return tree(resource(1), trait={'patches': [{'target': {'group': 'apps', 'version': 'v1', 'kind': 'Deployment'}, 'operations': [operation], **fields}]})


def embedded(schema, value):
    """A trait brought by the type, whose parameters are made by an expression."""
    text = tree(resource(1), trait={'parameters': {'openAPIV3Schema': schema}},
                traits=[{'kind': 'Trait', 'name': 't', 'instanceName': 'e', 'parameters': {'v': '${' + value + '}'}}])
    return text.replace('"componentProfile": {"traits": [{"kind": "Trait", "name": "t", "instanceName": "i"}]}', '"componentProfile": {}')


def patterns(n):
    properties = {f'p{i}': {'type': 'string', 'pattern': f'^({i}[a-f]{{1,60}}){{1,16}}$'} for i in range(n)}
    return tree(resource(1), parameters={'openAPIV3Schema': {'type': 'object', 'properties': properties}})


def ref_siblings(n):
    many = {f'x-{i}': i for i in range(n)}
    return tree(resource(1), parameters={'openAPIV3Schema': {
        'type': 'object', '$defs': {'A': {'type': 'object', **many}},
        'properties': {f'p{i}': {'$ref': '#/$defs/A', **many} for i in range(20)}}})


def ref_enums(n):
    return tree(resource(1), parameters={'openAPIV3Schema': {
        'type': 'object', '$defs': {'A': {'type': 'string', 'enum': ['y' * 100 + str(i) for i in range(1000)]}},
        'properties': {f'p{i}': {'$ref': '#/$defs/A'} for i in range(n)}}})


def deep_schema(n):
    """`n` objects inside each other: upstream's resolver takes 64."""
    schema = {'type': 'string'}
    for _ in range(n): schema = {'type': 'object', 'properties': {'a': schema}}
    return tree(resource(1), parameters={'openAPIV3Schema': schema})


def many_labels(n):
    labels = {f'label-{i}': 'v' for i in range(20000)}
    one = resource(1, name='a${i}', forEach=f'${{lists.range({n})}}', var='i')
    one['template']['metadata']['labels'] = labels
    return tree(one)


def many_targets(n):
    return tree(resource(1, name='a${i}', forEach='${lists.range(%d)}' % min(n, 4000), var='i'), trait={
        'patches': [{'forEach': '${lists.range(10000)}', 'var': 'j', 'target': {'group': 'apps', 'version': 'v1', 'kind': f'Other{k}'},
                     'operations': [{'op': 'remove', 'path': '/spec/x'}]} for k in range(max(1, n // 80))]})


def rules(n):
    return tree(resource(1), postRenderValidations=[
        {'forEach': '${' + shared(16) + '[0]}' if n > 12 else '${[1, 2]}', 'var': 'v', 'target': {'group': 'apps', 'version': 'v1', 'kind': 'None', 'mustMatch': False},
         'rule': '${true}', 'message': 'm'}] + [
        {'forEach': '${lists.range(%d).map(i, %s)}' % (2 ** min(n, 13), shared(n)), 'var': 'v', 'target': {'group': 'apps', 'version': 'v1', 'kind': 'Deployment'},
         'rule': '${true}', 'message': 'm'}])


def type_blowup(n):
    return expression('[1]' + ''.join(f'.map(x{i}, {{x{i}: x{i}}})' for i in range(n)))


def deep_value(n):
    return expression('[1]' + ''.join(f'.map(x{i}, {"[" * 20}x{i}{"]" * 20})' for i in range(n)))


def large_parameter(n):
    return tree(resource('${parameters.a}', forEach=f'${{lists.range({n})}}', var='i', name='a${i}'), parameters=ANY,
                profile={'parameters': {'a': ['xxxxxxxxxx'] * 20000}})


def shared_text(n):
    return expression(f"[{long_text(20)}].map(t, lists.range({n}).map(i, t))")


def definitions(n):
    return tree(*[resource('${[1, 2, %d].map(x, x + 1)}' % i, name=f'a{i}') for i in range(2)],
                resource({f'k{i}': '${%d + size("%s")}' % (i, 'y' * 40) for i in range(n)}, name='many'))


FILTER = "/spec/value[?(@.a=='x')]/b"

KINDS = {
    'shared-list-output': (of_shared('{}'), 40, 14),
    'shared-list-with-omit': (of_shared('{}', start='oc_omit()'), 40, 14),
    'flatten-shared-list': (of_shared('{}.flatten(1000).size()'), 40, 14),
    'regex-per-element': (lambda n: expression("lists.range(%d).all(i, !'b'.matches('(a{1,100}){1,10}' + string(i)))" % n), 500000, 100),
    'for-each-large-parameter': (large_parameter, 4000, 20),
    'shared maps': (of_shared('{}', step='{{"a": {0}, "b": {0}}}'), 40, 14),
    'shared optionals': (of_shared('{}', step='[optional.of({0}), optional.of({0})]'), 40, 12),
    'shared nulls': (of_shared('{}', start='null'), 40, 14),
    'shared list in a text': (lambda n: tree(resource('v ${' + shared(n) + '} w')), 40, 12),
    'shared list as a key': (lambda n: tree(resource({'${string(' + shared(n) + '.size())}': '${' + shared(n) + '}'})), 40, 10),
    'key that is a shared list': (lambda n: tree(resource({'${' + (shared(n) if n > 3 else "'k'") + '}': 1})), 40, 1),
    'shared map keys': (lambda n: expression('{' + f'1: {shared(n)}' + '}'), 40, 12),
    'equality of shared lists': (lambda n: expression(f'{shared(n)} == {shared(n)}'), 40, 14),
    'a shared list in a list': (lambda n: expression(f'{shared(n)}[0] in {shared(n)}'), 40, 12),
    'distinct': (lambda n: expression(f'({shared(n)} + {shared(n)}).distinct().size()'), 40, 12),
    'sets of shared lists': (lambda n: expression(f'sets.equivalent({shared(n)}, {shared(n)})'), 40, 12),
    'json.encode': (of_shared('json.encode({}).size()'), 40, 14),
    'format': (of_shared("'%s'.format([{}]).size()"), 40, 14),
    'format of maps': (of_shared("'%s'.format([{}]).size()", step='{{"a": {0}, "b": {0}}}'), 40, 12),
    'oc_merge': (lambda n: expression(shared(n, start='{"k": 1}', step='oc_merge({{"a": {0}}}, {{"b": {0}}})')), 40, 12),
    'error that quotes a shared list': (lambda n: expression(f'[?dyn({shared(n)})]' if n > 3 else '[?optional.of(1)]'), 40, 1),
    'patch of a shared value': (lambda n: patched('${' + shared(n) + '}'), 40, 14),
    'patches that repeat a value': (lambda n: patched('${lists.range(1000)}', path='/spec/v${i}', forEach=f'${{lists.range({n})}}', var='i'), 10000, 50),
    'patch in front of a long list': (lambda n: tree(resource('${lists.range(%d)}' % (100 * n)), trait={'patches': [
        {'forEach': f'${{lists.range({n})}}', 'var': 'i', 'target': {'group': 'apps', 'version': 'v1', 'kind': 'Deployment'},
         'operations': [{'op': 'add', 'path': '/spec/value/0', 'value': 1}]}]}), 10000, 100),
    'filter on a shared field': (lambda n: tree(resource('${lists.range(10).map(i, {"a": %s, "b": 1})}' % shared(n)), trait={'patches': [
        {'target': {'group': 'apps', 'version': 'v1', 'kind': 'Deployment'},
         'operations': [{'op': 'add', 'path': "/spec/value/0/c", 'value': 2}] +
                       ([{'op': 'replace', 'path': FILTER, 'value': 2}] if n > 20 else [])}]}), 40, 10),
    'where over a shared value': (lambda n: tree(resource('${' + shared(n) + '}'), trait={'removes': [
        {'target': {'group': 'apps', 'version': 'v1', 'kind': 'Deployment', 'where': '${resource.spec.value == 1}'}}]}), 40, 12),
    'forEach over shared items': (lambda n: tree(resource('${i}', name='a${k}', forEach='${lists.range(20).map(j, %s)}' % shared(n), var='i') if n > 20
                                                 else resource('${i}', name='a${string(size(i))}', forEach='${[%s]}' % shared(n), var='i')), 40, 10),
    'rules over shared items': (rules, 20, 4),
    'schema of a shared value': (lambda n: embedded({'type': 'object', 'properties': {'v': {'type': 'array', 'uniqueItems': True}}}, shared(n)), 40, 10),
    'enumeration beside a shared value': (lambda n: embedded({'type': 'object', 'properties': {'v': {'enum': [[[[1, 1]]], [[1], 1]]}}} if n > 3 else
                                                             {'type': 'object', 'properties': {'v': {'type': 'array'}}}, shared(n)), 40, 2),
    'unknown fields of a shared value': (lambda n: embedded({'type': 'object', 'properties': {'v': {'type': 'array', 'items': {
        'type': 'array', 'items': {'type': 'array', 'default': []}}}}} if n < 3 else {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}, shared(n) if n > 3 else '[[[1]]]'), 40, 1),
    'long texts compared': (lambda n: expression(f'[{long_text(20)}].map(t, lists.range({n}).all(i, t == t + ""))'), 1000000, 50),
    'long texts found': (lambda n: expression(f'[{long_text(20)}].map(t, lists.range({n}).all(i, t.startsWith(t)))'), 1000000, 50),
    'long texts sorted': (lambda n: expression(f'[{long_text(20)}].map(t, lists.range({n}).map(i, t).sort().size())'), 1000000, 20),
    'long texts in many places': (shared_text, 100000, 20),
    'keys that are lists': (lambda n: expression(f'lists.range({n}).map(i, [i]).transformMapEntry(i, v, {{v: i}}).size()'), 200000, 1000),
    'labels of many objects': (many_labels, 5000, 10),
    'many targets': (many_targets, 4000, 40),
    'schema of many patterns': (patterns, 20000, 40),
    'siblings of $ref': (ref_siblings, 20000, 50),
    'enumerations by $ref': (ref_enums, 20000, 50),
    'deep schema': (deep_schema, 65, 62),
    'deep value': (deep_value, 100, 6),
    'types inside types': (type_blowup, 60, 4),
    'many expressions in one template': (definitions, 400000, 2000),
}
