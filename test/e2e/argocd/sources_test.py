#!/usr/bin/env python3
"""Extra sources with the credentials a real repo-server gives: HTTPS with user and password, SSH with a key.

usage: sources_test.py PLUGIN CLI REPOSITORY-ROOT
needs: argocd, repoclient, redis-server, git, openssl; for SSH sshd ($SSHD, or openssh-server's)
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

import stack as real

PLUGIN, CLI, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
EXAMPLE = ROOT / 'examples/mono-repo'
SSHD = os.environ.get('SSHD') or shutil.which('sshd', path='/usr/sbin:/sbin:' + os.environ.get('PATH', ''))
NO_COMMIT = 'at ' + 'b' * 40 + ': none of its branches holds this commit'
USER, PASSWORD = 'robot', 'word with spaces & $signs'


class SourcesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = s = real.Stack(PLUGIN, CLI)
        cls.addClassCleanup(s.close)
        s.start('git.sh')
        repositories = pathlib.Path(s.env['GIT_FILES']).parent
        cls.commit = s.push(EXAMPLE / 'platform', 'platform')
        s.push(EXAMPLE / 'projects', 'projects')
        cls.rendered = json.loads(subprocess.run([CLI, 'render', EXAMPLE, '--format', 'json'], check=True, text=True,
                                                 capture_output=True).stdout)
        # The same repositories once more by HTTPS, for those who know the password.
        port = real.programs.free_port()
        cls.https = f'https://127.0.0.1:{port}'
        cls.certificate = s.work / 'git.crt'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                        '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', s.work / 'git.key',
                        '-out', cls.certificate], check=True, capture_output=True)
        cls.run_beside([sys.executable, real.programs.HERE / 'git_http.py', repositories, str(port)], GIT_HTTP_CERT=str(cls.certificate),
                       GIT_HTTP_KEY=str(s.work / 'git.key'), GIT_HTTP_AUTH=f'{USER}:{PASSWORD}')
        # Where Argo CD looks for certificates: one file per host.
        configuration = s.work / 'peers/argocd/conf'
        (configuration / 'tls').mkdir(parents=True)
        shutil.copy(cls.certificate, configuration / 'tls/127.0.0.1')
        (configuration / 'ssh').mkdir()
        cls.ssh = None
        if SSHD:
            cls.start_sshd(repositories, configuration / 'ssh/ssh_known_hosts')
        stock = s.work / 'stock'
        stock.mkdir()
        text = (ROOT / 'argocd-cmp/plugin.yaml').read_text()
        for part, whole in (('name: openchoreo\n', 'name: stock\n'), ('spec:\n', 'spec:\n  provideGitCreds: true\n'),
                            ('cmp, generate]', f'cmp, generate, "--allow-source={cls.https}/**"]'),
                            ('[openchoreo-argocd-cmp,', f'[{PLUGIN},')):
            text = text.replace(part, whole)
        (stock / 'plugin.yaml').write_text(text)
        s.start('argocd.sh', ARGOCD_PLUGINS=str(stock))
        s.env['ARGOCD_ASK_PASS_SOCK'] = str(s.work / 'peers/argocd/askpass.sock')
        s.env['GIT_SSL_CAINFO'] = str(cls.certificate)
        allowed = [cls.https, s.env['GIT_URL']] + ([cls.ssh] if cls.ssh else [])
        s.serve(*(f'--allow-source={prefix}/**' for prefix in allowed), f'--allow-read={configuration}')

    @classmethod
    def run_beside(cls, command, **env):
        with open(cls.stack.work / 'beside.log', 'ab') as log:
            process = subprocess.Popen(command, env={**os.environ, **env}, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

        def stop():
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        cls.addClassCleanup(stop)

    @classmethod
    def start_sshd(cls, repositories, known_hosts):
        folder = cls.stack.work / 'ssh'
        folder.mkdir()
        for key in ('host', 'user'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', folder / key], check=True)
        shutil.copy(folder / 'user.pub', folder / 'authorized')
        port = real.programs.free_port()
        (folder / 'config').write_text(
            f'ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n'
            f'AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\nSetEnv GIT_CONFIG_COUNT=1 '
            'GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*\nPermitRootLogin prohibit-password\n')
        if os.geteuid() == 0:
            os.makedirs('/run/sshd', exist_ok=True)  # sshd wants it for itself when it is root
        host = ' '.join((folder / 'host.pub').read_text().split()[:2])
        known_hosts.write_text(f'[127.0.0.1]:{port} {host}\n')
        cls.run_beside([SSHD, '-D', '-e', '-f', folder / 'config'])
        user = subprocess.run(['id', '-un'], text=True, capture_output=True, check=True).stdout.strip()
        cls.ssh = f'ssh://{user}@127.0.0.1:{port}{repositories}'
        cls.key = folder / 'user'

    def generate(self, url, source, *flags, plugin='openchoreo'):
        """repo-server's answer for projects.git below `url`, with `source` added."""
        run = subprocess.run(
            [real.PEERS / 'repoclient', '-addr', self.stack.env['REPO_SERVER'], '-repo', f'{url}/projects.git', '-plugin',
             plugin, '-no-cache', '-param', json.dumps({'name': 'sources', 'array': [source]}), *flags],
            env=self.stack.env, text=True, capture_output=True)
        return run.returncode, run.stdout, run.stderr

    def complete(self, answer):
        code, out, error = answer
        self.assertEqual(code, 0, error)
        self.assertEqual(len(json.loads(out)['manifests']), len(self.rendered))

    def refused(self, answer, *expected):
        code, _, error = answer
        self.assertEqual(code, 1)
        for text in expected:
            self.assertIn(text, error)
        self.assertNotIn('and the repository exists', error)
        self.assertNotIn(PASSWORD, error)

    def source(self, url, name='platform', commit=None):
        return f'{url}/{name}.git?ref={commit or self.commit}'

    def test_https(self):
        login = ('-username', USER, '-password', PASSWORD)
        # The host's certificate is checked with GIT_SSL_CAINFO, as its own client checks it with Argo CD's.
        self.complete(self.generate(self.https, self.source(self.https), *login, '-verify-host'))
        self.refused(self.generate(self.https, self.source(self.https, 'absent'), *login),
                     f"cannot fetch {self.https}/absent.git at {self.commit}: fatal: repository '{self.https}/absent.git/' not found")
        self.refused(self.generate(self.https, self.source(self.https, commit='b' * 40), *login), NO_COMMIT)
        self.refused(self.generate(self.https, '$platform/openchoreo', *login), 'names a ref source')
        self.refused(self.generate(self.https, f'{self.https}/platform.git?ref=main', *login), 'not pinned by a commit')
        self.refused(self.generate(self.https, self.source('https://elsewhere.example.com'), *login),
                     'the operator does not allow the repository https://elsewhere.example.com/platform.git', '--allow-source')
        self.assertNotIn(PASSWORD, self.stack.plugin_log())
        self.assertNotIn(PASSWORD.split()[0], ''.join(
            p.read_text(errors='replace') for p in (self.stack.work / 'plugin').rglob('*') if p.is_file()))

    def test_https_through_the_stock_server(self):
        login = ('-username', USER, '-password', PASSWORD)
        self.complete(self.generate(self.https, self.source(self.https), *login, plugin='stock'))
        self.refused(self.generate(self.https, self.source(self.https, commit='b' * 40), *login, plugin='stock'), NO_COMMIT)

    def test_credentials_stay_with_their_host(self):
        # The Application's repository is the open one: nothing is known of the other host.
        self.refused(self.generate(self.stack.env['GIT_URL'], self.source(self.https)), 'could not read Username',
                     'fetched without credentials', f'on {self.stack.env["GIT_URL"]}')
        # An open repository needs none, wherever it is.
        self.complete(self.generate(self.https, self.source(self.stack.env['GIT_URL']), '-username', USER, '-password', PASSWORD))

    @unittest.skipUnless(SSHD, 'LEFT OUT: sshd was not found (openssh-server, or $SSHD)')
    def test_ssh(self):
        login = ('-ssh-key', str(self.key), '-verify-host')
        self.complete(self.generate(self.ssh, self.source(self.ssh), *login))
        self.refused(self.generate(self.ssh, self.source(self.ssh, commit='b' * 40), *login), NO_COMMIT)
        self.refused(self.generate(self.ssh, self.source(self.ssh, 'absent'), *login), 'does not appear to be a git repository')
        self.refused(self.generate(self.https, self.source(self.ssh), '-username', USER, '-password', PASSWORD),
                     'Host key verification failed', 'fetched without credentials')


if __name__ == '__main__':
    real.require('argocd', 'repoclient', 'redis-server', 'git', 'curl', 'openssl')
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
