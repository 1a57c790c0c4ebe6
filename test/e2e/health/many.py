"""Bindings made by hand, each with a record and six objects whose status is what a caller says: no controllers needed."""
import http.client
import json
import time

import world as w
from world import lab

DIGEST = '0123456789abcdef' * 4
SPACES = 50  # namespaces of objects
OBJECTS = (('apps/v1', 'Deployment', 'apis/apps/v1', 'deployments'), ('v1', 'Service', 'api/v1', 'services'),
           ('v1', 'ConfigMap', 'api/v1', 'configmaps'), ('v1', 'ServiceAccount', 'api/v1', 'serviceaccounts'),
           ('networking.k8s.io/v1', 'NetworkPolicy', 'apis/networking.k8s.io/v1', 'networkpolicies'),
           ('autoscaling/v2', 'HorizontalPodAutoscaler', 'apis/autoscaling/v2', 'horizontalpodautoscalers'))


class Caller:
    """One connection that is kept."""

    def __init__(self, config):
        self.api = lab.Api(config)
        self.connection = None

    def call(self, method, path, body, kind='application/json'):
        for _ in range(5):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPSConnection(self.api.url.hostname, self.api.url.port,
                                                                  context=self.api.context, timeout=60)
                self.connection.request(method, '/' + path, json.dumps(body), {'Content-Type': kind})
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status < 300 or answer.status == 409:
                    return
                if answer.status not in (429, 500, 503, 504):  # a busy server's
                    raise RuntimeError(f'{method} {path}: {answer.status} {text[:300]}')
                time.sleep(1)
            except (OSError, http.client.HTTPException):
                self.connection = None
        raise RuntimeError(f'{method} {path} in vain')


def spaces(api):
    for i in range(SPACES):
        api.create(('api/v1', 'namespaces'), None, {'metadata': {'name': f'dp-{i}'}})


def space(i):
    return f'dp-{i % SPACES}'


def status(ready):
    return {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1, 'readyReplicas': ready, 'availableReplicas': ready,
            'unavailableReplicas': 1 - ready, 'conditions': [
                {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable', 'message': ''}]}


def spec_of(kind, i):
    pod = {'metadata': {'labels': {'app': f'c-{i}'}}, 'spec': {'containers': [{'name': 'main', 'image': 'example.com/x:1'}]}}
    return {'Deployment': {'spec': {'replicas': 1, 'selector': {'matchLabels': {'app': f'c-{i}'}}, 'template': pod}},
            'Service': {'spec': {'ports': [{'port': 80}], 'clusterIP': 'None'}}, 'ConfigMap': {'data': {'a': 'b'}},
            'ServiceAccount': {}, 'NetworkPolicy': {'spec': {'podSelector': {}}},
            'HorizontalPodAutoscaler': {'spec': {'maxReplicas': 3, 'scaleTargetRef': {
                'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': f'c-{i}'}}}}[kind]


def flip(caller, i, ready):
    """The Deployment of a binding becomes ready, or all its pods crash."""
    caller.call('PATCH', f'apis/apps/v1/namespaces/{space(i)}/deployments/c-{i}/status', {'status': status(ready)},
                'application/merge-patch+json')


def make(config, numbers, organizations=('acme',)):
    """Bindings c-<number>-dev, in turn of the organizations, all healthy."""
    caller = Caller(config)
    for i in numbers:
        name, ns, organization = f'c-{i}', space(i), organizations[i % len(organizations)]
        labels = {'openchoreo.dev/managed-by': 'openchoreo-gitops', 'openchoreo.dev/rendered-release-name': f'{name}-dev',
                  'openchoreo.dev/rendered-release-namespace': organization, 'openchoreo.dev/component': name,
                  'openchoreo.dev/environment': 'dev', 'openchoreo.dev/project': 'shop'}
        metadata = {'name': name, 'namespace': ns, 'labels': labels, 'annotations': {'gitops.openchoreo.dev/digest': DIGEST[:16]}}
        for version, kind, root, plural in OBJECTS:
            caller.call('POST', f'{root}/namespaces/{ns}/{plural}',
                        {'apiVersion': version, 'kind': kind, 'metadata': metadata, **spec_of(kind, i)})
        flip(caller, i, 1)
        caller.call('PATCH', f'apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers/{name}/status', {'status': {
            'currentReplicas': 1, 'desiredReplicas': 1, 'conditions': [{'type': 'AbleToScale', 'status': 'True'}]}},
            'application/merge-patch+json')
        record = {'version': 2, 'binding': {'kind': 'ReleaseBinding', 'namespace': organization, 'name': f'{name}-dev'},
                  'owner': {'projectName': 'shop', 'componentName': name}, 'environment': 'dev', 'release': f'{name}-r1',
                  'componentType': 'deployment/service', 'endpoints': [], 'resources': [
                      {'id': plural, 'apiVersion': version, 'kind': kind, 'namespace': ns, 'name': name, 'digest': DIGEST}
                      for version, kind, _, plural in OBJECTS]}
        caller.call('POST', f'api/v1/namespaces/{ns}/configmaps', {
            'metadata': {'name': f'openchoreo-record-{name}', 'namespace': ns, 'labels': {
                'gitops.openchoreo.dev/record': 'v2', 'openchoreo.dev/managed-by': 'openchoreo-gitops'}},
            'data': {'record.json': json.dumps(record)}})
        caller.call('POST', f'{w.BINDINGS[0]}/namespaces/{organization}/releasebindings', {
            'apiVersion': 'openchoreo.dev/v1alpha1', 'kind': 'ReleaseBinding', 'metadata': {'name': f'{name}-dev'},
            'spec': {'owner': {'projectName': 'shop', 'componentName': name}, 'environment': 'dev', 'releaseName': f'{name}-r1'}})
