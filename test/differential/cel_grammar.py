"""Random expressions in OpenChoreo's environment, with the variables they are evaluated with."""
import random
import re

import cel_texts

BINDINGS = {
    'i': {'int': '7'}, 'j': {'int': '-3'}, 'big': {'int': '9223372036854775807'}, 'u': {'uint': '5'},
    'd': {'double': '2.5'}, 'whole': {'double': '3'}, 'nan': {'double': 'NaN'}, 'inf': {'double': '-Infinity'},
    'b': {'bool': True}, 'n': {'null': None}, 's': {'string': 'héllo wörld'}, 't': {'string': 'a,b,,c'}, 'e': {'string': ''},
    'num': {'string': '42'}, 'y': {'bytes': 'aGVs/w=='},
    'l': {'list': [{'int': '1'}, {'int': '2'}, {'int': '3'}]},
    'mixed': {'list': [{'int': '1'}, {'string': 'x'}, {'null': None}, {'double': '1.5'}, {'list': [{'int': '1'}]}]},
    'ls': {'list': [{'string': 'b'}, {'string': 'a'}, {'string': 'c'}, {'string': 'a'}]},
    'll': {'list': [{'list': [{'int': '1'}]}, {'list': []}, {'list': [{'int': '2'}, {'int': '3'}]}]},
    'ld': {'list': [{'double': '3'}, {'double': '-1.5'}, {'double': '2'}]},
    'm': {'map': [[{'string': 'a'}, {'int': '1'}], [{'string': 'b'}, {'map': [[{'string': 'c'}, {'string': 'deep'}]]}]]},
    'mi': {'map': [[{'int': '1'}, {'string': 'one'}], [{'int': '2'}, {'string': 'two'}]]},
    'one': {'map': [[{'string': 'k'}, {'double': '8'}]]},
    'ts': {'timestamp': '2024-02-29T23:59:58.75Z'}, 'du': {'duration': '5400.5s'},
    'x.y': {'int': '21'}, 'm.a': {'string': 'dotted'}, 'm.b.c': {'string': 'dotted deep'},
}
# The same variables with types. `w` is nullable, `o` optional.
TYPES_OF = {
    'i': 'int', 'j': 'int', 'big': 'int', 'u': 'uint', 'd': 'double', 'whole': 'double', 'nan': 'double', 'inf': 'double', 'b': 'bool', 'n': 'null_type', 's': 'string', 't': 'string', 'e': 'string', 'num': 'string', 'y': 'bytes',
    'l': 'list(int)', 'mixed': 'list(dyn)', 'ls': 'list(string)', 'll': 'list(list(int))', 'ld': 'list(double)', 'm': 'map(string, dyn)', 'mi': 'map(int, string)', 'one': 'map(string, double)',
    'ts': 'google.protobuf.Timestamp', 'du': 'google.protobuf.Duration', 'x.y': 'int', 'm.a': 'string', 'm.b.c': 'string',
    'w': 'wrapper(int)', 'ws': 'wrapper(string)', 'o': 'optional_type(int)', 'lo': 'list(optional_type(string))', 'lw': 'list(wrapper(double))', 'ty': 'type', 'any': 'google.protobuf.Any', 'mm': 'map(string, map(string, list(int)))',
    'mu': 'map(uint, bool)', 'dy': 'dyn',
}
VARIABLES = {
    'int': ['i', 'j', 'big', 'x.y'], 'uint': ['u'], 'double': ['d', 'whole', 'nan', 'inf'], 'bool': ['b'], 'null': ['n'],
    'string': ['s', 't', 'e', 'num', 'm.a', 'm.b.c'], 'bytes': ['y'], 'list': ['l', 'mixed', 'ls', 'll', 'ld'],
    'map': ['m', 'mi', 'one'], 'timestamp': ['ts'], 'duration': ['du'],
    'ints': ['l'], 'strings': ['ls'], 'lists': ['ll'], 'doubles': ['ld'], 'smap': ['m', 'one'], 'imap': ['mi'],
}


def _json(value):
    if value is None or isinstance(value, bool):
        return {'null': None} if value is None else {'bool': value}
    if isinstance(value, (int, float)):
        return {'double': '%g' % value}
    if isinstance(value, str):
        return {'string': value}
    if isinstance(value, list):
        return {'list': [_json(v) for v in value]}
    return {'map': [[{'string': k}, _json(v)] for k, v in value.items()]}


# What the component pipeline hands to a template: JSON, every number a double.
CONTEXT = {name: _json(value) for name, value in {
    'metadata': {'name': 'shop', 'namespace': 'dp-acme-dev', 'componentName': 'shop', 'environmentName': 'dev', 'labels': {'app': 'shop', 'a.b/c': 'x'}, 'annotations': {}},
    'parameters': {'replicas': 2, 'cpu': 0.5, 'image': 'nginx:1.27', 'args': ['--port=8080', '-v'], 'tls': True, 'extra': None, 'env': [{'name': 'A', 'value': '1'}, {'name': 'B', 'value': '2'}], 'ports': {'http': 8080, 'admin': 9090}},
    'environmentConfigs': {'replicas': 3, 'resources': {'requests': {'cpu': '100m', 'memory': '128Mi'}, 'limits': {}}},
    'workload': {'endpoints': {'api': {'type': 'REST', 'port': 8080, 'schema': {'content': ''}}, 'ui': {'type': 'HTTP', 'port': 3000}}, 'container': {'image': 'nginx'}},
    'configurations': {'configs': {'envs': [], 'files': []}}, 'dependencies': {'items': []},
    'derived': {'configFileList': [{'name': 'a.yaml', 'mountPath': '/etc', 'value': 'x: 1', 'resourceName': 'r-1'}], 'secretFileList': [], 'containerEnvFrom': [{'configMapRef': {'name': 'c'}}], 'configVolumeMounts': [{'name': 'v', 'mountPath': '/etc/a.yaml', 'subPath': 'a.yaml'}],
                'dependencyVolumeMounts': [], 'configVolumes': [{'name': 'v', 'configMap': {'name': 'r-1'}}], 'dependencyVolumes': [], 'configEnvs': [{'resourceName': 'e', 'envs': [{'name': 'A', 'value': '1'}]}], 'secretEnvs': [], 'servicePorts': [{'name': 'api', 'port': 8080, 'targetPort': 8080}],
                'dependencyEnvVars': [{'name': 'URL', 'value': 'http://x'}], 'endpointResources': {'api': [{'path': '/pets', 'methods': ['GET']}]}},
    'gateway': {'ingress': {'external': {'name': 'gw', 'host': 'example.com', 'port': 443}}},
}.items()}
CONTEXT_VARIABLES = {
    'double': ['parameters.replicas', 'parameters.cpu', 'parameters.ports.http', 'environmentConfigs.replicas'], 'bool': ['parameters.tls'], 'null': ['parameters.extra'],
    'string': ['metadata.name', 'parameters.image', 'metadata.labels.app', 'gateway.ingress.external.host', "metadata.labels['a.b/c']", 'metadata.labels.`a.b/c`'],
    'list': ['parameters.args', 'parameters.env'], 'strings': ['parameters.args'], 'map': ['metadata', 'parameters', 'workload.endpoints', 'metadata.labels', 'parameters.ports', 'environmentConfigs.resources'],
    'smap': ['metadata.labels', 'parameters.ports', 'environmentConfigs.resources.requests'],
}
CONTEXT_CALLS = ['configurations.toConfigFileList()', 'configurations.toSecretFileList()', 'configurations.toContainerEnvFrom()', 'configurations.toContainerVolumeMounts()', 'dependencies.toContainerVolumeMounts()', 'configurations.toVolumes()',
                 'dependencies.toVolumes()', 'configurations.toConfigEnvsByContainer()', 'configurations.toSecretEnvsByContainer()', 'workload.toServicePorts()', 'dependencies.toContainerEnvs()', '(configurations).toVolumes()']
CONTEXT_ODD = ['workload.toVolumes()', 'configurations.toServicePorts()', 'parameters.toVolumes()', 'configurations.configs.toVolumes()', 'configurations.toVolumes(1)', 'workload.toEndpointResources()', 'toVolumes()', 'configurations.toContainerEnvFrom("c")', '.configurations.toVolumes()']

# Arguments and results. {x} stands for an expression of kind x; {any} for one of any kind; {V}, {W} for new variables whose
# scope is what ends in v: {boolv}, {anyv}; {intp} is put in parentheses.
LISTS = {'ints': 'int', 'uints': 'uint', 'doubles': 'double', 'bools': 'bool', 'strings': 'string', 'bytess': 'bytes', 'timestamps': 'timestamp', 'durations': 'duration', 'lists': 'list', 'optionals': 'optional'}
TYPES = ['int', 'uint', 'double', 'bool', 'null', 'string', 'bytes', 'list', 'map', 'timestamp', 'duration', 'type', 'optional']
COMMON = ['int', 'int', 'double', 'bool', 'bool', 'bool', 'string', 'string', 'string', 'list', 'list', 'map', 'optional', 'uint', 'bytes', 'null', 'timestamp', 'duration', 'type', 'ints', 'strings', 'lists', 'smap', 'imap']
_ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
_NUMBERS = ['int', 'uint', 'double']
_GETTERS = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']

RULES = {
    'int': ['{int} + {int}', '{int} - {int}', '{int} * {int}', '{int} / {int}', '{int} % {int}', '-{intp}', 'size({list})', 'size({map})', 'size({string})', 'size({bytes})', '{string}.size()', '{list}.size()', '{map}.size()', '{bytes}.size()',
            'int({string})', 'int({int})', 'int({double})', 'int({uint})', 'int({timestamp})', 'int({duration})', 'int({numbertext})', 'int(timestamp({timetext}))',
            '{string}.indexOf({string})', '{string}.indexOf({string}, {int})', '{string}.lastIndexOf({string})', '{string}.lastIndexOf({string}, {int})',
            '{duration}.getSeconds()', '{duration}.getMinutes()', '{duration}.getMilliseconds()', '{duration}.getHours()', 'math.abs({int})', 'math.sign({int})',
            'math.bitAnd({int}, {int})', 'math.bitOr({int}, {int})', 'math.bitXor({int}, {int})', 'math.bitNot({int})', 'math.bitShiftLeft({int}, {int})', 'math.bitShiftRight({int}, {int})',
            'math.greatest({int})', 'math.least({int})', 'math.greatest({ints})', 'math.least({ints})', 'math.greatest({int}, {int})', 'math.least({int}, {int}, {int})', '{imap}.size()', '{ints}[{int}]', '{ints}[{double}]', '{ints}[{uint}]'],
    'uint': ['{uint} + {uint}', '{uint} - {uint}', '{uint} * {uint}', '{uint} / {uint}', '{uint} % {uint}', 'uint({int})', 'uint({uint})', 'uint({string})', 'uint({numbertext})', 'uint({double})', 'math.bitAnd({uint}, {uint})', 'math.bitOr({uint}, {uint})',
             'math.bitXor({uint}, {uint})', 'math.bitShiftLeft({uint}, {int})', 'math.bitShiftRight({uint}, {int})', 'math.bitNot({uint})', 'math.abs({uint})', 'math.sign({uint})', 'math.greatest({uint})', 'math.least({uint})', 'math.greatest({uints})', 'math.least({uints})',
             'math.greatest({uint}, {uint})', 'math.least({uint}, {uint})'],
    'double': ['{double} + {double}', '{double} - {double}', '{double} * {double}', '{double} / {double}', '-{doublep}', 'double({int})', 'double({double})', 'double({string})', 'double({numbertext})', 'double({uint})', 'math.ceil({double})', 'math.floor({double})',
               'math.round({double})', 'math.trunc({double})', 'math.sqrt({double})', 'math.sqrt({int})', 'math.sqrt({uint})', 'math.sign({double})', 'math.abs({double})', 'math.greatest({double})', 'math.least({double})', 'math.greatest({doubles})',
               'math.least({doubles})', 'math.greatest([{double}, {double}])', 'math.greatest({double}, {double}, {double}, {double})'],
    'bool': ['{bool} && {bool}', '{bool} || {bool}', '{bool} && {any}', 'dyn({any}) || {bool}', '!{boolp}', '{any} == {any}', '{any} != {any}', '{same2} == {same2}', '{same2} != {same2}', 'dyn({any}) < dyn({any})', 'dyn({any}) >= dyn({any})', 'dyn({int}) == dyn({double})',
             'dyn({uint}) == dyn({int})', 'dyn({double}) != dyn({uint})', 'dyn({uint}) >= dyn({int})', '{any} in {list}', '{int} in {ints}', '{string} in {strings}', '{string} in {smap}', '{int} in {imap}', 'dyn({double}) in {imap}', 'dyn({uint}) in {imap}', '{any} in {map}',
             '{string}.contains({string})', '{string}.startsWith({string})', '{string}.endsWith({string})', '{string}.matches({pattern})', 'matches({string}, {pattern})', '{string}.matches({string})', "{string}.matches('^[a-z]+$')", '{string}.matches(e + {pattern})',
             'has({map}.a)', 'has({map}.b.c)', 'has(m.b.c)', 'has({optional}.a)', 'has({map}.`a-b`)', '{list}.all({V}, {boolv})', '{list}.exists({V}, {boolv})', '{list}.exists_one({V}, {boolv})', '{map}.all({V}, {boolv})', '{map}.exists({V}, {boolv})', '{map}.exists_one({V}, {boolv})',
             '{map}.exists({V}, {W}, {boolv})', '{list}.all({V}, {W}, {boolv})', '{map}.all({V}, {W}, {boolv})', '{list}.existsOne({V}, {W}, {boolv})', '{map}.existsOne({V}, {W}, {boolv})', '{list}.exists_one({V}, {W}, {boolv})', '{list}.exists({V}, {W}, {boolv})',
             '{optional}.hasValue()', '{optional} == {optional}', 'sets.contains({list}, {list})', 'sets.equivalent({list}, {list})', 'sets.intersects({list}, {list})', 'sets.contains({ints}, {ints})', 'sets.equivalent({strings}, {strings})', 'math.isNaN({double})', 'math.isInf({double})',
             'math.isFinite({double})', 'bool({string})', 'bool({bool})', 'bool({numbertext})', 'type({any}) == {type}', 'dyn({any}) == dyn({any})', '[{any}] == [{any}]', "{'k': {any}} == {'k': {any}}", '{{int}: {any}} == dyn({{double}: {any}})'],
    'string': ['{string} + {string}', 'string({int})', 'string({double})', 'string({bool})', 'string({bytes})', 'string({timestamp})', 'string({string})', 'string({duration})', 'string({uint})', '{string}.charAt({int})', '{string}.lowerAscii()', '{string}.upperAscii()',
               '{string}.replace({string}, {string})', '{string}.replace({string}, {string}, {int})', '{string}.substring({int})', '{string}.substring({int}, {int})', '{string}.trim()', '{string}.reverse()', 'strings.quote({string})', '{strings}.join()', '{list}.join()',
               '{strings}.join({string})', '{list}.join({string})', "'%s'.format([{any}])", '{format}', '{format}', '{format}', "{string}.format({list})", 'base64.encode({bytes})', 'json.encode({any})', 'json.encode({map})', 'json.encode({list})', 'oc_hash({string})', 'oc_generate_name({string})',
               'oc_generate_name({string}, {string})', 'oc_generate_name({strings})', 'oc_generate_name({string}, {string}, {string}, {any})', 'oc_dns_label({string})', 'oc_dns_label({strings})', 'oc_dns_label({string}, {string}, {string})', 'oc_generate_name({list})', 'oc_dns_label()',
               '{map}.b.c', '{imap}[{int}]', '{imap}[dyn({uint})]', '{imap}[dyn({double})]'],
    'bytes': ['{bytes} + {bytes}', 'bytes({string})', 'bytes({bytes})', 'base64.decode({string})', 'base64.decode(base64.encode({bytes}))', "base64.decode({base64})"],
    'list': ['[{any}, {any}]', '[{int}, {int}, {int}]', '[{string}, {string}]', '[?{optional}, {any}]', '[{any}, ?{optional}, ?{optional}]', '{list} + {list}', '{list}.map({V}, {anyv})', '{list}.filter({V}, {boolv})', '{map}.filter({V}, {boolv})', '{list}.map({V}, {boolv}, {anyv})',
             '{list}.transformList({V}, {W}, {anyv})', '{list}.transformList({V}, {W}, {boolv}, {anyv})', '{map}.transformList({V}, {W}, {boolv}, {anyv})', '{string}.split({string})', '{string}.split({string}, {int})', '{list}.slice({int}, {int})', '{lists}.flatten()', '{list}.flatten()',
             '{list}.flatten({int})', '{list}.sort()', '{list}.sortBy({V}, {anyv})', '{list}.sortBy({V}, {intv})', '{list}.distinct()', '{list}.reverse()', '{map}.map({V}, {anyv})', '{map}.map({V}, {boolv}, {anyv})', '[{optional}, {optional}].unwrapOpt()', 'optional.unwrap([{optional}])',
             '{optionals}.unwrapOpt()', 'optional.unwrap({optionals})', '[]', '{map}.transformList({V}, {W}, {anyv}).sort()', '[{any}, oc_omit()]', 'google.protobuf.ListValue{values: {list}}'],
    'map': ['{}', "{'a': {any}, 'b': {any}}", '{{any}: {any}}', '{{string}: {any}, {string}: {any}}', "{?'a': {optional}, 'z': {any}}", "{'a': {any}, ?{string}: {optional}}", '{list}.transformMap({V}, {W}, {anyv})', '{list}.transformMap({V}, {W}, {boolv}, {anyv})',
            '{map}.transformMap({V}, {W}, {anyv})', '{map}.transformMap({V}, {W}, {boolv}, {anyv})', '{list}.transformMapEntry({V}, {W}, {{anyv}: {anyv}})', '{map}.transformMapEntry({V}, {W}, {{anyv}: {anyv}})', '{list}.transformMapEntry({V}, {W}, {boolv}, {{anyv}: {anyv}})',
            '{map}.transformMapEntry({V}, {W}, {boolv}, {{stringv}: {anyv}, {stringv}: {anyv}})', '{list}.transformMapEntry({V}, {W}, {map})', 'oc_merge({smap}, {smap})', 'oc_merge({map}, {map})', 'oc_merge({smap}, {smap}, {smap}, {smap})', '{1: {any}, 2u: {any}, true: {any}}',
            '{{double}: {any}, {int}: {any}, {uint}: {any}}', "{'a': oc_omit(), 'b': {any}}", 'google.protobuf.Struct{fields: {smap}}'],
    'timestamp': ['{timestamp} + {duration}', '{timestamp} - {duration}', '{duration} + {timestamp}', 'timestamp({string})', 'timestamp({timetext})', 'timestamp({timetext})', 'timestamp({int})', 'timestamp({timestamp})', 'google.protobuf.Timestamp{seconds: {int}, nanos: {int}}'],
    'duration': ['{duration} + {duration}', '{duration} - {duration}', '{timestamp} - {timestamp}', 'duration({string})', 'duration({durationtext})', 'duration({durationtext})', 'duration({duration})', 'google.protobuf.Duration{seconds: {int}}'],
    'type': ['type({any})', 'type(type({any}))', 'type({optional})'],
    'null': ['null', '{map}.n', 'google.protobuf.NullValue.NULL_VALUE'],
    'optional': ['optional.of({any})', 'optional.none()', 'optional.ofNonZeroValue({any})', '{map}.?a', '{map}.?b.c', '{map}.?b.?c', '{map}[?{string}]', '{imap}[?{int}]', '{list}[?{int}]', '{list}[?dyn({double})]', '{list}[?{int}].a', '{list}.first()', '{list}.last()',
                 '{optional}.optMap({V}, {anyv})', '{optional}.optFlatMap({V}, optional.of({anyv}))', '{optional}.optFlatMap({V}, {optionalv})', '{optional}.or({optional})', '{optional}.a', '{optional}[{int}]', '{optional}[{string}]', '{optional}.?a', '{optional}[?{int}]',
                 'optional.of({list})[{int}]', 'optional.of({list})[?{int}]', 'optional.of({map})[{string}]', 'optional.of({map})[?{string}]', 'optional.of({map}).b.c', 'optional.of({imap})[{int}]'],
    'smap': ["{'a': {any}}", "{'k': {int}, 'b': {'c': {any}}}", '{string: {any}}', "{'a': {string}, 'n': null}", 'oc_merge({smap}, {smap})', "{'a': {any}}.transformMap({V}, {W}, {anyv})"],
    'imap': ["{1: {string}, 2: {string}}", '{{int}: {string}, {int}: {string}}', '{1u: {string}, 2u: {string}}', '{{uint}: {any}}', "{1: 'a', 2u: 'b', 3.0: 'c'}"],
    'numbers': [],
}
for _lists, _item in LISTS.items():
    RULES[_lists] = ['[{%s}]' % _item, '[{%s}, {%s}]' % (_item, _item), '[{%s}, {%s}, {%s}, {%s}]' % ((_item,) * 4), '{%s} + {%s}' % (_lists, _lists), '{%s}.filter({V}, {boolv})' % _lists, '{%s}.reverse()' % _lists, '{%s}.distinct()' % _lists,
                     '{%s}.slice({int}, {int})' % _lists, '[{%s}, {%s}].flatten()' % (_lists, _lists), '{%s}.map({V}, {V})' % _lists, '[?optional.of({%s}), {%s}]' % (_item, _item)]
for _item in _ORDERED:
    _lists = next(l for l, i in LISTS.items() if i == _item)
    RULES['bool'] += ['{%s} %s {%s}' % (_item, op, _item) for op in ('<', '<=', '>', '>=')]
    RULES[_lists] += ['{%s}.sort()' % _lists, '{%s}.sort().reverse()' % _lists]
    RULES['list'] += ['{list}.sortBy({V}, {%sv})' % _item]
    RULES['type'] += ['type({%s})' % _item]
for _left in _NUMBERS:
    for _right in _NUMBERS:
        RULES['bool'] += ['{%s} %s {%s}' % (_left, op, _right) for op in ('<', '<=', '>', '>=')]
        RULES['any'] = RULES.get('any', []) + ['math.greatest({%s}, {%s})' % (_left, _right), 'math.least({%s}, {%s})' % (_left, _right)]
RULES['any'] += ['math.greatest({number}, {number}, {number})', 'math.least({number}, {number}, {number}, {number})', 'math.greatest([{number}, {number}])', 'math.greatest({list})', 'math.least({any})']
for _getter in _GETTERS:
    RULES['int'] += ['{timestamp}.%s()' % _getter, '{timestamp}.%s({zone})' % _getter]
RULES['ints'] += ['lists.range({small})', 'lists.range({odd})']
RULES['strings'] += ['{string}.split({string})', '{string}.split({string}, {int})']
ANY_KIND = ['{bool} ? {same} : {same}', '{optional}.orValue({same})', 'optional.of({same}).orValue({same})', '{optional}.value()', 'dyn({same})', '[{same}][0]', "{'k': {same}}.k", "{'k': {same}}['k']", '({bool} ? {map} : {map}).a', '{list}[{any}]', '{map}[{any}]', '{map}.a',
            '[{same}].map({V}, {V})[0]', 'optional.of({same}).optMap({V}, {V}).value()', '[{same}, {same}].last().value()', "{'a': {same}}.?a.orValue({same})", 'oc_omit()', '[{same}].filter({V}, true)[0]', '{same}.{field}', '.{var}']
LITERALS = {
    'bool': ['true', 'false'], 'null': ['null'], 'type': ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'type', 'list', 'map', 'null_type', 'google.protobuf.Timestamp', 'google.protobuf.Duration', 'optional_type', 'dyn', 'google.protobuf.Any', '.int', 'timestamp', 'duration'],
    'timestamp': ["timestamp('2023-05-06T07:08:09.5Z')", "timestamp('1970-01-01T00:00:00+05:30')", 'timestamp(0)', "timestamp('9999-12-31T23:59:59.999999999Z')", "timestamp('0001-01-01T00:00:00Z')", 'timestamp(-62135596800)', 'timestamp(253402300799)'],
    'duration': ["duration('1h')", "duration('-1.5s')", "duration('1us')", "duration('0')", "duration('9223372036.854775807s')", "duration('-9223372036s')", "duration('1h2m3.5s')"],
    'string': ["''", "'a'", "'abc'", "'ABC def'", "'héé'", '"q\\"x"', "r'raw\\n'", "'''tri'ple'''", "'12'", "'1.5'", "'x%sx'", "'😀é'", "'2023-05-06T07:08:09.5Z'", "'1h2m'", "'true'", "','", "' pad\\t'", "'a.b-C'", "'\\u2028\\u0085x\\u3000'"],
    'list': ['[]', '[1, 2, 3]', "[1, 'a', null]", '[[1], [2, 3]]', '[1.0, 1, 1u]'], 'map': ['{}', "{'a': 1}", "{'a': {'b': {'c': 1}}}", "{1: 'x', 2u: 'y'}", "{'a': null}", '{true: 1, false: 0}'], 'optional': ['optional.none()', 'optional.of(1)', "optional.of('a')", 'optional.of(null)'],
    'smap': ["{'a': 1}", '{}', "{'b': {'c': 'x'}}"], 'imap': ["{1: 'a'}", "{1u: 'b', 5: 'c'}", '{}'], 'lists': ['[[1], [2]]', '[[]]', '[[[1]], [[2, 3]]]'], 'optionals': ['[optional.none()]', '[optional.of(1), optional.none()]'],
}
LITERAL_OF = {
    'int': lambda r: r.choice(['', '', '-']) + r.choice(cel_texts.INTS), 'uint': lambda r: r.choice(cel_texts.INTS) + r.choice('uuuU'), 'double': lambda r: r.choice(['', '', '-']) + r.choice(cel_texts.DOUBLES), 'bytes': cel_texts.bytes_literal,
    'pattern': cel_texts.pattern_literal, 'numbertext': lambda r: cel_texts.string_literal(r, r.choice(cel_texts.NUMBERS), bad=0), 'timetext': lambda r: cel_texts.string_literal(r, cel_texts.time_text(r), bad=0),
    'durationtext': lambda r: cel_texts.string_literal(r, cel_texts.duration_text(r), bad=0), 'zone': lambda r: cel_texts.string_literal(r, r.choice(cel_texts.ZONES), bad=0), 'small': lambda r: str(r.randint(-1, 6)), 'odd': lambda r: r.choice(['-1', '64', '1000001', '9223372036854775807', 'i', 'j', 'big', 'dyn(3.0)']),
    'base64': lambda r: r.choice(["''", "'aGVsbG8='", "'aGVsbG8'", "'aGVsbA=='", "'aGVsbA='", "'!'", "'a'", "'aGV sbG8='", "'aGVs\\nbG8='", "'____'", "'-_8='", "'/+8='", "'=aGV'", "'aGVsbG8=='", "'YR=='", "'YR'"]),
    'field': lambda r: r.choice(['a', 'b', 'k', 'size', '`a-b`', '`in`', '`a.b/c`', 'in', 'as', 'true', 'if', 'name', '`a b`', '`é`', 'é', '_x', 'length']), 'var': lambda r: r.choice(['i', 'm', 'l', 's', 'x.y', 'nope', 'int', 'm.a']),
}


class Generator:
    """Requests as `eval cel` reads them: {"expr", "bindings", …}."""

    def __init__(self, rng, depth, cases=()):
        self.rng = rng
        self.depth = depth
        self.cases = list(cases)
        self.fresh = 0
        self.use(BINDINGS, VARIABLES, False)

    def use(self, bindings, variables, context):
        self.scope = []
        self.bindings = bindings
        self.variables = variables
        self.context = context

    def request(self):
        roll = self.rng.random()
        if roll < 0.14:
            self.use(CONTEXT, CONTEXT_VARIABLES, True)
            base = {'bindings': CONTEXT, 'ext': True}
        else:
            self.use(BINDINGS, VARIABLES, False)
            base = {'bindings': BINDINGS}
            if roll < 0.28:
                base['type_env'] = [{'name': name, 'type': kind} for name, kind in TYPES_OF.items()]
                if roll < 0.21:
                    base['check_only'] = True
                else:
                    base['tags'] = ['checked_type']
        return dict(base, expr=self.text())

    def text(self):
        roll = self.rng.random()
        if roll < 0.62:
            return self.expression()
        if roll < 0.72:
            return self.of(self.rng.choice(COMMON), 1)
        if roll < 0.75:
            return self.literal()
        if roll < 0.765:
            return cel_texts.nested(self.rng)
        first = self.rng.choice(self.cases) if self.cases and self.rng.random() < 0.4 else self.expression()
        if roll < 0.79:
            return first
        return cel_texts.mutate(self.rng, first, self.rng.choice(self.cases) if self.cases and self.rng.random() < 0.4 else self.expression())

    def expression(self):
        self.scope = []
        return self.of(self.rng.choice(COMMON), self.rng.randint(1, self.depth))

    def literal(self):
        kind = self.rng.choice(['number', 'number', 'string', 'string', 'bytes', 'int', 'uint', 'double', 'pattern'])
        if kind == 'number':
            return self.rng.choice(['', '-', '- ', '--', '!']) + self.rng.choice(cel_texts.BAD_NUMBERS + cel_texts.INTS + cel_texts.DOUBLES)
        if kind == 'string':
            return cel_texts.string_literal(self.rng, bad=0.1) + self.rng.choice(['', '', '.size()', '[0]', ' + "x"'])
        return LITERAL_OF[kind](self.rng)

    def leaf(self, kind):
        rng = self.rng
        if kind in ('any', 'number'):
            kind = rng.choice(_NUMBERS) if kind == 'number' else rng.choice(TYPES)
        if self.scope and rng.random() < 0.4:
            return rng.choice(self.scope)
        if rng.random() < 0.004:
            return rng.choice(['nope', 'nope.a', '_', '__result__', 'é', 'a.b.c', 'x', 'google', 'google.protobuf', 'math', 'cel.bind', 'optional', 'in'])
        if self.context and kind in ('list', 'optional') and rng.random() < 0.4:
            if kind == 'optional':
                return 'workload.toEndpointResources(%s)' % rng.choice(["'api'", "'nope'", 'metadata.name', '1', 'parameters.args[0]', '?'])
            return rng.choice(CONTEXT_CALLS if rng.random() < 0.9 else CONTEXT_ODD)
        if kind in self.variables and (rng.random() < 0.4 or kind in LISTS):
            return rng.choice(self.variables[kind])
        if kind in LITERAL_OF:
            return LITERAL_OF[kind](rng)
        if kind == 'string' and rng.random() < 0.3:
            return cel_texts.string_literal(rng)
        if kind in LITERALS:
            return rng.choice(LITERALS[kind])
        return '[%s]' % ', '.join(self.leaf(LISTS[kind]) for _ in range(rng.randint(0, 3))) if kind in LISTS else 'null'

    def of(self, kind, depth):
        rng = self.rng
        if kind in ('any', 'number') and (kind == 'number' or rng.random() < 0.9):
            kind = rng.choice(_NUMBERS if kind == 'number' else COMMON)
        # Now and then another kind than fits.
        if rng.random() < 0.025:
            kind = rng.choice(TYPES)
        if kind == 'format':
            return self.format(depth)
        if kind not in RULES or depth <= 0 or rng.random() < 0.15:
            return self.leaf(kind)
        template = rng.choice(ANY_KIND) if rng.random() < 0.12 else rng.choice(RULES[kind])
        return self.fill(template, kind, depth)

    def format(self, depth):
        text, kinds = cel_texts.format_text(self.rng)
        literal = cel_texts.string_literal(self.rng, text, bad=0)
        if self.rng.random() < 0.3:
            literal = '(e + %s)' % literal
        return '%s.format([%s])' % (literal, ', '.join(self.of(kind, depth - 1) for kind in kinds))

    def fill(self, template, kind, depth):
        names = {}
        for letter in ('V', 'W'):
            if '{%s}' % letter in template:
                self.fresh += 1
                names[letter] = self.rng.choice(['x', 'y1', 'i', 'm', 'k%d' % (self.fresh % 7)])
        if names.get('V') and names.get('V') == names.get('W') and self.rng.random() < 0.97:
            names['W'] += '_'
        other = self.rng.choice(TYPES)

        def part(match):
            hole = match.group(1)
            if hole in names:
                return names[hole]
            known = hole in TYPES or hole in RULES or hole in LITERAL_OF
            inner = not known and hole.endswith('v')
            want = hole if known else hole[:-1] if inner or hole.endswith('p') else hole
            want = {'same': kind, 'same2': other}.get(want, want)
            if inner:
                self.scope.extend(names.values())
            text = self.of(want, depth - 1)
            if inner:
                del self.scope[-len(names):]
            simple = re.fullmatch(r"[\w.]+|'[^'\\]*'|[\w.]+\([^()]*\)|`[^`]*`", text)
            return text if simple and not text.startswith('-') or want in LITERAL_OF and want not in TYPES else '(' + text + ')'

        return re.sub(r'\{(\w+)\}', part, template)
