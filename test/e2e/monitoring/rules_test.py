#!/usr/bin/env python3
"""Prometheus rules and dashboards, by promtool: rules are well formed, raise what they say on series of health, and know the
reasons of docs/health.md; expressions of dashboards parse.

usage: rules_test.py REPOSITORY CLI
needs: promtool (Debian's package prometheus) in $PROMTOOL or on the PATH
"""
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

PROMTOOL = os.environ.get('PROMTOOL') or shutil.which('promtool')
REPOSITORY = CLI = None
HEALTH = 'health/install/monitoring/prometheus-rule.yaml'
RULES = ('argocd-cmp/install/monitoring/alerts.yaml', 'flux-source/install/monitoring/prometheus-rule.yaml', HEALTH)
DASHBOARDS = ('argocd-cmp/install/monitoring/grafana-dashboard.json', 'flux-source/install/monitoring/dashboard.json',
              'health/install/monitoring/dashboard.json')


def groups(path):
    found = yaml.safe_load((REPOSITORY / path).read_text())
    return found.get('spec', found)


def expressions(path):
    """The expressions of a dashboard, its variables filled in."""
    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get('expr'), str):
                yield node['expr']
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    for text in walk(json.loads((REPOSITORY / path).read_text())):
        yield re.sub(r'\$\{?__(rate_)?interval\}?', '5m', re.sub(r'\$\{?(?!__)\w+\}?', '.*', text))


class RulesTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.work = pathlib.Path(holder.name)

    def promtool(self, *arguments):
        run = subprocess.run([PROMTOOL, *arguments], cwd=self.work, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def write(self, name, content):
        (self.work / name).write_text(yaml.safe_dump(content))
        return name

    def test_rules_are_well_formed(self):
        for path in RULES:
            with self.subTest(path=path):
                self.promtool('check', 'rules', self.write('rules.yaml', groups(path)))

    def test_dashboards_ask_what_prometheus_understands(self):
        for path in DASHBOARDS:
            rules = [{'record': f'r{i}', 'expr': text} for i, text in enumerate(expressions(path))]
            self.assertTrue(rules)
            with self.subTest(path=path):
                self.promtool('check', 'rules', self.write('rules.yaml', {'groups': [{'name': 'a', 'rules': rules}]}))

    def test_reasons_are_those_of_the_table(self):
        """A rollout under way is what the health table calls so, in rules and dashboard alike."""
        lua = subprocess.run([CLI, 'health-table', 'lua'], capture_output=True, text=True, check=True).stdout
        tables = dict(re.findall(r'local (\w+) = \{\n(.*?)\n\s*\}', lua, re.S))
        want = {name for table in ('progressing', 'undeployed') for name in re.findall(r'(\w+) = true', tables[table])}
        self.assertIn('ResourcesProgressing', want)
        texts = [rule['expr'] for group in groups(HEALTH)['groups'] for rule in group['rules']] + list(expressions(DASHBOARDS[2]))
        found = [set(names.split('|')) for text in texts for names in re.findall(r'reason!~"([^"]+)"', text)]
        self.assertGreaterEqual(len(found), 3)
        for names in found:
            self.assertEqual(names, want)

    def test_metrics_are_those_of_the_mapper(self):
        source = (REPOSITORY / 'health/metrics_text.cc').read_text()
        texts = [rule['expr'] for group in groups(HEALTH)['groups'] for rule in group['rules']] + list(expressions(DASHBOARDS[2]))
        asked = {name for text in texts for name in re.findall(r'openchoreo_\w+', text)}
        self.assertGreaterEqual(len(asked), 5)
        for name in asked:
            self.assertIn(f'"{name.removeprefix("openchoreo_health_mapper_")}"', source)

    def test_alerts_are_raised_and_not_raised(self):
        binding = 'kind="ReleaseBinding",namespace="acme",name="{}",project="shop",component="{}",environment="{}"'

        def series(name, type_, status, reason, values):
            labels = binding.format(name, name, 'production')
            return {'series': f'openchoreo_releasebinding_condition{{{labels},type="{type_}",status="{status}",reason="{reason}"}}',
                    'values': values}

        def info(component, environment, release):
            labels = binding.format(f'{component}-{environment}', component, environment)
            return {'series': f'openchoreo_releasebinding_info{{{labels},release="{release}"}}', 'values': '1x20000'}

        given = [
            series('fine', 'Ready', 'True', 'Ready', '1x20000'),
            series('rolls', 'Ready', 'False', 'ResourcesProgressing', '1x20 0x20000'),
            series('failed', 'Ready', 'False', 'ResourcesDegraded', '0x5 1x20000'),
            series('zero', 'Ready', 'False', 'ResourcesDegraded', '0x20000'),
            series('gone', 'Ready', 'False', 'ResourcesUndeployed', '1x20000'),
            series('drifts', 'ReleaseSynced', 'False', 'ReleaseUpdateFailed', '1x20000'),
            info('cart', 'development', 'v2'), info('cart', 'production', 'v1'),
            info('pay', 'development', 'v1'), info('pay', 'production', 'v1'),
            {'series': 'openchoreo_health_mapper_leader{pod="a"}', 'values': '1x30 0x20000'},
            {'series': 'openchoreo_health_mapper_leader{pod="b"}', 'values': '0x20000'},
        ]

        def raised(alert, at, *labels):
            return {'eval_time': at, 'alertname': alert, 'exp_alerts': [{'exp_labels': l} for l in labels]}

        def of(name, type_, status, reason, severity):
            return {'kind': 'ReleaseBinding', 'namespace': 'acme', 'name': name, 'project': 'shop', 'component': name,
                    'environment': 'production', 'type': type_, 'status': status, 'reason': reason, 'severity': severity}

        failed = ('failed', 'Ready', 'False', 'ResourcesDegraded')
        checks = [
            raised('OpenChoreoBindingNotReady', '10m'),
            raised('OpenChoreoBindingNotReady', '16m', of('rolls', 'Ready', 'False', 'ResourcesProgressing', 'warning')),
            raised('OpenChoreoBindingNotReady', '40m', of(*failed, 'warning')),
            raised('OpenChoreoBindingDegraded', '10m'),
            raised('OpenChoreoBindingDegraded', '12m', of(*failed, 'critical')),
            raised('OpenChoreoBindingDrift', '16m', of('drifts', 'ReleaseSynced', 'False', 'ReleaseUpdateFailed', 'warning')),
            raised('OpenChoreoPromotionLag', '6d'),
            raised('OpenChoreoPromotionLag', '7d1h', {'namespace': 'acme', 'project': 'shop', 'component': 'cart', 'severity': 'info'}),
            raised('OpenChoreoHealthMapperDown', '30m'),
            raised('OpenChoreoHealthMapperDown', '37m', {'severity': 'critical'}),
        ]
        # What people read is not what is tested here.
        rules = groups(HEALTH)
        for group in rules['groups']:
            for rule in group['rules']:
                rule.pop('annotations')
        self.write('rules.yaml', rules)
        self.promtool('test', 'rules', self.write('test.yaml', {
            'rule_files': ['rules.yaml'], 'evaluation_interval': '1m',
            'tests': [{'interval': '1m', 'input_series': given, 'alert_rule_test': checks}]}))


if __name__ == '__main__':
    REPOSITORY, CLI = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    if not PROMTOOL:
        print('*** LEFT OUT: promtool is not on the PATH (Debian: prometheus) ***')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
