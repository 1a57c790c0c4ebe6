"""What the flux program shows of ours: sources, the way from an object in the cluster back to Git, events."""
import os, re, subprocess

from lab import check, condition, wait
from operation import kubectl
from tree import tree


def flux(lab, *arguments, ok=True):
    program = os.path.join(os.environ.get("PEER_BIN", ""), "flux")
    r = subprocess.run([program, f"--kubeconfig={lab.kubeconfig}", f"--namespace={lab.ns}", *arguments], capture_output=True, text=True,
                       env=dict(os.environ, HOME=lab.work))
    check((r.returncode == 0) == ok, f"flux {' '.join(arguments)}: {r.returncode} {r.stdout}{r.stderr}")
    return r.stdout + r.stderr


def short(revision):
    """As flux shows a revision: hexadecimal digits cut to eight."""
    return re.sub(r"(sha\d+:[0-9a-f]{8})[0-9a-f]+", r"\1", revision)


def case_flux_get_sources_external(lab):
    """flux get sources external: revision, source, Ready and why, also of an artifact that is held"""
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled()
    rows = lambda: {line.split()[0]: line for line in flux(lab, "get", "sources", "external", "--no-header").splitlines() if line.strip()}
    for e in ("development", "production"):
        row = rows()[f"app-{e}"]
        for text in (short(lab.artifact(f"app-{e}")["revision"]), f"OpenChoreoSource/{lab.ns}/app", "True", "stored artifact for revision"):
            check(text in row, f"no {text!r} in {row!r}")
    lab.commit(tree(ns=lab.ns, broken_release="development"))
    lab.settled(ready="False", reason="BuildFailed")
    row = rows()["app-development"]
    check("False" in row and "error[" in row, row)
    check("True" in rows()["app-production"], rows()["app-production"])


def case_flux_trace(lab):
    """flux trace: from a ConfigMap in the cluster to its Kustomization, ExternalArtifact, OpenChoreoSource and commit"""
    revision = lab.commit(tree(ns=lab.ns))
    lab.declare()
    a = lab.announced("app-development")
    lab.kustomize("app-development")
    lab.applied(a["revision"], "app-development")
    page = next(i for i in lab.api.list(("api/v1", "configmaps"), None, "kustomize.toolkit.fluxcd.io/namespace=" + lab.ns)
                if "text" in i.get("data", {}))
    text = flux(lab, f"--namespace={page['metadata']['namespace']}", "trace", page["metadata"]["name"], "--kind=ConfigMap", "--api-version=v1")
    found = dict(re.findall(r"(?m)^([\w ]+?): *(\S.*)$", text.split("---")[-1]))
    check(found.get("ExternalArtifact") == "app-development" and found.get("Source") == f"OpenChoreoSource/{lab.ns}/app" and
          found.get("Revision") == a["revision"], text)
    check(revision in text, f"no commit in {text}")
    check("Managed by Flux" in text and "Kustomization:   app-development" in text, text)


def case_flux_events(lab):
    """What flux events shows: those of the Kustomization; of ExternalArtifacts flux 2.9 has none, and kubectl does"""
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    a = lab.announced("app-development")
    lab.kustomize("app-development")
    lab.applied(a["revision"], "app-development")
    wait("the Kustomization's events", lambda: "ReconciliationSucceeded" in flux(lab, "events", "--for=Kustomization/app-development"), 30)
    text = kubectl(lab, "-n", lab.ns, "events", "--for=externalartifact/app-development")
    check("NewArtifact" in text and a["revision"] in text, text)
    text = flux(lab, "events", "--for=ExternalArtifact/app-development", ok=False)
    check("not a recognized Flux kind" in text, text)
