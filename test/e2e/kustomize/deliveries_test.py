#!/usr/bin/env python3
"""One kustomization, three deliveries: `render --kustomize`, Argo CD's plugin with its parameter kustomize, the function.
Every object is the same in all of them, whatever the kustomization does to the sources.

needs: the plugin's program in $ARGOCD_CMP"""
import json
import os
import unittest

import support
from support import KUSTOMIZE, config, objects

SOURCES = {'resources': ['platform', 'projects/my-project']}
FIELDS = {
    'nothing': {},
    'namespace': {'namespace': 'my-org'},
    'the guide': {'namespace': 'my-org', 'commonLabels': {'managed-by': 'gitops'}},
    'labels': {'labels': [{'pairs': {'a': 'b'}, 'includeSelectors': True}]},
    'annotations': {'commonAnnotations': {'a': 'b'}},
    'images': {'images': [{'name': 'my-image', 'newTag': '2'}]},
    'a patch': {'patches': [{'target': {'kind': 'ReleaseBinding'}, 'patch': '- {op: add, path: /metadata/labels, value: {x: z}}'}]},
    'origins': {'buildMetadata': ['originAnnotations', 'transformerAnnotations']},
    'order': {'sortOptions': {'order': 'fifo'}},
}
PLUGIN = os.environ.get('ARGOCD_CMP', '')


class DeliveriesTest(support.Folder):
    def plugin(self, folder):
        run = self.run_program(PLUGIN, 'generate', '--kustomize', KUSTOMIZE, self.root / folder, check=0)
        return objects(run.stdout)

    @unittest.skipUnless(os.access(PLUGIN, os.X_OK), '*** LEFT OUT: $ARGOCD_CMP names no program ***')
    def test_they_give_the_same_objects(self):
        self.env['ARGOCD_APP_PARAMETERS'] = json.dumps([{'name': 'kustomize', 'string': 'true'}])
        for field, content in FIELDS.items():
            with self.subTest(field=field):
                self.write('guide/kustomization.yaml', {**SOURCES, **content})
                want = self.rendered('--kustomize', self.root / 'guide')
                self.assertEqual(self.plugin('guide'), want)
                self.write('guide/fn.yaml', config())
                self.write('guide/kustomization.yaml', {**SOURCES, **content, 'transformers': ['fn.yaml']})
                self.assertEqual(support.without_notes(self.built('guide')), support.without_notes(want))


if __name__ == '__main__':
    support.main()
