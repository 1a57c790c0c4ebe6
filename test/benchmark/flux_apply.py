#!/usr/bin/env python3
"""flux_apply.py CONTROLLER [COMMITS]

Source announced -> applied, for examples/mono-repo on the API server of KUBECONFIG with the real kustomize-controller beside it
(test/e2e/peers/kube.sh and flux.sh start both): each of COMMITS (15) changes the image of one component in development. Prints the
median, the smallest and the largest of: announced -> ExternalArtifact announced, announced -> applied by the Kustomization. Kinds
of operators that are not here get CRDs that take anything; no node is needed."""
import os, re, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e", "flux"))
import lab as lab_module  # noqa: E402
from examples import folder  # noqa: E402

WORKLOAD = "projects/shop/components/orders/workload.yaml"  # development has what it says
FOREIGN = (("external-secrets.io", "v1", "ExternalSecret"), ("gateway.networking.k8s.io", "v1", "HTTPRoute"),
           ("postgresql.cnpg.io", "v1", "Cluster"))


def crd(group, version, kind):
    plural = kind.lower() + "s"
    return f"""apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.{group}
  annotations: {{api-approved.kubernetes.io: unapproved}}
spec:
  group: {group}
  scope: Namespaced
  names: {{kind: {kind}, plural: {plural}, singular: {kind.lower()}, listKind: {kind}List}}
  versions:
  - name: {version}
    served: true
    storage: true
    schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}
"""


def main():
    controller, commits = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    lab = lab_module.Lab(controller, os.environ["KUBECONFIG"], tempfile.mkdtemp(prefix="flux-apply-"))
    lab.api.apply_yaml(subprocess.run([controller, "crd"], check=True, capture_output=True, text=True).stdout)
    for foreign in FOREIGN:
        lab.api.apply_yaml(crd(*foreign))
    lab_module.wait("the CRD", lambda: lab.api.list(lab_module.OURS) is not None, 30)
    lab.fresh_namespace("apply")
    c = lab.controller("apply").start()
    files = folder("mono-repo")
    lab.commit(files)
    lab.declare()
    last = lab.announced("app-development")
    lab.kustomize("app-development")
    lab.applied(last["revision"], "app-development", 120)
    told, applied, announced, merge = [], [], [0.0], lab.api.merge

    def timed(*args, **kw):
        announced[0] = time.monotonic()
        return merge(*args, **kw)
    lab.api.merge = timed
    for i in range(commits):
        files[WORKLOAD] = re.sub(r"(orders:)\S+", rf"\g<1>2.{i}.0", files[WORKLOAD])
        lab.commit(None, data=lab_module.pack(files))
        begin = announced[0]
        while (a := lab.artifact("app-development"))["revision"] == last["revision"]:
            time.sleep(0.005)
        told.append(time.monotonic() - begin)
        while lab.api.get(lab_module.KS, lab.ns, "app-development")["status"].get("lastAppliedRevision") != a["revision"]:
            time.sleep(0.005)
        applied.append(time.monotonic() - begin)
        last = a
        time.sleep(0.5)
    for what, seconds in (("ExternalArtifact", told), ("applied", applied)):
        print(f"{what}: median {statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f}", flush=True)
    lab.api.delete(lab_module.KS, lab.ns, "app-development")
    lab.api.delete(lab_module.OURS, lab.ns, "app")
    lab_module.wait("it to go", lambda: lab.ours() is None)
    c.stop()


main()
