"""The ways a tree gets into the cluster: Argo CD with the plugin, and the Flux source with kustomize-controller."""
import re
import subprocess
import tempfile

from world import lab
import story
import world as w

ROOT = w.HERE.parents[2]
APPLICATIONS = ('apis/argoproj.io/v1alpha1', 'applications')


class Argo:
    """argocd-cmp/install/applications/application-with-health.yaml, with its repository here."""
    needs = ('argocd', 'kustomize', 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok')

    more = ()

    def __init__(self, world, programs):
        self.world, self.name = world, 'shop-development'
        self.sockets = world.work / 'sock'
        self.sockets.mkdir()
        world.env['ARGOCD_SOCK_DIR'] = str(self.sockets)
        world.script('git.sh', 'start')
        world.script('argocd.sh', 'start-full', ARGOCD_CM=self.settings())
        log = open(world.work / 'plugin.log', 'ab')
        self.plugin = subprocess.Popen(
            [programs['plugin'], 'serve', '--socket-folder', self.sockets, '--metrics-address', '127.0.0.1:0', '--work-folder',
             world.work / 'plugin'], stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=lab.die_with_us)
        self.there = False

    def settings(self):
        """The health script of the bindings, as lines for argocd-cm."""
        script = (ROOT / 'argocd-cmp/install/health/_Binding/health.lua').read_text()
        file = self.world.work / 'argocd-cm'
        file.write_text(''.join(f'  resource.customizations.health.openchoreo.dev_{kind}: |\n' +
                                ''.join('    ' + line for line in script.splitlines(True))
                                for kind in ('ReleaseBinding', 'ProjectReleaseBinding', 'ResourceReleaseBinding')))
        return str(file)

    def deliver(self, tree):
        with tempfile.TemporaryDirectory() as folder:
            tree.write(folder)
            self.world.script('git.sh', 'push', 'gitops', folder)
        if self.there:
            self.annotate()
            return
        text = (ROOT / 'argocd-cmp/install/applications/application-with-health.yaml').read_text()
        text = text.replace('https://github.com/acme/gitops.git', f"{self.world.env['GIT_URL']}/gitops.git")
        text = text.replace('project: openchoreo', 'project: default').replace('selfHeal: true', 'selfHeal: false')
        lab.check('include' in text and 'selfHeal: false' in text, 'the example has changed')
        self.world.kubectl('apply', '-f', '-', text=text)
        self.there = True

    def annotate(self):
        self.world.api.merge(APPLICATIONS, 'argocd', self.name,
                             {'metadata': {'annotations': {'argocd.argoproj.io/refresh': 'hard'}}})

    def restore(self):
        self.world.api.merge(APPLICATIONS, 'argocd', self.name,
                             {'operation': {'sync': {'syncOptions': ['ServerSideApply=true']}}})

    def shows(self, health):
        self.world.until(f'the Application to be {health}', lambda: self.world.api.get(
            APPLICATIONS, 'argocd', self.name).get('status', {}).get('health', {}).get('status') == health, 60)

    def close(self):
        self.plugin.terminate()
        self.plugin.wait(30)
        self.world.script('argocd.sh', 'stop')
        self.world.script('git.sh', 'stop')


class Flux:
    """An OpenChoreoSource with `include: rendered,bindings` and a Kustomization an environment, the second gated by the
    first one's bindings."""
    needs = ('kustomize-controller', 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok')
    more = (story.cannot_be_applied, story.promotion)
    ns = 'flux-system'
    WORDS = {'Healthy': 'True', 'Suspended': 'True', 'Degraded': 'False'}

    def __init__(self, world, programs):
        self.world = world
        world.script('flux.sh', 'start', FLUX_FLAGS='--http-retry=1',
                     FLUX_FEATURES='ExternalArtifact=true,CancelHealthCheckOnNewRevision=true')
        self.lab = lab.Lab(str(programs['source']), world.config, str(world.work))
        self.lab.ns = self.ns
        crd = subprocess.run([programs['source'], 'crd'], check=True, capture_output=True, text=True).stdout
        world.api.apply_yaml(crd)
        lab.wait('the OpenChoreoSource CRD', lambda: world.api.list(lab.OURS) is not None, 30)
        self.controller = self.lab.controller('source').start()
        self.there = False

    def deliver(self, tree):
        self.lab.commit(tree.files)
        if self.there:
            return
        self.there = True
        text = (ROOT / 'examples/flux/mono-repo-with-health.yaml').read_text()
        for doc in re.split(r'(?m)^---\n', text):
            if not re.search(r'(?m)^kind: GitRepository', doc):  # that one is announced by the lab
                doc = doc.replace('kind: GitRepository, name: acme', 'kind: GitRepository, name: repo')
                doc = doc.replace('retryInterval: 2m', 'retryInterval: 3s').replace('timeout: 5m', 'timeout: 40s')
                self.world.kubectl('apply', '--server-side', '-f', '-', text=doc)

    def restore(self):
        self.world.api.merge(lab.KS, self.ns, 'acme-development', {'metadata': {'annotations': {
            'reconcile.fluxcd.io/requestedAt': str(self.lab.count)}}})
        self.lab.count += 1

    def shows(self, health):
        self.world.until(f'the Kustomization to say {health}', lambda: lab.condition(
            self.world.api.get(lab.KS, self.ns, 'acme-development')).get('status') == self.WORDS[health], 60)

    def close(self):
        self.controller.stop()
        self.world.script('flux.sh', 'stop')
